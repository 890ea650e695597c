"""Reads of what was learnt for pages, exports and JSON: a SKU's outlook and figures, what is to be ordered again, how sure it all is. The brand's own."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_

from incubator.accounts.models import Organisation
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.filters import contains
from incubator.products.models import Product, Programme
from incubator.sales.models import SalesSettings, SkuGrade
from incubator.sales.outlook_models import HeroRule, Learning, SkuOutlook
from incubator.sales.stock_models import SkuMeasure

REORDER_SORTS = {
    "day": paging.Order(SkuOutlook.order_on, "order_on"),
    "quantity": paging.Order(SkuOutlook.quantity, "quantity", descending=True),
    "cover": paging.Order(func.coalesce(SkuOutlook.cover, 1000.0), "cover_key"),
    "code": paging.Order(Sku.code, "code"),
}
REORDER_ROW = (
    SkuOutlook.id, SkuOutlook.sku_id, SkuOutlook.week, SkuOutlook.quantity, SkuOutlook.order_on, SkuOutlook.ready_on, SkuOutlook.cover,
    SkuOutlook.next4, SkuOutlook.reorder, Sku.code, Sku.name_zh, Sku.name_en, Sku.colour, Sku.size, Sku.pack,
    Organisation.name.label("factory_name"), func.coalesce(SkuOutlook.cover, 1000.0).label("cover_key"),
)  # fmt: skip


def latest_week(actor: Actor) -> date | None:
    """The last week that was learnt from."""
    week: date | None = db.session.scalar(access.select_visible(Learning, actor, func.max(Learning.week)))
    return week


def reorders(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of proposals of the latest week. `filters`: until (a day up to which an order is due), q."""
    query = access.select_visible(SkuOutlook, actor, *REORDER_ROW).join(Sku, Sku.id == SkuOutlook.sku_id)
    query = query.outerjoin(Organisation, Organisation.id == Sku.factory_organisation_id)
    count = access.select_visible(SkuOutlook, actor, SkuOutlook.id).join(Sku, Sku.id == SkuOutlook.sku_id)
    query, count = _proposed(query, filters, actor), _proposed(count, filters, actor)
    return paging.fetch(query, SkuOutlook.id, REORDER_SORTS.get(sort, REORDER_SORTS["day"]), cursor, size, count)


def _proposed(query: Select[Any], filters: dict[str, Any], actor: Actor) -> Select[Any]:
    latest = access.select_visible(Learning, actor, func.max(Learning.week)).scalar_subquery()
    query = query.where(SkuOutlook.week == latest, SkuOutlook.order_on.is_not(None), SkuOutlook.quantity.is_not(None))
    if until := filters.get("until"):
        query = query.where(SkuOutlook.order_on <= until)
    if text := filters.get("q"):
        query = query.where(or_(contains(Sku.code, text), contains(Sku.name_zh, text), contains(Sku.name_en, text)))
    return query


def without_stock(actor: Actor) -> int:
    """How many SKUs of the latest week have a forecast, and nobody says what stands in stock."""
    latest = access.select_visible(Learning, actor, func.max(Learning.week)).scalar_subquery()
    query = access.select_visible(SkuOutlook, actor, func.count()).where(SkuOutlook.week == latest, SkuOutlook.why == "")
    return db.session.scalar(query.where(SkuOutlook.cover.is_(None))) or 0


def outlook_of(sku_id: int, actor: Actor) -> SkuOutlook | None:
    """The latest outlook of a SKU."""
    query = access.select_visible(SkuOutlook, actor).where(SkuOutlook.sku_id == sku_id).order_by(SkuOutlook.week.desc()).limit(1)
    found: SkuOutlook | None = db.session.scalar(query)
    return found


def measures_of(sku_id: int, actor: Actor, weeks: int = 8) -> list[SkuMeasure]:
    """A SKU's figures beside its sales, the latest week first."""
    query = access.select_visible(SkuMeasure, actor).where(SkuMeasure.sku_id == sku_id).order_by(SkuMeasure.week.desc()).limit(weeks)
    return list(db.session.scalars(query))


def grades_of(sku_id: int, actor: Actor, weeks: int = 52) -> list[Any]:
    """(week, grade, is_hero, rule, figures, SkuMeasure of that week or None) of a SKU, oldest first."""
    columns = (SkuGrade.week, SkuGrade.grade, SkuGrade.is_hero, SkuGrade.rule, SkuGrade.figures, SkuMeasure)
    query = access.select_visible(SkuGrade, actor, *columns)
    query = query.outerjoin(SkuMeasure, (SkuMeasure.sku_id == SkuGrade.sku_id) & (SkuMeasure.week == SkuGrade.week))
    rows = db.session.execute(query.where(SkuGrade.sku_id == sku_id).order_by(SkuGrade.week.desc()).limit(weeks)).all()
    return list(reversed(rows))


def learning(actor: Actor) -> Learning | None:
    """What the latest forecasts rest on."""
    found: Learning | None = db.session.scalar(access.select_visible(Learning, actor).order_by(Learning.week.desc()).limit(1))
    return found


def records(actor: Actor, weeks: int = 13) -> list[Any]:
    """(week, record) of the last weeks in which earlier forecasts were looked at again, the latest first."""
    query = access.select_visible(Learning, actor, Learning.week, Learning.record).order_by(Learning.week.desc()).limit(weeks)
    return [row for row in db.session.execute(query) if row.record]


def settings(actor: Actor) -> SalesSettings | None:
    found: SalesSettings | None = db.session.scalar(access.select_visible(SalesSettings, actor).limit(1))
    return found


def hero_rules(actor: Actor) -> list[Any]:
    """(rule's columns, programme's name), those of all first."""
    columns = (HeroRule.id, HeroRule.category, HeroRule.measure, HeroRule.least, HeroRule.weeks, Programme.name.label("programme_name"))
    query = access.select_visible(HeroRule, actor, *columns).outerjoin(Programme, Programme.id == HeroRule.programme_id)
    return list(db.session.execute(query.order_by(HeroRule.scope)))


def programme_choices(actor: Actor) -> list[tuple[int, str]]:
    query = access.select_visible(Programme, actor, Programme.id, Programme.name).order_by(Programme.name).limit(500)
    return [(i, name) for i, name in db.session.execute(query)]


def categories(actor: Actor) -> list[str]:
    """The categories of the brand's products."""
    query = (
        access.select_visible(Product, actor, Product.category)
        .distinct()
        .where(Product.category != "")
        .order_by(Product.category)
        .limit(500)
    )
    return list(db.session.scalars(query))


def proposals(brand_id: int, week: date) -> dict[int, Any]:
    """SKU → (sku_id, has_stock, quantity, order_on, ready_on) at the end of a week, where the stock is known: for what a factory is told."""
    columns = (SkuOutlook.sku_id, SkuOutlook.quantity, SkuOutlook.order_on, SkuOutlook.ready_on)
    query = access.select_visible(SkuOutlook, SYSTEM, *columns).where(SkuOutlook.brand_id == brand_id, SkuOutlook.week == week)
    return {row.sku_id: row for row in db.session.execute(query.where(SkuOutlook.cover.is_not(None)))}
