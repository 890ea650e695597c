"""Which SKUs are heroes at the end of a week, by the brand's own thresholds. The rule itself is in `heroes`."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales import heroes as rule
from incubator.sales.models import SkuWeek
from incubator.sales.outlook_models import HeroRule

WEEK = timedelta(weeks=1)


def thresholds(brand_id: int) -> list[rule.Threshold]:
    """The brand's rules."""
    rows = db.session.scalars(access.select_visible(HeroRule, SYSTEM).where(HeroRule.brand_id == brand_id))
    return [rule.Threshold(r.measure, r.least, r.weeks, r.programme_id or 0, r.category) for r in rows]


def heroes(brand_id: int, week: date) -> set[int]:
    """The SKUs that reached their threshold in each of the last weeks that it asks for; none where there is no rule."""
    rules = thresholds(brand_id)
    if not rules:
        return set()
    mondays = [week - n * WEEK for n in reversed(range(max(r.weeks for r in rules)))]
    sold = _sold(brand_id, mondays[0], week)
    about = access.select_visible(Sku, SYSTEM, Sku.id, Product.programme_id, Product.category).join(Product, Product.id == Sku.product_id)
    found = set()
    for sku_id, programme_id, category in db.session.execute(about.where(Sku.brand_id == brand_id)):
        units, revenue = zip(*(sold[sku_id].get(monday, (0, 0)) for monday in mondays), strict=True)
        if rule.is_hero(rule.threshold(rules, programme_id, category), units, revenue):
            found.add(sku_id)
    return found


def _sold(brand_id: int, first: date, last: date) -> dict[int, dict[date, tuple[int, int]]]:
    """SKU → Monday → units, revenue in the brand's currency."""
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, SkuWeek.week, func.sum(SkuWeek.units), func.sum(SkuWeek.base_minor))
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(first, last)).group_by(SkuWeek.sku_id, SkuWeek.week)
    found: dict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    for sku_id, week, units, minor in db.session.execute(query):
        found[sku_id][week] = (int(units), int(minor))
    return found
