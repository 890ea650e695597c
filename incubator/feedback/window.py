"""The weeks that a pack looks at, and whose they are: sales of SKUs by week, and the factory that made each SKU in it.

The factory of a week is the one that made the SKU on its Monday (`SkuFactory`); before the first entry, the first. Returns count in the week
in which they came, for whoever made the SKU then. Weeks of another factory are None and never reach a pack.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku, SkuFactory
from incubator.sales.models import SkuWeek, SkuWeekReason, StaleWeek

WEEK = timedelta(weeks=1)
SHOWN, EARLIER = 8, 26
Cells = Sequence[int | None]


@dataclass(frozen=True)
class Sold:
    """One SKU in one week over all channels."""

    units: int
    returned: int
    orders: int
    returned_orders: int = 0


@dataclass
class Window:
    """Sales and makers of a brand's SKUs from `first` to `week`."""

    week: date
    first: date
    sold: dict[int, dict[date, Sold]] = field(default_factory=lambda: defaultdict(dict))
    reasons: dict[int, dict[date, list[tuple[str, str, int]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    makers: dict[int, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    table_version: int = -1

    def maker(self, sku_id: int, monday: date) -> int | None:
        """The organisation that made the SKU on `monday`."""
        return made_by(self.makers, sku_id, monday)

    def makers_shown(self, sku_id: int) -> set[int | None]:
        """Who made it in a week of the eight in which something was sold or came back."""
        sold = self.sold.get(sku_id, {})
        return {self.maker(sku_id, w) for w in self.shown if w in sold and (sold[w].units or sold[w].returned)}

    @property
    def shown(self) -> list[date]:
        """The Mondays of the eight weeks, oldest first."""
        return mondays(self.week, SHOWN)

    @property
    def before(self) -> list[date]:
        """The Mondays of the up to 26 weeks before them."""
        return [w for w in mondays(self.week - SHOWN * WEEK, EARLIER) if w >= self.first]

    def own(self, sku_id: int, factory_id: int, weeks: Sequence[date]) -> list[Sold | None]:
        """The factory's own weeks; None for those of another."""
        sold = self.sold.get(sku_id, {})
        return [sold.get(w, Sold(0, 0, 0)) if self.maker(sku_id, w) == factory_id else None for w in weeks]

    def own_reasons(self, sku_id: int, factory_id: int) -> list[tuple[str, int]]:
        """(reason, units) of the factory's own weeks of the eight, the most frequent first."""
        total: dict[str, int] = defaultdict(int)
        for reason, _topic, units in self._own_reasons(sku_id, factory_id):
            total[reason] += units
        return sorted(((r, n) for r, n in total.items() if n), key=lambda pair: (-pair[1], pair[0]))

    def own_causes(self, sku_id: int, factory_id: int) -> list[tuple[str, str]]:
        """(reason, topic) of what came back in the same weeks, the most frequent first."""
        total: dict[tuple[str, str], int] = defaultdict(int)
        for reason, topic, units in self._own_reasons(sku_id, factory_id):
            total[reason, topic] += units
        return sorted((cause for cause, n in total.items() if n), key=lambda cause: (-total[cause], cause))

    def _own_reasons(self, sku_id: int, factory_id: int) -> Iterator[tuple[str, str, int]]:
        weeks = self.reasons.get(sku_id, {})
        return (row for week in self.shown if self.maker(sku_id, week) == factory_id for row in weeks.get(week, ()))


def mondays(last: date, number: int) -> list[date]:
    return [last - n * WEEK for n in reversed(range(number))]


def column(cells: Sequence[Sold | None], name: str) -> list[int | None]:
    """One figure of the weeks."""
    return [None if cell is None else getattr(cell, name) for cell in cells]


def load(brand_id: int, first: date, week: date, sku_ids: Sequence[int] | None = None) -> Window:
    """Everything from `first` to `week` of a brand's SKUs, or of some: three queries."""
    found = Window(week, first)
    for row in db.session.execute(_weeks(brand_id, first, week, sku_ids)):
        found.sold[row.sku_id][row.week] = Sold(int(row.units), int(row.returned), int(row.orders), int(row.returned_orders))
        found.table_version = max(found.table_version, int(row.table_version))
    for row in db.session.execute(_reasons(brand_id, week, sku_ids)):
        found.reasons[row.sku_id][row.week].append((row.reason, row.topic, int(row.units)))
    found.makers.update(makers(brand_id))
    return found


def makers(brand_id: int) -> dict[int, list[tuple[date, int]]]:
    """SKU → who made it since when, the first first."""
    query = access.select_visible(SkuFactory, SYSTEM, SkuFactory.sku_id, SkuFactory.from_on, SkuFactory.organisation_id)
    query = query.join(Sku, Sku.id == SkuFactory.sku_id).where(Sku.brand_id == brand_id)
    rows: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for sku_id, since, who in db.session.execute(query.order_by(SkuFactory.from_on)):
        rows[sku_id].append((since, who))
    return rows


def made_by(makers: Mapping[int, Sequence[tuple[date, int]]], sku_id: int, monday: date) -> int | None:
    """The organisation that made the SKU on `monday`."""
    rows = makers.get(sku_id, [])
    return next((who for since, who in reversed(rows) if since <= monday), rows[0][1] if rows else None)


def _weeks(brand_id: int, first: date, week: date, sku_ids: Sequence[int] | None) -> Any:
    columns = (
        SkuWeek.sku_id, SkuWeek.week, func.sum(SkuWeek.units).label("units"), func.sum(SkuWeek.returned_units).label("returned"),
        func.sum(SkuWeek.orders).label("orders"), func.sum(SkuWeek.returned_orders).label("returned_orders"),
        func.max(SkuWeek.table_version).label("table_version"),
    )  # fmt: skip
    query = access.select_visible(SkuWeek, SYSTEM, *columns).where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(first, week))
    query = query if sku_ids is None else query.where(SkuWeek.sku_id.in_(sku_ids))
    return query.group_by(SkuWeek.sku_id, SkuWeek.week)


def _reasons(brand_id: int, week: date, sku_ids: Sequence[int] | None) -> Any:
    by = (SkuWeekReason.sku_id, SkuWeekReason.week, SkuWeekReason.reason, SkuWeekReason.topic)
    query = access.select_visible(SkuWeekReason, SYSTEM, *by, func.sum(SkuWeekReason.units).label("units")).where(
        SkuWeekReason.brand_id == brand_id
    )
    query = query.where(SkuWeekReason.week.between(week - (SHOWN - 1) * WEEK, week))
    query = query if sku_ids is None else query.where(SkuWeekReason.sku_id.in_(sku_ids))
    return query.group_by(*by)


def is_rolled_up(brand_id: int, week: date) -> bool:
    """Whether no week that a pack of `week` would show waits for its roll-up."""
    stale = access.select_visible(StaleWeek, SYSTEM, StaleWeek.id).where(StaleWeek.brand_id == brand_id)
    return db.session.scalar(stale.where(StaleWeek.week.between(week - (SHOWN - 1) * WEEK, week)).limit(1)) is None
