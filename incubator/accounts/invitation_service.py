"""Inviting people: a link for one address, good once, for a week. Whoever has an account adds a membership; others make one."""

from datetime import datetime, timedelta

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from incubator.accounts import labels, links, passwords, service
from incubator.accounts.identity import actor_for, new_token
from incubator.accounts.models import Invitation, Membership, Organisation, User, UserSession
from incubator.kernel import audit, mail
from incubator.kernel.access import require, select_visible
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, release
from incubator.kernel.errors import Conflict, Forbidden, Invalid

GOOD_FOR = timedelta(days=7)
ZONES = {"zh": "Asia/Shanghai", "en": "UTC"}


def invite(
    email: str,
    actor: Actor,
    now: datetime,
    *,
    organisation: Organisation | None = None,
    staff_role: str | None = None,
    is_manager: bool = False,
    locale: str = "zh",
) -> tuple[Invitation, str]:
    """Invite an address into `organisation`, or as staff; earlier open links of the same kind die. Returns the row and its token.

    Only the administrator and the organisation's managers may; only the administrator invites staff. The mail is queued here.
    """
    _may_invite(actor, organisation)
    address = service.normal_email(email)
    if _is_there_already(address, organisation, staff_role):
        raise Invalid({"email": [_l("This person is already there.")]})
    token, token_hash = new_token()
    place = (organisation.id if organisation else None, staff_role)
    _revoke_earlier(address, place, now)
    row = Invitation(
        token_hash=token_hash, email=address, organisation_id=place[0], staff_role=staff_role, is_manager=is_manager, locale=locale,
        invited_by_id=actor.user_id, expires_at=now + GOOD_FOR, created_at=now,
    )  # fmt: skip
    db.session.add(row)
    audit.record("invitation.send", row, actor, now, organisation=place[0], staff_role=staff_role, is_manager=is_manager)
    _send(address, _place_name(organisation, staff_role, locale), token, actor, locale, now)
    return row, token


def _may_invite(actor: Actor, organisation: Organisation | None) -> None:
    if organisation is not None:
        return require("organisation.invite", actor, organisation)
    if not actor.is_system and (actor.role != "administrator" or actor.scope != "write"):
        raise Forbidden()
    return None


def _is_there_already(address: str, organisation: Organisation | None, staff_role: str | None) -> bool:
    user = service.user_by_email(address)
    if user is None:
        return False
    if organisation is None:
        return user.staff_role == staff_role
    return any(m.organisation_id == organisation.id and m.ended_at is None for m in user.memberships)


def _revoke_earlier(address: str, place: tuple[int | None, str | None], now: datetime) -> None:
    same = (
        Invitation.email == address,
        Invitation.organisation_id.is_not_distinct_from(place[0]),
        Invitation.staff_role.is_not_distinct_from(place[1]),
    )
    db.session.execute(
        update(Invitation).where(*same, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)).values(revoked_at=now)
    )


def _place_name(organisation: Organisation | None, staff_role: str | None, locale: str) -> str:
    with force_locale(locale):
        return organisation.name if organisation else str(labels.role_label(staff_role))


def _send(address: str, place: str, token: str, actor: Actor, locale: str, now: datetime) -> None:
    with force_locale(locale):
        subject = gettext("Invitation to Incubator: %(place)s", place=place)
        body = gettext(
            "%(who)s invites you to work in Incubator for %(place)s.\n\nThe link below is for you alone, works once, and ends in 7 days.",
            who=actor.name, place=place,
        )  # fmt: skip
        mail.queue_mail(address, subject, body, now, link=link_of(token))


def link_of(token: str) -> str:
    """The address in the mail."""
    return links.address_of("accounts.accept_invitation", token)


def revoke_invitation(row: Invitation, actor: Actor, now: datetime) -> None:
    """Close an open link; a used one stays used."""
    if row.organisation is not None or actor.role != "administrator":
        require("organisation.invite", actor, row.organisation)
    if row.used_at is None and row.revoked_at is None:
        row.revoked_at = now
        audit.record("invitation.revoke", row, actor, now)


def accept_invitation(row: Invitation, name: str, password: str, locale: str, now: datetime) -> User:
    """A new person for an address that has no account. Invalid for a weak password, NotFound when the link was used meanwhile."""
    if bad := passwords.problems(password, row.email):
        raise Invalid({"password": bad})
    release()
    password_hash = passwords.hashed(password)
    links.use(row, now)
    user = User(email=row.email, name=name, password_hash=password_hash, locale=locale, timezone=ZONES.get(locale, "UTC"))
    db.session.add(user)
    _flush_new_person()
    audit.record("user.create", user, actor_for(user, None), now)
    return _join(row, user, now)


def _flush_new_person() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_l("This address has an account by now. Sign in, then open the link again.")) from error


def join(row: Invitation, user: User, now: datetime, keep: UserSession | None = None) -> User:
    """Accept as the signed-in owner of the address; Forbidden for anybody else. A staff role ends the person's sessions but `keep`."""
    if user.email != row.email:
        raise Forbidden(_l("This invitation is for another address. Sign in with that one."))
    links.use(row, now)
    return _join(row, user, now, keep)


def _join(row: Invitation, user: User, now: datetime, keep: UserSession | None = None) -> User:
    if row.staff_role:
        user.staff_role = row.staff_role
        service.end_everywhere(user, now, keep)
    if row.organisation_id:
        _membership(row, user)
    audit.record("invitation.accept", row, actor_for(user, None), now, user=user.id)
    return user


def _membership(row: Invitation, user: User) -> Membership:
    """A new membership, or the ended one opened again."""
    found = db.session.scalar(
        select_visible(Membership, SYSTEM).where(Membership.user_id == user.id, Membership.organisation_id == row.organisation_id)
    )
    membership: Membership = found or Membership(user_id=user.id, organisation_id=row.organisation_id)
    membership.ended_at, membership.is_manager = None, row.is_manager
    db.session.add(membership)
    db.session.flush()
    db.session.expire(user, ["memberships"])
    return membership
