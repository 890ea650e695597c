"""Reads of the directory for pages, export, search and later packages: always scoped, columns instead of whole rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func
from sqlalchemy.orm import selectinload

from incubator.factories import filters as narrowing
from incubator.factories.evidence_models import Certificate, FactoryChange
from incubator.factories.filters import Filters
from incubator.factories.guards import ZONE
from incubator.factories.models import Capability, Caseload, Factory, FactoryCategory, IndustrialCluster
from incubator.factories.policies import LISTED
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import access, clock, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Participant, Product

COLUMNS = (
    Factory.id, Factory.name, Factory.name_zh, Factory.name_en, Factory.short_name, Factory.state, Factory.state_since, Factory.country,
    Factory.province, Factory.city, Factory.cluster_id, Factory.staff_count, Factory.founded_year, Factory.tier, Factory.tier_until,
    Factory.organisation_id, Factory.updated_at,
)  # fmt: skip
MOST_OPTIONS = 300
SOON = timedelta(days=60)
MOST_ELIGIBLE = 200


def page(filters: Filters, actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the directory."""
    today = clock.today(ZONE)
    rows = access.select_visible(Factory, actor, *COLUMNS)
    count = access.select_visible(Factory, actor, Factory.id)
    narrow = narrowing.narrow
    return paging.fetch(narrow(rows, filters, actor, today), Factory.id, filters.order, cursor, size, narrow(count, filters, actor, today))


def beside(rows: Sequence[Any], actor: Actor) -> dict[str, dict[int, Any]]:
    """What stands beside the rows of a page, by factory: categories, capabilities in words, valid certificates. Three queries."""
    ids, today = [row.id for row in rows], clock.today(ZONE)
    if not ids:
        return {"categories": {}, "capabilities": {}, "certificates": {}}
    named = access.select_visible(FactoryCategory, actor, FactoryCategory.factory_id, FactoryCategory.name)
    able = access.select_visible(Capability, actor, Capability.factory_id, Capability.name_zh, Capability.name_en, Capability.kind)
    proven = access.select_visible(Certificate, actor, Certificate.factory_id, func.count(Certificate.id), func.min(Certificate.expires_on))
    proven = proven.where(Certificate.state == "valid", Certificate.expires_on >= today).group_by(Certificate.factory_id)
    categories, capabilities = defaultdict(list), defaultdict(list)
    for factory_id, name in db.session.execute(named.where(FactoryCategory.factory_id.in_(ids)).order_by(FactoryCategory.id)):
        categories[factory_id].append(name)
    for row in db.session.execute(able.where(Capability.factory_id.in_(ids)).order_by(Capability.position)):
        capabilities[row.factory_id].append(row)
    certificates = {row[0]: (row[1], row[2]) for row in db.session.execute(proven.where(Certificate.factory_id.in_(ids)))}
    return {"categories": categories, "capabilities": capabilities, "certificates": certificates}


def export(filters: Filters, actor: Actor, most: int) -> Iterator[tuple[Any, dict[str, dict[int, Any]]]]:
    """Every row that the filters leave, with what stands beside it, page by page."""
    cursor = None
    for _ in range(most // paging.LARGEST_PAGE):
        found = page(filters, actor, cursor, paging.LARGEST_PAGE)
        more = beside(found.rows, actor)
        yield from ((row, more) for row in found.rows)
        cursor = found.next
        if cursor is None:
            return


def clusters(actor: Actor) -> list[IndustrialCluster]:
    """All clusters, by place and name."""
    query = access.select_visible(IndustrialCluster, actor)
    return list(db.session.scalars(query.order_by(IndustrialCluster.region_en, IndustrialCluster.name_en)))


def category_names(actor: Actor) -> list[str]:
    """The categories in use among the factories that the actor sees."""
    query = access.select_visible(FactoryCategory, actor, FactoryCategory.name).distinct().order_by(FactoryCategory.name)
    return list(db.session.scalars(query.limit(MOST_OPTIONS)))


def capability_names(actor: Actor) -> list[str]:
    """Names of capabilities in use, as suggestions beside a field."""
    query = access.select_visible(Capability, actor, Capability.name_zh).where(Capability.name_zh != "").distinct()
    return list(db.session.scalars(query.order_by(Capability.name_zh).limit(MOST_OPTIONS)))


def find(actor: Actor, text: str, limit: int = 6) -> list[Any]:
    """Factories by name, code or place, for search."""
    query = access.select_visible(Factory, actor, Factory.id, Factory.name, Factory.short_name, Factory.city, Factory.state)
    return list(
        db.session.execute(
            query.where(Factory.merged_into_id.is_(None), narrowing.matches(text)).order_by(Factory.name, Factory.id).limit(limit)
        )
    )


def waiting_changes(actor: Actor, limit: int = 10) -> list[Any]:
    """Profile changes that wait for a decision of the actor, the oldest first."""
    columns = (FactoryChange.id, FactoryChange.factory_id, FactoryChange.created_at, Factory.name, Factory.short_name)
    query = access.select_visible(FactoryChange, actor, *columns).join(Factory, Factory.id == FactoryChange.factory_id)
    return list(db.session.execute(query.where(FactoryChange.state == "proposed").order_by(FactoryChange.id).limit(limit)))


def waiting_count(actor: Actor) -> Any:
    """SQL: how many profile changes wait for a decision of the actor."""
    return (
        access.select_visible(FactoryChange, actor, func.count(FactoryChange.id)).where(FactoryChange.state == "proposed").scalar_subquery()
    )


def _visited(actor: Actor) -> tuple[Any, Any]:
    """The day of the last visit, and how many problems are open."""
    own = FieldVisit.factory_id == Factory.id
    last = access.select_visible(FieldVisit, actor, func.max(FieldVisit.visited_on)).where(own).correlate(Factory).scalar_subquery()
    problems = access.select_visible(FactoryProblem, actor, func.count(FactoryProblem.id)).correlate(Factory)
    problems = problems.where(FactoryProblem.factory_id == Factory.id, FactoryProblem.solved_visit_id.is_(None))
    return last.label("visited_on"), problems.scalar_subquery().label("problems")


def caseload(actor: Actor, limit: int = 200) -> list[Any]:
    """The factories in a field agent's care: certificates that run out within sixty days, the last visit, open problems."""
    today = clock.today(ZONE)
    running_out = and_(
        Certificate.factory_id == Factory.id,
        Certificate.state == "valid",
        Certificate.expires_on >= today,
        Certificate.expires_on <= today + SOON,
    )
    expiring = access.select_visible(Certificate, actor, func.count(Certificate.id)).where(running_out).correlate(Factory).scalar_subquery()
    columns = (
        Factory.id,
        Factory.name,
        Factory.short_name,
        Factory.city,
        Factory.state,
        Factory.state_since,
        expiring.label("expiring"),
        *_visited(actor),
    )
    query = access.select_visible(Caseload, actor, *columns).join(Factory, Factory.id == Caseload.factory_id)
    query = query.where(Caseload.agent_user_id == actor.user_id, Caseload.ended_at.is_(None), Factory.merged_into_id.is_(None))
    return list(db.session.execute(query.order_by(Factory.name, Factory.id).limit(limit)))


def of_product(product: Product, actor: Actor) -> list[Any]:
    """The factories that take part in a product, as far as the actor sees them."""
    part = and_(Participant.organisation_id == Factory.organisation_id, Participant.product_id == product.id, Participant.left_at.is_(None))
    query = access.select_visible(Factory, actor, *COLUMNS).join(Participant, part).distinct()
    return list(db.session.execute(query.order_by(Factory.name).limit(MOST_OPTIONS)))


def eligible(
    actor: Actor,
    *,
    category: str = "",
    process: str = "",
    quantity: int = 0,
    certificate: str = "",
    with_account: bool = True,
    limit: int = MOST_ELIGIBLE,
) -> list[Any]:
    """Factories to ask for a quotation: approved (also under conditions), fit by what is given, those with a tier first.

    `quantity` is what is wanted in one order: some process or line must start at it or below. `with_account` leaves out whoever nobody can ask.
    Rows hold the columns of the directory.
    """
    query = approved_for(actor).where(Factory.organisation_id.is_not(None)) if with_account else approved_for(actor)
    chosen = Filters(category=category, process=process, moq=quantity, certificate=certificate)
    today = clock.today(ZONE)
    query = narrowing.narrow(query, chosen, actor, today)
    ranked = and_(Factory.tier != "", Factory.tier_until >= today)
    return list(db.session.execute(query.order_by(ranked.desc(), Factory.state, Factory.name, Factory.id).limit(limit)))


def approved_for(actor: Actor) -> Select[Any]:
    """A select of the approved factories that the actor sees, with the columns of the directory, to be narrowed further."""
    return access.select_visible(Factory, actor, *COLUMNS).where(Factory.state.in_(LISTED), Factory.merged_into_id.is_(None))


def own(actor: Actor) -> Factory | None:
    """The profile of the actor's own organisation, with what its completeness is judged by."""
    query = access.select_visible(Factory, actor).options(
        selectinload(Factory.categories),
        selectinload(Factory.capabilities),
        selectinload(Factory.contacts),
        selectinload(Factory.certificates),
    )
    found: Factory | None = db.session.scalar(query) if actor.role == "factory" else None
    return found
