"""When a feed is due: the next look after a moment, and how long to wait after a failure. Pure; moments are aware."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=2)
MOST_FAILURES = 10  # looks in a row: with their pauses about eight hours, a night's outage of the other side
SOON = timedelta(minutes=1)


def next_after(rhythm: str, hour: int, zone: str, now: datetime) -> datetime:
    """The first quarter, full hour, or `hour` of a day in `zone`, strictly after `now`; UTC.

    A day on which the clocks change has one look like any other: an hour that is skipped is its first moment after the gap,
    one that comes twice is its first.
    """
    if rhythm == "day":
        return _of_day(hour, ZoneInfo(zone), now)
    step = QUARTER if rhythm == "quarter" else timedelta(hours=1)
    start = datetime(now.year, 1, 1, tzinfo=UTC)
    return start + ((now - start) // step + 1) * step


def _of_day(hour: int, zone: ZoneInfo, now: datetime) -> datetime:
    today = now.astimezone(zone).date()
    for days in range(3):
        at = datetime.combine(today + timedelta(days=days), time(hour), tzinfo=zone).astimezone(UTC)
        if at > now:
            return at
    raise AssertionError("a day has more than two midnights")


def pause_after(failures: int) -> timedelta:
    """1, 2, 4 … minutes after so many failures in a row, two hours at most."""
    return min(FIRST_PAUSE * 2 ** (min(failures, 20) - 1), LONGEST_PAUSE)
