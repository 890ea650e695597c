"""The reads behind the lists of products: columns, not entities, and a number of queries that does not grow with the rows.

Statements are built once per reader and filter: for these, building costs more than the database does.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import String, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from incubator.accounts.models import Organisation, User
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.products import people
from incubator.products.filters import Filters, narrow
from incubator.products.models import PARTS, STAGES, Participant, Product, Programme, SavedView

CARDS = 20
FEW = 2000
MOST_OPTIONS = 300
COLUMNS = (
    Product.id, Product.code, Product.name, Product.type, Product.state, Product.state_since, Product.risk, Product.category,
    Product.next_milestone, Product.next_milestone_on, Product.launch_on, Product.launch_key, Product.due_key, Product.updated_at,
    Product.created_at, Product.programme_id,
)  # fmt: skip
CARD = (
    Product.id, Product.code, Product.name, Product.state, Product.state_since, Product.risk, Product.next_milestone, Product.next_milestone_on,
)  # fmt: skip
NAMES = (Programme.name.label("programme_name"), User.name.label("owner_name"))


def page(
    filters: Filters, actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE, order: paging.Order | None = None
) -> paging.Page:
    """One page of the list with names of programme and owner, and the total up to 10,000: two queries. `order` replaces the filters' own."""
    rest, ids = _by_text(filters, actor)
    rows, count = _within(_rows(rest, actor), ids), _within(_ids(rest, actor), ids)
    return paging.fetch(rows, Product.id, order or filters.order, cursor, size, count)


def _by_text(filters: Filters, actor: Actor) -> tuple[Filters, list[int] | None]:
    """Few products that hold a text are found in the index of names, and the rest of the filters looks at these alone.

    Where many hold it, every list meets them on its way; then the filters stay as they are.
    """
    if not filters.q:
        return filters, None
    found = db.session.scalars(_ids(Filters(q=filters.q), actor).limit(FEW + 1)).all()
    return (filters, None) if len(found) > FEW else (replace(filters, q=""), list(found))


def _within(statement: Any, ids: list[int] | None) -> Any:
    return statement if ids is None else statement.where(Product.id.in_(id_set(ids)))


@lru_cache(maxsize=128)
def _rows(filters: Filters, actor: Actor) -> Any:
    return narrow(_with_names(access.select_visible(Product, actor, *COLUMNS, *NAMES)), filters, actor)


@lru_cache(maxsize=128)
def _ids(filters: Filters, actor: Actor) -> Any:
    return narrow(access.select_visible(Product, actor, Product.id), filters, actor)


def _with_names(query: Any) -> Any:
    return query.join(Programme, Programme.id == Product.programme_id).outerjoin(User, User.id == Product.owner_id)


def export(filters: Filters, actor: Actor, most: int) -> list[Any]:
    """Every row of the list as shown, up to `most`."""
    rest, ids = _by_text(filters, actor)
    query = _within(_rows(rest, actor), ids)
    column = filters.order.column.desc() if filters.order.descending else filters.order.column
    return list(db.session.execute(query.order_by(column, Product.id).limit(most)).all())


def board(filters: Filters, actor: Actor, stages: tuple[str, ...]) -> dict[str, list[Any]]:
    """The latest cards of each stage, in one query of as many limited parts."""
    cards: dict[str, list[Any]] = {stage: [] for stage in stages}
    rest, ids = _by_text(filters, actor)
    for row in db.session.execute(_all_cards(rest, actor, stages) if ids is None else _some_cards(rest, actor, stages, ids)):
        cards[row.state].append(row)
    return cards


@lru_cache(maxsize=64)
def _all_cards(filters: Filters, actor: Actor, stages: tuple[str, ...]) -> Any:
    return _some_cards(filters, actor, stages, None)


def _some_cards(filters: Filters, actor: Actor, stages: tuple[str, ...], ids: list[int] | None) -> Any:
    return union_all(*[_cards(filters, actor, stage, ids) for stage in stages])


def _cards(filters: Filters, actor: Actor, stage: str, ids: list[int] | None) -> Any:
    query = access.select_visible(Product, actor, *CARD, User.name.label("owner_name")).outerjoin(User, User.id == Product.owner_id)
    newest = _within(narrow(query.where(Product.state == stage), filters, actor), ids).order_by(
        Product.updated_at.desc(), Product.id.desc()
    )
    return select(newest.limit(CARDS).subquery())


def stage_counts(filters: Filters, actor: Actor) -> dict[str, int]:
    """How many products stand at each stage, the empty ones included."""
    rest, ids = _by_text(filters, actor)
    return dict.fromkeys(STAGES, 0) | {stage: number for stage, number in db.session.execute(_within(_counts(rest, actor), ids))}


@lru_cache(maxsize=64)
def _counts(filters: Filters, actor: Actor) -> Any:
    # SQLite would follow the index of stages for the sake of the grouping, and miss the one that narrows.
    stage = func.coalesce(Product.state, "") if filters.narrowing() else Product.state
    return narrow(access.select_visible(Product, actor, stage, func.count()), filters, actor).group_by(stage)


def options(actor: Actor, view: str) -> dict[str, list[Any]]:
    """What the filter bar offers: programmes, owners, parties, categories and saved views, in one query."""
    offered: dict[str, list[Any]] = {"programme": [], "owner": [], "participant": [], "view": [], "category": []}
    for kind, row_id, name in db.session.execute(_options(actor, view)):
        offered[kind].append((name if kind == "category" else row_id, name))
    return {kind: sorted(found, key=lambda option: str(option[1])) for kind, found in offered.items()}


@lru_cache(maxsize=128)
def _options(actor: Actor, view: str) -> Any:
    programmes = access.select_visible(Programme, actor, literal("programme").label("kind"), Programme.id, Programme.name.label("name"))
    owners = people.colleagues_query(actor.organisation_id or 0, literal("owner"), User.id, User.name)
    taking_part = (
        access.select_visible(Participant, actor, Participant.id)
        .where(Participant.organisation_id == Organisation.id)
        .correlate(Organisation)
    )
    parties = select(literal("participant"), Organisation.id, Organisation.name).where(Organisation.kind.in_(PARTS), taking_part.exists())
    views = access.select_visible(SavedView, actor, literal("view"), SavedView.id, SavedView.name).where(
        SavedView.page == f"products.{view}"
    )
    parts = [part.limit(MOST_OPTIONS).subquery() for part in (programmes, owners, parties, views)]
    return union_all(*(select(part) for part in parts), _categories(actor))


def _categories(actor: Actor) -> Any:
    """The categories in use, by leaping from one to the next in the index instead of reading every product."""
    smallest = access.select_visible(Product, actor, func.min(Product.category).label("name"), literal(1).label("step"))
    leap = smallest.cte("category_leap", recursive=True)
    following = aliased(Product)
    after = select(func.min(following.category)).where(following.brand_id == (actor.organisation_id or 0), following.category > leap.c.name)
    leap = leap.union_all(select(after.scalar_subquery(), leap.c.step + 1).where(leap.c.name.is_not(None), leap.c.step < MOST_OPTIONS))
    return select(cast(literal("category"), String), literal(0), leap.c.name).where(leap.c.name.is_not(None), leap.c.name != "")


def mine(actor: Actor, limit: int = 200) -> list[Any]:
    """For a party: the products in which it takes part, with the brand and its own part. No date, owner or risk of the brand's."""
    columns = (Product.id, Product.name, Product.state, Product.state_since, Organisation.name.label("brand"), Participant.part)
    query = access.select_visible(Product, actor, *columns)
    query = query.join(Organisation, Organisation.id == Product.brand_id).join(Participant, Participant.product_id == Product.id)
    query = query.where(Participant.organisation_id == actor.organisation_id, Participant.left_at.is_(None))
    return list(db.session.execute(query.order_by(Product.updated_at.desc(), Product.id.desc()).limit(limit)).all())


def saved_view(view_id: int, actor: Actor) -> SavedView:
    return access.get_visible(SavedView, view_id, actor)
