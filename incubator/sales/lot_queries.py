"""Reads of production lots: the list of a brand or a factory, and what each lot of a SKU sold and had back. Figures are the brand's alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_

from incubator.accounts.models import Organisation
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.filters import contains
from incubator.sales.intervals import wilson
from incubator.sales.lot_models import ProductionLot, SkuLotReason, SkuLotWeek, StaleLots

SIX_DAYS = timedelta(days=6)
LEAST_ORDERS = 20  # below, no rate is told
ORDER = paging.Order(ProductionLot.available_on, "available_on", descending=True)
ROW = (
    ProductionLot.id, ProductionLot.code, ProductionLot.made_on, ProductionLot.available_on, ProductionLot.units, ProductionLot.note,
    ProductionLot.used_at, ProductionLot.sku_id, Sku.code.label("sku_code"), Sku.name_zh, Sku.name_en, Sku.colour, Sku.size, Sku.pack,
    Organisation.name.label("factory_name"), Organisation.short_name.label("factory_short_name"),
)  # fmt: skip
SOLD = (
    func.sum(SkuLotWeek.units).label("sold"), func.sum(SkuLotWeek.orders).label("orders"), func.sum(SkuLotWeek.estimated_units).label("estimated"),
    func.sum(SkuLotWeek.returned_units).label("returned"), func.sum(SkuLotWeek.returned_orders).label("returned_orders"),
    func.sum(SkuLotWeek.estimated_returned_units).label("estimated_returned"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A lot's figures over all weeks. `rate` is orders of which something came back, of orders sold, with its 95% interval; None for too few."""

    sold: int = 0
    orders: int = 0
    estimated: int = 0
    returned: int = 0
    returned_orders: int = 0
    estimated_returned: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def rate(self) -> tuple[float, float, float] | None:
        """(share, lower end, upper end)."""
        if self.orders < LEAST_ORDERS:
            return None
        hits = min(self.returned_orders, self.orders)
        return (hits / self.orders, *wilson(hits, self.orders))

    def with_week(self, week: Any) -> "Told":
        """The same with one week more; weeks come in order."""
        return Told(
            self.sold + week.units, self.orders + week.orders, self.estimated + week.estimated_units, self.returned + week.returned_units,
            self.returned_orders + week.returned_orders, self.estimated_returned + week.estimated_returned_units, self.first or week.week, week.week,
        )  # fmt: skip

    @property
    def estimated_share(self) -> float:
        """How much of what was sold was laid to the lot by its turn, 0 to 1."""
        return self.estimated / self.sold if self.sold else 0.0


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the lots that the actor sees, those sold last first. `filters`: q, sku_id, factory_id."""
    query = _filtered(_joined(access.select_visible(ProductionLot, actor, *ROW)), filters)
    count = _filtered(_joined(access.select_visible(ProductionLot, actor, ProductionLot.id)), filters)
    return paging.fetch(query, ProductionLot.id, ORDER, cursor, size, count)


def _joined(query: Select[Any]) -> Select[Any]:
    query = query.join(Sku, Sku.id == ProductionLot.sku_id)
    return query.outerjoin(Organisation, Organisation.id == ProductionLot.factory_organisation_id)


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    for name, column in (("sku_id", ProductionLot.sku_id), ("factory_id", ProductionLot.factory_organisation_id)):
        if name in filters:
            query = query.where(column == filters[name])
    if text := filters.get("q"):
        query = query.where(or_(contains(ProductionLot.code, text), contains(Sku.code, text), contains(Sku.name_zh, text)))
    return query


def figures(actor: Actor, lot_ids: Iterable[int]) -> dict[int, Told]:
    """lot → its figures, of the lots that the actor may read the sales of."""
    chosen = SkuLotWeek.lot_id.in_(id_set(sorted(lot_ids)))
    return {lot_id: told for lot_id, told in _told(actor, chosen, SkuLotWeek.lot_id) if lot_id is not None}


def _told(actor: Actor, chosen: Any, *by: Any) -> list[tuple[Any, Told]]:
    spans = func.min(SkuLotWeek.week), func.max(SkuLotWeek.week)
    query = access.select_visible(SkuLotWeek, actor, *by, *SOLD, *spans).where(chosen).group_by(*by)
    return [(row[0], _as_told(row)) for row in db.session.execute(query)]


def _as_told(row: Any) -> Told:
    sold, orders, estimated, returned, returned_orders, estimated_returned = (int(number) for number in row[-8:-2])
    return Told(sold, orders, estimated, returned, returned_orders, estimated_returned, row[-2], row[-1])


def of_sku(sku_id: int, actor: Actor) -> tuple[list[tuple[Any, Told]], list[Any], bool]:
    """(each lot with its figures, its weeks, whether it waits to be laid out anew) of a SKU.

    The lots stand in the order of their availability, what exceeds them last, with None for the lot. A week has lot_id, week, units.
    """
    waits = access.select_visible(StaleLots, actor, StaleLots.id).where(StaleLots.sku_id == sku_id).exists().label("waits")
    query = _joined(access.select_visible(ProductionLot, actor, *ROW, waits)).where(ProductionLot.sku_id == sku_id)
    rows = db.session.execute(query.order_by(ProductionLot.available_on, ProductionLot.id)).all()
    weeks = _weeks(sku_id, actor) if rows else []
    told: dict[int | None, Told] = {}
    for week in weeks:
        told[week.lot_id] = told.get(week.lot_id, Told()).with_week(week)
    found = [(row, told.get(row.id, Told())) for row in rows] + ([(None, told[None])] if None in told else [])
    return found, [week for week in weeks if week.units], any(row.waits for row in rows)


def _weeks(sku_id: int, actor: Actor) -> list[Any]:
    columns = (
        SkuLotWeek.lot_id, SkuLotWeek.week, SkuLotWeek.units, SkuLotWeek.orders, SkuLotWeek.estimated_units, SkuLotWeek.returned_units,
        SkuLotWeek.returned_orders, SkuLotWeek.estimated_returned_units,
    )  # fmt: skip
    query = access.select_visible(SkuLotWeek, actor, *columns).where(SkuLotWeek.sku_id == sku_id)
    return list(db.session.execute(query.order_by(SkuLotWeek.week)).all())


def reasons_of_sku(sku_id: int, actor: Actor) -> dict[int | None, list[Any]]:
    """lot → (reason, topic, units), the most frequent first."""
    units = func.sum(SkuLotReason.units).label("units")
    query = access.select_visible(SkuLotReason, actor, SkuLotReason.lot_id, SkuLotReason.reason, SkuLotReason.topic, units)
    query = query.where(SkuLotReason.sku_id == sku_id).group_by(SkuLotReason.lot_id, SkuLotReason.reason, SkuLotReason.topic)
    found: dict[int | None, list[Any]] = {}
    for row in db.session.execute(query.order_by(units.desc(), SkuLotReason.reason, SkuLotReason.topic)):
        found.setdefault(row.lot_id, []).append(row)
    return found


def for_packs(
    brand_id: int, sku_ids: Sequence[int], week: date, maker: Callable[[int, date], int | None]
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """(SKU, factory) → its own lots to the end of `week`, as a pack keeps them: the figures of each lot that sold or came back, oldest first.

    `maker` tells who made a SKU on a day. A lot of whose code something was sold before it was there, while another made the SKU, is left out:
    lines of the other's lot bear that code, and their figures are not this factory's to read.
    """
    columns = (
        ProductionLot.sku_id,
        ProductionLot.factory_organisation_id,
        ProductionLot.id,
        ProductionLot.code,
        ProductionLot.available_on,
    )
    query = access.select_visible(ProductionLot, SYSTEM, *columns).where(
        ProductionLot.brand_id == brand_id, ProductionLot.sku_id.in_(id_set(sku_ids)), ProductionLot.factory_organisation_id.is_not(None)
    )
    lots = db.session.execute(query.order_by(ProductionLot.available_on, ProductionLot.id)).all()
    chosen = (SkuLotWeek.lot_id.in_(id_set([lot.id for lot in lots]))) & (SkuLotWeek.week <= week)
    told = dict(_told(SYSTEM, chosen, SkuLotWeek.lot_id))
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for lot in lots:
        if lot.id in told and not _is_anothers(lot, told[lot.id], maker):
            found.setdefault((lot.sku_id, lot.factory_organisation_id), []).append(_as_json(lot, told[lot.id]))
    return found


def _is_anothers(lot: Any, told: Told, maker: Callable[[int, date], int | None]) -> bool:
    if told.first is None or told.first + SIX_DAYS >= lot.available_on:
        return False
    return maker(lot.sku_id, told.first) not in (None, lot.factory_organisation_id)


def _as_json(lot: Any, told: Told) -> dict[str, Any]:
    rate = told.rate
    return {
        "code": lot.code, "available_on": lot.available_on.isoformat(), "units": told.sold, "returned": told.returned,
        "rate": round(rate[0], 5) if rate else None, "low": round(rate[1], 5) if rate else None, "high": round(rate[2], 5) if rate else None,
        "estimated": round(told.estimated_share, 3),
    }  # fmt: skip
