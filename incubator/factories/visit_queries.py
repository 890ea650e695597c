"""What the pages of visits read: always scoped, a fixed number of queries."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import aliased, joinedload

from incubator.accounts.models import User
from incubator.factories.models import Factory
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db

ORDER = paging.Order(FieldVisit.visited_on, "visited_on", descending=True)
MOST = 10_000


def open_problems(factory: Factory, actor: Actor, limit: int = 100) -> list[FactoryProblem]:
    """What visits brought back and none has solved, oldest first."""
    query = access.select_visible(FactoryProblem, actor).where(
        FactoryProblem.factory_id == factory.id, FactoryProblem.solved_visit_id.is_(None)
    )
    return list(db.session.scalars(query.options(joinedload(FactoryProblem.brought_by)).order_by(FactoryProblem.id).limit(limit)))


def _visits(factory: Factory, actor: Actor) -> Select[Any]:
    solved, brought = aliased(FactoryProblem), aliased(FactoryProblem)
    query = access.select_visible(
        FieldVisit, actor, FieldVisit.id, FieldVisit.number, FieldVisit.visited_on, FieldVisit.note, User.name.label("agent"),
        solved.text.label("solved"), solved.how, brought.text.label("brought"),
    )  # fmt: skip
    query = query.join(User, User.id == FieldVisit.agent_id).where(FieldVisit.factory_id == factory.id)
    query = query.outerjoin(solved, and_(solved.solved_visit_id == FieldVisit.id))
    return query.outerjoin(brought, and_(brought.brought_visit_id == FieldVisit.id))


def page(factory: Factory, actor: Actor, cursor: str | None) -> paging.Page:
    """The visits, the latest first."""
    return paging.fetch(_visits(factory, actor), FieldVisit.id, ORDER, cursor, size=20)


def rows(factory: Factory, actor: Actor) -> Iterator[list[Any]]:
    """The visits for an export, the latest first."""
    query = _visits(factory, actor).order_by(FieldVisit.visited_on.desc(), FieldVisit.id.desc()).limit(MOST)
    for row in db.session.execute(query):
        yield [row.number, row.visited_on, row.agent, row.solved, row.how, row.brought, row.note]
