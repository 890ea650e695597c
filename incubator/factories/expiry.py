"""What runs out by itself: certificates, with a reminder 60, 30 and 7 days before, and tiers. Twice in a row it does nothing."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import joinedload

from incubator.factories import evidence_service, notifying, words
from incubator.factories.evidence_models import Certificate, TierAward
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

DAYS_BEFORE = (60, 30, 7)
BATCH = 200


def threshold(days_left: int) -> int | None:
    """The reminder that is due with so many days left: the nearest that has been reached."""
    return min((days for days in DAYS_BEFORE if days_left <= days), default=None)


def due_certificates(today: date) -> list[Certificate]:
    """Valid ones that have run out or reached a reminder that was not sent, and proposed ones that have run out; a batch of them."""
    reached = [
        (Certificate.expires_on <= today + timedelta(days=days)) & or_(Certificate.reminded_for.is_(None), Certificate.reminded_for > days)
        for days in DAYS_BEFORE
    ]
    valid = (Certificate.state == "valid") & or_(Certificate.expires_on < today, *reached)
    stale = (Certificate.state == "proposed") & (Certificate.expires_on < today)
    query = access.select_visible(Certificate, SYSTEM).where(or_(valid, stale)).options(joinedload(Certificate.factory))
    return list(db.session.scalars(query.order_by(Certificate.expires_on, Certificate.id).limit(BATCH)))


def settle(certificate: Certificate, today: date, now: datetime) -> str:
    """Expire one certificate or remind of it, in the caller's transaction; which of the two."""
    name = words.certificate(certificate.kind, certificate.title)
    if certificate.expires_on < today:
        workflow.fire(certificate, "expire", SYSTEM, now=now)
        notifying.expiring(certificate.factory, name, certificate.expires_on, now, expired=True)
        return "expired"
    certificate.reminded_for = threshold((certificate.expires_on - today).days)
    db.session.flush()
    notifying.expiring(certificate.factory, name, certificate.expires_on, now, expired=False)
    return "reminded"


def due_tiers(today: date) -> list[TierAward]:
    """Tiers that are held beyond their last day."""
    query = access.select_visible(TierAward, SYSTEM).where(TierAward.state == "active", TierAward.expires_on < today)
    return list(db.session.scalars(query.options(joinedload(TierAward.factory)).order_by(TierAward.id).limit(BATCH)))


def end_tier(award: TierAward, now: datetime) -> None:
    evidence_service.end_tier(award, "expire", "", SYSTEM, now)


def counts(found: list[Any]) -> dict[str, int]:
    """How often each outcome occurs."""
    return {name: found.count(name) for name in ("reminded", "expired", "tiers")}
