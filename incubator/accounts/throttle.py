"""Slowing down those who guess. The attempt is counted before the slow comparison, so that parallel guesses cannot slip through.

Counters are kept for unknown addresses as for known ones. Each attempt commits on its own: a refusal must be remembered
although the request that it belongs to changes nothing.
"""

import hashlib
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import case, delete, or_, update

from incubator.accounts.models import AttemptCounter
from incubator.kernel.db import db, release
from incubator.kernel.errors import TooManyRequests
from incubator.kernel.upsert import insert_once

FREE_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=24)
FORGET_AFTER = timedelta(days=1)
PER_ADDRESS = "30 per minute; 300 per hour"
MAIL_PER_ADDRESS = "10 per minute; 60 per hour"
TOO_MANY = _l("Too many attempts. Wait a quarter of an hour and try again, or ask for a new password.")

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", headers_enabled=False)


def take(purpose: str, subject: str, now: datetime) -> None:
    """Count one attempt by `subject` (an address, a user id) and commit; TooManyRequests while it must wait. Nothing may be unsaved."""
    release()
    key = _key(purpose, subject)
    insert_once(AttemptCounter, key=key, failed_attempts=0, updated_at=now)
    count = db.session.scalar(
        update(AttemptCounter)
        .where(AttemptCounter.key == key, or_(AttemptCounter.locked_until.is_(None), AttemptCounter.locked_until <= now))
        .values(failed_attempts=_next_count(now), updated_at=now)
        .returning(AttemptCounter.failed_attempts)
    )
    if count is not None and count >= FREE_ATTEMPTS:
        db.session.execute(update(AttemptCounter).where(AttemptCounter.key == key).values(locked_until=now + pause_after(count)))
    db.session.commit()
    if count is None:
        raise TooManyRequests(TOO_MANY)


def clear(purpose: str, subject: str) -> None:
    """Forget the attempts after a right answer, in the caller's transaction."""
    db.session.execute(delete(AttemptCounter).where(AttemptCounter.key == _key(purpose, subject)))


def forgive(purpose: str, subject: str) -> None:
    """The same, committed at once: for a right answer that slow work follows."""
    clear(purpose, subject)
    db.session.commit()


def pause_after(count: int) -> timedelta:
    """15 minutes after the eighth failure, twice as long after each further one, a day at most."""
    return min(FIRST_PAUSE * 2 ** min(count - FREE_ATTEMPTS, 10), LONGEST_PAUSE)


def _next_count(now: datetime) -> object:
    return case((AttemptCounter.updated_at < now - FORGET_AFTER, 1), else_=AttemptCounter.failed_attempts + 1)


def _key(purpose: str, subject: str) -> str:
    return hashlib.sha256(f"{purpose}:{subject}".encode()).hexdigest()
