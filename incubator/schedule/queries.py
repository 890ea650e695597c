"""Reads of milestones: of one product, late and at risk across the portfolio, and for the timeline. It writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from incubator.accounts.models import Organisation, User
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Product, Programme
from incubator.schedule.models import Milestone

WHICH = ("late", "risk", "critical", "mine", "open", "done")
ENDED = ("stopped", "handed_over")
COUNTED = 100
AHEAD = 7


def of_product(product: Product, actor: Actor) -> list[Milestone]:
    """Every milestone of a product that the actor may see: open ones by due day, then those that are done."""
    query = access.select_visible(Milestone, actor).where(Milestone.product_id == product.id)
    if actor.role == "brand":
        query = query.options(joinedload(Milestone.owner), joinedload(Milestone.organisation))
    return list(db.session.scalars(query.order_by(Milestone.done_at.is_not(None), Milestone.due_on, Milestone.id).limit(500)))


def late_count(actor: Actor, today: date) -> Any:
    """A scalar subquery: the overdue milestones of the brand, up to a hundred."""
    late = access.select_visible(Milestone, actor, Milestone.id).join(Product, Product.id == Milestone.product_id)
    late = late.where(Milestone.done_at.is_(None), Milestone.due_on < today, Product.state.not_in(ENDED))
    return select(func.count()).select_from(late.limit(COUNTED).subquery()).scalar_subquery()


def export(actor: Actor, which: str, owner: int, programme: int, today: date, most: int) -> list[Any]:
    """Every row of the list as shown, up to `most`."""
    query = _narrowed(_with_names(actor), which, owner, programme, today)
    order = Milestone.due_on.desc() if which == "done" else Milestone.due_on
    return list(db.session.execute(query.order_by(order, Milestone.id).limit(most)))


def listing(actor: Actor, which: str, owner: int, programme: int, today: date, cursor: str | None) -> paging.Page:
    """A page of milestones with their product, the most urgent first; `which` is one of WHICH ("mine" with oneself as `owner`)."""
    query = _with_names(actor)
    count = access.select_visible(Milestone, actor, Milestone.id).join(Product, Product.id == Milestone.product_id)
    query, count = (_narrowed(q, which, owner, programme, today) for q in (query, count))
    return paging.fetch(query, Milestone.id, paging.Order(Milestone.due_on, "due_on", descending=which == "done"), cursor, count=count)


def _with_names(actor: Actor) -> Any:
    columns = (
        Milestone.id, Milestone.name, Milestone.due_on, Milestone.baseline_on, Milestone.done_at, Milestone.product_id,
        Milestone.critical, Milestone.float_days, Milestone.done_on, Milestone.stage, Milestone.duration_days,
        Product.name.label("product_name"), Product.code, User.name.label("owner_name"), Organisation.name.label("party"),
    )  # fmt: skip
    query = access.select_visible(Milestone, actor, *columns).join(Product, Product.id == Milestone.product_id)
    query = query.outerjoin(User, User.id == func.coalesce(Milestone.owner_id, Product.owner_id))
    return query.outerjoin(Organisation, Organisation.id == Milestone.organisation_id)


def _narrowed(query: Any, which: str, owner: int, programme: int, today: date) -> Any:
    query = (
        query.where(Milestone.done_at.is_not(None))
        if which == "done"
        else query.where(Milestone.done_at.is_(None), Product.state.not_in(ENDED))
    )
    if which == "critical":
        query = query.where(Milestone.critical)
    if which == "late":
        query = query.where(Milestone.due_on < today)
    if which == "risk":
        query = query.where((Milestone.due_on > Milestone.baseline_on) | (Milestone.due_on <= today + timedelta(days=AHEAD)))
    if owner:
        query = query.where(func.coalesce(Milestone.owner_id, Product.owner_id) == owner)
    return query.where(Product.programme_id == programme) if programme else query


def late_and_at_risk(actor: Actor, today: date, limit: int = 8) -> list[Any]:
    """For the home: overdue or due within a week, of live products, the most urgent first."""
    query = _narrowed(_with_names(actor), "risk", 0, 0, today).order_by(Milestone.due_on, Milestone.id)
    return list(db.session.execute(query.limit(limit)))


def asked_of(actor: Actor, limit: int = 20) -> list[Any]:
    """For a partner's home: what its organisation owes and has not met, of live products, the most urgent first."""
    columns = Milestone.id, Milestone.name, Milestone.due_on, Milestone.product_id, Product.name.label("product_name")
    query = access.select_visible(Milestone, actor, *columns).join(Product, Product.id == Milestone.product_id)
    query = query.where(Milestone.organisation_id == actor.organisation_id, Milestone.done_at.is_(None), Product.state.not_in(ENDED))
    return list(db.session.execute(query.order_by(Milestone.due_on, Milestone.id).limit(limit)))


def lanes(product_ids: Iterable[int], actor: Actor) -> dict[int, list[Any]]:
    """The milestones of several products in one query, by product."""
    columns = (Milestone.product_id, Milestone.name, Milestone.baseline_on, Milestone.due_on, Milestone.done_at)
    query = access.select_visible(Milestone, actor, *columns).where(Milestone.product_id.in_(list(product_ids)))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Milestone.due_on)):
        found[row.product_id].append(row)
    return found


def programmes(actor: Actor) -> list[tuple[int, str]]:
    query = access.select_visible(Programme, actor, Programme.id, Programme.name).order_by(Programme.name)
    return [(row.id, row.name) for row in db.session.execute(query)]
