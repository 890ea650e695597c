"""Reminding of packs that wait for an answer: the day before they are due, once; and overdue, once, when the brand is told as well.

The day is the factory's: it is late there when the day it had to answer by is over.
"""

from datetime import datetime, timedelta
from typing import Any

from incubator.accounts import notices
from incubator.feedback import telling
from incubator.feedback.models import FeedbackPack
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.schedule.localday import day_in

BATCH = 200
A_DAY = timedelta(days=1)


def remind_batch(now: datetime, after_id: int) -> tuple[int, int | None]:
    """Look at up to BATCH packs with an id beyond `after_id`, in the caller's transaction: (how many were told of, the last id or None)."""
    packs = db.session.scalars(_candidates(now, after_id)).all()
    return sum(_remind(pack, now) for pack in packs), packs[-1].id if packs else None


def _candidates(now: datetime, after_id: int) -> Any:
    """Not answered, and due tomorrow or earlier somewhere on Earth. Concurrent sweeps share the work."""
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.state.in_(("sent", "read")), FeedbackPack.id > after_id)
    query = query.where(FeedbackPack.due_on <= (now + 2 * A_DAY).date()).order_by(FeedbackPack.id).limit(BATCH)
    return query.with_for_update(of=FeedbackPack, skip_locked=True)


def _remind(pack: FeedbackPack, now: datetime) -> int:
    people = notices.people_of(pack.factory_id)
    assert pack.due_on is not None
    left = (pack.due_on - day_in(people[0].timezone if people else "Asia/Shanghai", now)).days
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
