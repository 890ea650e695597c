"""What a pack suggests for a SKU, and why: rules that a factory owner can check by hand. Pure; it decides nothing.

In this order, the first that holds:

    stop      graded stale at the end of each of the last eight weeks
    –         fewer than 20 orders in the weeks that are known: too few to suggest anything
    fix       the factory is told of a finding (`findings`, `findings_told`): more comes back than chance explains, for a reason that a
              factory can mend, or whatever the reason where none is named
    reorder   graded hit or strong, and the upper end of the return rate's interval is at most 10%
    carry on  none of these

The quantity is four weeks at the present pace, rounded up to tens: what stands in stock is not known here, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from incubator.feedback.rates import LEAST_ORDERS, Rate

STALE_WEEKS, LOW_RETURNS, WEEKS_OF_STOCK = 8, 0.10, 4
BEYOND_A_FACTORY = ("changed_mind", "price", "late", "unstated", "other")
DAYS = {"reorder": 21, "fix": 14, "stop": 7}


@dataclass(frozen=True)
class Evidence:
    """What a suggestion follows from. `stale_weeks` counts gradings as stale at the end; `sold` are orders; `findings` as the factory is told of them."""

    grade: str | None
    pace: float
    sold: int
    rate: Rate | None
    findings: Sequence[dict[str, Any]] = ()
    stale_weeks: int = 0


@dataclass(frozen=True)
class Suggestion:
    """`choice` is reorder, fix, stop, carry_on or None; `why` names the rule, `params` its figures for the sentence."""

    choice: str | None
    why: str
    params: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"choice": self.choice, "why": self.why, "params": self.params}


def suggest(found: Evidence) -> Suggestion:
    """The first rule that holds."""
    if found.stale_weeks >= STALE_WEEKS:
        return Suggestion("stop", "stale", {"weeks": STALE_WEEKS})
    if found.rate is None or found.sold < LEAST_ORDERS:
        return Suggestion(None, "too_few", {"sold": found.sold, "least": LEAST_ORDERS})
    return _fix(found.findings) or _reorder(found, found.rate) or Suggestion("carry_on", "steady")


def _fix(findings: Sequence[dict[str, Any]]) -> Suggestion | None:
    first = next((f for f in findings if f["reason"] not in BEYOND_A_FACTORY), None)
    if first is None:
        return None
    return Suggestion(
        "fix", "finding", {name: first[name] for name in ("reason", "topic", "ratio", "low", "high", "against", "since", "lot")}
    )


def _reorder(found: Evidence, now: Rate) -> Suggestion | None:
    if found.grade not in ("hit", "strong") or now.high > LOW_RETURNS:
        return None
    quantity = ceil(found.pace * WEEKS_OF_STOCK / 10) * 10
    return Suggestion("reorder", "sells", {"quantity": quantity, "weeks": WEEKS_OF_STOCK, "rate": _percent(now.rate)})


def _percent(share: float) -> float:
    return round(share * 100, 1)


def day_for(choice: str, today: date) -> date | None:
    """The day that is proposed for an answer; None for carrying on."""
    return today + timedelta(days=DAYS[choice]) if choice in DAYS else None
