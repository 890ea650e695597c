"""Closing days of organisations: noted by themselves, or by a brand for its own plans; and the forecasts that they change."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from incubator.accounts.models import Organisation
from incubator.kernel import access, audit, jobs
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.products.models import Participant, Product
from incubator.schedule import service
from incubator.schedule.calendar_models import Closure
from incubator.schedule.models import Milestone, MilestoneLink

LONGEST = 92  # days of one closure
MOST = 200  # closures that one organisation keeps


def organisations(actor: Actor) -> list[tuple[int, str, str]]:
    """(id, name, country) of those whose calendar the actor may look at: the own one first, then the partners of a brand's products."""
    own = Organisation.id == actor.organisation_id
    columns = Organisation.id, Organisation.name, Organisation.country
    rows = [tuple(row) for row in db.session.execute(access.select_visible(Organisation, actor, *columns).where(own))]
    if actor.role == "brand":
        joined = access.select_visible(Participant, actor, Participant.organisation_id).where(Participant.left_at.is_(None))
        query = access.select_visible(Organisation, actor, *columns).where(Organisation.id.in_(joined), ~own)
        rows += [tuple(row) for row in db.session.execute(query.order_by(Organisation.name).limit(500))]
    return rows


def listing(actor: Actor, organisation_id: int, year: int) -> list[Closure]:
    """The closures of an organisation that the actor may see and that touch the year, in order."""
    query = access.select_visible(Closure, actor).options(joinedload(Closure.recorded_by)).where(Closure.organisation_id == organisation_id)
    query = query.where(Closure.starts_on <= date(year, 12, 31), Closure.ends_on >= date(year, 1, 1))
    return list(db.session.scalars(query.order_by(Closure.starts_on, Closure.id)))


def add(organisation_id: int, name: str, starts_on: date, ends_on: date, actor: Actor, now: datetime) -> Closure:
    """Note that an organisation is closed: one's own, or for a brand one that takes part in its products. Forecasts follow in a job."""
    access.require("closure.edit", actor)
    if organisation_id not in {row[0] for row in organisations(actor)}:
        raise Invalid({"organisation_id": [_l("Choose an organisation from the list.")]})
    if ends_on < starts_on:
        raise Invalid({"ends_on": [_l("It ends before it begins.")]})
    if (ends_on - starts_on).days >= LONGEST:
        raise Invalid({"ends_on": [_l("At most %(n)s days.", n=LONGEST)]})
    kept = access.select_visible(Closure, SYSTEM, Closure.id).where(Closure.recorded_by_id == actor.organisation_id)
    if len(db.session.scalars(kept.limit(MOST)).all()) >= MOST:
        raise Invalid({"name": [_l("You keep %(n)s closures. Delete past ones first.", n=MOST)]})
    made = Closure(
        organisation_id=organisation_id, recorded_by_id=actor.organisation_id, name=name, starts_on=starts_on, ends_on=ends_on, created_at=now
    )  # fmt: skip
    db.session.add(made)
    audit.record("closure.add", made, actor, now, name=name, starts=starts_on, ends=ends_on)
    _recompute(made, actor, now)
    return made


def delete(found: Closure, actor: Actor, now: datetime) -> None:
    """Take back what one noted oneself."""
    access.require("closure.edit", actor, found)
    audit.record("closure.delete", found, actor, now, name=found.name, starts=found.starts_on, ends=found.ends_on)
    _recompute(found, actor, now)
    db.session.delete(found)


def _recompute(closure: Closure, actor: Actor, now: datetime) -> None:
    jobs.enqueue("milestones.replan", SYSTEM, now, organisation_id=closure.organisation_id, recorded_by_id=closure.recorded_by_id)


def touched(organisation_id: int | None, recorded_by_id: int | None) -> Sequence[Any]:
    """(product, brand) of the plans that a closure counts in: with links, and an open milestone of the organisation (all plans without one).

    A brand's own milestones are those that no partner owes; what a brand noted about a partner counts in its own plans only.
    """
    query = access.select_visible(Product, SYSTEM, Product.id, Product.brand_id).where(Product.state.not_in(("stopped", "handed_over")))
    linked = access.select_visible(MilestoneLink, SYSTEM, MilestoneLink.id).where(MilestoneLink.product_id == Product.id)
    query = query.where(linked.correlate(Product).exists())
    if organisation_id is not None:
        open_ones = access.select_visible(Milestone, SYSTEM, Milestone.id).where(
            Milestone.product_id == Product.id, Milestone.done_at.is_(None), Milestone.organisation_id == organisation_id
        )
        query = query.where(open_ones.correlate(Product).exists() | (Product.brand_id == organisation_id))
        if recorded_by_id != organisation_id:
            query = query.where(Product.brand_id == recorded_by_id)
    return db.session.execute(query.order_by(Product.id)).all()


def replan(product_id: int, brand_id: int, now: datetime) -> int:
    """Compute one plan anew; how many forecasts moved."""
    moves = service.replan(product_id, brand_id, SYSTEM, now).moves
    if moves:
        service.refresh_outlook([product_id], now)
    return len(moves)
