"""A year's calendar as months of weeks of days, each with why it is worked or not. Dates in, dataclasses out; no database."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from incubator.schedule.workdays import SATURDAY, year_of

WEEKS = calendar.Calendar()


@dataclass(frozen=True)
class Day:
    """`kind`: "work", "weekend", "holiday", "makeup" (a weekend day that is worked) or "closed"; `name` says of what. `inside` its month."""

    on: date
    kind: str
    name: str
    inside: bool


def months(year: int, country: str, closures: Sequence[Any], language: str) -> list[list[list[Day]]]:
    """Twelve months, each a list of weeks from Monday; `closures` have starts_on, ends_on and name."""
    known = year_of(country, year, language)
    closed = {c: (c.starts_on, c.ends_on) for c in closures}

    def day(on: date, month: int) -> Day:
        inside = on.month == month and on.year == year
        name = next((c.name for c, (first, last) in closed.items() if first <= on <= last), None)
        if name is not None:
            return Day(on, "closed", name, inside)
        if on in known.worked:
            return Day(on, "makeup", "", inside)
        if on in known.off:
            return Day(on, "holiday", known.off[on], inside)
        return Day(on, "weekend" if on.weekday() >= SATURDAY else "work", "", inside)

    return [[[day(on, month) for on in week] for week in WEEKS.monthdatescalendar(year, month)] for month in range(1, 13)]


def holidays(year: int, country: str, language: str) -> list[tuple[date, str, bool]]:
    """(day, name, is worked) of what is not as the weekday says, in order; a make-up day has no name."""
    known = year_of(country, year, language)
    return sorted([(on, name, False) for on, name in known.off.items()] + [(on, "", True) for on in known.worked])
