"""Lays the lines of SKUs that have lots to their lots, and writes what each lot sold and had back by week. The rule is in `lots`; facts are read only.

It works through a SKU's whole history, some hundred thousand lines at a time, so that memory does not grow with the number of SKUs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.sales import engine, lake, lots, service
from incubator.sales.lot_models import ProductionLot, SkuLotReason, SkuLotWeek, StaleLots
from incubator.sales.lots import EPOCH, NOBODY, USUAL_DELAY, Lines, Lot
from incubator.sales.rules import RETURN, SALE

MOST_SKUS = 500
PIECE = 400_000  # lines in memory at once
LEAST_DELAYS = 30  # returns whose sale is known, before their median counts
MEANT = (("channel", "int64"), ("code", "utf8"), ("sku_id", "int64"), ("buyers", "utf8"))
PLACES = (("sku_id", "int64"), ("lot", "utf8"), ("place", "int64"))
Found = dict[int, list[Lot]]  # SKU → its lots in the order of their availability
LINES = f"""
    SELECT m.sku_id, l.kind, l.day, l.week, l.units, l.line_id, coalesce(upper(trim(l.lot)), '') AS lot, l.channel, l.order_no, l.currency,
        coalesce(l.segment, m.buyers) AS segment, coalesce(l.orders_n, 0) AS orders_n, l.sold_on, l.reason, coalesce(l.topic, '') AS topic
    FROM (%s) AS l JOIN meant AS m USING (channel, code) WHERE l.kind IN ('{SALE}', '{RETURN}')
"""
# A week's returns that name no order and count none are one order at least, as in the weeks of the SKU.
NUMBERED = """
    SELECT sku_id, kind = 'return' AS back, (day - DATE '1970-01-01')::BIGINT AS day, (week - DATE '1970-01-01')::BIGINT AS week, units,
        coalesce(p.place, -1)::BIGINT AS lot, lines.lot <> '' AS coded, (hash(channel, segment, currency, order_no) >> 1)::BIGINT AS "order",
        order_no <> '' OR (kind = 'return' AND NOT max(order_no <> '' OR orders_n > 0) OVER same) AS named, orders_n AS told,
        CASE WHEN order_no = '' AND kind = 'sale' THEN -1 ELSE (hash(channel, order_no) >> 1)::BIGINT END AS link,
        coalesce((sold_on - DATE '1970-01-01')::BIGINT, -1)::BIGINT AS sold_on,
        CASE WHEN kind = 'return' THEN reason || chr(9) || topic ELSE '' END AS about
    FROM lines LEFT JOIN places AS p USING (sku_id, lot) WHERE list_contains($skus, sku_id)
    WINDOW same AS (PARTITION BY sku_id, kind, channel, segment, currency, week)
    ORDER BY sku_id, back, day, line_id
"""
DELAY = """
    WITH back AS (SELECT sku_id, channel, order_no, day, sold_on FROM lines WHERE kind = 'return'),
    sold AS (SELECT sku_id, channel, order_no, min(day) AS day FROM lines WHERE kind = 'sale' AND order_no <> ''
        AND order_no IN (SELECT order_no FROM back) GROUP BY ALL)
    SELECT median(back.day - coalesce(back.sold_on, sold.day)), count(*) FROM back LEFT JOIN sold USING (sku_id, channel, order_no)
    WHERE back.day >= coalesce(back.sold_on, sold.day)
"""


def lay(brand_id: int, most: int = MOST_SKUS) -> int:
    """Lay out up to `most` stale SKUs of a brand, in the caller's transaction; how many it were.

    The marks are taken first: lines that come meanwhile mark them again.
    """
    query = access.select_visible(StaleLots, SYSTEM, StaleLots.id, StaleLots.sku_id).where(StaleLots.brand_id == brand_id)
    marks = db.session.execute(query.order_by(StaleLots.id).limit(most)).all()
    if not marks:
        return 0
    db.session.execute(delete(StaleLots).where(StaleLots.id.in_(id_set([m.id for m in marks]))))
    skus = [m.sku_id for m in marks]
    for model in (SkuLotWeek, SkuLotReason):
        db.session.execute(delete(model).where(model.sku_id.in_(id_set(skus))))
    known = lots_of(brand_id, skus)
    for weeks, reasons, version in _laid(brand_id, known):
        insert_many(SkuLotWeek, weeks, brand_id=brand_id, table_version=version)
        insert_many(SkuLotReason, reasons, brand_id=brand_id)
    return len(marks)


def lots_of(brand_id: int, skus: Sequence[int]) -> Found:
    columns = (ProductionLot.sku_id, ProductionLot.id, ProductionLot.code, ProductionLot.available_on, ProductionLot.units)
    query = access.select_visible(ProductionLot, SYSTEM, *columns).where(
        ProductionLot.brand_id == brand_id, ProductionLot.sku_id.in_(id_set(skus))
    )
    found: Found = defaultdict(list)
    for row in db.session.execute(query.order_by(ProductionLot.available_on, ProductionLot.id)):
        found[row.sku_id].append(Lot(row.id, row.code, (row.available_on - EPOCH).days, row.units))
    return found


def _laid(brand_id: int, known: Found) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]], int]]:
    """(rows of weeks, rows of reasons, version of the table) for some SKUs at a time."""
    table = lake.opened()
    meant = [row for row in service.meaning_of(brand_id) if row[2] in known]
    files = lake.files_of(table, brand_id) if table is not None and meant else []
    if not files:
        return
    with engine.connection() as duck:
        _give(duck, files, meant, known)
        delay = _delay(duck)
        for skus in _batches(duck):
            arrays = duck.execute(NUMBERED, {"skus": skus}).fetchnumpy()
            weeks, reasons = _rows(arrays, known, delay)
            yield weeks, reasons, int(table.version())


def _give(duck: Any, files: list[str], meant: Sequence[Any], known: Found) -> None:
    """The lines of the SKUs as `lines`, and the places of their lots as `places`."""
    rows = [(sku_id, lot.code, n) for sku_id, those in known.items() for n, lot in enumerate(those)]
    codes, lot_codes = engine.table(meant, MEANT), engine.table(rows, PLACES)  # noqa: F841 - the queries name them
    duck.execute("CREATE TABLE meant AS FROM codes")
    duck.execute("CREATE TABLE places AS FROM lot_codes")
    duck.execute(f"CREATE VIEW lines AS {LINES % lake.scan(duck, files)}")


def _delay(duck: Any) -> int:
    """The usual days between a sale and its return: the median where thirty are known."""
    days, number = duck.execute(DELAY).fetchone()
    return round(days) if number >= LEAST_DELAYS else USUAL_DELAY


def _batches(duck: Any) -> Iterator[list[int]]:
    """SKUs, as many at a time as keep to PIECE lines."""
    batch: list[int] = []
    held = 0
    for sku_id, number in duck.execute("SELECT sku_id, count(*) FROM lines GROUP BY sku_id ORDER BY sku_id").fetchall():
        if batch and held + number > PIECE:
            yield batch
            batch, held = [], 0
        batch.append(sku_id)
        held += number
    if batch:
        yield batch


def _rows(arrays: Mapping[str, Any], known: Found, delay: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    import numpy as np  # noqa: PLC0415 - heavy

    reasons, number = np.unique(arrays["about"].astype(str), return_inverse=True)
    columns = {**{name: np.asarray(values) for name, values in arrays.items()}, "about": number.ravel().astype(np.int64)}
    edges = np.flatnonzero(np.diff(columns["sku_id"], prepend=-1, append=-1))
    made: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        sku_id = int(columns["sku_id"][start])
        split = start + int(np.searchsorted(columns["back"][start:end], True))
        sales, returns = (_lines(columns, a, b) for a, b in ((start, split), (split, end)))
        sold = lots.of_sales(sales, known[sku_id])
        back = lots.of_returns(returns, sales, sold, delay)
        _week_rows(made[0], sku_id, known[sku_id], lots.by_week(sales, sold), lots.by_week(returns, back))
        _reason_rows(made[1], sku_id, known[sku_id], lots.by_reason(returns, back), reasons.tolist())
    return made


def _lines(columns: Mapping[str, Any], start: int, end: int) -> Lines:
    return Lines(**{name: columns[name][start:end] for name in Lines.__dataclass_fields__})


def _week_rows(made: list[Any], sku_id: int, those: Sequence[Lot], sold: Any, back: Any) -> None:
    for place, week in sorted(sold.keys() | back.keys()):
        units, orders, guessed = sold.get((place, week), (0, 0, 0))
        returned, returned_orders, returned_guessed = back.get((place, week), (0, 0, 0))
        made.append({
            "sku_id": sku_id, "lot_id": _lot_id(those, place), "week": _day(week), "units": units, "orders": orders,
            "estimated_units": guessed, "returned_units": returned, "returned_orders": returned_orders,
            "estimated_returned_units": returned_guessed,
        })  # fmt: skip


def _reason_rows(made: list[Any], sku_id: int, those: Sequence[Lot], back: Any, reasons: Sequence[str]) -> None:
    for (place, week, about), (units, orders) in sorted(back.items()):
        reason, _, topic = reasons[about].partition("\t")
        told = {"reason": reason, "topic": topic, "units": units, "orders": orders}
        made.append({"sku_id": sku_id, "lot_id": _lot_id(those, place), "week": _day(week), **told})


def _lot_id(those: Sequence[Lot], place: int) -> int | None:
    return None if place == NOBODY else those[place].lot_id


def _day(days: int) -> str:
    return (EPOCH + timedelta(days=days)).isoformat()
