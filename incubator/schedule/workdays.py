"""Which days people work: weekends, statutory holidays with their make-up days, an organisation's own closing days. No database.

The days come from the `holidays` package. China announces its make-up days each November for the year to come; until the
package holds them, the statutory days of the year count and nothing else ("law"). A year or country that it does not know
at all has plain weekends ("weekends"). `certainty` tells which, so that a page can say so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import holidays

DAY = timedelta(days=1)
SATURDAY = 5
LAST = date(2199, 12, 31)  # nobody plans beyond; it bounds every search
FIRST = date(1990, 1, 1)
LANGUAGES = {"zh": ("zh_CN", "zh"), "en": ("en_US", "en_GB", "en")}


@dataclass(frozen=True)
class Year:
    """The days of one year and country that are not as their weekday says."""

    certainty: str
    off: Mapping[date, str]
    worked: frozenset[date]


@cache
def year_of(country: str, year: int, language: str = "") -> Year:
    """The holidays of `country` (ISO 3166, two letters) by name in `language`, and the weekend days that are worked instead."""
    try:
        found = holidays.country_holidays(country, years=year, expand=False)
    except (NotImplementedError, KeyError):
        return Year("weekends", {}, frozenset())
    if not found.start_year <= year <= found.end_year:
        return Year("weekends", {}, frozenset())
    if spoken := next((code for code in LANGUAGES.get(language, ()) if code in found.supported_languages), None):
        found = holidays.country_holidays(country, years=year, expand=False, language=spoken)
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    certainty = "law" if country == "CN" and not worked else "announced"
    return Year(certainty, {day: name for day, name in sorted(found.items()) if day.year == year}, worked)


def certainty(country: str, year: int) -> str:
    """ "announced", "law" or "weekends": how well the working days of that year are known."""
    return year_of(country, year).certainty


def is_workday(day: date, country: str) -> bool:
    """Whether people of `country` work on `day`."""
    known = year_of(country, day.year)
    return day in known.worked or (day.weekday() < SATURDAY and day not in known.off)


@dataclass(frozen=True)
class Calendar:
    """The working days of one organisation: those of its country without its closures, given as (first, last) days."""

    country: str = "CN"
    closures: tuple[tuple[date, date], ...] = ()

    @cached_property
    def _closed(self) -> frozenset[date]:
        return frozenset(first + timedelta(days=n) for first, last in self.closures for n in range((last - first).days + 1))

    def works(self, day: date) -> bool:
        return day not in self._closed and is_workday(day, self.country)

    def _after(self, day: date) -> Iterator[date]:
        """Working days after `day`, in order; at the end of all planning its last day for ever."""
        while True:
            day = min(day + DAY, LAST)
            if day >= LAST or self.works(day):
                yield day

    def _until(self, day: date) -> Iterator[date]:
        """Working days up to and including `day`, backwards."""
        while True:
            if day <= FIRST or self.works(day):
                yield day
            day = max(day - DAY, FIRST)

    def add(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`; with 0, `day` itself or the next working day."""
        if number == 0:
            return day if self.works(day) else next(self._after(day))
        following = self._after(day)
        for _ in range(number - 1):
            next(following)
        return next(following)

    def latest(self, day: date, number: int) -> date:
        """The last working day from which `add(…, number)` does not go beyond `day`."""
        worked = self._until(day)
        for _ in range(number):
            next(worked)
        return next(worked)

    def begin(self, finish: date, number: int) -> date:
        """The first of `number` working days of which `finish` is the last; `finish` itself when there are none."""
        if number <= 1:
            return finish
        return self.latest(finish, number - 1)

    def between(self, earlier: date, later: date) -> int:
        """Working days after `earlier`, up to and including `later`; 0 when `later` is not later."""
        return sum(self.works(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))
