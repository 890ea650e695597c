"""Invented stock and traffic of the demo's SKUs, heroes and terms of supply, and what the mornings' job made of them. The same every time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zlib import crc32

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Channel, Sku
from incubator.sales import grading, settling, stock_service, supply
from incubator.sales.models import SkuWeek

WEEK = timedelta(weeks=1)
WAREHOUSES = ("义乌总仓", "东莞分仓")
WEEKS_OF_STOCK, LEARNT = 10, (6, 5, 4, 2, 1, 0)  # weeks of snapshots; weeks ago at whose end was learnt
COVERS = (1.2, 2.4, 3.5, 5.0, 7.5, 12.0, 22.0)  # for how many weeks a SKU's stock lasts; drawn by its code
SUPPLY = {"CABLE-01": (500, 21, 50), "DUVET-02": (300, 35, 10), "RISER-02": (200, None, None)}
HEROES = ({"programme_id": None, "category": "", "measure": "units", "least": 90, "weeks": 4},)


def tell(world: Any) -> None:
    """Snapshots on Sundays and this morning, traffic of eight weeks by day, then what follows from them."""
    channels = list(getattr(world, "channels", {}).values())
    last = grading.last_complete_week(world.now.date())
    if not channels:
        return
    paces = _paces(last)
    if not paces:
        return
    actor = world.actor("shen.ke")
    for values in HEROES:
        settling.add_rule(dict(values), actor, world.ago(30))
    _supply(actor, world.ago(20))
    domestic = next(c for c in channels if c.currency == "CNY")
    stock_service.take_in(stock_service.STOCK, list(_snapshots(paces, world.now, last)), domestic, 1)
    stock_service.take_in(stock_service.TRAFFIC, list(_traffic(paces, world.now, last)), domestic, 1)
    _learn(domestic, last, world.now)


def _paces(last: date) -> dict[str, float]:
    """Code → units a week, of the last eight weeks."""
    query = access.select_visible(SkuWeek, SYSTEM, Sku.code, func.sum(SkuWeek.units)).join(Sku, Sku.id == SkuWeek.sku_id)
    query = query.where(SkuWeek.week > last - 8 * WEEK).group_by(Sku.code).order_by(Sku.code)
    return {code.upper(): float(units) / 8 for code, units in db.session.execute(query)}


def _supply(actor: Any, at: datetime) -> None:
    for sku in db.session.scalars(access.select_visible(Sku, actor).where(Sku.code.in_(SUPPLY)).order_by(Sku.id)):
        moq, lead, multiple = SUPPLY[sku.code]
        supply.change(sku, {"moq": moq, "lead_days": lead, "multiple": multiple, "service_bp": None}, None, actor, at)


def _snapshots(paces: dict[str, float], now: datetime, last: date) -> Iterator[dict[str, Any]]:
    days = [last + timedelta(days=6) - n * WEEK for n in range(WEEKS_OF_STOCK)]
    for code, pace in paces.items():
        draw = Random(crc32(f"stock {code}".encode()))  # noqa: S311 - an invented story
        cover = draw.choice(COVERS)
        coming = round(pace * 4 / 10) * 10 if draw.random() < 0.35 else 0
        for day in {now.date(), *days}:
            units = pace * max(0.0, cover + (last - day).days / 28 + draw.gauss(0, 0.2))
            for share, warehouse in zip((0.7, 0.3), WAREHOUSES, strict=True):
                yield {"code": code, "warehouse": warehouse, "day": day, "taken_at": datetime.combine(day, time(0), tzinfo=now.tzinfo),
                       "on_hand": round(units * share), "on_order": coming if warehouse == WAREHOUSES[0] else 0}  # fmt: skip


def _traffic(paces: dict[str, float], now: datetime, last: date) -> Iterator[dict[str, Any]]:
    for code, pace in paces.items():
        draw = Random(crc32(f"traffic {code}".encode()))  # noqa: S311
        conversion = draw.uniform(0.012, 0.06)
        for n in range(56):
            day = last + timedelta(days=6 - n)
            buyers = max(0, round(pace / 7 * draw.uniform(0.6, 1.4)))
            visitors = round((buyers + draw.random()) / conversion)
            yield {"code": code, "day": day, "taken_at": datetime.combine(day, time(0), tzinfo=now.tzinfo), "views": round(visitors * 2.3),
                   "visitors": visitors, "carts": round(visitors * 0.09), "buyers": buyers}  # fmt: skip


def _learn(channel: Channel, last: date, now: datetime) -> None:
    """As the job would have on those mornings."""
    from incubator.sales.learning import learn  # noqa: PLC0415 - numpy

    for ago in LEARNT:
        for _ in learn(channel.brand_id, last - ago * WEEK, now - ago * WEEK):
            pass
    for ago in range(12, -1, -1):
        grading.grade(channel.brand_id, last - ago * WEEK)
