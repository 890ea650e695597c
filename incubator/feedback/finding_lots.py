"""Since when each lot was sold, as findings and effects lay a date to it. It reads; without lots it says nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from re import escape, search
from typing import Any, NamedTuple
from unicodedata import normalize

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.sales.lot_models import ProductionLot, SkuLotWeek

Lots = Mapping[int, Sequence[tuple[str, date]]]
MOST = 50  # lots of one SKU on the page of a promise


def of_brand(brand_id: int, until: date) -> Lots:
    """SKU → (code, Monday of the first week in which the lot sold), the first first."""
    return _firsts(SkuLotWeek.brand_id == brand_id, SkuLotWeek.week <= until)


def of_sku(sku_id: int) -> dict[str, date | None]:
    """Code in capitals → Monday of the first week in which the lot sold; None for a lot of which nothing has been sold yet."""
    entered = db.session.scalars(access.select_visible(ProductionLot, SYSTEM, ProductionLot.code).where(ProductionLot.sku_id == sku_id))
    found: dict[str, date | None] = {code.upper(): None for code in entered}
    return found | {code.upper(): first for those in _firsts(SkuLotWeek.sku_id == sku_id).values() for code, first in those}


def named(text: str, codes: Iterable[str]) -> list[str]:
    """The lots that a promise names, as people write it: "自L-7批起" is L-7, "L-77", "L-7-2" and a day are not."""
    said = normalize("NFKC", text).upper()
    return [c for c in codes if search(rf"(?<![A-Z0-9])(?<![A-Z0-9][-_/.]){escape(c)}(?![-_/.]?[A-Z0-9]|[年月日])", said)]


class Told(NamedTuple):
    """The lots of a promise as its page tells them: what may be named, what is named, and which of these have not been sold."""

    codes: list[str]
    named: list[str]
    unsold: list[str]


def as_told(action: Any, actor: Actor) -> Told:
    """Of the lots that the actor may read, the latest first."""
    query = access.select_visible(ProductionLot, actor, ProductionLot.code).where(ProductionLot.sku_id == action.sku_id)
    codes = list(db.session.scalars(query.order_by(ProductionLot.available_on.desc(), ProductionLot.id.desc()).limit(MOST)))
    firsts = of_sku(action.sku_id)
    chosen = named(action.lot, codes)
    return Told(codes, chosen, [code for code in chosen if firsts.get(code.upper()) is None])


def _firsts(*criteria: Any) -> dict[int, list[tuple[str, date]]]:
    first = func.min(SkuLotWeek.week)
    query = access.select_visible(SkuLotWeek, SYSTEM, SkuLotWeek.sku_id, ProductionLot.code, first).where(*criteria, SkuLotWeek.units > 0)
    query = query.join(ProductionLot, ProductionLot.id == SkuLotWeek.lot_id).group_by(SkuLotWeek.sku_id, ProductionLot.code)
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for sku_id, code, monday in db.session.execute(query.order_by(first)):
        found[sku_id].append((code, monday))
    return found
