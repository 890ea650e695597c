"""The geometry of the portfolio timeline: dates in, percentages of the shown period out. No database, no drawing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

SPANS = (6, 12, 24, 36)
DEFAULT_SPAN = 12


@dataclass(frozen=True)
class Period:
    """The shown months: from the first day of one to the day before the first of another."""

    start: date
    end: date

    @classmethod
    def around(cls, today: date, months: int, start: date | None = None) -> "Period":
        """`months` months, beginning at `start`'s month or a quarter of the span before today."""
        first = _month(start) if start else _month(today) - months // 4
        return cls(_first_of(first), _first_of(first + months))

    @classmethod
    def holding(cls, first: date, last: date) -> "Period":
        """The whole months from that of `first` to that of `last`."""
        return cls(_first_of(_month(first)), _first_of(_month(last) + 1))

    def percent(self, day: date) -> float:
        """Where `day` lies, 0 to 100, held at the edges."""
        share = (day - self.start).days / (self.end - self.start).days
        return round(min(1.0, max(0.0, share)) * 100, 2)

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end

    def bar(self, begin: date, end: date) -> tuple[float, float] | None:
        """A bar's edges in percent; None when it lies outside. A day is drawn at least half a percent wide."""
        if end < self.start or begin >= self.end:
            return None
        left, right = self.percent(begin), self.percent(max(end, begin))
        return (min(left, 99.5), max(right, min(left, 99.5) + 0.5))

    def ticks(self) -> list[tuple[float, date]]:
        """The first of each month, thinned to at most twelve labels."""
        first, last = _month(self.start), _month(self.end)
        step = max(1, (last - first) // 12)
        return [(self.percent(_first_of(m)), _first_of(m)) for m in range(first, last, step)]

    def earlier(self) -> date:
        return _first_of(_month(self.start) - self.months // 2)

    def later(self) -> date:
        return _first_of(_month(self.start) + self.months // 2)

    @property
    def months(self) -> int:
        return _month(self.end) - _month(self.start)


@dataclass(frozen=True)
class Dates:
    """What the plan of a product says: its first and last days as promised and as forecast, until when it is done, the open
    milestones by day and name, the planned launch, and by how many days the worst open promise has slipped."""

    begin: date
    baseline_end: date | None = None
    forecast_end: date | None = None
    launch_on: date | None = None
    slip: int = 0
    done_until: date | None = None
    marks: tuple[tuple[date, str], ...] = ()


def lane(dates: Dates, period: Period, today: date) -> dict[str, Any]:
    """The arguments of the `lane` macro for one product."""
    forecast_end = dates.forecast_end
    return {
        "baseline": period.bar(dates.begin, dates.baseline_end) if dates.baseline_end else None,
        "forecast": period.bar(dates.begin, forecast_end) if forecast_end else None,
        "done": period.bar(dates.begin, dates.done_until) if dates.done_until and dates.done_until > dates.begin else None,
        "today": period.percent(today) if period.holds(today) else None,
        "late": dates.slip > 0 or any(day < today for day, _name in dates.marks),
        "launch": period.percent(dates.launch_on) if dates.launch_on and period.holds(dates.launch_on) else None,
        "marks": [(period.percent(day), day, name) for day, name in dates.marks if period.holds(day)],
    }


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
