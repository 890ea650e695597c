"""Who sees which organisations and people: one's own organisation and its members; the administrator sees all of them.

A brand also sees the live organisations that it may bring into a product; `queries.directory` gives it their name, kind and city.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from incubator.accounts.digest_models import DigestSetting
from incubator.accounts.models import (
    ApiToken,
    Invitation,
    Membership,
    Notification,
    Organisation,
    PasswordReset,
    Setting,
    User,
    UserSession,
)
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.kernel.money import ExchangeRate


def _organisations(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "administrator":
        return true()
    own = Organisation.id == actor.organisation_id
    return or_(own, and_(Organisation.kind != "brand", Organisation.disabled_at.is_(None))) if actor.role == "brand" else own


def _people(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "administrator":
        return true()
    colleagues = select(Membership.user_id).where(Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None))
    return or_(User.id == actor.user_id, User.id.in_(colleagues))


def _memberships(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "administrator":
        return true()
    return or_(Membership.user_id == actor.user_id, Membership.organisation_id == actor.organisation_id)


def _invitations(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "administrator":
        return true()
    return Invitation.organisation_id == actor.organisation_id if actor.is_manager else false()


def _webhooks(actor: Actor) -> ColumnElement[bool]:
    """Those of the actor's own organisation, for its managers: an address lets everybody write into the chat behind it."""
    own = and_(Webhook.organisation_id == actor.organisation_id, Webhook.removed_at.is_(None))
    return own if actor.is_manager and actor.organisation_id is not None else false()


VISIBLE = {
    Organisation: _organisations,
    User: _people,
    Membership: _memberships,
    Invitation: _invitations,
    UserSession: lambda actor: UserSession.user_id == actor.user_id,
    ApiToken: lambda actor: ApiToken.user_id == actor.user_id,
    Notification: lambda actor: Notification.user_id == actor.user_id,
    PasswordReset: lambda actor: false(),
    Setting: lambda actor: false(),
    DigestSetting: lambda actor: DigestSetting.user_id == actor.user_id,
    Webhook: _webhooks,
    WebhookDelivery: lambda actor: within(WebhookDelivery.webhook_id, select(Webhook.id).where(_webhooks(actor))),
    ExchangeRate: lambda actor: true(),
}


def _manages(actor: Actor, organisation: Organisation) -> bool:
    return actor.role == "administrator" or (actor.is_manager and organisation.id == actor.organisation_id)


RULES = {
    "organisation.manage": lambda actor, organisation: actor.role == "administrator",
    "organisation.invite": _manages,
    "membership.end": lambda actor, membership: _manages(actor, membership.organisation),
    "membership.promote": lambda actor, membership: _manages(actor, membership.organisation),
    "people.manage": lambda actor, user: actor.role == "administrator",
    "webhook.manage": lambda actor, webhook: (
        actor.is_manager and actor.organisation_id is not None and (webhook is None or webhook.organisation_id == actor.organisation_id)
    ),
    "rates.manage": lambda actor, rate: actor.role == "administrator",
}
