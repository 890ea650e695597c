"""The verbs of evidence: certificates, the OEM history, tiers. What the factory adds by itself counts once somebody else has checked it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.factories import notifying, tiers, words
from incubator.factories.evidence_models import Certificate, TierAward, TierCriterion
from incubator.factories.guards import ZONE
from incubator.factories.models import Factory, OemEntry
from incubator.kernel import access, audit, clock, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.kernel.i18n import listed

Data = dict[str, Any]


def add_certificate(factory: Factory, data: Data, upload: Any, actor: Actor, now: datetime) -> Certificate:
    """Keep a certificate with its file; whoever looks after the factory accepts it with the same act, if it has not run out."""
    access.require("factory.prove", actor, factory)
    if data["expires_on"] < clock.today(ZONE):
        raise Invalid({"expires_on": [_l("This certificate has expired. It cannot count any more.")]})
    certificate = Certificate(factory=factory, state_since=now, created_at=now, **data)
    db.session.add(certificate)
    db.session.flush()
    if upload:
        certificate.file_id = files.store(upload, actor, now, subject=("factory_certificate", certificate.id)).id
        db.session.flush()
    audit.record("factory.certificate_add", factory, actor, now, kind=certificate.kind)
    if access.may("factory.keep", actor, factory):
        workflow.fire(certificate, "accept", actor, now=now)
    return certificate


def add_oem(factory: Factory, data: Data, actor: Actor, now: datetime) -> OemEntry:
    """Add to the OEM history; what staff enter is checked by them."""
    access.require("factory.oem", actor, factory)
    entry = OemEntry(factory_id=factory.id, created_at=now, **data)
    if access.may("factory.oem_check", actor, factory):
        entry.checked_by_id, entry.checked_at = actor.user_id, now
    db.session.add(entry)
    db.session.flush()
    audit.record("factory.oem_add", entry, actor, now)
    return entry


def check_oem(factory: Factory, entry: OemEntry, actor: Actor, now: datetime) -> None:
    """Staff have seen the proof; only then it counts for a tier."""
    access.require("factory.oem_check", actor, factory)
    if entry.checked_at is None:
        entry.checked_by_id, entry.checked_at = actor.user_id, now
        db.session.flush()
        audit.record("factory.oem_check", entry, actor, now)


def remove_oem(factory: Factory, entry: OemEntry, actor: Actor, now: datetime) -> None:
    access.require("factory.oem", actor, factory)
    audit.record("factory.oem_remove", entry, actor, now)
    db.session.delete(entry)
    db.session.flush()


def criteria(tier: str) -> list[TierCriterion]:
    """What a tier asks for, from the table."""
    return list(
        db.session.scalars(access.select_visible(TierCriterion, SYSTEM).where(TierCriterion.tier == tier).order_by(TierCriterion.id))
    )


def refusal(found: list[tiers.Met]) -> Any:
    """What is missing for a tier, in words; none when nothing is."""
    missing = [
        _l(
            "%(measure)s: %(value)s of %(threshold)s",
            measure=words.MEASURES[m.measure],
            value="–" if m.value is None else m.value,
            threshold=m.threshold,
        )
        for m in found
        if not m.is_met
    ]
    return _l("Missing for this tier: %(what)s.", what=listed(missing)) if missing else None


def grant_tier(factory: Factory, tier: str, reason: str, actor: Actor, now: datetime) -> TierAward:
    """Give a tier on today's evidence; Refused with what is missing. It replaces the one that the factory holds."""
    access.require("factory.tier", actor, factory)
    db.session.refresh(factory, with_for_update={"of": Factory})
    if factory.state != "approved":
        raise Refused(_l("Only an approved factory can hold a tier."))
    today = clock.today(ZONE)
    found = tiers.judged(criteria(tier), tiers.facts(factory, today))
    if missing := refusal(found):
        raise Refused(missing)
    for held in factory.tiers:
        if held.state == "active":
            workflow.fire(held, "expire", SYSTEM, now=now)
    award = TierAward(
        factory=factory, tier=tier, state_since=now, granted_at=now, granted_by_id=actor.user_id, reason=reason.strip(),
        expires_on=tiers.last_day(factory, today), evidence=tiers.as_evidence(found),
    )  # fmt: skip
    db.session.add(award)
    factory.tier, factory.tier_until = tier, award.expires_on
    db.session.flush()
    audit.record("factory.tier_grant", factory, actor, now, tier=tier)
    notifying.tell_factory(factory, "tier", now, "/tiers", tier=str(words.TIERS[tier]), day=award.expires_on.isoformat())
    return award


def end_tier(award: TierAward, step: str, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a tier, or let it expire; the award stays as history."""
    workflow.fire(award, step, actor, note=reason, now=now)
    factory = award.factory
    factory.tier, factory.tier_until = "", None
    db.session.flush()
