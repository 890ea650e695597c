"""Briefs and reviews as JSON values. Amounts are minor units with their currency; moments are UTC in ISO 8601."""

from typing import Any

from incubator.briefs import content, criteria
from incubator.briefs.gate_models import GateReview, GateSignatory
from incubator.briefs.gate_service import Figures
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.kernel.actor import Actor

ROW = (
    "id",
    "code",
    "title",
    "type",
    "state",
    "segment",
    "scenario",
    "buyer_kind",
    "product_id",
    "first_order_quantity",
    "annual_quantity",
    "moq",
)
POINT = ("reference_id", *content.POINT_FIELDS)


def row(found: Any) -> dict[str, Any]:
    """A brief in a list."""
    dates = {n: content.as_json(getattr(found, n)) for n in ("launch_from", "launch_to", "updated_at")}
    return {**{n: getattr(found, n) for n in ROW}, **dates}


def brief(found: ProductBrief, targets: list[BriefTarget], actor: Actor) -> dict[str, Any]:
    """A whole brief; `targets` only for the brand."""
    body = {
        **row(found),
        **{
            n: getattr(found, n)
            for n in ("need", "reason_to_choose", "customisation", "customisation_notes", "compliance", "version", "revision")
        },
        "requirements": [{"id": r.id, **{n: getattr(r, n) for n in content.REQUIREMENT_FIELDS}} for r in found.requirements],
        "references": [{"id": r.id, **{n: getattr(r, n) for n in content.REFERENCE_FIELDS}} for r in found.references],
        "claims": [_claim(c) for c in found.claims],
    }
    if actor.role == "brand":
        names = ("currency", "price_minor", "cost_minor", "margin_bp")
        body["targets"] = [{n: getattr(t, n) for n in names} for t in targets]
    return body


def _claim(claim: Any) -> dict[str, Any]:
    points = [{n: getattr(p, n) for n in POINT} for p in claim.points]
    return {"id": claim.id, "kind": claim.kind, "statement": claim.statement, "evidence": claim.evidence, "points": points}


def review(found: GateReview, figures: Figures, seats: list[GateSignatory], frozen: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """A review as far as the actor may know it."""
    return {
        "id": found.id,
        "brief_id": found.brief_id,
        "number": found.number,
        "state": found.state,
        "due_on": content.as_json(found.due_on),
        "version": found.version,
        "criteria": [_criterion(c, actor) for c in criteria_of(found, figures, frozen, actor)],
        "figures": frozen,
        "signatures": [_seat(s) for s in seats],
        "decision": _decision(found),
    }


def criteria_of(found: GateReview, figures: Figures, frozen: dict[str, Any], actor: Actor) -> list[criteria.Criterion]:
    """The criteria as decided, or as they stand, as far as the actor may know them."""
    decided = found.decision and criteria.as_decided(found.decision.criteria, frozen.get("values", {}))
    return criteria.as_seen(decided or figures.criteria, actor.role == "brand")


def _criterion(criterion: criteria.Criterion, actor: Actor) -> dict[str, Any]:
    known = actor.role == "brand" or criterion.name not in criteria.CONFIDENTIAL
    scores = {"scores": list(criterion.scores)} if actor.role == "brand" else {}
    return {"name": criterion.name, "value": criterion.value, "met": criterion.met if known else None, **scores}


def _seat(seat: GateSignatory) -> dict[str, Any]:
    signature = seat.signature
    signed = (
        {"by": signature.user.name, "at": signature.signed_at.isoformat(), "scores": signature.scores, "statement": signature.statement}
        if signature
        else None
    )
    return {"organisation_id": seat.organisation_id, "organisation": seat.organisation.name, "signed": signed}


def _decision(found: GateReview) -> dict[str, Any] | None:
    made = found.decision
    if made is None:
        return None
    conditions = [{"text": c.text, "due_on": c.due_on.isoformat()} for c in made.conditions]
    return {
        "outcome": made.outcome, "reason": made.reason, "by": made.decided_by.name, "organisation": made.organisation.name,
        "at": made.decided_at.isoformat(), "conditions": conditions,
    }  # fmt: skip
