"""Reads of the register of golden samples: by seal number, product or place; always scoped."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.products.models import Product
from incubator.samples.models import GoldenSample, SampleDecision, SampleRequirement, SampleRound

ORDER = paging.Order(GoldenSample.sealed_at, "sealed_at", descending=True)
COLUMNS = (
    GoldenSample.id, GoldenSample.number, GoldenSample.state, GoldenSample.sealed_at, GoldenSample.storage_place, GoldenSample.kept_by_brand,
    GoldenSample.kept_by_factory, GoldenSample.round_id, GoldenSample.round_number, GoldenSample.product_id, Product.name.label("product"),
    Organisation.name.label("other"), SampleRound.kind,
)  # fmt: skip


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page, the latest sealed first. `filters` may hold state and q (text in seal number, product or storage place)."""
    other = GoldenSample.brand_id if actor.role == "factory" else GoldenSample.factory_id
    rows = access.select_visible(GoldenSample, actor, *COLUMNS).join(SampleRound, SampleRound.id == GoldenSample.round_id)
    rows = rows.join(Organisation, Organisation.id == other)
    count = access.select_visible(GoldenSample, actor, GoldenSample.id)
    return paging.fetch(_filtered(rows, filters), GoldenSample.id, ORDER, cursor, size, _filtered(count, filters))


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    query = query.join(Product, Product.id == GoldenSample.product_id)
    if filters.get("state"):
        query = query.where(GoldenSample.state == filters["state"])
    if text := filters.get("q"):
        query = query.where(contains(GoldenSample.number, text) | contains(Product.name, text) | contains(GoldenSample.storage_place, text))
    return query


def whole(golden_id: int, actor: Actor) -> GoldenSample:
    """A golden sample with its round, readings and successor, in a fixed number of queries."""
    of_round = joinedload(GoldenSample.round)
    golden: GoldenSample = access.get_visible(
        GoldenSample,
        golden_id,
        actor,
        joinedload(GoldenSample.product).joinedload(Product.brand),
        joinedload(GoldenSample.product).joinedload(Product.programme),
        joinedload(GoldenSample.product).joinedload(Product.owner),
        joinedload(GoldenSample.factory),
        joinedload(GoldenSample.sealed_by),
        joinedload(GoldenSample.superseded_by),
        of_round.joinedload(SampleRound.decision).joinedload(SampleDecision.decided_by),
        of_round.selectinload(SampleRound.requirements).selectinload(SampleRequirement.readings),
        selectinload(GoldenSample.brand),
    )
    return golden


def of_product(product: Product, actor: Actor) -> list[GoldenSample]:
    """The golden samples of a product that the actor may see, the latest first."""
    query = access.select_visible(GoldenSample, actor).where(GoldenSample.product_id == product.id)
    return list(db.session.scalars(query.options(joinedload(GoldenSample.factory)).order_by(GoldenSample.id.desc()).limit(50)))


def replaced(golden: GoldenSample, actor: Actor) -> list[GoldenSample]:
    """Those that this one superseded."""
    return list(db.session.scalars(access.select_visible(GoldenSample, actor).where(GoldenSample.superseded_by_id == golden.id)))
