"""Suspected duplicates: search, merge, or remember that they are two. Nothing is merged without a person."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from incubator.factories import content, matching
from incubator.factories.audit_models import FactoryAudit
from incubator.factories.evidence_models import Certificate, DuplicatePair, FactoryChange, TierAward
from incubator.factories.models import Caseload, Factory, OemEntry
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused

MOVED = (Certificate, OemEntry, FactoryAudit, TierAward)


def search(now: datetime, fresh: set[int] | None = None) -> dict[str, int]:
    """Keep every likely pair of live factories, judged anew while it is undecided; `fresh` narrows the search to pairs with one of them."""
    records = [
        matching.Supplier(r.id, r.name_zh, r.name_en, r.country, r.city, r.address, r.uscc)
        for r in db.session.execute(
            access.select_visible(
                Factory, SYSTEM, Factory.id, Factory.name_zh, Factory.name_en, Factory.country, Factory.city, Factory.address, Factory.uscc
            ).where(Factory.merged_into_id.is_(None))
        )
    ]
    known = {(p.first_id, p.second_id): p for p in db.session.scalars(access.select_visible(DuplicatePair, SYSTEM))}
    found = matching.suggestions(records, fresh)
    for first, second, verdict in found:
        _keep(known.get((first, second)), first, second, verdict, now)
    db.session.flush()
    return {"compared": len(records), "suggested": len(found)}


def _keep(pair: DuplicatePair | None, first: int, second: int, verdict: matching.Verdict, now: datetime) -> None:
    reasons: list[list[Any]] = [list(reason) for reason in verdict.reasons]
    probability = round(verdict.probability * 100)
    if pair is None:
        db.session.add(
            DuplicatePair(first_id=first, second_id=second, probability=probability, reasons=reasons, state_since=now, created_at=now)
        )
    elif pair.state == "open" and (pair.probability, pair.reasons) != (probability, reasons):
        pair.probability, pair.reasons = probability, reasons


def differ(pair: DuplicatePair, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """They are two; this is remembered, and they are not suggested again."""
    workflow.fire(pair, "differ", actor, now=now, expected=expected)


def merge(pair: DuplicatePair, kept_id: int, actor: Actor, now: datetime, expected: int | None = None) -> Factory:
    """Keep one of the two; the other becomes a pointer to it. Evidence moves, blanks are filled, nothing written is lost."""
    sides = {pair.first_id: (pair.first, pair.second), pair.second_id: (pair.second, pair.first)}
    if kept_id not in sides:
        raise Invalid({"kept_id": [_l("Keep one of the two.")]})
    kept, gone = sides[kept_id]
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused(_l("One of the two has been merged already."))
    if kept.organisation_id and gone.organisation_id:
        raise Refused(_l("Both have an account of their own. Close one of the organisations first."))
    workflow.fire(pair, "merge", actor, now=now, expected=expected)
    pair.kept_id = kept.id
    _carry_over(kept, gone)
    if gone.state != "inactive":
        workflow.fire(gone, "merge", SYSTEM, note=str(kept.id), now=now)
    gone.merged_into_id = kept.id
    _settle_pairs(gone, now)
    db.session.flush()
    audit.record("factory.merged", kept, actor, now, merged=gone.id, name=gone.name)
    events.publish("factory.merged", kept, actor, now, gone=gone)
    return kept


def _carry_over(kept: Factory, gone: Factory) -> None:
    """What the kept one lacks comes from the other; account, evidence and care move over."""
    have, others = content.snapshot(kept), content.snapshot(gone)
    lacking = {name: others[name] for name in content.FIELDS if have[name] in (None, "") and others[name] not in (None, "")}
    lists = {
        name: [*have[name], *(row for row in others[name] if row not in have[name])] for name in ("categories", "capabilities", "contacts")
    }
    content.apply(kept, lacking | lists)
    _move_account(kept, gone)
    for model in MOVED:
        db.session.execute(update(model).where(model.factory_id == gone.id).values(factory_id=kept.id))
    caring = {care.agent_user_id for care in kept.caseload}
    for care in gone.caseload:
        if care.agent_user_id not in caring:
            db.session.add(
                Caseload(factory_id=kept.id, agent_user_id=care.agent_user_id, created_at=care.created_at, ended_at=care.ended_at)
            )
    db.session.flush()
    db.session.expire(kept)
    db.session.expire(gone)


def _move_account(kept: Factory, gone: Factory) -> None:
    """One row at a time: an organisation has one profile at every moment."""
    if gone.organisation_id and not kept.organisation_id:
        account, gone.organisation_id = gone.organisation_id, None
        db.session.flush()
        kept.organisation_id = account
    if gone.tier and not kept.tier:
        kept.tier, kept.tier_until, gone.tier, gone.tier_until = gone.tier, gone.tier_until, "", None
    db.session.flush()


def _settle_pairs(gone: Factory, now: datetime) -> None:
    """Other suspicions about the pointer end, and so do its open proposals: there is nothing left to decide about it."""
    pairs = access.select_visible(DuplicatePair, SYSTEM).where(
        DuplicatePair.state == "open", (DuplicatePair.first_id == gone.id) | (DuplicatePair.second_id == gone.id)
    )
    for pair in db.session.scalars(pairs):
        workflow.fire(pair, "differ", SYSTEM, now=now)
    proposals = access.select_visible(FactoryChange, SYSTEM).where(FactoryChange.factory_id == gone.id, FactoryChange.state == "proposed")
    for change in db.session.scalars(proposals):
        workflow.fire(change, "withdraw", SYSTEM, now=now)
