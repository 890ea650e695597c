"""The weeks of all SKUs of a brand as arrays, for what learns from them. It reads; numpy loads with it, so that only jobs import it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales import demand, early, seasons
from incubator.sales.early import JUDGED, SEEN
from incubator.sales.models import SkuWeek

WEEK = timedelta(weeks=1)
WEEKS = 104
AHEAD = 13
PART = 20_000


@dataclass(frozen=True)
class History:
    """(n, week) units and orders of the SKUs `ids`, oldest week first; weeks in which the brand sold nothing are left out. Categories by number."""

    ids: list[int]
    category: Any
    units: Any
    orders: Any

    @property
    def calm(self) -> tuple[Any, Any]:
        """(units without the season of their category, factors (n, 13) of the weeks to come)."""
        own = seasons.by_category(self.units, self.category, AHEAD)[self.category]
        return self.units / own[:, : self.units.shape[1]], own[:, self.units.shape[1] :]


@dataclass(frozen=True)
class Launches:
    """SKUs whose first weeks are known: `past` ones (rows in the order of their days) with the outcome, `young` ones with their age."""

    past: Any
    hits: Any
    young: Any
    age: Any
    usual: Any  # (category, week)


def load(brand_id: int, week: date) -> History:
    """Up to two years that end with `week`, of every SKU that is not retired and sold anything."""
    first = week - (WEEKS - 1) * WEEK
    about = access.select_visible(Sku, SYSTEM, Sku.id, Product.category).join(Product, Product.id == Sku.product_id)
    names = {row.id: row.category for row in db.session.execute(about.where(Sku.brand_id == brand_id, Sku.state != "retired"))}
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, SkuWeek.week, func.sum(SkuWeek.units), func.sum(SkuWeek.orders))
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(first, week)).group_by(SkuWeek.sku_id, SkuWeek.week)
    sku, at, units, orders = _arrays(query, first, names)
    ids, place = np.unique(sku, return_inverse=True)
    told = np.zeros((2, len(ids), WEEKS))
    told[0, place, at], told[1, place, at] = units, orders
    sold = told[0].sum(axis=0) > 0
    numbers = {name: n for n, name in enumerate(sorted({names[sku_id] for sku_id in ids.tolist()}))}
    category = np.array([numbers[names[sku_id]] for sku_id in ids.tolist()], dtype=int)
    return History(ids.tolist(), category, told[0][:, sold], told[1][:, sold])


def _arrays(query: Any, first: date, names: dict[int, str]) -> Any:
    """(4, rows): SKU, place of the week, units, orders; read in parts, because a million rows are large as objects and small as numbers."""
    parts = [np.zeros((4, 0), dtype=np.int64)]
    for rows in db.session.execute(query, execution_options={"yield_per": PART}).partitions():
        told = [(sku, (monday - first).days // 7, int(units), int(orders)) for sku, monday, units, orders in rows if units and sku in names]
        parts.append(np.array(told, dtype=np.int64).reshape(-1, 4).T)
    return np.concatenate(parts, axis=1)


def launches(known: History) -> Launches:
    """Who was launched while the feed was read, and what became of those who are old enough."""
    age = demand.ages(known.units)
    usual = early.usual_paces(known.units, age, known.category) if known.ids else np.zeros((0, 0))
    new = early.is_launch(age) if known.ids else np.zeros(0, dtype=bool)
    oldest = age[:, -1] if known.ids else np.zeros(0, dtype=int)
    past = np.flatnonzero(new & (oldest >= JUDGED))
    past = past[np.argsort(-oldest[past], kind="stable")]
    judged = first_of(age, past) + JUDGED - 1
    last = judged[:, None] - np.arange(early.PACE_WEEKS)
    pace = known.units[past[:, None], last].mean(axis=1)
    hits = pace >= early.HIT * np.maximum(usual[known.category[past], judged], 1e-9) if past.size else np.zeros(0)
    return Launches(past, hits, np.flatnonzero(new & (oldest < JUDGED)), oldest, usual)


def first_of(age: Any, rows: Any) -> Any:
    """The week in which each of `rows` first sold."""
    return (age.shape[1] - age[rows, -1]).astype(int)


def first_weeks(known: History, found: Launches, rows: Any, weeks: int = SEEN) -> tuple[Any, Any, Any]:
    """(units, orders, usual paces), each (rows, weeks), of the first weeks of SKUs that are at least so old."""
    first = known.units.shape[1] - found.age[rows]
    at = first[:, None] + np.arange(weeks)
    return known.units[rows[:, None], at], known.orders[rows[:, None], at], found.usual[known.category[rows][:, None], at]
