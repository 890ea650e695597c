"""Lines of sales that had no rate on their day get it when it is known, and all of them when the brand reports in another currency.

A rate that stands is frozen: a later correction of the table of rates changes no line.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from incubator.kernel import access, exclusive
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.money import RATE_SCALE, ExchangeRate
from incubator.launches.models import Channel
from incubator.sales import currencies, engine, lake, service
from incubator.sales.models import SalesSettings, SkuWeek

RATED = f"""
    SELECT l.* REPLACE (r.rate_e8 AS rate_e8, half_even(l.amount_minor::DECIMAL(18, 0) * r.rate_e8::DECIMAL(18, 0) * $up::DECIMAL(4, 0)
        / $down::DECIMAL(4, 0) / {RATE_SCALE}) AS base_minor)
    FROM ({{lines}}) AS l ASOF JOIN rates AS r ON l.day >= r.on_day
    WHERE l.channel = $channel AND ($anew OR coalesce(l.rate_e8, 0) = 0)
"""


def waiting() -> list[int]:
    """Brands that report in another currency than before, or have lines without a rate that is known by now."""
    changed = access.select_visible(SalesSettings, SYSTEM, SalesSettings.brand_id).where(SalesSettings.currency != SalesSettings.rated)
    unrated = access.select_visible(SkuWeek, SYSTEM, SkuWeek.brand_id).where(SkuWeek.unrated > 0, _rate_is_known()).distinct()
    return sorted({*db.session.scalars(changed), *db.session.scalars(unrated)})


def _rate_is_known() -> Any:
    wanted = access.select_visible(SalesSettings, SYSTEM, SalesSettings.currency).where(SalesSettings.brand_id == SkuWeek.brand_id)
    reported = db.func.coalesce(wanted.correlate(SkuWeek).scalar_subquery(), currencies.USUAL)
    known = select(ExchangeRate.id).where(
        ExchangeRate.base == SkuWeek.currency, ExchangeRate.quote == reported, ExchangeRate.on_date <= SkuWeek.week
    )
    return known.correlate(SkuWeek).exists()


def rate(brand_id: int, now: datetime) -> int:
    """Rate the lines of a brand that wait, in its imports' turn; how many weeks are to be rolled up for it. Commits."""
    settings = db.session.scalar(access.select_visible(SalesSettings, SYSTEM).where(SalesSettings.brand_id == brand_id))
    anew = settings is not None and settings.currency != settings.rated
    weeks: set[date] = set()
    channels = list(db.session.scalars(access.select_visible(Channel, SYSTEM).where(Channel.brand_id == brand_id)))
    wanted = [(c.id, *currencies.to_report(c)) for c in channels]
    with exclusive.turn(f"import:sales:{brand_id}"):
        for month in lake.months(brand_id):
            for channel_id, rates, shift in wanted:
                weeks |= _rate(brand_id, month, channel_id, rates, shift, anew=anew)
    service.mark(brand_id, weeks, now)
    if settings is not None:
        db.session.refresh(settings)
        settings.rated = currencies.reporting(brand_id)
    db.session.commit()
    return len(weeks)


def _rate(brand_id: int, month: str, channel_id: int, rates: currencies.Rates, shift: int, *, anew: bool) -> set[date]:
    """The weeks of the lines of a month that were given a rate, in one commit of the table."""
    if not rates:
        return set()
    known = engine.table([(d.isoformat(), e8) for d, e8 in rates], (("on_day", "utf8"), ("rate_e8", "int64")))  # noqa: F841 - the query names it
    with engine.connection() as duck:
        duck.execute("CREATE TABLE rates AS SELECT on_day::DATE AS on_day, rate_e8 FROM known")
        lines = lake.scan(duck, lake.files_of(lake.opened(), brand_id, [month]))
        given = {"channel": channel_id, "anew": anew, "up": 10 ** max(shift, 0), "down": 10 ** max(-shift, 0)}
        duck.execute(f"CREATE TABLE rated AS {RATED.format(lines=lines)}", given)
        duck.execute("UPDATE rated SET brand = $brand, month = $month", {"brand": brand_id, "month": month})
        rows = engine.arrow(duck.sql("SELECT * FROM rated"))
        if rows.num_rows:
            lake.replace(rows, "rates")
        return {week for (week,) in duck.execute("SELECT DISTINCT week FROM rated").fetchall()}
