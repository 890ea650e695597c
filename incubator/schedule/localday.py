"""The calendar day where the owner of a milestone is, as SQL. At any moment the world knows at most three dates, so a short CASE does."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Date, case, literal

from incubator.accounts.models import User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db


def today_by_zone(zone: Any, now: datetime, shift: int = 0) -> Any:
    """SQL: the date at `now` in the zone that the column `zone` names (UTC when NULL or unknown), plus `shift` days."""
    return day_by_zone(zone, now, lambda day: day + timedelta(days=shift))


def day_by_zone(zone: Any, now: datetime, of: Callable[[date], date]) -> Any:
    """SQL: what `of` makes of the date at `now` in the zone that the column `zone` names."""
    days = _zones_by_day(now)
    utc = now.date()
    others = [(zone.in_(names), literal(of(day), Date)) for day, names in sorted(days.items()) if day != utc]
    return case(*others, else_=literal(of(utc), Date)) if others else literal(of(utc), Date)


def _zones_by_day(now: datetime) -> dict[date, list[str]]:
    """The zones that people of the platform are in, by the date it is there now."""
    days: dict[date, list[str]] = defaultdict(list)
    for name in db.session.scalars(access.select_visible(User, SYSTEM, User.timezone).distinct()):
        days[day_in(name, now)].append(name)
    return days


def day_in(zone: str, now: datetime) -> date:
    """The date at `now` in `zone`; a zone that does not exist counts as UTC."""
    return moment_in(zone, now).date()


def moment_in(zone: str, now: datetime) -> datetime:
    """`now` as the clocks in `zone` show it; a zone that does not exist counts as UTC."""
    try:
        return now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return now
