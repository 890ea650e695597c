"""One of everything that is learnt of sales for the sweeps, and a small world of the same for the stranger."""

from datetime import date, timedelta
from typing import Any

from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.sales import grading, stock_service
from incubator.sales.models import NonProduct, SalesSettings, SkuWeek
from incubator.sales.outlook_models import HeroRule, Learning, SkuOutlook, SkuSupply
from incubator.sales.stock_models import SkuMeasure
from tests import builders
from tests.builders import put
from tests.sales import populate_lots
from tests.sales.desk import a_channel, a_sku


def populate(world: Any, manager: Any, partners: Any) -> None:
    populate_lots.populate(world, manager, partners)
    sku = db.session.get(Sku, world.values["sku_id"])
    rule = _one_of_each(sku)
    world.values["rule_id"] = rule.id
    world.values["non_product_id"] = put(NonProduct(brand_id=sku.brand_id, pattern="POST*", created_at=clock.now())).id
    stranger = world.strangers["brand"].memberships[0].organisation
    _one_of_each(a_sku(builders.a_product(builders.a_programme(stranger), "launch"), "STRANGE-1"))


def _one_of_each(sku: Sku) -> HeroRule:
    week, now = grading.last_complete_week(clock.now().date()), clock.now()
    own = {"brand_id": sku.brand_id, "sku_id": sku.id, "week": week}
    channel = a_channel(db.session.get_one(type(sku.brand), sku.brand_id), name=f"仓 {sku.id}")
    put(SkuWeek(**own, channel_id=channel.id, units=5, orders=5, revenue_minor=500, currency="CNY", table_version=1))
    stock_service.take_in(stock_service.STOCK, [_snapshot(sku, week, now)], channel, 1)
    put(SkuMeasure(**own, sold=5, on_hand=20, sell_through=0.2, price_index=97.5, price_against="list", stock_on=week))
    put(SkuOutlook(**own, **_outlook(week)))
    put(SkuSupply(brand_id=sku.brand_id, sku_id=sku.id, moq=100, created_at=now, updated_at=now))
    model = {"coefficients": [], "launches": 3, "hits": 1, "is_own": False, "score": None}
    put(Learning(brand_id=sku.brand_id, week=week, skus=1, forecasts=1, errors=9, hit_model=model, record={}, made_at=now))
    put(SalesSettings(brand_id=sku.brand_id))
    grading.grade(sku.brand_id, week)
    return put(HeroRule(brand_id=sku.brand_id, scope="0|", measure="units", least=5, weeks=1, created_at=now))


def _snapshot(sku: Sku, week: date, now: Any) -> dict[str, Any]:
    return {"code": sku.code.upper(), "warehouse": "", "day": week, "taken_at": now, "on_hand": 20, "on_order": None}


def _outlook(week: date) -> dict[str, Any]:
    thirteen = {name: [5] * 13 for name in ("middle", "low80", "high80", "low95", "high95")}
    reckoned = {
        "lead_days": 30, "review_days": 28, "service": 0.95, "moq": 100, "multiple": 1, "source": "own", "on_hand": 20, "on_order": 0,
        "stock_on": week.isoformat(), "position": 20, "expected_lead": 26.4, "point": 40, "expected": 41.4, "up_to": 60, "needed": 40,
        "quantity": 100, "order_on": week.isoformat(), "ready_on": week.isoformat(), "is_due": True,
    }  # fmt: skip
    days = {"order_on": week, "ready_on": week + timedelta(days=30)}
    return {
        "model": "mean8",
        "expected": [5.0] * 13,
        "bands": thirteen,
        "next4": 20.0,
        "cover": 4.0,
        "hit": 0.4,
        "reorder": reckoned,
        "quantity": 100,
        **days,
    }
