"""What came of a promise: the return rate and units of the SKU before and after, at least four complete weeks later. Written once.

Before are the eight weeks of the pack that led to it, after the complete weeks that follow the day it was done: eight at most. Only the
weeks in which this factory made the SKU count. Where four weeks sold too few to say, it waits until eight have passed.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from incubator.feedback import rates, telling, window
from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack
from incubator.feedback.window import SHOWN, WEEK, column, mondays
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.sales import grading

LEAST_WEEKS = 4
BATCH = 200


def waiting(now: datetime, after_id: int) -> list[FeedbackAction]:
    """Up to BATCH promises that were done four complete weeks ago, and were not measured, with an id beyond `after_id`."""
    latest = grading.last_complete_week(now.date()) - LEAST_WEEKS * WEEK
    query = access.select_visible(FeedbackAction, SYSTEM).outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)
    query = query.where(FeedbackAction.state == "done", FeedbackEffect.id.is_(None), FeedbackAction.done_on <= latest + timedelta(days=6))
    query = query.where(FeedbackAction.id > after_id).order_by(FeedbackAction.id).limit(BATCH)
    return list(db.session.scalars(query.options(joinedload(FeedbackAction.section), joinedload(FeedbackAction.pack))))


def weeks_after(done_on: date, now: datetime) -> list[date]:
    """The Mondays of the complete weeks after the day, eight at most."""
    first = done_on - timedelta(days=done_on.weekday()) + WEEK
    number = (grading.last_complete_week(now.date()) - first).days // 7 + 1
    return mondays(first + (min(number, SHOWN) - 1) * WEEK, min(number, SHOWN)) if number > 0 else []


def measure(action: FeedbackAction, now: datetime) -> FeedbackEffect | None:
    """The effect of a promise that was done; None while it is too early to say."""
    assert action.done_on is not None
    weeks = weeks_after(action.done_on, now)
    if len(weeks) < LEAST_WEEKS or not window.is_rolled_up(action.brand_id, weeks[-1]):
        return None
    found = window.load(action.brand_id, weeks[0], weeks[-1], [action.sku_id])
    cells = found.own(action.sku_id, action.factory_id, weeks)
    units, section = column(cells, "units"), action.section
    before, after = rates.rate(section.units, section.returned), rates.rate(units, column(cells, "returned"))
    if after is None and len(weeks) < SHOWN:
        return None
    effect = FeedbackEffect(
        action_id=action.id, since=weeks[0], until=weeks[-1], units_before=section.units, units_after=units,
        rate_before=before.as_json() if before else None, rate_after=after.as_json() if after else None,
        verdict=rates.verdict(before, after), table_version=found.table_version, measured_at=now,
    )  # fmt: skip
    db.session.add(effect)
    db.session.flush()
    telling.of_action(action, "measured", SYSTEM, now)
    return effect


def finished(now: datetime) -> list[FeedbackPack]:
    """Packs that were acted on four complete weeks ago, of which every promise that was done has been measured."""
    open_ones = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.pack_id)
    open_ones = open_ones.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)
    open_ones = open_ones.where(FeedbackAction.state == "done", FeedbackEffect.id.is_(None))
    latest = now - (LEAST_WEEKS + 1) * WEEK
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.state == "acted", FeedbackPack.id.not_in(open_ones))
    measured = access.select_visible(FeedbackAction, SYSTEM, func.count(FeedbackAction.id)).where(
        FeedbackAction.pack_id == FeedbackPack.id, FeedbackAction.state == "done"
    )
    ready = (FeedbackPack.acted_at <= latest) | (measured.correlate(FeedbackPack).scalar_subquery() > 0)
    return list(db.session.scalars(query.where(ready).order_by(FeedbackPack.id).limit(BATCH)))


def close(pack: FeedbackPack, now: datetime) -> Any:
    """Its effect is known."""
    return workflow.fire(pack, "measure", SYSTEM, now=now)
