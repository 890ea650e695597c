"""What waits for a reader, counted for the navigation by one statement. A package adds its count to `WAITS`; it writes nothing."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import func, select

from incubator.accounts.models import Notification
from incubator.briefs import queries as briefs
from incubator.codevelopment import queries as codevelopment
from incubator.codevelopment.models import PARTIES
from incubator.factories import queries as factories
from incubator.feedback import finding_queries as findings
from incubator.feedback import queries as feedback
from incubator.feedback import screen_queries as feedback_screens
from incubator.investors import queries as investors
from incubator.investors import report_queries as reports
from incubator.kernel import access
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.db import db
from incubator.launches import launch_queries as launches
from incubator.sales import queries as sales
from incubator.samples import queries as samples
from incubator.schedule import queries as schedule
from incubator.signals import wall_queries as wall
from incubator.sourcing import queries as sourcing


class Wait(NamedTuple):
    """A count that `nav.Entry.waits` names: a scalar subquery for readers of these roles."""

    name: str
    roles: tuple[str, ...]
    subquery: Callable[[Actor, date], Any]


WAITS = (
    Wait("late", ("brand",), schedule.late_count),
    Wait("tasks", ("brand", "launch_partner"), launches.waiting_count),
    Wait("codes", ("brand",), sales.open_count),
    Wait("samples", ("brand", "factory"), samples.waiting_count),
    Wait("feedback", ("factory",), feedback.waiting_count),
    Wait("feedback", ("brand",), lambda actor, today: feedback.waiting_count(actor, today) + feedback_screens.open_count(actor)),
    Wait("findings", ("brand",), findings.standing_count),
    Wait("reviews", ORGANISATION_KINDS, lambda actor, _today: briefs.waiting_count(actor)),
    Wait("wall", ("brand",), lambda actor, _today: wall.mine(actor)),
    Wait("enquiries", ("brand", "factory"), sourcing.waiting_count),
    Wait("factories", ("brand", "administrator", "field_agent"), lambda actor, _today: factories.waiting_count(actor)),
    Wait("codevelopment", ("brand", *PARTIES), codevelopment.waiting_count),
    Wait("tranches", ("brand", "investor"), investors.due_count),
    Wait("reports", ("investor",), lambda actor, _today: reports.unread_count(actor)),
)


def counts(actor: Actor, today: date) -> tuple[int, dict[str, int]]:
    """(unread notices up to a hundred, what waits by name)."""
    unread, *rest = db.session.execute(_statement(actor, today)).one()
    return unread, dict(zip((w.name for w in _of(actor)), rest, strict=True))


def _of(actor: Actor) -> list[Wait]:
    return [wait for wait in WAITS if actor.role in wait.roles]


@lru_cache(maxsize=256)
def _statement(actor: Actor, today: date) -> Any:
    """Kept, because building it costs more than running it."""
    unread = access.select_visible(Notification, actor, Notification.id).where(Notification.read_at.is_(None)).limit(100).subquery()
    first = select(func.count()).select_from(unread).scalar_subquery()
    return select(first, *(wait.subquery(actor, today) for wait in _of(actor)))
