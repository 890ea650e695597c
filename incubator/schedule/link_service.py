"""What waits for what: add a link, take it away; and every change on trial first, so that a page can say what it pushes."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel import access, audit, events
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, NotFound
from incubator.kernel.upsert import insert_once
from incubator.schedule import plan, service
from incubator.schedule.forecast import Link
from incubator.schedule.models import Milestone, MilestoneLink

FIELDS = {"due_on": "due", "duration_days": "days", "not_before_on": "not_before"}


def link(before: Milestone, after: Milestone, lag_days: int, actor: Actor, now: datetime) -> plan.Preview:
    """Let `after` wait for `before`. A circle is refused and named, and so is a link that is there.

    No day comes earlier by it: the day that `after` had becomes the one before which it is not due.
    """
    access.require("milestone.edit", actor, after)
    if before.product_id != after.product_id:
        raise NotFound()
    plan.lock(after.product_id)
    plan.load(after.product_id, after.brand_id).linked(Link(before.id, after.id, lag_days))
    if not service.waits(after):
        after.not_before_on = after.due_on
    values = {"product_id": after.product_id, "brand_id": after.brand_id, "lag_days": lag_days}
    if insert_once(MilestoneLink, before_id=before.id, after_id=after.id, created_at=now, updated_at=now, **values) is None:
        raise Invalid({"before_id": [_l("It waits for this milestone already.")]})
    return _settle("milestone.link", before, after, actor, now)


def unlink(found: MilestoneLink, actor: Actor, now: datetime) -> plan.Preview:
    """`after` waits for `before` no longer; waiting for nothing, it keeps the day it has."""
    access.require("milestone.edit", actor, found.after)
    before, after = found.before, found.after
    plan.lock(after.product_id)
    db.session.delete(found)
    db.session.flush()
    if not service.waits(after):
        after.not_before_on = None
    return _settle("milestone.unlink", before, after, actor, now)


def _settle(event: str, before: Milestone, after: Milestone, actor: Actor, now: datetime) -> plan.Preview:
    preview = service.replan(after.product_id, after.brand_id, actor, now, because=after, always=True)
    audit.record(event, after, actor, now, name=after.name, before=before.name)
    service.refresh_outlook([after.product_id], now)
    events.publish(event, after, actor, now)
    return preview


def preview_edit(milestone: Milestone, values: dict[str, Any]) -> plan.Preview:
    """What `service.edit` with `values` would move besides the milestone itself. A new owner's calendar counts."""
    planned = service.as_planned(milestone, values)
    changes = {FIELDS[k]: v for k, v in planned.items() if k in FIELDS}
    present = plan.load(milestone.product_id, milestone.brand_id)
    if milestone.id not in present.tasks:
        raise NotFound()
    if "organisation_id" in planned:
        owner = planned["organisation_id"] or milestone.brand_id
        changes["calendar"] = plan.calendars_of([owner], milestone.brand_id).get(owner, present.tasks[milestone.id].calendar)
    return present.changed(milestone.id, **changes).preview(present).without(milestone.id)


def preview_link(before: Milestone, after: Milestone, lag_days: int) -> plan.Preview:
    """What `link` would move. Invalid for a circle."""
    present = plan.load(after.product_id, after.brand_id)
    tried = present.linked(Link(before.id, after.id, lag_days))
    if not service.waits(after):
        tried = tried.changed(after.id, not_before=after.due_on)
    return tried.preview(present)


def preview_unlink(found: MilestoneLink) -> plan.Preview:
    present = plan.load(found.product_id, found.brand_id)
    return present.unlinked(found.before_id, found.after_id).preview(present)


def links_into(milestone: Milestone, actor: Actor) -> list[MilestoneLink]:
    """What the milestone waits for, in order of time."""
    query = access.select_visible(MilestoneLink, actor).where(MilestoneLink.after_id == milestone.id)
    found = db.session.scalars(query.join(MilestoneLink.before).order_by(Milestone.due_on, Milestone.id))
    return list(found)


def between(before_id: int, after: Milestone) -> Milestone:
    """The other milestone of the same product; NotFound for any other."""
    query = access.select_visible(Milestone, SYSTEM).where(Milestone.id == before_id, Milestone.product_id == after.product_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found
