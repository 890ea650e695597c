"""What the loop says of a programme: SKUs that are hits, what came back, and which changes of factories measurably helped."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.feedback.models import FeedbackAction, FeedbackEffect
from incubator.investors.figures import Fold, Reading, register_figure
from incubator.investors.kpis import share
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product, Programme
from incubator.sales.grading import last_complete_week
from incubator.sales.models import SkuGrade, SkuWeek

WEEKS = timedelta(weeks=8)


def _hits(programme: Programme, as_of: datetime) -> Any:
    """SKU and grade, of the last week that was graded."""
    query = access.select_visible(SkuGrade, SYSTEM, SkuGrade.sku_id, SkuGrade.grade).join(Sku, Sku.id == SkuGrade.sku_id)
    query = query.join(Product, Product.id == Sku.product_id).where(Product.programme_id == programme.id)
    graded = query.where(SkuGrade.week == last_complete_week(as_of.date()), SkuGrade.grade.is_not(None))
    return [[row.sku_id, row.grade] for row in db.session.execute(graded.order_by(SkuGrade.sku_id))]


def _count_hits(inputs: Any) -> int:
    return Counter(grade for _sku, grade in inputs)["hit"]


def _sold(programme: Programme, as_of: datetime) -> Any:
    """SKU, units sold and units that came back in the last eight complete weeks."""
    last: date = last_complete_week(as_of.date())
    sold, back = func.sum(SkuWeek.units).label("sold"), func.sum(SkuWeek.returned_units).label("back")
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, sold, back).join(Sku, Sku.id == SkuWeek.sku_id)
    query = query.join(Product, Product.id == Sku.product_id).where(Product.programme_id == programme.id)
    query = query.where(SkuWeek.week > last - WEEKS, SkuWeek.week <= last).group_by(SkuWeek.sku_id).order_by(SkuWeek.sku_id)
    return [[row.sku_id, int(row.sold), int(row.back)] for row in db.session.execute(query)]


def _return_rate(inputs: Any) -> float | None:
    return share(sum(back for _sku, _sold, back in inputs), sum(sold for _sku, sold, _back in inputs))


def _changes(programme: Programme, as_of: datetime) -> Any:
    """Promise and verdict, of every change of a factory that was measured by then."""
    query = access.select_visible(FeedbackEffect, SYSTEM, FeedbackEffect.action_id, FeedbackEffect.verdict)
    query = query.join(FeedbackAction, FeedbackAction.id == FeedbackEffect.action_id).join(Product, Product.id == FeedbackAction.product_id)
    query = query.where(Product.programme_id == programme.id, FeedbackEffect.measured_at <= as_of)
    return [[row.action_id, row.verdict] for row in db.session.execute(query.order_by(FeedbackEffect.action_id))]


def _improved(inputs: Any) -> int:
    return Counter(verdict for _action, verdict in inputs)["improved"]


def _register(key: str, label: Any, unit: str, rank: int, take: Any, fold: Fold, page: str) -> None:
    def read(programme: Programme, as_of: datetime) -> Reading:
        inputs = take(programme, as_of)
        return Reading(fold(inputs), page, inputs)

    register_figure(key, label, unit, read, rank=rank, fold=fold)


FIGURES = (
    ("hits", _l("SKUs graded a hit"), "count", 70, _hits, _count_hits, "/sales"),
    ("return_rate", _l("Return rate of the last eight weeks"), "percent", 80, _sold, _return_rate, "/sales"),
    ("improved", _l("Changes of factories that measurably helped"), "count", 90, _changes, _improved, "/feedback/actions"),
)
for figure in FIGURES:
    _register(*figure)
