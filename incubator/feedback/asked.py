"""What a product was asked to meet and what the factory's latest measured samples say of it, as a pack shows it. Its own samples only."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.orm import selectinload

from incubator.briefs.models import ProductBrief
from incubator.briefs.policies import SHARED_STATES
from incubator.feedback.touching import Cause, touched
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products.models import Participant
from incubator.samples import judging, results
from incubator.samples.models import SampleRequirement, SampleRound

Key = tuple[int, int]  # product, factory


def latest(product_ids: Collection[int]) -> dict[Key, list[dict[str, Any]]]:
    """(product, factory) → requirements with what the latest measured round of that factory found."""
    return {(r.product_id, r.factory_id): [_line(line, r) for line in results.lines(r)] for r in _rounds(product_ids)}


def _rounds(product_ids: Collection[int]) -> Iterable[SampleRound]:
    columns = (SampleRound.id, SampleRound.product_id, SampleRound.factory_id)
    query = access.select_visible(SampleRound, SYSTEM, *columns).where(
        SampleRound.product_id.in_(product_ids), SampleRound.measured_at.is_not(None)
    )
    newest = {
        (row.product_id, row.factory_id): row.id for row in db.session.execute(query.order_by(SampleRound.measured_at, SampleRound.id))
    }
    whole = access.select_visible(SampleRound, SYSTEM).where(SampleRound.id.in_(newest.values()))
    return db.session.scalars(whole.options(selectinload(SampleRound.requirements).selectinload(SampleRequirement.readings)))


def _line(line: results.Line, round: SampleRound) -> dict[str, Any]:
    judged = line.judgement
    measured = None if judged.deciding is None else judging.written(judged.deciding)
    day = round.measured_at.date().isoformat() if round.measured_at else None
    return {
        **_words(line.requirement),
        "measured": measured,
        "verdict": judged.status,
        "drawn": line.drawn,
        "round": round.number,
        "day": day,
    }


def _words(requirement: Any) -> dict[str, Any]:
    return {name: getattr(requirement, name) for name in results.SNAPSHOT}


def briefs(product_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """product → the requirements of its brief, unmeasured; only of briefs that those who take part may read."""
    query = access.select_visible(ProductBrief, SYSTEM).where(
        ProductBrief.product_id.in_(product_ids), ProductBrief.state.in_(SHARED_STATES)
    )
    blank = {"measured": None, "verdict": "missing", "drawn": None, "round": None, "day": None}
    found = db.session.scalars(query.options(selectinload(ProductBrief.requirements)))
    return {brief.product_id: [{**_words(r), **blank} for r in brief.requirements] for brief in found}


def joined(product_ids: Collection[int]) -> set[Key]:
    """(product, factory) of those that take part now."""
    query = access.select_visible(Participant, SYSTEM, Participant.product_id, Participant.organisation_id)
    query = query.where(Participant.product_id.in_(product_ids), Participant.part == "factory", Participant.left_at.is_(None))
    return {(row.product_id, row.organisation_id) for row in db.session.execute(query)}


def marked(lines: Iterable[dict[str, Any]], causes: Sequence[Cause]) -> list[dict[str, Any]]:
    """The requirements with the reasons of returns that each may answer for; those that have one come first, then those that fail."""
    found = [{**line, "touched": touched(line["attribute"], causes)} for line in lines]
    return sorted(found, key=lambda line: (not line["touched"], line["verdict"] != "fail"))
