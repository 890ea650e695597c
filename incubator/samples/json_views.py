"""Sample rounds as JSON values. Measured values are text, so that no reader makes a binary fraction of them."""

from decimal import Decimal
from typing import Any

from incubator.kernel.actor import Actor
from incubator.samples import judging, results
from incubator.samples.models import SampleDecision, SampleRound
from incubator.samples.results import Line

ROW = (
    "id", "number", "kind", "state", "product_id", "factory_id", "quantity", "brief_revision", "version",
)  # fmt: skip
DAYS = ("due_on", "shipped_on", "received_on")
OWN = ("instructions", "pieces", "carrier", "tracking_number", "condition", "condition_note")


def row(found: Any) -> dict[str, Any]:
    """A round in a list."""
    days = {name: _day(getattr(found, name)) for name in DAYS}
    return {**{name: getattr(found, name) for name in ROW}, **days, "product": found.product, "other": found.other}


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def whole(round: SampleRound, previous: SampleRound | None, actor: Actor) -> dict[str, Any]:
    """A whole round with its results against `previous`."""
    return {
        **{name: getattr(round, name) for name in (*ROW, *OWN)},
        **{name: _day(getattr(round, name)) for name in DAYS},
        "product": round.product.name,
        "other": (round.product.brand if actor.role == "factory" else round.factory).name,
        "requirements": [_line(line) for line in results.lines(round, previous)],
        "decision": _decision(round.decision),
        "golden_sample": round.golden.number if round.golden else None,
    }


def _line(line: Line) -> dict[str, Any]:
    requirement, judgement, change = line.requirement, line.judgement, line.change
    allowed = judgement.limits
    return {
        "id": requirement.id,
        **{name: getattr(requirement, name) for name in results.SNAPSHOT},
        "lower": _text(allowed.lower if allowed else None),
        "upper": _text(allowed.upper if allowed else None),
        "readings": [{"piece": r.piece, "value": r.value, "met": r.met} for r in requirement.readings],
        "verdict": judgement.status,
        "deciding": _text(judgement.deciding),
        "delta": _text(change.delta if change else None),
        "trend": change.trend if change else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else judging.written(value)


def _decision(made: SampleDecision | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {
        "outcome": made.outcome,
        "reason": made.reason,
        "by": made.decided_by.name,
        "at": made.decided_at.isoformat(),
        "comments": made.comments,
    }
