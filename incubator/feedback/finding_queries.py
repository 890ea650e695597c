"""Reads of findings for pages, exports and JSON: always the brand's own, a page asks a fixed number of questions."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.accounts.models import User
from incubator.feedback.finding_models import STANDING, EffectComparison, Finding, FindingRun
from incubator.feedback.models import FeedbackAction
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.filters import contains
from incubator.products.models import Product

SORTS = {
    "new": paging.Order(Finding.first_week, "first_week", descending=True),
    "sure": paging.Order(Finding.q, "q"),
    "size": paging.Order(Finding.ratio, "ratio", descending=True),
}
MOVED = paging.Order(Finding.state_since, "state_since", descending=True)
COLUMNS = (
    Finding.id, Finding.sku_id, Finding.reason, Finding.topic, Finding.kind, Finding.state, Finding.first_week, Finding.last_week, Finding.since, Finding.lot,
    Finding.ratio, Finding.low, Finding.high, Finding.p, Finding.q, Finding.orders, Finding.returned, Finding.step, Finding.evidence, Finding.aside_note,
    Sku.code,
    Sku.name_zh, Sku.name_en, Sku.colour, Sku.size, Sku.pack, Product.category,
)  # fmt: skip
COUNTED = 100


def listing(actor: Actor, filters: dict[str, str], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of findings. `filters` may hold state ("standing": not gone), reason, kind, q and category."""
    rows, count = (
        _filtered(access.select_visible(Finding, actor, *columns).join(Sku, Sku.id == Finding.sku_id), filters)
        for columns in (COLUMNS, (Finding.id,))
    )
    rows = rows.join(Product, Product.id == Finding.product_id)
    if "category" in filters:
        count = count.join(Product, Product.id == Finding.product_id)
    return paging.fetch(rows, Finding.id, SORTS.get(sort, SORTS["new"]), cursor, size, count)


def _filtered(query: Select[Any], filters: dict[str, str]) -> Select[Any]:
    if state := filters.get("state"):
        query = query.where(Finding.state.in_(STANDING) if state == "standing" else Finding.state == state)
    if kind := filters.get("kind"):
        query = query.where(Finding.kind == kind)
    if reason := filters.get("reason"):
        query = query.where(Finding.reason == ("" if reason == "all" else reason))
    if category := filters.get("category"):
        query = query.where(Product.category == category)
    if text := filters.get("q"):
        query = query.where(or_(contains(Sku.code, text), contains(Sku.name_zh, text), contains(Sku.name_en, text)))
    return query


def set_aside(actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of what was ever set aside, the latest first, with the reason and how it stands."""
    columns = (
        Finding.id, Finding.reason, Finding.topic, Finding.state, Finding.state_since, Finding.since, Finding.ratio, Finding.low, Finding.high,
        Finding.aside_note,
        User.name.label("who"), Sku.code, Sku.name_zh, Sku.name_en,
    )  # fmt: skip
    ever = Finding.aside_note != ""
    rows = access.select_visible(Finding, actor, *columns).join(Sku, Sku.id == Finding.sku_id)
    rows = rows.outerjoin(User, User.id == Finding.aside_by_id).where(ever)
    return paging.fetch(rows, Finding.id, MOVED, cursor, size, access.select_visible(Finding, actor, Finding.id).where(ever))


def runs(actor: Actor, limit: int = 13) -> list[FindingRun]:
    """The latest looks, the newest first."""
    query = access.select_visible(FindingRun, actor).order_by(FindingRun.week.desc()).limit(limit)
    return list(db.session.scalars(query))


def state_counts(actor: Actor) -> dict[str, int]:
    query = access.select_visible(Finding, actor, Finding.state, func.count()).group_by(Finding.state)
    return {state: number for state, number in db.session.execute(query)}


def finding(finding_id: int, actor: Actor) -> Finding:
    found: Finding = access.get_visible(
        Finding, finding_id, actor, joinedload(Finding.sku), joinedload(Finding.product), joinedload(Finding.aside_by)
    )
    return found


def run_of(week: date, actor: Actor) -> FindingRun | None:
    found: FindingRun | None = db.session.scalar(access.select_visible(FindingRun, actor).where(FindingRun.week == week))
    return found


def of_sku(sku_id: int, actor: Actor, limit: int = 6) -> list[Finding]:
    """What was found of a SKU, what stands first, then the latest."""
    query = access.select_visible(Finding, actor).where(Finding.sku_id == sku_id)
    return list(db.session.scalars(query.order_by(Finding.state.in_(("gone", "aside")), Finding.last_week.desc(), Finding.q).limit(limit)))


def actions_of(sku_id: int, actor: Actor, limit: int = 8) -> list[FeedbackAction]:
    """What factories promised for the SKU, with its effect, the latest first."""
    query = access.select_visible(FeedbackAction, actor).where(FeedbackAction.sku_id == sku_id, FeedbackAction.kind != "reorder")
    return list(db.session.scalars(query.options(joinedload(FeedbackAction.effect)).order_by(FeedbackAction.id.desc()).limit(limit)))


def comparison(action: FeedbackAction, actor: Actor) -> EffectComparison | None:
    """The effect beside comparable SKUs, which the brand alone reads."""
    if actor.role != "brand" or action.effect is None:
        return None
    query = access.select_visible(EffectComparison, actor).where(EffectComparison.action_id == action.id)
    found: EffectComparison | None = db.session.scalar(query)
    return found


def standing_count(actor: Actor, _today: date) -> Any:
    """A scalar subquery: new findings and those that came back, up to a hundred."""
    some = access.select_visible(Finding, actor, Finding.id).where(Finding.state.in_(("open", "back"))).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
