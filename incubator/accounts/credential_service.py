"""What proves who somebody is: password, reset link, second factor, API tokens. A change ends the person's other sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, update

from incubator.accounts import links, notices, passwords, service, throttle, totp
from incubator.accounts.identity import digest, new_token
from incubator.accounts.models import ApiToken, PasswordReset, User, UserSession
from incubator.kernel import audit, mail, sealing
from incubator.kernel.access import select_visible
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, release
from incubator.kernel.errors import Invalid, Refused

RESET_GOOD_FOR = timedelta(hours=1)
MOST_TOKENS = 20
WRONG_PASSWORD = _l("This is not your present password.")
SECURITY_PAGE = "/profile/security"

notices.register(
    {
        "account.password_changed": _l("Your password was changed. If that was not you, ask for a new one now and tell an administrator."),
        "account.factor_on": _l("The second factor of your account was switched on."),
        "account.factor_off": _l("The second factor of your account was switched off. If that was not you, change your password now."),
    }
)


@dataclass(frozen=True)
class NewToken:
    """A token and the only sight of its text."""

    row: ApiToken
    text: str


def prove_password(user: User, password: str, now: datetime, field: str = "password") -> None:
    """Ask for the present password once more. TooManyRequests before anything is hashed; Invalid on `field` when it is wrong."""
    stored, email = user.password_hash, user.email
    throttle.take("password", email, now)
    if not passwords.matches(stored, password):
        raise Invalid({field: [WRONG_PASSWORD]})
    throttle.forgive("password", email)


def change_password(user: User, present: str, new: str, keep: UserSession | None, actor: Actor, now: datetime) -> None:
    """A new password for who knows the present one; `keep` is the session that stays."""
    prove_password(user, present, now, field="present_password")
    _store_password(user, _new_hash(user, new), now, keep)
    audit.record("user.password_change", user, actor, now)


def _new_hash(user: User, new: str) -> str:
    """Check the rules, then hash while no transaction is open. Raises Invalid."""
    if bad := passwords.problems(new, user.email):
        raise Invalid({"new_password": bad})
    release()
    return passwords.hashed(new)


def _store_password(user: User, password_hash: str, now: datetime, keep: UserSession | None = None) -> None:
    """Close every reset link, session and token that the old password opened, and tell the person."""
    user.password_hash = password_hash
    db.session.execute(update(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)).values(used_at=now))
    service.end_everywhere(user, now, keep)
    throttle.clear("password", user.email)
    throttle.clear("reset", user.email)
    notices.notify([user], "account.password_changed", SECURITY_PAGE, now)


def start_reset(email: str, now: datetime) -> None:
    """Mail a link to the account of `email`, if there is one; the caller cannot tell. TooManyRequests after eight in a row."""
    throttle.take("reset", service.normal_email(email), now)
    user = service.user_by_email(email)
    if user is not None and user.disabled_at is None:
        send_reset(user, SYSTEM, now)


def send_reset(user: User, actor: Actor, now: datetime) -> None:
    """Queue the mail with a link that works once, for an hour."""
    token, token_hash = new_token()
    db.session.add(PasswordReset(token_hash=token_hash, user_id=user.id, created_at=now, expires_at=now + RESET_GOOD_FOR))
    audit.record("user.reset_requested", user, actor, now)
    with force_locale(user.locale):
        subject = gettext("A new password for Incubator")
        body = gettext(
            "Hello %(name)s,\n\nsomebody, probably you, asked for a new password. The link below works once, for an hour. "
            "If it was not you, do nothing: your password stays as it is.",
            name=user.name,
        )
        mail.queue_mail(user.email, subject, body, now, link=links.address_of("accounts.reset", token))


def finish_reset(row: PasswordReset, new: str, now: datetime) -> User:
    """Set the password of the link's owner; sessions, tokens and other links of theirs die. NotFound when the link was used meanwhile."""
    password_hash = _new_hash(row.user, new)
    links.use(row, now)
    _store_password(row.user, password_hash, now)
    audit.record("user.password_reset", row.user, SYSTEM, now)
    return row.user


def offer_totp(row: UserSession, password: str, now: datetime) -> None:
    """After the password: a secret that this session may confirm. Refused when there is a second factor already."""
    if row.user.totp_secret:
        raise Refused(_l("The second factor is on already."))
    prove_password(row.user, password, now)
    row.totp_offered = totp.new_secret()


def enable_totp(row: UserSession, code: str, actor: Actor, now: datetime) -> list[str]:
    """Confirm the offered secret by a code of it. Returns the recovery codes, to be shown this once."""
    throttle.take("code", str(row.user_id), now)
    step = totp.step_of(row.totp_offered, code, now) if row.totp_offered else None
    if step is None:
        raise Invalid({"code": [service.WRONG_CODE]})
    throttle.clear("code", str(row.user_id))
    user, codes = row.user, _new_codes(row.user)
    user.totp_secret, user.totp_last_step, row.totp_offered = sealing.seal(row.totp_offered or ""), step, None
    _factor_changed("user.factor_on", user, row, actor, now)
    return codes


def disable_totp(user: User, password: str, keep: UserSession | None, actor: Actor, now: datetime) -> None:
    """Switch the second factor off, after the password."""
    prove_password(user, password, now)
    clear_totp(user)
    _factor_changed("user.factor_off", user, keep, actor, now)


def clear_totp(user: User) -> None:
    user.totp_secret, user.totp_last_step, user.recovery_codes = None, None, []


def _factor_changed(event: str, user: User, keep: UserSession | None, actor: Actor, now: datetime) -> None:
    service.end_everywhere(user, now, keep)
    notices.notify([user], event.replace("user.", "account."), SECURITY_PAGE, now)
    audit.record(event, user, actor, now)


def renew_recovery_codes(user: User, password: str, actor: Actor, now: datetime) -> list[str]:
    """New recovery codes in place of the old ones, after the password; shown this once."""
    if not user.totp_secret:
        raise Refused(_l("Switch the second factor on first."))
    prove_password(user, password, now)
    codes = _new_codes(user)
    audit.record("user.recovery_codes", user, actor, now)
    return codes


def _new_codes(user: User) -> list[str]:
    codes, user.recovery_codes = totp.new_recovery_codes()
    return codes


def create_token(row: UserSession, name: str, scope: str, days: int, actor: Actor, now: datetime) -> NewToken:
    """An API token for the organisation that the session acts for, good for `days`. Refused beyond 20 live ones."""
    live = select_visible(ApiToken, actor, func.count(ApiToken.id)).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    if (db.session.scalar(live) or 0) >= MOST_TOKENS:
        raise Refused(_l("You have %(n)s tokens. Revoke one that is no longer used first.", n=MOST_TOKENS))
    text = f"inc_{new_token()[0]}"
    made = ApiToken(
        token_hash=digest(text), prefix=text[:10], name=name, user_id=row.user_id, membership_id=row.membership_id, scope=scope,
        expires_at=now + timedelta(days=days), created_at=now,
    )  # fmt: skip
    db.session.add(made)
    audit.record("token.create", made, actor, now, name=name, scope=scope, days=days)
    return NewToken(made, text)


def revoke_token(row: ApiToken, actor: Actor, now: datetime) -> None:
    """End a token; again changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record("token.revoke", row, actor, now, name=row.name)
