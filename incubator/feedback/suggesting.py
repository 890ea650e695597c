"""What a pack suggests for a SKU, and why: rules that a factory owner can check by hand. Pure; it decides nothing.

In this order, the first that holds:

    stop      graded stale at the end of each of the last eight weeks
    –         fewer than 20 units sold in the weeks that are known: too few to suggest anything
    fix       the lower end of the return rate's interval lies above the SKU's own earlier rate (the up to 26 weeks before these eight,
              of at least 100 units), or the rate is at least 3% and at least half of five or more returned units name one reason that
              a factory can mend
    reorder   the upper end of the return rate's interval is at most 10%, and, where the brand's stock is known, its proposal falls due within
              the week (`sales.reorder`; not for a SKU graded stale); where it is not known, the SKU is graded hit or strong
    carry on  none of these

Quantity and day are those of the brand's proposal, of which a factory is told nothing else: no stock, no forecast, no reorder point. Where the stock is
not known the quantity is four weeks at the present pace, rounded up to tens, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from incubator.feedback.rates import LEAST_UNITS, Rate

STALE_WEEKS, EARLIER_LEAST, DOMINANT, LEAST_RETURNED, LOW_RETURNS, WEEKS_OF_STOCK = 8, 100, 0.5, 5, 0.10, 4
WORTH_FIXING = 0.03
MENDABLE = ("quality", "size", "not_as_described", "damaged", "wrong_item", "missing_part", "smell")
DAYS = {"reorder": 21, "fix": 14, "stop": 7}


@dataclass(frozen=True)
class Evidence:
    """What a suggestion follows from. `stale_weeks` counts gradings as stale at the end; `reasons` are (reason, units), the most first."""

    grade: str | None
    pace: float
    sold: int
    rate: Rate | None
    earlier: Rate | None
    reasons: Sequence[tuple[str, int]]
    stale_weeks: int = 0
    order: "Order | None" = None


@dataclass(frozen=True)
class Order:
    """The brand's proposal where its stock is known: a quantity and the day on which it is to be ready, or neither when none is due."""

    quantity: int | None = None
    ready_on: date | None = None


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
    if found.rate is None or found.sold < LEAST_UNITS:
        return Suggestion(None, "too_few", {"sold": found.sold, "least": LEAST_UNITS})
    return _fix(found.rate, found.earlier, found.reasons) or _reorder(found, found.rate) or Suggestion("carry_on", "steady")


def _fix(now: Rate, earlier: Rate | None, reasons: Sequence[tuple[str, int]]) -> Suggestion | None:
    named = sum(units for _, units in reasons)
    first, units = next(((r, u) for r, u in reasons if r in MENDABLE), ("", 0))
    share = units / named if named else 0.0
    if earlier is not None and earlier.sold >= EARLIER_LEAST and now.low > earlier.rate:
        return Suggestion("fix", "worse", {"rate": _percent(now.rate), "earlier": _percent(earlier.rate), "reason": first})
    if named >= LEAST_RETURNED and share >= DOMINANT and now.rate >= WORTH_FIXING:
        return Suggestion("fix", "dominant", {"reason": first, "share": round(share * 100), "units": units})
    return None


def _reorder(found: Evidence, now: Rate) -> Suggestion | None:
    if now.high > LOW_RETURNS:
        return None
    if found.order is not None:
        return _as_proposed(found, found.order, now)
    if found.grade not in ("hit", "strong"):
        return None
    quantity = ceil(found.pace * WEEKS_OF_STOCK / 10) * 10
    return Suggestion("reorder", "sells", {"quantity": quantity, "weeks": WEEKS_OF_STOCK, "rate": _percent(now.rate)})


def _as_proposed(found: Evidence, order: Order, now: Rate) -> Suggestion | None:
    if found.grade == "stale" or order.quantity is None or order.ready_on is None:
        return None
    return Suggestion("reorder", "due", {"quantity": order.quantity, "on": order.ready_on.isoformat(), "rate": _percent(now.rate)})


def _percent(share: float) -> float:
    return round(share * 100, 1)


def day_for(choice: str, today: date) -> date | None:
    """The day that is proposed for an answer; None for carrying on."""
    return today + timedelta(days=DAYS[choice]) if choice in DAYS else None


def day_of(suggestion: dict[str, Any], today: date) -> date | None:
    """The day that a suggestion (as JSON) names, unless it has passed; else the one that is proposed for its answer."""
    choice, named = suggestion["choice"] or "carry_on", suggestion["params"].get("on")
    return date.fromisoformat(named) if named and date.fromisoformat(named) > today else day_for(choice, today)
