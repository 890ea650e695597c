"""The sales festivals of a week, by name, and what a miss of the forecast's band in such a week means. Pure.

A week is a festival's when one of its days falls into the days in which it is sold for, pre-sales included: those of the platforms' usual calls, which
move by days from year to year. Chinese New Year works the other way: shops and couriers rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from incubator.schedule.workdays import year_of

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
# name → first and last day, as (month, day).
FIXED = {
    "women": ((3, 4), (3, 8)), "mid_year": ((5, 31), (6, 20)), "double_11": ((10, 31), (11, 11)), "double_12": ((12, 9), (12, 12)),
    "christmas": ((12, 18), (12, 26)), "new_year_goods": ((1, 5), (1, 20)),
}  # fmt: skip
REST = 7 * DAY  # before the eve and after the holiday in which couriers rest
QUIET = frozenset(("spring",))
MISSED, LEAST_SKUS = 0.65, 3  # of the SKUs inside the 80% band; fewer SKUs say nothing
FALLING_BACK = 2 * WEEK  # after a festival buyers have what they need, and what they sent back comes in
YEAR_AND_A_HALF = 78  # weeks: `seasons.LEAST`


@dataclass(frozen=True)
class Miss:
    """A week in which the band was missed: which festivals lie in it or (`is_after`) in the fortnight before it, and what was known then."""

    week: date
    festivals: tuple[str, ...]
    is_after: bool
    inside: float
    expected: int
    came: int
    knows_season: bool

    @property
    def is_above(self) -> bool:
        return self.came > self.expected

    @property
    def is_quiet(self) -> bool:
        """Whether it is one in which less is sold."""
        return bool(self.festivals) and set(self.festivals) <= QUIET


def of_week(monday: date) -> tuple[str, ...]:
    """The festivals of the week, by name, in the order of their days."""
    sunday = monday + 6 * DAY
    found = {first: name for name, first, last in _around(monday) if first <= sunday and last >= monday}
    return tuple(found[first] for first in sorted(found))


def _around(monday: date) -> Iterator[tuple[str, date, date]]:
    for year in {monday.year, (monday + 6 * DAY).year}:
        for name, (first, last) in FIXED.items():
            yield name, date(year, *first), date(year, *last)
        thanks = next(day for n in range(22, 29) if (day := date(year, 11, n)).weekday() == 3)
        yield "black_friday", thanks + DAY, thanks + 4 * DAY
        if rest := [day for day, name in year_of("CN", year, "zh").off.items() if "春节" in name]:
            yield "spring", min(rest) - REST, max(rest) + REST


def missed(records: Iterable[tuple[date, Mapping[str, Any]]]) -> list[Miss]:
    """The weeks of earlier forecasts (`learning`, the latest first) in which the band was missed, the latest first; each told by the newest forecast."""
    found: dict[date, Miss] = {}
    for last, record in records:
        weeks = record.get("by_week", ())
        for n, row in enumerate(weeks):
            monday = last - (len(weeks) - 1 - n) * WEEK
            if monday not in found:
                found[monday] = _miss(monday, row, record)
    return [miss for _, miss in sorted(found.items(), reverse=True) if miss.inside < MISSED]


def _miss(monday: date, row: Mapping[str, Any], record: Mapping[str, Any]) -> Miss:
    names, after = of_week(monday), False
    if not names and (before := of_week(monday - WEEK) or of_week(monday - FALLING_BACK)):
        names, after = before, True
    inside = row["in80"] if record["skus"] >= LEAST_SKUS else 1.0
    return Miss(monday, names, after, inside, row["expected"], row["came"], record["history"] >= YEAR_AND_A_HALF)
