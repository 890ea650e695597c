"""Lists for the administrator: organisations, people, exchange rates. Filters come as plain values; a stranger gets no rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.accounts.models import Membership, Organisation, User, UserSession
from incubator.kernel.access import select_visible
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.money import ExchangeRate
from incubator.kernel.paging import Order, Page, fetch

MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty strings mean everything."""

    kind: str = ""
    state: str = ""
    text: str = ""
    sort: str = "name"


ORGANISATION_SORTS = {
    "name": Order(Organisation.name, "name"),
    "-name": Order(Organisation.name, "name", descending=True),
    "created": Order(Organisation.created_at, "created_at"),
    "-created": Order(Organisation.created_at, "created_at", descending=True),
}
PERSON_SORTS = {
    "name": Order(User.name, "name"),
    "-name": Order(User.name, "name", descending=True),
    "created": Order(User.created_at, "created_at"),
    "-created": Order(User.created_at, "created_at", descending=True),
}


def _narrowed(query: Select[Any], filters: Filters, model: Any, texts: Sequence[Any]) -> Select[Any]:
    if filters.text:
        query = query.where(or_(*(column.icontains(filters.text, autoescape=True) for column in texts)))
    if filters.state:
        query = query.where(model.disabled_at.is_(None) if filters.state == "open" else model.disabled_at.is_not(None))
    return query


def organisations(filters: Filters, actor: Actor, *columns: Any) -> Select[Any]:
    """Unsorted select of the organisations that the filters leave."""
    query = select_visible(Organisation, actor, *columns)
    query = query.where(Organisation.kind == filters.kind) if filters.kind else query
    return _narrowed(
        query, filters, Organisation, (Organisation.name, Organisation.short_name, Organisation.city, Organisation.registration_number)
    )


def _people_of() -> Any:
    live = select(func.count(Membership.id)).where(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None))
    return live.correlate(Organisation).scalar_subquery().label("people")


def organisations_page(filters: Filters, cursor: str | None, actor: Actor) -> Page:
    """One page with the number of people of each."""
    columns = (
        Organisation.id, Organisation.name, Organisation.short_name, Organisation.kind, Organisation.country, Organisation.city,
        Organisation.created_at, Organisation.disabled_at, _people_of(),
    )  # fmt: skip
    order = ORGANISATION_SORTS.get(filters.sort, ORGANISATION_SORTS["name"])
    return fetch(
        organisations(filters, actor, *columns), Organisation.id, order, cursor, count=organisations(filters, actor, Organisation.id)
    )


def organisations_export(filters: Filters, actor: Actor) -> list[Organisation]:
    """What the list shows, all pages of it."""
    order = ORGANISATION_SORTS.get(filters.sort, ORGANISATION_SORTS["name"])
    direction = order.column.desc() if order.descending else order.column.asc()
    return list(db.session.scalars(organisations(filters, actor).order_by(direction, Organisation.id).limit(MOST_EXPORTED)))


def people(filters: Filters, actor: Actor, *columns: Any) -> Select[Any]:
    """Unsorted select of the people that the filters leave; `kind` is a kind of organisation or a staff role."""
    query = select_visible(User, actor, *columns)
    if filters.kind:
        acting = select(Membership.user_id).join(Organisation).where(Organisation.kind == filters.kind, Membership.ended_at.is_(None))
        query = query.where(or_(User.staff_role == filters.kind, User.id.in_(acting)))
    return _narrowed(query, filters, User, (User.name, User.email))


def people_page(filters: Filters, cursor: str | None, actor: Actor) -> Page:
    columns = (
        User.id,
        User.name,
        User.email,
        User.staff_role,
        User.created_at,
        User.disabled_at,
        User.totp_secret.is_not(None).label("has_factor"),
    )
    order = PERSON_SORTS.get(filters.sort, PERSON_SORTS["name"])
    return fetch(people(filters, actor, *columns), User.id, order, cursor, count=people(filters, actor, User.id))


def organisations_of(user_ids: Sequence[int], actor: Actor) -> dict[int, list[str]]:
    """The organisations' names by person, for one page of people."""
    query = select_visible(Membership, actor).where(Membership.user_id.in_(user_ids), Membership.ended_at.is_(None))
    found: dict[int, list[str]] = {}
    for row in db.session.scalars(query.options(joinedload(Membership.organisation)).order_by(Membership.id)):
        found.setdefault(row.user_id, []).append(row.organisation.label)
    return found


def memberships_of(user: User, actor: Actor) -> Sequence[Membership]:
    """All of them, ended ones last."""
    query = select_visible(Membership, actor).where(Membership.user_id == user.id).options(joinedload(Membership.organisation))
    return db.session.scalars(query.order_by(Membership.ended_at.is_not(None), Membership.id)).all()


def open_session_count(user: User, actor: Actor, now: datetime) -> int:
    """How many browsers the person is signed in with; the rows themselves stay the person's own."""
    mine = select_visible(User, actor, User.id).where(User.id == user.id)
    live = select(func.count(UserSession.id)).where(
        UserSession.user_id.in_(mine), UserSession.ended_at.is_(None), UserSession.expires_at > now, ~UserSession.awaits_code
    )
    return db.session.scalar(live) or 0


def rates_page(cursor: str | None, actor: Actor) -> Page:
    """Exchange rates, the latest day first."""
    columns = (ExchangeRate.id, ExchangeRate.base, ExchangeRate.quote, ExchangeRate.on_date, ExchangeRate.rate_e8, ExchangeRate.source)
    return fetch(
        select_visible(ExchangeRate, actor, *columns), ExchangeRate.id, Order(ExchangeRate.on_date, "on_date", descending=True), cursor
    )
