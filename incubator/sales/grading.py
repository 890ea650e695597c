"""Grades of a brand's SKUs at the end of a week, written beside the figures they follow from. The rule itself is in `grades`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales import grades, hero_weeks, returning
from incubator.sales.models import SkuGrade, SkuWeek

WEEK = timedelta(weeks=1)


def last_complete_week(today: date) -> date:
    """The Monday of the last ISO week that is over."""
    return today - timedelta(days=today.weekday()) - WEEK


def grade(brand_id: int, week: date) -> int:
    """Grade every SKU that had sold by the end of `week`, from the grades of the week before; those of `week` are replaced. Returns how many."""
    figures, returns = grades.graded(_runs(brand_id, week), _before(brand_id, week - WEEK)), returning.told(brand_id, week)
    heroes = hero_weeks.heroes(brand_id, week)
    rows = [
        {
            "sku_id": sku, "grade": f.grade, "pace": f.pace, "return_rate": returns.get(sku, {}).get("rate"), "is_hero": sku in heroes,
            "figures": f.as_json() | {"returns": returns.get(sku)},
        }
        for sku, f in figures.items()
    ]  # fmt: skip
    db.session.execute(delete(SkuGrade).where(SkuGrade.brand_id == brand_id, SkuGrade.week == week, access.visible(SkuGrade, SYSTEM)))
    insert_many(SkuGrade, rows, brand_id=brand_id, week=week, rule=grades.RULE)
    return len(rows)


def _before(brand_id: int, week: date) -> dict[int, grades.Before]:
    """SKU → its grade of a week, as the next one needs it."""
    query = access.select_visible(SkuGrade, SYSTEM, SkuGrade.sku_id, SkuGrade.figures)
    return {
        sku_id: grades.Before.of(figures)
        for sku_id, figures in db.session.execute(query.where(SkuGrade.brand_id == brand_id, SkuGrade.week == week))
    }


def grade_to_the_end(brand_id: int) -> int:
    """Grade at the last week that has sales, whenever that was: for feeds of years ago."""
    last = db.session.scalar(access.select_visible(SkuWeek, SYSTEM, func.max(SkuWeek.week)).where(SkuWeek.brand_id == brand_id))
    return grade(brand_id, last) if last else 0


def _runs(brand_id: int, week: date) -> list[grades.Run]:
    firsts = _first_weeks(brand_id, week)
    sold = _eight_weeks(brand_id, week)
    facts = access.select_visible(Sku, SYSTEM, Sku.id, Sku.planned_units_per_week, Product.category).join(Product)
    about = {row.id: row for row in db.session.execute(facts.where(Sku.brand_id == brand_id, Sku.state != "retired"))}
    return [
        grades.Run(
            sku_id, about[sku_id].category, *_columns(sold.get(sku_id, {}), week), (week - first).days // 7 + 1, about[sku_id].planned_units_per_week
        )
        for sku_id, first in firsts.items()
        if sku_id in about
    ]  # fmt: skip


def _first_weeks(brand_id: int, week: date) -> dict[int, date]:
    first = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, func.min(SkuWeek.week))
    first = first.where(SkuWeek.brand_id == brand_id, SkuWeek.week <= week, SkuWeek.units > 0).group_by(SkuWeek.sku_id)
    return {sku_id: monday for sku_id, monday in db.session.execute(first)}


def _eight_weeks(brand_id: int, week: date) -> dict[int, dict[date, Any]]:
    oldest = week - (grades.WEEKS - 1) * WEEK
    units, returned = func.sum(SkuWeek.units).label("units"), func.sum(SkuWeek.returned_units).label("returned")
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, SkuWeek.week, units, returned)
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(oldest, week)).group_by(SkuWeek.sku_id, SkuWeek.week)
    found: dict[int, dict[date, Any]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row.sku_id][row.week] = row
    return found


def _columns(found: dict[date, Any], week: date) -> tuple[Sequence[int], Sequence[int]]:
    mondays = [week - n * WEEK for n in reversed(range(grades.WEEKS))]
    rows = [found.get(monday) for monday in mondays]
    return [int(r.units) if r else 0 for r in rows], [int(r.returned) if r else 0 for r in rows]
