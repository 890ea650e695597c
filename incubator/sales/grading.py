"""Grades of a brand's SKUs at the end of a week, written beside the figures they follow from. The rule itself is in `grades`."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import case, delete, exists, func

from incubator.accounts.models import Organisation
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
    """Grade every SKU that had sold by the end of `week`, from the grades of the week before; those of `week` are replaced. Returns how many.

    Of two that grade a brand at once (the job, and somebody who compiles packs) the second waits for the first to commit.
    """
    brand = access.select_visible(Organisation, SYSTEM, Organisation.id).where(Organisation.id == brand_id)
    db.session.execute(brand.with_for_update(key_share=True))
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
    sold = _eight_weeks(brand_id, week)
    before = exists().where(SkuWeek.sku_id == Sku.id, SkuWeek.week <= week - grades.WEEKS * WEEK, SkuWeek.units > 0)
    facts = access.select_visible(Sku, SYSTEM, Sku.id, Sku.planned_units_per_week, Product.category, before.label("before")).join(Product)
    rows = db.session.execute(facts.where(Sku.brand_id == brand_id, Sku.state != "retired").order_by(Sku.id))
    none = ([0] * grades.WEEKS, [0] * grades.WEEKS)
    runs = ((row, *sold.get(row.id, none)) for row in rows)
    return [
        grades.Run(row.id, row.category, units, returned, age, row.planned_units_per_week)
        for row, units, returned in runs
        if (age := grades.WEEKS if row.before else _age(units))
    ]


def _age(units: Sequence[int]) -> int:
    """Weeks since the first of the eight that sold anything, itself included; 0 where none did."""
    return next((grades.WEEKS - n for n, sold in enumerate(units) if sold > 0), 0)


def _eight_weeks(brand_id: int, week: date) -> dict[int, tuple[Sequence[int], Sequence[int]]]:
    """SKU → units sold and returned in each of the eight weeks, oldest first."""
    mondays = [week - n * WEEK for n in reversed(range(grades.WEEKS))]
    columns = [
        func.sum(case((SkuWeek.week == monday, counted), else_=0))
        for counted in (SkuWeek.units, SkuWeek.returned_units)
        for monday in mondays
    ]
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, *columns)
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(mondays[0], week)).group_by(SkuWeek.sku_id)
    return {
        sku_id: ([int(n) for n in counts[: grades.WEEKS]], [int(n) for n in counts[grades.WEEKS :]])
        for sku_id, *counts in db.session.execute(query)
    }
