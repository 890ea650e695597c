"""What a pack suggests for a SKU, and why: rules that a factory owner can check by hand. Pure; it decides nothing.

In this order, the first that holds:

    stop      graded stale at the end of each of the last eight weeks; whose factory has promised that already carries on: what is left sells off
    –         fewer than 20 orders in the weeks that are known: too few to suggest anything
    fix       the factory is told of a finding (`findings`, `findings_told`): more comes back than chance explains, for a reason that a
              factory can mend, or whatever the reason where none is named
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
    order: "Order | None" = None
    is_stopped: bool = False


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
    if found.stale_weeks >= STALE_WEEKS and found.is_stopped:
        return Suggestion("carry_on", "stopped")
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
