"""Reads of sales for pages and exports: SKUs by grade, weeks of a SKU, codes that wait. Always the brand's own."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Float, Select, func, or_, select

from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.launches import words as launch_words
from incubator.launches.models import Channel, Sku
from incubator.products.filters import contains
from incubator.products.models import Product
from incubator.sales.models import FeedCode, SkuGrade, SkuWeek, SkuWeekReason
from incubator.sales.outlook_models import SkuOutlook
from incubator.sales.stock_models import SkuMeasure

WEEK = timedelta(weeks=1)
# A keyset knows no NULL: what is not known stands at the end.
FORECAST, LIKELY = func.coalesce(SkuOutlook.next4, -1.0), func.coalesce(SkuOutlook.hit, -1.0)
COVER, THROUGH = func.coalesce(SkuOutlook.cover, 1000.0), func.coalesce(SkuMeasure.sell_through, -1.0)
SORTS = {
    "pace": paging.Order(SkuGrade.pace, "pace", descending=True),
    "slow": paging.Order(SkuGrade.pace, "pace"),
    "code": paging.Order(Sku.code, "code"),
    "returns": paging.Order(func.coalesce(SkuGrade.return_rate, -1.0, type_=Float), "return_key", descending=True),
    "forecast": paging.Order(FORECAST, "forecast_key", descending=True),
    "likely": paging.Order(LIKELY, "likely_key", descending=True),
    "cover": paging.Order(COVER, "cover_key"),
    "through": paging.Order(THROUGH, "through_key", descending=True),
}
ROW = (
    SkuGrade.id, SkuGrade.sku_id, SkuGrade.grade, SkuGrade.pace, SkuGrade.return_rate,
    func.coalesce(SkuGrade.return_rate, -1.0, type_=Float).label("return_key"), SkuGrade.figures, SkuGrade.week, Sku.code, Sku.name_zh,
    Sku.name_en, Sku.colour, Sku.size, Sku.pack, Product.name.label("product_name"), Product.category,
    SkuGrade.is_hero, SkuOutlook.next4, SkuOutlook.hit, SkuOutlook.cover, SkuOutlook.why,
    SkuOutlook.order_on, SkuOutlook.quantity, SkuMeasure.sell_through, FORECAST.label("forecast_key"), LIKELY.label("likely_key"),
    COVER.label("cover_key"), THROUGH.label("through_key"),
)  # fmt: skip
CODE_ORDER = paging.Order(FeedCode.lines, "lines", descending=True)


def latest_week(actor: Actor) -> date | None:
    """The last week that was graded."""
    week: date | None = db.session.scalar(access.select_visible(SkuGrade, actor, func.max(SkuGrade.week)))
    return week


def listing(actor: Actor, filters: dict[str, str], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of graded SKUs at the latest week. `filters`: grade ("none": too early), hero, q, category."""
    query, count = (
        _filtered(access.select_visible(SkuGrade, actor, *columns).join(Sku, Sku.id == SkuGrade.sku_id), filters, actor)
        for columns in (ROW, (SkuGrade.id,))
    )
    query = query.join(Product, Product.id == Sku.product_id)
    for learnt in (SkuOutlook, SkuMeasure):
        query = query.outerjoin(learnt, (learnt.sku_id == SkuGrade.sku_id) & (learnt.week == SkuGrade.week))
    if "category" in filters:
        count = count.join(Product, Product.id == Sku.product_id)
    return paging.fetch(query, SkuGrade.id, SORTS.get(sort, SORTS["pace"]), cursor, size, count)


def _filtered(query: Select[Any], filters: dict[str, str], actor: Actor) -> Select[Any]:
    query = query.where(SkuGrade.week == access.select_visible(SkuGrade, actor, func.max(SkuGrade.week)).scalar_subquery())
    if grade := filters.get("grade"):
        query = query.where(SkuGrade.grade.is_(None) if grade == "none" else SkuGrade.grade == grade)
    if filters.get("hero"):
        query = query.where(SkuGrade.is_hero.is_(True))
    if category := filters.get("category"):
        query = query.where(Product.category == category)
    if text := filters.get("q"):
        query = query.where(or_(contains(Sku.code, text), contains(Sku.name_zh, text), contains(Sku.name_en, text)))
    return query


def grade_counts(actor: Actor) -> dict[str | None, int]:
    """How many SKUs have which grade at the latest week."""
    latest = access.select_visible(SkuGrade, actor, func.max(SkuGrade.week)).scalar_subquery()
    query = access.select_visible(SkuGrade, actor, SkuGrade.grade, func.count()).where(SkuGrade.week == latest).group_by(SkuGrade.grade)
    return {grade: number for grade, number in db.session.execute(query)}


def hero_count(actor: Actor) -> int:
    """How many SKUs are heroes at the latest week."""
    latest = access.select_visible(SkuGrade, actor, func.max(SkuGrade.week)).scalar_subquery()
    query = access.select_visible(SkuGrade, actor, func.count()).where(SkuGrade.week == latest, SkuGrade.is_hero.is_(True))
    return db.session.scalar(query) or 0


def totals(actor: Actor, weeks: int = 26) -> list[Any]:
    """(week, units, returned) of everything the brand sold in the last `weeks` weeks that have lines."""
    query = access.select_visible(
        SkuWeek, actor, SkuWeek.week, func.sum(SkuWeek.units).label("units"), func.sum(SkuWeek.returned_units).label("returned")
    )
    rows = db.session.execute(query.group_by(SkuWeek.week).order_by(SkuWeek.week.desc()).limit(weeks)).all()
    return list(reversed(rows))


def weeks_of(sku_id: int, actor: Actor, weeks: int = 52) -> list[Any]:
    """(week, units, returned, revenue per currency is not summed) of one SKU over its channels, the last `weeks` weeks with lines."""
    columns = (
        SkuWeek.week, func.sum(SkuWeek.units).label("units"), func.sum(SkuWeek.returned_units).label("returned"),
        func.sum(SkuWeek.orders).label("orders"),
    )  # fmt: skip
    query = access.select_visible(SkuWeek, actor, *columns).where(SkuWeek.sku_id == sku_id)
    rows = db.session.execute(query.group_by(SkuWeek.week).order_by(SkuWeek.week.desc()).limit(weeks)).all()
    return list(reversed(rows))


def by_channel(sku_id: int, since: date, actor: Actor) -> list[Any]:
    """Units, money and returns of one SKU per channel and kind of buyers since `since`."""
    columns = (
        Channel.name_zh, Channel.name_en, SkuWeek.segment, SkuWeek.currency, func.sum(SkuWeek.units).label("units"),
        func.sum(SkuWeek.revenue_minor).label("revenue_minor"), func.sum(SkuWeek.returned_units).label("returned"),
    )  # fmt: skip
    query = access.select_visible(SkuWeek, actor, *columns).join(Channel, Channel.id == SkuWeek.channel_id)
    query = query.where(SkuWeek.sku_id == sku_id, SkuWeek.week >= since)
    return list(db.session.execute(query.group_by(Channel.id, *columns[:4]).order_by(Channel.id, SkuWeek.segment)))


def reasons_of(sku_id: int, since: date, actor: Actor) -> list[Any]:
    """(reason, units) of one SKU since `since`, the most frequent first."""
    units = func.sum(SkuWeekReason.units).label("units")
    query = access.select_visible(SkuWeekReason, actor, SkuWeekReason.reason, units)
    query = query.where(SkuWeekReason.sku_id == sku_id, SkuWeekReason.week >= since)
    return list(db.session.execute(query.group_by(SkuWeekReason.reason).order_by(units.desc(), SkuWeekReason.reason)))


def codes(actor: Actor, status: str, text: str, channel_id: int, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the codes of feeds of this status, those with most lines first; of one channel, or of all (0)."""
    columns = (
        FeedCode.id, FeedCode.code, FeedCode.description, FeedCode.lines, FeedCode.units, FeedCode.amount_minor, FeedCode.currency,
        FeedCode.first_on, FeedCode.last_on, Channel.name_zh, Channel.name_en,
    )  # fmt: skip
    query = access.select_visible(FeedCode, actor, *columns).join(Channel, Channel.id == FeedCode.channel_id)
    count = access.select_visible(FeedCode, actor, FeedCode.id)
    wanted = [FeedCode.status == status, *([FeedCode.channel_id == channel_id] if channel_id else [])]
    query, count = (q.where(*wanted) for q in (query, count))
    if text:
        narrowed = or_(contains(FeedCode.code, text), contains(FeedCode.description, text))
        query, count = query.where(narrowed), count.where(narrowed)
    return paging.fetch(query, FeedCode.id, CODE_ORDER, cursor, size, count)


def open_count(actor: Actor, _today: date) -> Any:
    """A scalar subquery: codes that wait to be resolved, up to a hundred."""
    some = access.select_visible(FeedCode, actor, FeedCode.id).where(FeedCode.status == "open").limit(100).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def sku_named(text: str, actor: Actor) -> Sku | None:
    """The brand's SKU of this code."""
    found: Sku | None = db.session.scalar(access.select_visible(Sku, actor).where(func.upper(Sku.code) == text.strip().upper()).limit(1))
    return found


def products_with_factories(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the brand's products, for the SKUs of codes that have none."""
    query = access.select_visible(Product, actor, Product.id, Product.name).where(Product.state != "stopped")
    return [(i, name) for i, name in db.session.execute(query.order_by(Product.name).limit(500))]


def channel_choices(actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the open channels, as a form offers them."""
    query = access.select_visible(Channel, actor, Channel.id, Channel.name_zh, Channel.name_en).where(Channel.closed_at.is_(None))
    return [(str(row.id), launch_words.named(row)) for row in db.session.execute(query.order_by(Channel.name_zh))]


def code_channels(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the channels, closed ones too, by which codes came."""
    came = access.select_visible(FeedCode, actor, FeedCode.channel_id)
    query = access.select_visible(Channel, actor, Channel.id, Channel.name_zh, Channel.name_en).where(Channel.id.in_(came))
    return [(row.id, launch_words.named(row)) for row in db.session.execute(query.order_by(Channel.name_zh))]


def weeks_rows(actor: Actor, since: date | None) -> Any:
    """Every week of every SKU and channel, for an export."""
    columns = (
        Sku.code, Sku.name_zh, Channel.name_zh.label("channel"), SkuWeek.week, SkuWeek.units, SkuWeek.orders, SkuWeek.revenue_minor,
        SkuWeek.returned_units, SkuWeek.refunded_minor, SkuWeek.currency,
    )  # fmt: skip
    query = (
        access.select_visible(SkuWeek, actor, *columns).join(Sku, Sku.id == SkuWeek.sku_id).join(Channel, Channel.id == SkuWeek.channel_id)
    )
    if since:
        query = query.where(SkuWeek.week >= since)
    return db.session.execute(query.order_by(SkuWeek.week.desc(), Sku.code).limit(100_000))


def selling_brands() -> Sequence[int]:
    return db.session.scalars(access.select_visible(SkuWeek, SYSTEM, SkuWeek.brand_id).distinct()).all()
