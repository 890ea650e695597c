"""Signing in and out, sessions, and the organisation one acts for. It never says whether an address has an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from incubator.accounts import passwords, throttle, totp
from incubator.accounts.identity import SESSION_LIFETIME, actor_for, digest, is_live, new_token
from incubator.accounts.models import ApiToken, Membership, User, UserSession
from incubator.kernel import audit, events, sealing
from incubator.kernel.access import select_visible
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, release, rows_changed
from incubator.kernel.errors import Invalid, NotFound, Refused

WRONG = _l("E-mail address and password do not fit together. Check both, or ask for a new password.")
WRONG_CODE = _l("This code is not right, or was used already. Wait for the next one.")
CLOSED = _l("This account is not open at the moment. Ask the person who invited you, or an administrator.")
TIME_FOR_CODE = timedelta(minutes=10)
log = structlog.get_logger("accounts")


@dataclass(frozen=True)
class Device:
    """Where somebody signs in from, as shown in the list of sessions."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class SignIn:
    """The token that the cookie is to carry, and whether the second factor is still missing."""

    token: str
    awaits_code: bool = False


def normal_email(text: str) -> str:
    return text.strip().casefold()


def user_by_email(email: str) -> User | None:
    """The account of an address, before anybody is signed in."""
    user: User | None = db.session.scalar(select_visible(User, SYSTEM).where(User.email == normal_email(email)))
    return user


def sign_in(email: str, password: str, device: Device, now: datetime) -> SignIn:
    """A new session for the right password, waiting for a code where there is a second factor.

    Raises TooManyRequests before anything is hashed, Invalid alike for a wrong password and an unknown address, and Refused
    (only to who knows the password) when the account is closed.
    """
    address = normal_email(email)
    throttle.take("password", address, now)
    user = user_by_email(address)
    stored = user.password_hash if user else None
    release()
    fits = passwords.matches(stored, password)
    better = passwords.hashed(password) if stored and fits and passwords.needs_rehash(stored) else None
    if user is None or not fits or user.password_hash != stored:
        log.warning("sign_in_failed", address=device.address, known=user is not None)
        raise Invalid({"password": [WRONG]})
    throttle.clear("password", address)
    if better:
        user.password_hash = better
    return open_session(user, device, now, awaits_code=user.totp_secret is not None)


def open_session(user: User, device: Device, now: datetime, *, awaits_code: bool = False) -> SignIn:
    """A session row for `user`, acting where they acted last. Refused when there is nowhere left to act."""
    membership = _where_to_act(user)
    if not is_live(user, membership):
        raise Refused(CLOSED)
    token, token_hash = new_token()
    lifetime = TIME_FOR_CODE if awaits_code else SESSION_LIFETIME
    row = UserSession(
        token_hash=token_hash, user_id=user.id, membership_id=membership.id if membership else None, created_at=now, last_seen_at=now,
        expires_at=now + lifetime, address=device.address[:60], user_agent=device.user_agent[:300], awaits_code=awaits_code,
    )  # fmt: skip
    db.session.add(row)
    audit.record("session.password" if awaits_code else "session.sign_in", row, actor_for(user, membership), now)
    return SignIn(token, awaits_code)


def _where_to_act(user: User) -> Membership | None:
    """Where the latest session acted, else as staff, else the first live membership."""
    live = [m for m in user.memberships if is_live(user, m)]
    last = db.session.scalar(
        select_visible(UserSession, SYSTEM).where(UserSession.user_id == user.id).order_by(UserSession.id.desc()).limit(1)
    )
    if last and last.membership_id and (again := next((m for m in live if m.id == last.membership_id), None)):
        return again
    return None if user.staff_role or not live else live[0]


def half_signed_in(token: str | None, now: datetime) -> UserSession:
    """The session of `token` that waits for its code; NotFound when there is none or its ten minutes are over."""
    waiting = select_visible(UserSession, SYSTEM).where(
        UserSession.token_hash == digest(token or ""), UserSession.ended_at.is_(None), UserSession.expires_at > now, UserSession.awaits_code
    )
    row: UserSession | None = db.session.scalar(waiting)
    if row is None:
        raise NotFound()
    return row


def confirm_code(waiting: UserSession, code: str, device: Device, now: datetime) -> SignIn:
    """The full session after the right code of the app, or an unused recovery code."""
    throttle.take("code", str(waiting.user_id), now)
    spend_code(waiting.user, code, now)
    throttle.clear("code", str(waiting.user_id))
    waiting.ended_at = now
    return open_session(waiting.user, device, now)


def _factor_of(user: User) -> str:
    """The secret in the clear; one of an earlier release waits unsealed for the nightly housekeeping."""
    kept = user.totp_secret or ""
    return sealing.unseal(kept) if sealing.is_sealed(kept) else kept


def spend_code(user: User, code: str, now: datetime) -> None:
    """Accept a code once: the time step moves on, or the recovery code is struck off. Raises Invalid."""
    if totp.looks_like_recovery(code):
        return _spend_recovery_code(user, code, now)
    step = totp.step_of(_factor_of(user), code, now) if user.totp_secret else None
    fresh = (User.totp_last_step.is_(None)) | (User.totp_last_step < (step or 0))
    if step is None or rows_changed(update(User).where(User.id == user.id, fresh).values(totp_last_step=step)) != 1:
        log.warning("code_refused", user=user.id)
        raise Invalid({"code": [WRONG_CODE]})
    return None


def _spend_recovery_code(user: User, code: str, now: datetime) -> None:
    used = totp.recovery_digest(code)
    if used not in user.recovery_codes:
        log.warning("code_refused", user=user.id)
        raise Invalid({"code": [WRONG_CODE]})
    user.recovery_codes = [kept for kept in user.recovery_codes if kept != used]
    audit.record("user.recovery_code_used", user, actor_for(user, _where_to_act(user)), now, left=len(user.recovery_codes))


def sign_in_as_demo(user: User, device: Device, now: datetime) -> SignIn:
    """One click, no password: the caller has made sure that `user` is a demo account of a demo installation. A second factor is asked for."""
    return open_session(user, device, now, awaits_code=user.totp_secret is not None)


def sign_out(row: UserSession, actor: Actor, now: datetime) -> None:
    end_session(row, actor, now)


def end_session(row: UserSession, actor: Actor, now: datetime) -> None:
    """End one session; ending it again changes nothing."""
    if row.ended_at is None:
        row.ended_at = now
        audit.record("session.end", row, actor, now)


def end_everywhere(user: User, now: datetime, keep: UserSession | None = None) -> int:
    """End every session of `user` but `keep`, every API token, and what later packages open; returns how many sessions ended."""
    sessions = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.id != (keep.id if keep else 0)
    )
    tokens = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    db.session.execute(tokens.values(revoked_at=now))
    events.publish("user.end_everywhere", user, SYSTEM, now)
    return rows_changed(sessions.values(ended_at=now))


def end_others(user: User, keep: UserSession | None, actor: Actor, now: datetime) -> int:
    """The person's own "end all others"."""
    count = end_everywhere(user, now, keep)
    audit.record("session.end_others", user, actor, now, count=count)
    return count


def switch_workspace(row: UserSession, membership: Membership | None, actor: Actor, now: datetime) -> None:
    """Act for another of one's organisations, or as staff (None). NotFound for one that is ended, or not one's own."""
    if not is_live(row.user, membership) or (membership and membership.user_id != row.user_id):
        raise NotFound()
    row.membership = membership
    audit.record("session.switch", row, actor, now, to=membership.organisation_id if membership else "staff")
