"""Reads of sample rounds for pages, always scoped; lists select columns, and a page asks a fixed number of questions."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.products.filters import contains
from incubator.products.models import Participant, Product
from incubator.samples.models import GoldenSample, SampleDecision, SampleRequirement, SampleRound
from incubator.samples.workflow import ENDED

OPEN = ("requested", "in_making", "shipped", "received", "measured")
SORTS = {
    "due": paging.Order(SampleRound.due_on, "due_on"),
    "recent": paging.Order(SampleRound.state_since, "state_since", descending=True),
    "waiting": paging.Order(SampleRound.state_since, "state_since"),
}
MOST_COLUMNS = 24
COUNTED = 100
BRAND_ACTS = ("received", "measured")


class Waiting(NamedTuple):
    """A round that waits for the actor; `state` says for what."""

    id: int
    product: str
    number: int
    kind: str
    state: str
    due_on: date
    other: str

    @property
    def url(self) -> str:
        return f"/samples/{self.id}"


def _other_side(actor: Actor) -> Any:
    return SampleRound.brand_id if actor.role == "factory" else SampleRound.factory_id


def listing(actor: Actor, filters: dict[str, Any], sort: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of rounds with product and other side. `filters` may hold state ("open" or one), kind, factory_id, product_id and q."""
    columns = (
        SampleRound.id, SampleRound.number, SampleRound.kind, SampleRound.state, SampleRound.state_since, SampleRound.quantity,
        SampleRound.due_on, SampleRound.shipped_on, SampleRound.received_on, SampleRound.product_id, SampleRound.factory_id,
        SampleRound.brief_revision, SampleRound.version, Product.name.label("product"), Organisation.name.label("other"),
        Organisation.short_name.label("other_short"),
    )  # fmt: skip
    rows = access.select_visible(SampleRound, actor, *columns).join(Organisation, Organisation.id == _other_side(actor))
    count = access.select_visible(SampleRound, actor, SampleRound.id)
    order = SORTS.get(sort, SORTS["due"])
    return paging.fetch(_filtered(rows, filters), SampleRound.id, order, cursor, size, _filtered(count, filters))


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    query = query.join(Product, Product.id == SampleRound.product_id)
    if state := filters.get("state"):
        query = (
            query.where(SampleRound.state.in_(OPEN), Product.state.not_in(ENDED))
            if state == "open"
            else query.where(SampleRound.state == state)
        )
    for name in ("kind", "factory_id", "product_id"):
        if filters.get(name):
            query = query.where(getattr(SampleRound, name) == filters[name])
    return query.where(contains(Product.name, filters["q"])) if filters.get("q") else query


def factories(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the factories of which the brand has rounds, for its filter."""
    if actor.role != "brand":
        return []
    ids = access.select_visible(SampleRound, actor, SampleRound.factory_id).distinct()
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return [(i, name) for i, name in db.session.execute(query.order_by(Organisation.name))]


WHOLE = (
    joinedload(SampleRound.product).joinedload(Product.brand),
    joinedload(SampleRound.product).joinedload(Product.programme),
    joinedload(SampleRound.product).joinedload(Product.owner),
    joinedload(SampleRound.factory),
    joinedload(SampleRound.requested_by),
    joinedload(SampleRound.decision).joinedload(SampleDecision.decided_by),
    joinedload(SampleRound.golden),
    joinedload(SampleRound.follows),
    selectinload(SampleRound.requirements).selectinload(SampleRequirement.readings),
)


def whole(round_id: int, actor: Actor) -> SampleRound:
    """A round with everything its page shows, in a fixed number of queries."""
    round: SampleRound = access.get_visible(SampleRound, round_id, actor, *WHOLE)
    return round


def previous(round: SampleRound, actor: Actor) -> SampleRound | None:
    """The factory's last measured round of the product before this one."""
    query = access.select_visible(SampleRound, actor).where(
        SampleRound.product_id == round.product_id,
        SampleRound.factory_id == round.factory_id,
        SampleRound.number < round.number,
        SampleRound.measured_at.is_not(None),
    )
    query = query.options(selectinload(SampleRound.requirements).selectinload(SampleRequirement.readings))
    return db.session.scalar(query.order_by(SampleRound.number.desc()).limit(1))


def of_product(product: Product, actor: Actor) -> list[SampleRound]:
    """The rounds of a product that the actor may see, each factory's in their order; the latest MOST_COLUMNS of them."""
    query = access.select_visible(SampleRound, actor).where(SampleRound.product_id == product.id)
    query = query.options(
        joinedload(SampleRound.factory),
        joinedload(SampleRound.golden),
        selectinload(SampleRound.requirements).selectinload(SampleRequirement.readings),
    )
    found = db.session.scalars(query.order_by(SampleRound.id.desc()).limit(MOST_COLUMNS)).all()
    return sorted(found, key=lambda r: (r.factory_id, r.number))


def approved_results(product: Product, actor: Actor) -> list[Any]:
    """For design firms and mould factories: what was approved, measured how, sealed when; never whose it was."""
    columns = (SampleDecision.id, SampleDecision.kind, SampleDecision.outcome, SampleDecision.decided_at, SampleDecision.results)
    query = access.select_visible(SampleDecision, actor, *columns, GoldenSample.sealed_at)
    query = query.outerjoin(GoldenSample, GoldenSample.round_id == SampleDecision.round_id)
    query = query.where(SampleDecision.product_id == product.id)
    return list(db.session.execute(query.order_by(SampleDecision.decided_at.desc(), SampleDecision.id.desc()).limit(MOST_COLUMNS)))


def photos(round: SampleRound, actor: Actor) -> tuple[list[Any], dict[int, list[Any]]]:
    """(pictures of the round in general, pictures by requirement id), in one query."""
    columns = (
        StoredFile.id, StoredFile.name, StoredFile.subject_type, StoredFile.subject_id, StoredFile.organisation_id, StoredFile.created_at,
    )  # fmt: skip
    ids = [r.id for r in round.requirements]
    query = access.select_visible(StoredFile, actor, *columns).where(
        or_(
            and_(StoredFile.subject_type == "sample_round", StoredFile.subject_id == round.id),
            and_(StoredFile.subject_type == "sample_requirement", StoredFile.subject_id.in_(ids)),
        ),
        StoredFile.has_thumbnail,
    )
    general: list[Any] = []
    by_requirement: dict[int, list[Any]] = {}
    for row in db.session.execute(query.order_by(StoredFile.id)):
        (general if row.subject_type == "sample_round" else by_requirement.setdefault(row.subject_id, [])).append(row)
    return general, by_requirement


def askable_factories(product: Product, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the factories that take part in the product now."""
    query = access.select_visible(Participant, actor, Organisation.id, Organisation.name).join(Organisation)
    query = query.where(Participant.product_id == product.id, Participant.part == "factory", Participant.left_at.is_(None))
    return [(i, name) for i, name in db.session.execute(query.order_by(Organisation.name))]


def _waits(actor: Actor, today: date) -> Any:
    """Received but unmeasured, or measured but undecided; for the factory: requested, or late."""
    if actor.role == "brand":
        return SampleRound.state.in_(BRAND_ACTS)
    return or_(SampleRound.state == "requested", and_(SampleRound.state == "in_making", SampleRound.due_on < today))


def _waiting_rounds(actor: Actor, today: date, *columns: Any) -> Select[Any]:
    query = access.select_visible(SampleRound, actor, *columns).join(Product, Product.id == SampleRound.product_id)
    return query.where(_waits(actor, today), Product.state.not_in(ENDED))


def waiting_count(actor: Actor, today: date) -> Any:
    """A scalar subquery: how many rounds wait for the actor's organisation, up to a hundred."""
    return select(func.count()).select_from(_waiting_rounds(actor, today, SampleRound.id).limit(COUNTED).subquery()).scalar_subquery()


def waiting_in(product: Product, actor: Actor) -> Any:
    """The same within one product, for its tab; None for whom nothing waits."""
    return _waiting_in(product.id, actor) if actor.role in ("brand", "factory") else None


@lru_cache(maxsize=256)
def _waiting_in(product_id: int, actor: Actor) -> Any:
    state = BRAND_ACTS if actor.role == "brand" else ("requested",)
    query = access.select_visible(SampleRound, actor, func.count(SampleRound.id))
    return query.where(SampleRound.product_id == product_id, SampleRound.state.in_(state)).scalar_subquery()


def waiting_for(actor: Actor, today: date, limit: int = 8) -> list[Waiting]:
    """The rounds that wait for the actor's organisation, the most urgent first."""
    columns = (SampleRound.id, Product.name, SampleRound.number, SampleRound.kind, SampleRound.state, SampleRound.due_on)
    other = func.coalesce(func.nullif(Organisation.short_name, ""), Organisation.name)
    query = _waiting_rounds(actor, today, *columns, other).join(Organisation, Organisation.id == _other_side(actor))
    return [Waiting(*row) for row in db.session.execute(query.order_by(SampleRound.due_on, SampleRound.id).limit(limit))]
