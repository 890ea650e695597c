"""What may go: counters after two days, used or late links after thirty, ended sessions after ninety. Second factors are sealed. Tokens stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from incubator.accounts.models import AttemptCounter, PasswordReset, User, UserSession
from incubator.kernel import access, sealing
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, rows_changed

COUNTERS, LINKS, SESSIONS = timedelta(days=2), timedelta(days=30), timedelta(days=90)


def seal_factors() -> int:
    """Seal the second factors that an earlier release kept readable, in the caller's transaction; how many."""
    readable = access.select_visible(User, SYSTEM).where(User.totp_secret.is_not(None), User.totp_secret.not_like("gAAAA%"))
    users = list(db.session.scalars(readable))
    for user in users:
        user.totp_secret = sealing.seal(user.totp_secret)
    return len(users)


def prune(now: datetime) -> dict[str, int]:
    """Delete in the caller's transaction; returns how many rows of each."""
    old = {
        "counters": delete(AttemptCounter).where(AttemptCounter.updated_at < now - COUNTERS),
        "links": delete(PasswordReset).where(PasswordReset.expires_at < now - LINKS),
        "sessions": delete(UserSession).where(UserSession.expires_at < now - SESSIONS),
    }
    return {name: rows_changed(statement) for name, statement in old.items()}
