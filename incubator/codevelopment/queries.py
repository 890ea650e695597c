"""Reads of deliverables: the list, the board of a product, what waits for the reader. Columns, not rows; always scoped."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from incubator.accounts.models import Organisation
from incubator.codevelopment.agreement_models import Agreement, AgreementParty, AgreementSignature
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import PARTIES, Deliverable, Engagement
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.products.models import Product

SORTS = {
    "due": paging.Order(Deliverable.due_on, "due_on"),
    "recent": paging.Order(Deliverable.updated_at, "updated_at", descending=True),
    "title": paging.Order(Deliverable.title, "title"),
}
WHICH = ("open", "late", "ours", "review", "all")
REVIEWABLE = ("submitted", "in_review")
AHEAD = timedelta(days=14)
MOST_CARDS = 300
COLUMNS = (
    Deliverable.id, Deliverable.title, Deliverable.kind, Deliverable.state, Deliverable.state_since, Deliverable.due_on,
    Deliverable.review_due_on, Deliverable.current_number, Deliverable.product_id, Deliverable.owner_id, Deliverable.updated_at,
)  # fmt: skip


class Asked(NamedTuple):
    """One thing that waits for the actor: what it is, where, by when, and what to do ("submit", "change", "decide", "answer" …)."""

    title: str
    url: str
    product: str
    due: date | None
    what: str


def listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, today: date, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page; `filters` may hold state, kind, product_id, owner_id, show (one of WHICH) and q (text in the title)."""
    query = access.select_visible(
        Deliverable, actor, *COLUMNS, Product.name.label("product_name"), Organisation.name.label("owner_name"),
        Organisation.short_name.label("owner_short"),
    )  # fmt: skip
    query = query.join(Product, Product.id == Deliverable.product_id).join(Organisation, Organisation.id == Deliverable.owner_id)
    count = access.select_visible(Deliverable, actor, Deliverable.id)
    query, count = (_narrowed(q, filters, actor, today) for q in (query, count))
    return paging.fetch(query, Deliverable.id, SORTS.get(sort, SORTS["due"]), cursor, size, count)


def _narrowed(query: Select[Any], filters: dict[str, Any], actor: Actor, today: date) -> Select[Any]:
    for name in ("state", "kind", "product_id", "owner_id"):
        if filters.get(name):
            query = query.where(getattr(Deliverable, name) == filters[name])
    if criterion := _shown(filters.get("show"), actor, today):
        query = query.where(*criterion)
    return query.where(contains(Deliverable.title, filters["q"])) if filters.get("q") else query


def _shown(which: str | None, actor: Actor, today: date) -> tuple[Any, ...]:
    return {
        "open": (Deliverable.state.not_in(("accepted", "dropped")),),
        "late": (Deliverable.state.in_(("planned", "changes_asked")), Deliverable.due_on < today),
        "ours": (Deliverable.owner_id == actor.organisation_id,),
        "review": (Deliverable.state.in_(REVIEWABLE),),
    }.get(which or "", ())


def options(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """Products and owners that the filter bar offers: those of deliverables that the actor sees."""
    products = access.select_visible(Deliverable, actor, Product.id, Product.name).join(Product, Product.id == Deliverable.product_id)
    owners = access.select_visible(Deliverable, actor, Organisation.id, Organisation.name)
    owners = owners.join(Organisation, Organisation.id == Deliverable.owner_id)
    return {
        "product_id": [tuple(row) for row in db.session.execute(products.distinct().order_by(Product.name).limit(MOST_CARDS))],
        "owner_id": [tuple(row) for row in db.session.execute(owners.distinct().order_by(Organisation.name).limit(MOST_CARDS))],
    }


def of_product(product: Product, actor: Actor) -> list[Any]:
    """The deliverables of one product that the actor sees, the earliest due first."""
    query = access.select_visible(
        Deliverable, actor, *COLUMNS, Organisation.short_name.label("owner_short"), Organisation.name.label("owner_name")
    )  # fmt: skip
    query = query.join(Organisation, Organisation.id == Deliverable.owner_id).where(Deliverable.product_id == product.id)
    return list(db.session.execute(query.order_by(Deliverable.due_on, Deliverable.id).limit(MOST_CARDS)))


def open_count(product: Product, actor: Actor) -> Any:
    """A scalar subquery for the tab: what is open of the actor's own, for the brand what waits for its review."""
    query = access.select_visible(Deliverable, actor, func.count(Deliverable.id)).where(Deliverable.product_id == product.id)
    return query.where(*_mine(actor)).scalar_subquery()


def _mine(actor: Actor) -> tuple[Any, ...]:
    if actor.role == "brand":
        return (Deliverable.state.in_(REVIEWABLE),)
    return (Deliverable.state.in_(("planned", "changes_asked")), Deliverable.owner_id == actor.organisation_id)


def _to_do(actor: Actor, today: date) -> Any:
    """SQL: what the actor must do with a deliverable: judge it, or (its owner) change it, or submit it within two weeks."""
    if actor.role == "brand":
        return Deliverable.state.in_(REVIEWABLE)
    soon = and_(Deliverable.state == "planned", Deliverable.due_on <= today + AHEAD)
    return and_(Deliverable.owner_id == actor.organisation_id, or_(Deliverable.state == "changes_asked", soon))


def _invitations(actor: Actor, *columns: Any) -> Select[Any]:
    query = access.select_visible(Engagement, actor, *columns).where(Engagement.state == "invited")
    return query.where(Engagement.organisation_id == actor.organisation_id)


def _unsigned(actor: Actor, *columns: Any) -> Select[Any]:
    query = access.select_visible(Agreement, actor, *columns).join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
    signed = select(AgreementSignature.id).where(AgreementSignature.party_id == AgreementParty.id).exists()
    return query.where(Agreement.state == "proposed", AgreementParty.organisation_id == actor.organisation_id, ~signed)


def _deliveries(actor: Actor, *columns: Any) -> Select[Any]:
    """The brand's: what was delivered to a consortium and waits to be verified."""
    return access.select_visible(Contribution, actor, *columns).where(Contribution.state == "delivered")


def waiting_count(actor: Actor, today: date) -> Any:
    """A scalar subquery: everything in co-development that waits for the actor."""
    parts = [
        access.select_visible(Deliverable, actor, func.count(Deliverable.id)).where(_to_do(actor, today)),
        _unsigned(actor, func.count(Agreement.id)),
        _deliveries(actor, func.count(Contribution.id)) if actor.role == "brand" else _invitations(actor, func.count(Engagement.id)),
    ]
    first, second, third = (part.scalar_subquery() for part in parts)
    return first + second + third


def asked_of(actor: Actor, today: date, limit: int = 10) -> list[Asked]:
    """What waits for the actor, the most urgent first; at most three queries."""
    if actor.role not in (*PARTIES, "brand"):
        return []
    found = [*_work(actor, today, limit), *_signatures(actor, limit)]
    found += _verifications(actor, limit) if actor.role == "brand" else _answers(actor, limit)
    return sorted(found, key=lambda one: one.due or today)[:limit]


def _work(actor: Actor, today: date, limit: int) -> list[Asked]:
    columns = (Deliverable.id, Deliverable.title, Deliverable.state, Deliverable.due_on, Deliverable.review_due_on, Product.name)
    query = access.select_visible(Deliverable, actor, *columns).join(Product, Product.id == Deliverable.product_id)
    order = Deliverable.review_due_on if actor.role == "brand" else Deliverable.due_on
    what = {"planned": "submit", "changes_asked": "change"}
    return [
        Asked(r.title, f"/deliverables/{r.id}", r.name, r.review_due_on if actor.role == "brand" else r.due_on, what.get(r.state, "decide"))
        for r in db.session.execute(query.where(_to_do(actor, today)).order_by(order, Deliverable.id).limit(limit))
    ]


def _answers(actor: Actor, limit: int) -> list[Asked]:
    query = _invitations(actor, Engagement.id, Product.name).join(Product, Product.id == Engagement.product_id).order_by(Engagement.id)
    return [Asked(r.name, f"/engagements/{r.id}", r.name, None, "answer") for r in db.session.execute(query.limit(limit))]


def _signatures(actor: Actor, limit: int) -> list[Asked]:
    query = _unsigned(actor, Agreement.id, Agreement.title, Product.name).join(Product, Product.id == Agreement.product_id)
    rows = db.session.execute(query.order_by(Agreement.proposed_at, Agreement.id).limit(limit))
    return [Asked(r.title, f"/agreements/{r.id}", r.name, None, "sign") for r in rows]


def _verifications(actor: Actor, limit: int) -> list[Asked]:
    columns = (Contribution.id, Contribution.description, Product.name)
    query = _deliveries(actor, *columns).join(Product, Product.id == Contribution.product_id)
    rows = db.session.execute(query.order_by(Contribution.state_since, Contribution.id).limit(limit))
    return [Asked(r.description, f"/contributions/{r.id}", r.name, None, "verify") for r in rows]
