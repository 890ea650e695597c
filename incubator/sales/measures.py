"""The figures of a SKU and week beside its sales: stock at the end, traffic, sell-through, conversion and price index. Made anew, never edited.

Stock at the end of a week is the last snapshot of each warehouse that is at most two weeks old; where two channels tell of one warehouse, the later one
counts; a warehouse without a name is the channel's own. What several feeds tell of traffic adds up.

The price index is the average price paid on a channel by what is 100 there: the list price of the channel on the week's Monday, else the SKU's planned
launch price in that currency, else its own average price in its first eight weeks with sales on that channel. Channels are weighted by units.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.launches.models import Sku, SkuPrice
from incubator.sales.models import SkuWeek
from incubator.sales.stock_models import SkuMeasure, StockDay, TrafficDay

WEEK = timedelta(weeks=1)
FRESH = timedelta(weeks=2)
FIRST_WEEKS = 8
TRAFFIC = ("views", "visitors", "carts", "buyers")


def measure(brand_id: int, week: date) -> int:
    """Make the figures of every SKU that sold, stood in stock or was looked at in `week`; how many."""
    sold, stock, looked = _sold(brand_id, week), stock_at(brand_id, week + WEEK - timedelta(days=1)), _looked(brand_id, week)
    prices = _price_indices(brand_id, week)
    rows = [_row(sku_id, sold.get(sku_id, 0), stock, looked, prices) for sku_id in sorted({*sold, *stock, *looked})]
    db.session.execute(
        delete(SkuMeasure).where(SkuMeasure.brand_id == brand_id, SkuMeasure.week == week, access.visible(SkuMeasure, SYSTEM))
    )
    insert_many(SkuMeasure, rows, brand_id=brand_id, week=week)
    return len(rows)


def _row(
    sku_id: int, sold: int, stock: Mapping[int, Any], looked: Mapping[int, Any], prices: Mapping[int, tuple[float, str]]
) -> dict[str, Any]:
    on, on_hand, on_order = stock.get(sku_id, (None, None, None))
    seen = dict(zip(TRAFFIC, looked.get(sku_id, (None,) * len(TRAFFIC)), strict=True))
    index, against = prices.get(sku_id, (None, ""))
    return {
        "sku_id": sku_id, "sold": sold, "stock_on": on.isoformat() if on else None, "on_hand": on_hand, "on_order": on_order, **seen,
        "sell_through": sell_through(sold, on_hand), "conversion": _share(seen["buyers"], seen["visitors"]), "price_index": index,
        "price_against": against,
    }  # fmt: skip


def sell_through(sold: int, on_hand: int | None) -> float | None:
    """动销率: sold / (sold + at hand at the end), 0 to 1; None where the stock is not known, or nothing was there to sell."""
    return None if on_hand is None else _share(sold, sold + max(on_hand, 0))


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else min(part / whole, 1.0)


def _sold(brand_id: int, week: date) -> dict[int, int]:
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, func.sum(SkuWeek.units))
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week == week).group_by(SkuWeek.sku_id)
    return {sku_id: int(units) for sku_id, units in db.session.execute(query)}


def stock_at(brand_id: int, day: date) -> dict[int, tuple[date, int, int | None]]:
    """SKU → (the day of the oldest snapshot that counts, at hand, on order) at the end of `day`."""
    place = (StockDay.channel_id, StockDay.warehouse, StockDay.code)
    last = func.row_number().over(partition_by=place, order_by=(StockDay.day.desc(), StockDay.taken_at.desc())).label("place")
    columns = (
        StockDay.sku_id,
        StockDay.channel_id,
        StockDay.warehouse,
        StockDay.day,
        StockDay.taken_at,
        StockDay.on_hand,
        StockDay.on_order,
    )
    query = access.select_visible(StockDay, SYSTEM, *columns, last).where(StockDay.brand_id == brand_id, StockDay.sku_id.is_not(None))
    recent = query.where(StockDay.day.between(day - FRESH + timedelta(days=1), day)).subquery()
    places: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    for row in db.session.execute(select(recent).where(recent.c.place == 1)):
        places[row.sku_id, row.warehouse or row.channel_id].append(row)
    found: dict[int, list[Any]] = defaultdict(list)
    for (sku_id, _), rows in places.items():
        teller = max(rows, key=lambda row: (row.taken_at, row.channel_id)).channel_id
        found[sku_id] += [row for row in rows if row.channel_id == teller]
    return {sku_id: _added(rows) for sku_id, rows in found.items()}


def _added(rows: Sequence[Any]) -> tuple[date, int, int | None]:
    orders = [row.on_order for row in rows if row.on_order is not None]
    return min(row.day for row in rows), sum(row.on_hand for row in rows), sum(orders) if orders else None


def _looked(brand_id: int, week: date) -> dict[int, tuple[Any, ...]]:
    sums = [func.sum(getattr(TrafficDay, name)) for name in TRAFFIC]
    query = access.select_visible(TrafficDay, SYSTEM, TrafficDay.sku_id, *sums).where(TrafficDay.brand_id == brand_id)
    query = query.where(TrafficDay.week == week, TrafficDay.sku_id.is_not(None)).group_by(TrafficDay.sku_id)
    return {row[0]: tuple(None if n is None else int(n) for n in row[1:]) for row in db.session.execute(query)}


def _price_indices(brand_id: int, week: date) -> dict[int, tuple[float, str]]:
    """SKU → (average price paid, 100 being what it is compared with; with what)."""
    paid = _paid(brand_id, week)
    known = _list_prices(brand_id, week)
    open_ones = sorted({sku_id for sku_id, channel_id, currency in paid if _base(known, sku_id, channel_id, currency) is None})
    known |= _first_prices(open_ones)
    parts: dict[int, list[tuple[float, int, str]]] = defaultdict(list)
    for (sku_id, channel_id, currency), (units, minor) in paid.items():
        if base := _base(known, sku_id, channel_id, currency):
            parts[sku_id].append((100 * minor / units / base[0], units, base[1]))
    return {sku_id: _weighted(those) for sku_id, those in parts.items()}


def _base(known: Mapping[Any, float], sku_id: int, channel_id: int, currency: str) -> tuple[float, str] | None:
    keys = (("list", sku_id, channel_id, currency), ("launch", sku_id, 0, currency), ("first", sku_id, channel_id, currency))
    return next(((known[key], key[0]) for key in keys if known.get(key)), None)


def _weighted(parts: Sequence[tuple[float, int, str]]) -> tuple[float, str]:
    units = sum(n for _, n, _ in parts)
    return round(sum(index * n for index, n, _ in parts) / units, 2), max(parts, key=lambda part: part[1])[2]


def _paid(brand_id: int, week: date) -> dict[tuple[int, int, str], tuple[int, int]]:
    own = (SkuWeek.sku_id, SkuWeek.channel_id, SkuWeek.currency)
    query = access.select_visible(SkuWeek, SYSTEM, *own, func.sum(SkuWeek.units), func.sum(SkuWeek.revenue_minor))
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week == week, SkuWeek.units > 0).group_by(*own)
    return {(s, c, currency): (int(units), int(minor)) for s, c, currency, units, minor in db.session.execute(query)}


def _list_prices(brand_id: int, week: date) -> dict[Any, float]:
    prices = access.select_visible(SkuPrice, SYSTEM, SkuPrice.sku_id, SkuPrice.channel_id, SkuPrice.currency, SkuPrice.price_minor)
    prices = prices.join(Sku, Sku.id == SkuPrice.sku_id).where(Sku.brand_id == brand_id, SkuPrice.valid_from <= week)
    prices = prices.where(or_(SkuPrice.valid_to.is_(None), SkuPrice.valid_to >= week))
    found: dict[Any, float] = {("list", s, c, currency): float(minor) for s, c, currency, minor in db.session.execute(prices)}
    planned = access.select_visible(Sku, SYSTEM, Sku.id, Sku.currency, Sku.launch_price_minor)
    planned = planned.where(Sku.brand_id == brand_id, Sku.launch_price_minor.is_not(None))
    return found | {("launch", s, 0, currency): float(minor) for s, currency, minor in db.session.execute(planned)}


def _first_prices(sku_ids: Sequence[int]) -> dict[Any, float]:
    """The average price paid in the first eight weeks with sales of a SKU on a channel."""
    own = (SkuWeek.sku_id, SkuWeek.channel_id, SkuWeek.currency)
    weekly = access.select_visible(SkuWeek, SYSTEM, *own, func.sum(SkuWeek.units).label("units"), func.sum(SkuWeek.revenue_minor).label("minor"),
                                   func.row_number().over(partition_by=own, order_by=SkuWeek.week).label("place"))  # fmt: skip
    weekly = weekly.where(SkuWeek.sku_id.in_(id_set(sku_ids)), SkuWeek.units > 0).group_by(*own, SkuWeek.week)
    first = weekly.subquery()
    query = select(first.c.sku_id, first.c.channel_id, first.c.currency, func.sum(first.c.units), func.sum(first.c.minor))
    query = query.where(first.c.place <= FIRST_WEEKS).group_by(first.c.sku_id, first.c.channel_id, first.c.currency)
    return {("first", s, c, currency): float(minor) / float(units) for s, c, currency, units, minor in db.session.execute(query)}
