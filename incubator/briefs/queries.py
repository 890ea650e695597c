"""Reads of briefs and reviews for pages, always scoped; lists select columns, never whole rows."""

from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, func, or_
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation, User
from incubator.briefs.gate_models import (
    ComparisonPoint,
    GateDecision,
    GateFigure,
    GateReview,
    GateSignatory,
    GateSignature,
    ValueClaim,
)
from incubator.briefs.models import BriefRevision, ProductBrief
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.products.models import Participant, Product, Programme

SORTS = {
    "recent": paging.Order(ProductBrief.updated_at, "updated_at", descending=True),
    "title": paging.Order(ProductBrief.title, "title"),
    "code": paging.Order(ProductBrief.code, "code"),
    "waiting": paging.Order(ProductBrief.state_since, "state_since"),
}
FILTERS = ("state", "type", "scenario", "buyer_kind")


class Waiting(NamedTuple):
    """One decision that waits for the actor."""

    title: str
    url: str
    hint: str
    due: Any


def listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of briefs. `filters` may hold state, type, scenario, buyer_kind, programme_id and q (text in title or code)."""
    rows = access.select_visible(
        ProductBrief, actor, ProductBrief.id, ProductBrief.code, ProductBrief.title, ProductBrief.type, ProductBrief.state,
        ProductBrief.state_since, ProductBrief.segment, ProductBrief.scenario, ProductBrief.buyer_kind, ProductBrief.product_id,
        ProductBrief.launch_from, ProductBrief.launch_to, ProductBrief.first_order_quantity, ProductBrief.annual_quantity, ProductBrief.moq,
        ProductBrief.updated_at, User.name.label("author"), Organisation.name.label("brand"),
    ).outerjoin(User, User.id == ProductBrief.author_id).join(Organisation, Organisation.id == ProductBrief.brand_id)  # fmt: skip
    count = access.select_visible(ProductBrief, actor, ProductBrief.id)
    order = SORTS.get(sort, SORTS["recent"])
    return paging.fetch(_filtered(rows, filters), ProductBrief.id, order, cursor, size, _filtered(count, filters))


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    for name in FILTERS:
        if filters.get(name):
            query = query.where(getattr(ProductBrief, name) == filters[name])
    if filters.get("programme_id"):
        query = query.join(Product, Product.id == ProductBrief.product_id).where(Product.programme_id == filters["programme_id"])
    if text := filters.get("q"):
        query = query.where(contains(ProductBrief.title, text) | contains(ProductBrief.code, text))
    return query


def counts_by_state(actor: Actor) -> dict[str, int]:
    """How many briefs stand in each state, of those the actor sees."""
    query = access.select_visible(ProductBrief, actor, ProductBrief.state, func.count()).group_by(ProductBrief.state)
    return dict(db.session.execute(query).all())


def whole(brief_id: int, actor: Actor) -> ProductBrief:
    """A brief with everything its page shows, in a fixed number of queries."""
    brief: ProductBrief = access.get_visible(
        ProductBrief,
        brief_id,
        actor,
        joinedload(ProductBrief.author),
        joinedload(ProductBrief.product).joinedload(Product.programme),
        joinedload(ProductBrief.brand),
        selectinload(ProductBrief.requirements),
        selectinload(ProductBrief.references),
        selectinload(ProductBrief.claims).selectinload(ValueClaim.points).joinedload(ComparisonPoint.reference),
    )
    return brief


def brief_of(product_id: int, actor: Actor) -> int | None:
    """The id of the product's brief, when the actor may see it."""
    found: int | None = db.session.scalar(
        access.select_visible(ProductBrief, actor, ProductBrief.id).where(ProductBrief.product_id == product_id)
    )
    return found


def reviews_of(brief: ProductBrief, actor: Actor) -> list[GateReview]:
    """Every review of the brief that the actor may see, latest first, with its verdict."""
    query = (
        access.select_visible(GateReview, actor)
        .where(GateReview.brief_id == brief.id)
        .options(
            joinedload(GateReview.decision).options(
                joinedload(GateDecision.decided_by), joinedload(GateDecision.organisation), selectinload(GateDecision.conditions)
            ),
            joinedload(GateReview.opened_by),
        )
        .order_by(GateReview.number.desc())
    )
    return list(db.session.scalars(query).unique())


def seats(review: GateReview, actor: Actor) -> list[GateSignatory]:
    """The organisations asked to sign, as far as the actor may know them, with their signatures."""
    query = (
        access.select_visible(GateSignatory, actor)
        .where(GateSignatory.review_id == review.id)
        .options(joinedload(GateSignatory.organisation), joinedload(GateSignatory.signature).joinedload(GateSignature.user))
        .order_by(GateSignatory.id)
    )
    return list(db.session.scalars(query).unique())


def confidential_figures(review: GateReview, actor: Actor) -> dict[str, Any]:
    """What the brand froze with the decision; an empty mapping for anyone else."""
    query = access.select_visible(GateFigure, actor).join(GateDecision).where(GateDecision.review_id == review.id)
    row = db.session.scalar(query)
    return row.figures if row else {}


def revisions(brief: ProductBrief, actor: Actor, limit: int = 100) -> list[BriefRevision]:
    """The revisions of the brief, latest first."""
    query = (
        access.select_visible(BriefRevision, actor)
        .where(BriefRevision.brief_id == brief.id)
        .options(joinedload(BriefRevision.author))
        .order_by(BriefRevision.number.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def programmes(actor: Actor, own: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the open programmes that a brief may belong to, and of the one (`own`) that it belongs to already."""
    query = access.select_visible(Programme, actor, Programme.id, Programme.name).order_by(Programme.name)
    return [(i, name) for i, name in db.session.execute(query.where(or_(Programme.closed_at.is_(None), Programme.id == own)))]


def _unsigned_by(actor: Actor) -> Any:
    seat = and_(GateSignatory.review_id == GateReview.id, GateSignatory.organisation_id == actor.organisation_id)
    signed = exists().where(GateSignature.signatory_id == GateSignatory.id)
    return exists().where(seat, ~signed)


def _waits_for(actor: Actor) -> Any:
    """Reviews that the actor can take further: its own signature is missing, or (for the brand) the verdict is."""
    if actor.role == "brand":
        return GateReview.brand_id == actor.organisation_id
    return _unsigned_by(actor)


def _open_reviews(actor: Actor, *columns: Any) -> Select[Any]:
    mine = and_(ProductBrief.submitted_by_id.is_distinct_from(actor.user_id), ProductBrief.author_id.is_distinct_from(actor.user_id))
    query = access.select_visible(GateReview, actor, *columns).join(ProductBrief, ProductBrief.id == GateReview.brief_id)
    return query.where(GateReview.state == "open", _waits_for(actor), mine)


def waiting_count(actor: Actor) -> Any:
    """A scalar subquery: the gate reviews that wait for this very person."""
    return _open_reviews(actor, func.count(GateReview.id)).scalar_subquery()


def decisions_for(actor: Actor, limit: int = 10) -> list[Waiting]:
    """The gate reviews that wait for this very person, the most urgent first."""
    query = _open_reviews(actor, GateReview.id, ProductBrief.title, ProductBrief.code, GateReview.number, GateReview.due_on)
    query = query.order_by(GateReview.due_on.is_(None), GateReview.due_on, GateReview.id).limit(limit)
    return [Waiting(r.title, f"/reviews/{r.id}", r.code, r.due_on) for r in db.session.execute(query)]


def returned_to(actor: Actor, limit: int = 10) -> list[Waiting]:
    """Briefs that came back and wait for their author's organisation."""
    query = (
        access.select_visible(ProductBrief, actor, ProductBrief.id, ProductBrief.title, ProductBrief.code)
        .where(ProductBrief.state == "returned")
        .order_by(ProductBrief.state_since)
        .limit(limit)
    )
    return [Waiting(r.title, f"/briefs/{r.id}", r.code, None) for r in db.session.execute(query)]


def find(actor: Actor, text: str, limit: int = 6) -> list[Any]:
    """Briefs by title or code, for search."""
    query = _filtered(access.select_visible(ProductBrief, actor, ProductBrief.id, ProductBrief.code, ProductBrief.title), {"q": text})
    return list(db.session.execute(query.order_by(ProductBrief.title).limit(limit)))


def partners_of(product_id: int, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the organisations that take part in the product now and can be asked to sign."""
    query = (
        access.select_visible(Participant, actor, Organisation.id, Organisation.name)
        .join(Organisation, Participant.organisation_id == Organisation.id)
        .where(Participant.product_id == product_id, Participant.left_at.is_(None))
        .distinct()
        .order_by(Organisation.name)
    )
    return [(i, name) for i, name in db.session.execute(query)]


REVIEW_ORDER = paging.Order(GateReview.updated_at, "updated_at", descending=True)


def review_listing(actor: Actor, state: str | None, cursor: str | None, size: int) -> paging.Page:
    """Reviews that the actor may see, the latest first; `state` narrows them."""
    columns = (
        GateReview.id,
        GateReview.number,
        GateReview.state,
        GateReview.due_on,
        GateReview.updated_at,
        ProductBrief.title,
        ProductBrief.code,
    )
    query = access.select_visible(GateReview, actor, *columns).join(ProductBrief, ProductBrief.id == GateReview.brief_id)
    count = access.select_visible(GateReview, actor, GateReview.id)
    if state:
        query, count = query.where(GateReview.state == state), count.where(GateReview.state == state)
    return paging.fetch(query, GateReview.id, REVIEW_ORDER, cursor, size, count)
