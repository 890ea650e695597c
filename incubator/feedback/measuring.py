"""What came of a fix: returned orders of the SKU before and after, beside comparable SKUs, at least four complete weeks later. Written once.
Whoever makes more of a SKU, or no more, changes nothing about it that returns could tell: such promises are kept, and not measured.

Before are the eight weeks that end before the week in which it was done; after the complete weeks that follow: eight at most. Where it was done
from a lot, they follow the week in which that lot was first sold, and there is nothing to measure until it is. Only the weeks in which this factory
made the SKU count. Where four weeks say too little, it waits until eight have passed, and is told then whatever it is. The figures are `effects`.

Comparable are SKUs of the same brand and category of which nothing was changed in these weeks. When they stem from at least five other factories,
both sides are told the effect beside them, the factory without their names; otherwise both are told before and after alone, and the brand the other
besides (`EffectComparison`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from incubator.feedback import comparables, finding_lots, rates, telling, window
from incubator.feedback.comparables import Measured, Weeks
from incubator.feedback.finding_models import EffectComparison
from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack
from incubator.feedback.window import SHOWN, WEEK, column, mondays
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.sales import grading

LEAST_WEEKS = 4
BATCH = 200
MEASURED = "fix"  # the kind of promise that is
Lots = Mapping[str, date | None]


def waiting(now: datetime, after_id: int) -> list[FeedbackAction]:
    """Up to BATCH fixes that were done four complete weeks ago, and were not measured, with an id beyond `after_id`."""
    latest = grading.last_complete_week(now.date()) - LEAST_WEEKS * WEEK
    query = access.select_visible(FeedbackAction, SYSTEM).outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)
    query = query.where(FeedbackAction.state == "done", FeedbackEffect.id.is_(None), FeedbackAction.done_on <= latest + timedelta(days=6))
    query = query.where(FeedbackAction.kind == MEASURED, FeedbackAction.id > after_id).order_by(FeedbackAction.id).limit(BATCH)
    return list(db.session.scalars(query.options(joinedload(FeedbackAction.section), joinedload(FeedbackAction.pack))))


def weeks_after(done_on: date, now: datetime) -> list[date]:
    """The Mondays of the complete weeks after the day, eight at most."""
    first = done_on - timedelta(days=done_on.weekday()) + WEEK
    number = (grading.last_complete_week(now.date()) - first).days // 7 + 1
    return mondays(first + (min(number, SHOWN) - 1) * WEEK, min(number, SHOWN)) if number > 0 else []


def starts_on(action: FeedbackAction, lots: Lots) -> date | None:
    """The day from which it counts: the first of the lot it was done from, where one of `lots` is named and began later, else the day it was
    done; None while a lot that is named has not been sold."""
    assert action.done_on is not None
    days = [action.done_on]
    for code in finding_lots.named(action.lot, lots):
        first = lots[code]
        if first is None:
            return None
        days.append(first)
    return max(days)


def measure(action: FeedbackAction, now: datetime, lots: Lots | None = None) -> FeedbackEffect | None:
    """The effect of a promise that was done; None while it is too early to say. `lots`: code → first day sold; None: the SKU's own."""
    began = starts_on(action, finding_lots.of_sku(action.sku_id) if lots is None else lots)
    if began is None:
        return None
    after = weeks_after(began, now)
    if len(after) < LEAST_WEEKS or not window.is_rolled_up(action.brand_id, after[-1]):
        return None
    last = began - timedelta(days=began.weekday()) - WEEK
    weeks = Weeks(mondays(last, SHOWN), after)
    found = comparables.measured(action, weeks)
    if found.told.verdict == "too_few" and len(after) < SHOWN:
        return None
    return _write(action, weeks, found, now)


def _write(action: FeedbackAction, weeks: Weeks, found: Measured, now: datetime) -> FeedbackEffect:
    loaded = window.load(action.brand_id, weeks.before[0], weeks.after[-1], [action.sku_id])
    halves = [loaded.own(action.sku_id, action.factory_id, those) for those in (weeks.before, weeks.after)]
    units = [column(cells, "units") for cells in halves]
    told = [rates.rate(column(cells, "orders"), column(cells, "returned_orders")) for cells in halves]
    effect = FeedbackEffect(
        action_id=action.id, since=weeks.after[0], until=weeks.after[-1], units_before=units[0], units_after=units[1],
        rate_before=told[0].as_json() if told[0] else None, rate_after=told[1].as_json() if told[1] else None,
        verdict=found.told.verdict, table_version=loaded.table_version, measured_at=now, change=found.told.as_json(),
    )  # fmt: skip
    db.session.add(effect)
    if found.beside.controls:
        comparison = EffectComparison(
            action_id=action.id, brand_id=action.brand_id, verdict=found.beside.verdict, effect=found.beside.as_json(), controls=found.controls,
            factories=found.factories,
        )  # fmt: skip
        db.session.add(comparison)
    db.session.flush()
    telling.of_action(action, "measured", SYSTEM, now)
    return effect


def finished(now: datetime) -> list[FeedbackPack]:
    """Packs that were acted on four complete weeks ago, of which every fix that was done has been measured."""
    open_ones = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.pack_id)
    open_ones = open_ones.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)
    open_ones = open_ones.where(FeedbackAction.state == "done", FeedbackAction.kind == MEASURED, FeedbackEffect.id.is_(None))
    latest = now - (LEAST_WEEKS + 1) * WEEK
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.state == "acted", FeedbackPack.id.not_in(open_ones))
    measured = access.select_visible(FeedbackAction, SYSTEM, func.count(FeedbackAction.id)).where(
        FeedbackAction.pack_id == FeedbackPack.id, FeedbackAction.state == "done", FeedbackAction.kind == MEASURED
    )
    ready = (FeedbackPack.acted_at <= latest) | (measured.correlate(FeedbackPack).scalar_subquery() > 0)
    return list(db.session.scalars(query.where(ready).order_by(FeedbackPack.id).limit(BATCH)))


def close(pack: FeedbackPack, now: datetime) -> Any:
    """Its effect is known."""
    return workflow.fire(pack, "measure", SYSTEM, now=now)
