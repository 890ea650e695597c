"""What an administrator, and within their organisation a manager, does with organisations and people.

Whoever loses a right loses their sessions and tokens with it. Nobody takes the last administrator away, or themselves.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from incubator.accounts import credential_service, service
from incubator.accounts.labels import ORGANISATION_FIELDS
from incubator.accounts.models import ApiToken, Membership, Organisation, User, UserSession
from incubator.kernel import audit
from incubator.kernel.access import require, select_visible
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.money import RATE_SCALE, ExchangeRate
from incubator.kernel.upsert import insert_once

NAME_TAKEN = _l("An organisation of this name is there already.")
FIELDS = tuple(ORGANISATION_FIELDS)


def create_organisation(values: dict[str, Any], actor: Actor, now: datetime) -> Organisation:
    """A new organisation from the fields of `FIELDS`. Invalid when its name is taken."""
    require("organisation.manage", actor)
    organisation = Organisation(**{key: values[key] for key in FIELDS})
    db.session.add(organisation)
    _flush_name()
    audit.record("organisation.create", organisation, actor, now, kind=organisation.kind)
    return organisation


def edit_organisation(organisation: Organisation, values: dict[str, Any], version: int, actor: Actor, now: datetime) -> None:
    """Change the fields that differ. Conflict, with what differs, when somebody else was first (`version` is what the page showed).

    The kind is fixed once there are people: a role that changes under them would open what they may not see.
    """
    require("organisation.manage", actor, organisation)
    changed = {key: values[key] for key in FIELDS if values[key] != getattr(organisation, key)}
    if version != organisation.version:
        raise Conflict(difference=[(ORGANISATION_FIELDS[key], values[key], getattr(organisation, key)) for key in changed])
    if "kind" in changed and has_people(organisation):
        raise Invalid({"kind": [_l("The kind cannot change once the organisation has people.")]})
    before = {key: getattr(organisation, key) for key in changed}
    if changed:
        _write(organisation, values)
        _flush_name()
        audit.record("organisation.edit", organisation, actor, now, before=before, after=changed)


def _write(organisation: Organisation, values: dict[str, Any]) -> None:
    organisation.name, organisation.short_name, organisation.kind = values["name"], values["short_name"], values["kind"]
    organisation.country, organisation.city, organisation.website = values["country"], values["city"], values["website"]
    organisation.registration_number = values["registration_number"]


def has_people(organisation: Organisation) -> bool:
    query = select_visible(Membership, SYSTEM, func.count(Membership.id)).where(Membership.organisation_id == organisation.id)
    return bool(db.session.scalar(query))


def _flush_name() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Invalid({"name": [NAME_TAKEN]}) from error


def disable_organisation(organisation: Organisation, actor: Actor, now: datetime) -> None:
    """Close it: its people can no longer act for it, and what they had open ends now. Its records stay."""
    require("organisation.manage", actor, organisation)
    if organisation.disabled_at is None:
        organisation.disabled_at = now
        end_acting_for(select(Membership.id).where(Membership.organisation_id == organisation.id), now)
        audit.record("organisation.disable", organisation, actor, now)


def enable_organisation(organisation: Organisation, actor: Actor, now: datetime) -> None:
    """Open it again; people sign in anew."""
    require("organisation.manage", actor, organisation)
    if organisation.disabled_at is not None:
        organisation.disabled_at = None
        audit.record("organisation.enable", organisation, actor, now)


def end_acting_for(memberships: Any, now: datetime) -> None:
    """End every session and token that acts through one of `memberships` (a select of ids)."""
    for model, column in ((UserSession, "ended_at"), (ApiToken, "revoked_at")):
        open_rows = update(model).where(model.membership_id.in_(memberships), getattr(model, column).is_(None))
        db.session.execute(open_rows.values({column: now}).execution_options(synchronize_session=False))


def end_membership(membership: Membership, actor: Actor, now: datetime) -> None:
    """The person no longer acts for the organisation, from now on. Refused for one's own."""
    require("membership.end", actor, membership)
    if membership.user_id == actor.user_id:
        raise Refused(_l("You cannot end your own membership. Ask a colleague who manages the organisation."))
    if membership.ended_at is None:
        membership.ended_at = now
        service.end_everywhere(membership.user, now)
        audit.record("membership.end", membership, actor, now, user=membership.user_id)


def set_manager(membership: Membership, is_manager: bool, actor: Actor, now: datetime) -> None:
    """Let the person invite and remove colleagues, or no longer."""
    require("membership.promote", actor, membership)
    if membership.user_id == actor.user_id:
        raise Refused(_l("You cannot change your own rights. Ask a colleague who manages the organisation."))
    if membership.is_manager != is_manager:
        membership.is_manager = is_manager
        service.end_everywhere(membership.user, now)
        audit.record("membership.manager", membership, actor, now, user=membership.user_id, is_manager=is_manager)


def disable_user(user: User, actor: Actor, now: datetime) -> None:
    """Close the account at once; nothing of what the person did is removed."""
    require("people.manage", actor, user)
    _not_oneself(user, actor)
    _not_the_last_administrator(user)
    if user.disabled_at is None:
        user.disabled_at = now
        service.end_everywhere(user, now)
        audit.record("user.disable", user, actor, now)


def enable_user(user: User, actor: Actor, now: datetime) -> None:
    require("people.manage", actor, user)
    if user.disabled_at is not None:
        user.disabled_at = None
        audit.record("user.enable", user, actor, now)


def set_staff_role(user: User, staff_role: str | None, actor: Actor, now: datetime) -> None:
    """Make a person administrator or field agent, or neither."""
    require("people.manage", actor, user)
    _not_oneself(user, actor)
    if staff_role != "administrator":
        _not_the_last_administrator(user)
    if user.staff_role != staff_role:
        before, user.staff_role = user.staff_role, staff_role
        service.end_everywhere(user, now)
        audit.record("user.staff_role", user, actor, now, before=before, after=staff_role)


def reset_second_factor(user: User, actor: Actor, now: datetime) -> None:
    """For somebody who lost phone and recovery codes; they sign in with the password alone until they set it up again."""
    require("people.manage", actor, user)
    _not_oneself(user, actor)
    credential_service.clear_totp(user)
    service.end_everywhere(user, now)
    audit.record("user.factor_reset", user, actor, now)


def send_reset_link(user: User, actor: Actor, now: datetime) -> None:
    require("people.manage", actor, user)
    if user.disabled_at is not None:
        raise Refused(_l("The account is closed. Open it first."))
    credential_service.send_reset(user, actor, now)


def _not_oneself(user: User, actor: Actor) -> None:
    if user.id == actor.user_id:
        raise Refused(_l("You cannot do this to your own account. Ask another administrator."))


def _not_the_last_administrator(user: User) -> None:
    others = select_visible(User, SYSTEM, func.count(User.id)).where(
        User.staff_role == "administrator", User.disabled_at.is_(None), User.id != user.id
    )
    if user.staff_role == "administrator" and not db.session.scalar(others):
        raise Refused(_l("This is the last administrator. Make somebody else administrator first."))


def add_rate(base: str, quote: str, on: date, rate: Decimal, source: str, actor: Actor, now: datetime) -> None:
    """One `base` buys `rate` `quote` from `on`. Dated rates are never changed; the same pair and day twice is Invalid."""
    require("rates.manage", actor)
    rate_e8 = int((rate * RATE_SCALE).to_integral_value())
    row_id = insert_once(ExchangeRate, base=base, quote=quote, on_date=on, rate_e8=rate_e8, source=source)
    if row_id is None:
        raise Invalid({"on_date": [_l("There is a rate for this pair and day already. Decisions may rest on it, so it stays.")]})
    row = db.session.scalars(select_visible(ExchangeRate, actor).where(ExchangeRate.id == row_id)).one()
    audit.record("exchange_rate.add", row, actor, now, base=base, quote=quote, on=on, rate=rate)
