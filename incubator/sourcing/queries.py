"""Reads of enquiries for the brand's and the factories' pages, always scoped. A factory's list counts nobody but itself."""

from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Membership, Organisation, User
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.products.filters import contains
from incubator.products.models import Product
from incubator.sourcing.decision_models import RfqReviewer
from incubator.sourcing.models import ANSWERABLE, ASKABLE_BRIEFS, Rfq, RfqAddendum, RfqClarification, RfqQuestion
from incubator.sourcing.quotation_models import SUBMITTED, Quotation

SORTS = {
    "recent": paging.Order(Rfq.updated_at, "updated_at", descending=True),
    "deadline": paging.Order(Rfq.deadline, "deadline"),
    "latest": paging.Order(Rfq.deadline, "deadline", descending=True),
    "title": paging.Order(Rfq.title, "title"),
}
TO_DECIDE = ("closed", "technical_review", "opened")
ENDED = ("awarded", "cancelled")
COLUMNS = (
    Rfq.id, Rfq.code, Rfq.title, Rfq.state, Rfq.state_since, Rfq.scenario, Rfq.quantity_1, Rfq.quantity_2, Rfq.quantity_3, Rfq.incoterm,
    Rfq.destination, Rfq.deadline, Rfq.deadline_zone, Rfq.product_id, Rfq.updated_at, Rfq.issued_at,
)  # fmt: skip


class Waiting(NamedTuple):
    """One enquiry that waits for the actor; `due` is a day in the actor's zone."""

    title: str
    url: str
    hint: str
    due: date | None
    state: str


def listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the brand's enquiries with how many were asked and have answered. `filters`: state, scenario, product_id, q."""
    asked = _count(actor).label("asked")
    answered = _count(actor, Quotation.number > 0, Quotation.state.in_((*SUBMITTED, "won", "lost"))).label("answered")
    rows = access.select_visible(Rfq, actor, *COLUMNS, Product.name.label("product"), User.name.label("owner"), asked, answered)
    rows = rows.join(Product, Product.id == Rfq.product_id).outerjoin(User, User.id == Rfq.owner_id)
    return _fetch(rows, access.select_visible(Rfq, actor, Rfq.id), filters, sort, cursor, size)


def _count(actor: Actor, *criteria: Any) -> Any:
    query = access.select_visible(Quotation, actor, func.count(Quotation.id)).where(Quotation.rfq_id == Rfq.id, *criteria)
    return query.correlate(Rfq).scalar_subquery()


def own_listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the enquiries that a factory was asked in, with how its own quotation stands. `filters`: standing, scenario, q.

    The order is by facts of the enquiry that no other factory can move.
    """
    own = and_(Quotation.rfq_id == Rfq.id, Quotation.organisation_id == actor.organisation_id)
    columns = (*COLUMNS, Rfq.issue_number, Quotation.state.label("standing"), Quotation.issue_seen, Quotation.submitted_at)
    rows = access.select_visible(Rfq, actor, *columns, Organisation.name.label("brand")).join(Quotation, own)
    rows = rows.join(Organisation, Organisation.id == Rfq.brand_id)
    count = access.select_visible(Rfq, actor, Rfq.id).join(Quotation, own)
    if filters.get("standing"):
        rows, count = (query.where(Quotation.state == filters["standing"]) for query in (rows, count))
    return _fetch(rows, count, filters, sort if sort in ("deadline", "title") else "latest", cursor, size)


def _fetch(rows: Select[Any], count: Select[Any], filters: dict[str, Any], sort: str, cursor: str | None, size: int) -> paging.Page:
    order = SORTS.get(sort, SORTS["recent"])
    return paging.fetch(_filtered(rows, filters), Rfq.id, order, cursor, size, _filtered(count, filters))


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    for name in ("state", "scenario", "product_id"):
        if filters.get(name):
            query = query.where(getattr(Rfq, name) == filters[name])
    if text := filters.get("q"):
        query = query.where(contains(Rfq.title, text) | contains(Rfq.code, text))
    return query


def whole(rfq_id: int, actor: Actor) -> Rfq:
    """An enquiry with what every page of it shows; NotFound for whoever was not asked."""
    found: Rfq = access.get_visible(
        Rfq, rfq_id, actor, joinedload(Rfq.product).joinedload(Product.programme), joinedload(Rfq.product).joinedload(Product.brand),
        joinedload(Rfq.product).joinedload(Product.owner), joinedload(Rfq.brand), joinedload(Rfq.owner), selectinload(Rfq.requirements),
        selectinload(Rfq.criteria),
    )  # fmt: skip
    return found


def asked(rfq: Rfq, actor: Actor) -> list[Quotation]:
    """Everybody who was asked: for the brand; a factory finds itself alone."""
    query = access.select_visible(Quotation, actor).where(Quotation.rfq_id == rfq.id).options(joinedload(Quotation.organisation))
    return list(db.session.scalars(query.order_by(Quotation.id)))


def addenda(rfq: Rfq, actor: Actor) -> list[RfqAddendum]:
    """What was issued, latest first."""
    query = access.select_visible(RfqAddendum, actor).where(RfqAddendum.rfq_id == rfq.id)
    return list(db.session.scalars(query.order_by(RfqAddendum.number.desc())))


def documents(rfq: Rfq, actor: Actor) -> list[StoredFile]:
    query = access.select_visible(StoredFile, actor).where(StoredFile.subject_type == "rfq", StoredFile.subject_id == rfq.id)
    return list(db.session.scalars(query.order_by(StoredFile.id)))


def questions(rfq: Rfq, actor: Actor) -> list[RfqQuestion]:
    """The questions that the actor may read, the unanswered first."""
    query = access.select_visible(RfqQuestion, actor).where(RfqQuestion.rfq_id == rfq.id)
    query = query.options(joinedload(RfqQuestion.organisation), joinedload(RfqQuestion.author))
    return list(db.session.scalars(query.order_by(RfqQuestion.answered_at.is_not(None), RfqQuestion.id.desc())))


def clarifications(rfq: Rfq, actor: Actor) -> list[RfqClarification]:
    query = access.select_visible(RfqClarification, actor).where(RfqClarification.rfq_id == rfq.id)
    return list(db.session.scalars(query.order_by(RfqClarification.id.desc())))


def briefs_to_source(actor: Actor) -> list[Any]:
    """Accepted briefs of the brand, those without an enquiry first."""
    sent = (
        access.select_visible(Rfq, actor, func.count(Rfq.id))
        .where(Rfq.brief_id == ProductBrief.id)
        .correlate(ProductBrief)
        .scalar_subquery()
    )
    query = access.select_visible(ProductBrief, actor, ProductBrief.id, ProductBrief.title, ProductBrief.code, sent.label("sent"))
    query = query.where(ProductBrief.state.in_(ASKABLE_BRIEFS))
    return list(db.session.execute(query.order_by(sent, ProductBrief.updated_at.desc(), ProductBrief.id).limit(100)))


def of_product(product_id: int, actor: Actor) -> list[Any]:
    """The enquiries of one product, latest first; the factory's own standing comes with its own."""
    if actor.role == "brand":
        return list(listing(actor, {"product_id": product_id}, "recent", None, paging.LARGEST_PAGE).rows)
    return list(own_listing(actor, {"product_id": product_id}, "latest", None, paging.LARGEST_PAGE).rows)


def count_of_product(product: Product, actor: Actor) -> Any:
    """A scalar subquery: the enquiries of a product that are under way, as far as the actor sees them."""
    query = access.select_visible(Rfq, actor, func.count(Rfq.id)).where(Rfq.product_id == product.id, Rfq.state.not_in(ENDED))
    return query.scalar_subquery()


def _waiting(actor: Actor, *columns: Any) -> Select[Any]:
    """What the actor can take further: a brand's closed enquiries, and those for which it is asked to score or to answer; a factory's open ones."""
    query = access.select_visible(Rfq, actor, *columns)
    if actor.role == "brand":
        unanswered = select(RfqQuestion.rfq_id).where(RfqQuestion.answered_at.is_(None))
        return query.where(or_(Rfq.state.in_(TO_DECIDE), and_(Rfq.state.in_(ANSWERABLE), Rfq.id.in_(unanswered))))
    own = and_(Quotation.rfq_id == Rfq.id, Quotation.organisation_id == actor.organisation_id)
    unsure = and_(Quotation.state.in_(SUBMITTED), Quotation.issue_seen < Rfq.issue_number)
    return query.join(Quotation, own).where(Rfq.state.in_(ANSWERABLE), or_(Quotation.state.in_(("invited", "draft")), unsure))


def waiting_count(actor: Actor, _today: date) -> Any:
    """A scalar subquery for the navigation."""
    return _waiting(actor, func.count(Rfq.id)).scalar_subquery()


def waiting_for(actor: Actor, limit: int = 10) -> list[Waiting]:
    """The same as lines for the home page, the most urgent first."""
    query = _waiting(actor, Rfq.id, Rfq.title, Rfq.code, Rfq.deadline, Rfq.state)
    rows = db.session.execute(query.order_by(case((Rfq.state.in_(ANSWERABLE), 0), else_=1), Rfq.deadline, Rfq.id).limit(limit))
    return [Waiting(r.title, f"/rfqs/{r.id}", r.code, _due(r, actor), r.state) for r in rows]


def _due(row: Any, actor: Actor) -> date | None:
    """The day of the deadline where the actor is, while it counts."""
    return row.deadline.astimezone(ZoneInfo(actor.timezone)).date() if row.state in ANSWERABLE else None


def find(actor: Actor, text: str, limit: int = 6) -> list[Any]:
    """Enquiries by title or code, for search."""
    query = _filtered(access.select_visible(Rfq, actor, Rfq.id, Rfq.code, Rfq.title), {"q": text})
    return list(db.session.execute(query.order_by(Rfq.title, Rfq.id).limit(limit)))


def colleagues(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the live people of the actor's organisation."""
    query = access.select_visible(Membership, actor, User.id, User.name).join(User, User.id == Membership.user_id)
    query = query.where(Membership.organisation_id == actor.organisation_id, Membership.ended_at.is_(None), User.disabled_at.is_(None))
    return [(i, name) for i, name in db.session.execute(query.order_by(User.name))]


def reviewers(rfq: Rfq, actor: Actor) -> list[tuple[int, str]]:
    query = access.select_visible(RfqReviewer, actor, User.id, User.name).join(User, User.id == RfqReviewer.user_id)
    return [(i, name) for i, name in db.session.execute(query.where(RfqReviewer.rfq_id == rfq.id).order_by(RfqReviewer.id))]
