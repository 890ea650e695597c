"""A deliverable's due day as a milestone of the product's plan. One that somebody took out of the plan stays out."""

from datetime import datetime

from incubator.codevelopment.models import Deliverable
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.schedule import service as schedule
from incubator.schedule.models import Milestone


def _source(deliverable: Deliverable) -> str:
    return f"deliverable:{deliverable.id}"


def milestone_of(deliverable: Deliverable) -> Milestone | None:
    query = access.select_visible(Milestone, SYSTEM).where(Milestone.product_id == deliverable.product_id)
    return db.session.scalar(query.where(Milestone.source == _source(deliverable)))


def promise(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    product = deliverable.product
    schedule.add(product, deliverable.title, deliverable.due_on, actor, now, owner_id=product.owner_id, source=_source(deliverable))


def forecast(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    if milestone := milestone_of(deliverable):
        schedule.edit(
            milestone,
            {"name": deliverable.title, "due_on": deliverable.due_on, "owner_id": milestone.owner_id},
            milestone.version,
            actor,
            now,
        )


def meet(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    if milestone := milestone_of(deliverable):
        schedule.finish(milestone, actor, now)


def miss(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    if milestone := milestone_of(deliverable):
        schedule.reopen(milestone, actor, now)


def forget(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    if milestone := milestone_of(deliverable):
        schedule.delete(milestone, actor, now)
