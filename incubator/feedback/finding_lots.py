"""Since when each lot was sold, as findings and effects lay a date to it. It reads; without lots it says nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.sales.lot_models import ProductionLot, SkuLotWeek

Lots = Mapping[int, Sequence[tuple[str, date]]]


def of_brand(brand_id: int, until: date) -> Lots:
    """SKU → (code, Monday of the first week in which the lot sold), the first first."""
    return _firsts(SkuLotWeek.brand_id == brand_id, SkuLotWeek.week <= until)


def of_sku(sku_id: int) -> dict[str, date]:
    """Code in capitals → Monday of the first week in which the lot sold."""
    return {code.upper(): first for those in _firsts(SkuLotWeek.sku_id == sku_id).values() for code, first in those}


def _firsts(*criteria: Any) -> dict[int, list[tuple[str, date]]]:
    first = func.min(SkuLotWeek.week)
    query = access.select_visible(SkuLotWeek, SYSTEM, SkuLotWeek.sku_id, ProductionLot.code, first).where(*criteria, SkuLotWeek.units > 0)
    query = query.join(ProductionLot, ProductionLot.id == SkuLotWeek.lot_id).group_by(SkuLotWeek.sku_id, ProductionLot.code)
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for sku_id, code, monday in db.session.execute(query.order_by(first)):
        found[sku_id].append((code, monday))
    return found
