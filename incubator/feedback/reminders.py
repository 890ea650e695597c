"""Reminding of packs that wait for an answer, each step once: the day before they are due; the day after, when the brand is told as well;
and three days after, when those who answer for the products and the factory's field agents are.

The day is the factory's: it is late there when the day it had to answer by is over.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_

from incubator.accounts import notices
from incubator.feedback import telling
from incubator.feedback.models import FeedbackPack
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.schedule.localday import day_in

BATCH = 200
A_DAY = timedelta(days=1)
ESCALATED_AFTER = 3  # days
FORGOTTEN = timedelta(days=28)  # older ones have a younger pack behind them


def remind_batch(now: datetime, after_id: int) -> tuple[int, int | None]:
    """Look at up to BATCH packs with an id beyond `after_id`, in the caller's transaction: (how many were told of, the last id or None)."""
    packs = db.session.scalars(_candidates(now, after_id)).all()
    return sum(_remind(pack, now) for pack in packs), packs[-1].id if packs else None


def _candidates(now: datetime, after_id: int) -> Any:
    """Not answered, and due tomorrow or earlier somewhere on Earth. Concurrent sweeps share the work."""
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.id > after_id)
    soon = and_(FeedbackPack.state.in_(("sent", "read")), FeedbackPack.due_on <= (now + 2 * A_DAY).date())
    late = and_(FeedbackPack.state == "overdue", FeedbackPack.escalated_at.is_(None))
    late = and_(late, FeedbackPack.due_on.between(now.date() - FORGOTTEN, now.date() - A_DAY))
    query = query.where(or_(soon, late)).order_by(FeedbackPack.id).limit(BATCH)
    return query.with_for_update(of=FeedbackPack, skip_locked=True)


def _remind(pack: FeedbackPack, now: datetime) -> int:
    people = notices.people_of(pack.factory_id)
    assert pack.due_on is not None
    left = (pack.due_on - day_in(people[0].timezone if people else "Asia/Shanghai", now)).days
    if pack.state == "overdue":
        return _escalate(pack, now) if -left >= ESCALATED_AFTER else 0
    if left < 0:
        workflow.fire(pack, "expire", SYSTEM, now=now)
        telling.factory(pack, "late", now)
        telling.brand(pack, "escalated", now)
        return 1
    if left > 1 or pack.reminded_for:
        return 0
    pack.reminded_for = "soon"
    db.session.flush()
    telling.factory(pack, "soon", now)
    return 1


def _escalate(pack: FeedbackPack, now: datetime) -> int:
    pack.escalated_at = now
    db.session.flush()
    telling.escalate(pack, now)
    return 1
