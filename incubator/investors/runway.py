"""Burn against plan as plain numbers: spent, revenue, what is left of the budget, and for how many months it lasts. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

RECENT = 3  # booked months whose mean is the pace


@dataclass(frozen=True)
class Month:
    """One month in minor units of the programme's currency."""

    month: date
    planned: int
    spent: int
    revenue: int


@dataclass(frozen=True)
class Runway:
    """Sums up to `until`, the last month with anything booked. `pace` is net spend a month lately; `months` is None when nothing is lost."""

    budget: int
    planned: int
    spent: int
    revenue: int
    left: int
    pace: int | None
    months: float | None
    until: date | None

    @property
    def ahead(self) -> int:
        """How much more was spent than planned by then; negative when less."""
        return self.spent - self.planned


def months_of(programme: Any, as_of: date | None = None) -> list[Month]:
    """The programme's months up to that of `as_of`, or all."""
    return [Month(m.month, m.planned_minor, m.spent_minor, m.revenue_minor) for m in programme.burn if as_of is None or m.month <= as_of]


def measure(budget: int, months: Sequence[Month]) -> Runway:
    booked = [m for m in months if m.spent or m.revenue]
    until = max((m.month for m in booked), default=None)
    so_far = [m for m in months if until and m.month <= until]
    planned, spent, revenue = (sum(getattr(m, name) for m in so_far) for name in ("planned", "spent", "revenue"))
    left = budget - spent + revenue
    last = sorted(booked, key=lambda m: m.month)[-RECENT:]
    pace = sum(m.spent - m.revenue for m in last) // len(last) if last else None
    lasts = round(left / pace, 1) if pace and pace > 0 and left > 0 else 0.0 if pace and pace > 0 else None
    return Runway(budget, planned, spent, revenue, left, pace, lasts, until)


def from_inputs(inputs: Any) -> Runway:
    """The same from frozen inputs: {"budget", "months": [[iso month, planned, spent, revenue], …]}."""
    return measure(inputs["budget"], [Month(date.fromisoformat(m), p, s, r) for m, p, s, r in inputs["months"]])


def as_inputs(budget: int, months: Iterable[Month]) -> dict[str, Any]:
    return {"budget": budget, "months": [[m.month.isoformat(), m.planned, m.spent, m.revenue] for m in months]}
