"""A brand's weeks as arrays for `findings`: orders, returned orders by cause, categories. Five queries, read in pieces; it writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from incubator.feedback.exposure import LEAD
from incubator.feedback.findings import ALL, Ground
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales.models import SkuWeek, SkuWeekReason

WEEKS, PIECE = 26, 50_000
WEEK = timedelta(weeks=1)
Cause = tuple[str, str]  # reason, topic; ("", "") is whatever the reason


@dataclass(frozen=True)
class Basis:
    """`Ground` with what its numbers mean: the id, product and category of each SKU, the cause of each number, and the Mondays of its weeks."""

    ground: Ground
    sku_ids: list[int]
    products: list[int]
    categories: list[str]
    causes: list[Cause]
    weeks: list[date]
    table_version: int

    def row(self, sku_id: int, cause: Cause) -> int | None:
        """The row of a SKU and cause; None where nothing came back."""
        if sku_id not in self.sku_ids or cause not in self.causes:
            return None
        found = (self.ground.sku == self.sku_ids.index(sku_id)) & (self.ground.cause == self.causes.index(cause))
        return int(found.argmax()) if found.any() else None


def gather(brand_id: int, week: date) -> Basis | None:
    """Everything of the weeks that end with `week`; None when nothing was sold in them."""
    import numpy as np  # noqa: PLC0415 - heavy

    first = week - (WEEKS + LEAD - 1) * WEEK
    sold = _columns(_sales(brand_id, first, week), 4)
    if not len(sold):
        return None
    sku_ids, place = np.unique(sold[:, 0], return_inverse=True)
    orders, returned = (np.zeros((len(sku_ids), WEEKS + LEAD), dtype=np.int64) for _ in range(2))
    at = (sold[:, 1] - first.toordinal()) // 7
    orders[place, at], returned[place, at] = sold[:, 2], sold[:, 3]
    rows, causes = _reasons(brand_id, week, sku_ids)
    some = np.flatnonzero(returned[:, LEAD:].sum(axis=1))
    whole = [(some, np.full(len(some), ALL), returned[some, LEAD:]), *rows]
    sku, cause, counts = (np.concatenate([part[n] for part in whole]) for n in range(3))
    about = _about(brand_id)
    known = [about.get(int(i), (0, "")) for i in sku_ids]
    _, group = np.unique([category for _, category in known], return_inverse=True)
    return Basis(
        Ground(orders, group, sku, cause, counts), [int(i) for i in sku_ids], [p for p, _ in known], [c for _, c in known], causes,
        [week - n * WEEK for n in reversed(range(WEEKS))], version(brand_id, week),
    )  # fmt: skip


def _reasons(brand_id: int, week: date, sku_ids: Any) -> tuple[list[tuple[Any, Any, Any]], list[Cause]]:
    """Rows by reason, and by reason and topic, as (SKU, cause, counts); and what the causes are, ALL first."""
    import numpy as np  # noqa: PLC0415 - heavy

    first = week - (WEEKS - 1) * WEEK
    causes: dict[Cause, int] = {("", ""): ALL}
    by_topic = (SkuWeekReason.reason, SkuWeekReason.topic)
    found = [_caused(_returns(brand_id, first, week, *columns), causes) for columns in (by_topic[:1], by_topic)]
    table = np.concatenate(found)
    table = table[np.isin(table[:, 0], sku_ids)]
    keys, which = np.unique(table[:, 0].astype(np.int64) * len(causes) + table[:, 1], return_inverse=True)
    counts = np.zeros((len(keys), WEEKS), dtype=np.int64)
    np.add.at(counts, (which, (table[:, 2] - first.toordinal()) // 7), table[:, 3])
    return [(np.searchsorted(sku_ids, keys // len(causes)), keys % len(causes), counts)], list(causes)


def _caused(query: Any, causes: dict[Cause, int]) -> Any:
    """[n, 4]: SKU, cause, day as ordinal, orders; new causes get the next number."""
    import numpy as np  # noqa: PLC0415 - heavy

    pieces = [np.zeros((0, 4), dtype=np.int32)]
    for piece in _pieces(query):
        rows = [(sku, causes.setdefault((*cause, "")[:2], len(causes)), day.toordinal(), int(n)) for sku, day, n, *cause in piece]
        pieces.append(np.array(rows, dtype=np.int32))
    return np.concatenate(pieces)


def _columns(query: Any, width: int) -> Any:
    """The rows of a query of whole numbers and days as one array; days as ordinals."""
    import numpy as np  # noqa: PLC0415 - heavy

    pieces = [np.zeros((0, width), dtype=np.int64)]
    for piece in _pieces(query):
        pieces.append(np.array([[v.toordinal() if isinstance(v, date) else int(v) for v in row] for row in piece], dtype=np.int64))
    return np.concatenate(pieces)


def _pieces(query: Any) -> Iterator[Any]:
    return iter(db.session.execute(query.execution_options(yield_per=PIECE)).partitions())


def _sales(brand_id: int, first: date, week: date) -> Any:
    columns = (SkuWeek.sku_id, SkuWeek.week, func.sum(SkuWeek.orders), func.sum(SkuWeek.returned_orders))
    query = access.select_visible(SkuWeek, SYSTEM, *columns).where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(first, week))
    return query.group_by(SkuWeek.sku_id, SkuWeek.week)


def _returns(brand_id: int, first: date, week: date, *cause: Any) -> Any:
    """Returned orders by SKU, week and reason, or by reason and topic where one is known."""
    query = access.select_visible(SkuWeekReason, SYSTEM, SkuWeekReason.sku_id, SkuWeekReason.week, func.sum(SkuWeekReason.orders), *cause)
    query = query.where(SkuWeekReason.brand_id == brand_id, SkuWeekReason.week.between(first, week))
    query = query if len(cause) == 1 else query.where(SkuWeekReason.topic != "")
    return query.group_by(SkuWeekReason.sku_id, SkuWeekReason.week, *cause)


def _about(brand_id: int) -> dict[int, tuple[int, str]]:
    query = access.select_visible(Sku, SYSTEM, Sku.id, Sku.product_id, Product.category).join(Product, Product.id == Sku.product_id)
    return {row.id: (row.product_id, row.category or "") for row in db.session.execute(query.where(Sku.brand_id == brand_id))}


def version(brand_id: int, week: date) -> int:
    """The version of the sales table that the weeks rest on."""
    first = week - (WEEKS + LEAD - 1) * WEEK
    query = access.select_visible(SkuWeek, SYSTEM, func.max(SkuWeek.table_version)).where(SkuWeek.brand_id == brand_id)
    return int(db.session.scalar(query.where(SkuWeek.week.between(first, week))) or 0)
