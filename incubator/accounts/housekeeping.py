"""What may go: counters after two days, used or late links after thirty, ended sessions after ninety. Tokens stay in their owner's list."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from incubator.accounts.models import AttemptCounter, PasswordReset, UserSession
from incubator.kernel.db import rows_changed

COUNTERS, LINKS, SESSIONS = timedelta(days=2), timedelta(days=30), timedelta(days=90)


def prune(now: datetime) -> dict[str, int]:
    """Delete in the caller's transaction; returns how many rows of each."""
    old = {
        "counters": delete(AttemptCounter).where(AttemptCounter.updated_at < now - COUNTERS),
        "links": delete(PasswordReset).where(PasswordReset.expires_at < now - LINKS),
        "sessions": delete(UserSession).where(UserSession.expires_at < now - SESSIONS),
    }
    return {name: rows_changed(statement) for name, statement in old.items()}
