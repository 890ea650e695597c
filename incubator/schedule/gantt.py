"""The geometry of a product's plan: one lane per milestone, with what was promised, what is forecast, and what happened. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from incubator.schedule.timeline import Period


@dataclass(frozen=True)
class Bar:
    """The days of one milestone: promised from `baseline_start` to `baseline`, forecast from `start` to `finish`, met on `done`."""

    key: Any
    baseline_start: date
    baseline: date
    start: date
    finish: date
    done: date | None = None
    critical: bool = False


def period(bars: Sequence[Bar], today: date) -> Period:
    """The months that hold every bar, and at least the present one."""
    first = min([today, *(min(bar.baseline_start, bar.start) for bar in bars)])
    last = max([today, *(max(bar.baseline, bar.finish, bar.done or bar.finish) for bar in bars)])
    return Period.holding(first, last)


def lane(bar: Bar, shown: Period, today: date) -> dict[str, Any]:
    """The arguments of the `bar` macro, positions in percent of the period."""
    end = bar.done or bar.finish
    return {
        "baseline": shown.bar(bar.baseline_start, bar.baseline),
        "forecast": shown.bar(bar.start, end),
        "end": shown.percent(end),
        "done": bar.done is not None,
        "critical": bar.critical,
        "late": bar.done is None and bar.finish < today,
        "slipped": end > bar.baseline,
        "today": shown.percent(today) if shown.holds(today) else None,
    }
