"""Slowing down those who guess. The attempt is counted before the slow comparison, so that parallel guesses cannot slip through.

Counters are kept for unknown addresses as for known ones: a strict one for each network that asks, and a loose one for all
networks together. A stranger who guesses thus locks out the own network and not the owner; many networks at once are slowed
down, never for long. Each attempt commits on its own: a refusal must be remembered although the request changes nothing.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from flask import has_request_context
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
FREE_EVERYWHERE = 50  # attempts of all networks together, after which all wait for FIRST_PAUSE
FORGET_EVERYWHERE_AFTER = timedelta(hours=1)
STRICT = ("code",)
PER_ADDRESS = "30 per minute; 300 per hour"
MAIL_PER_ADDRESS = "10 per minute; 60 per hour"
TOO_MANY = _l("Too many attempts. Wait a quarter of an hour and try again, or ask for a new password.")


def _client() -> str:
    return whole if ":" in (whole := network()) else get_remote_address()


limiter = Limiter(key_func=_client, storage_uri="memory://", headers_enabled=False)


def take(purpose: str, subject: str, now: datetime) -> None:
    """Count one attempt at `subject` (an address, a user id) and commit; TooManyRequests while it must wait. Nothing may be unsaved."""
    release()
    allowed = True
    for key, loose in _keys(purpose, subject):
        allowed = allowed and _count(key, now, loose)  # who is refused nearby does not count everywhere
    db.session.commit()
    if not allowed:
        raise TooManyRequests(TOO_MANY)


def _count(key: str, now: datetime, loose: bool) -> bool:
    """Whether there was an attempt left."""
    insert_once(AttemptCounter, key=key, failed_attempts=0, updated_at=now)
    forgotten = AttemptCounter.updated_at < now - (FORGET_EVERYWHERE_AFTER if loose else FORGET_AFTER)
    count = db.session.scalar(
        update(AttemptCounter)
        .where(AttemptCounter.key == key, or_(AttemptCounter.locked_until.is_(None), AttemptCounter.locked_until <= now))
        .values(failed_attempts=case((forgotten, 1), else_=AttemptCounter.failed_attempts + 1), updated_at=now)
        .returning(AttemptCounter.failed_attempts)
    )
    if count is not None and count >= (FREE_EVERYWHERE if loose else FREE_ATTEMPTS):
        lock = {"failed_attempts": 0, "locked_until": now + FIRST_PAUSE} if loose else {"locked_until": now + pause_after(count)}
        db.session.execute(update(AttemptCounter).where(AttemptCounter.key == key).values(**lock))
    return count is not None


def clear(purpose: str, subject: str) -> None:
    """Forget the attempts of all networks after a right answer, in the caller's transaction."""
    prefix = _prefix(purpose, subject)
    db.session.execute(delete(AttemptCounter).where(AttemptCounter.key.between(prefix, f"{prefix}g")))


def forgive(purpose: str, subject: str) -> None:
    """The same, committed at once: for a right answer that slow work follows."""
    clear(purpose, subject)
    db.session.commit()


def pause_after(count: int) -> timedelta:
    """15 minutes after the eighth failure, twice as long after each further one, a day at most."""
    return min(FIRST_PAUSE * 2 ** min(count - FREE_ATTEMPTS, 10), LONGEST_PAUSE)


def _keys(purpose: str, subject: str) -> list[tuple[str, bool]]:
    """The counters of one attempt, and whether each is the loose one. Only who knows a password gets as far as STRICT: one counter for all."""
    if purpose in STRICT:
        return [(_prefix(purpose, subject), False)]
    return [(_prefix(purpose, subject) + _digest(network())[:24], False), (_prefix(purpose, subject), True)]


def network() -> str:
    """Whose the request is, as far as addresses tell: an IPv4 /24 or an IPv6 /64, of which one customer has all."""
    text = get_remote_address() if has_request_context() else ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def _prefix(purpose: str, subject: str) -> str:
    return _digest(f"{purpose}:{subject}")[:40]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
