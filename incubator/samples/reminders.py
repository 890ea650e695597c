"""Reminding of rounds that are to be shipped: three days before, on the day, and late, each once, on the day where the factory is.

A threshold that was told of is never told of again, nor an earlier one: a clock that is set back tells nobody anything twice.
"""

from datetime import datetime, timedelta
from typing import Any

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.samples import telling
from incubator.samples.models import THRESHOLDS, SampleRound
from incubator.samples.workflow import ENDED
from incubator.schedule.localday import day_in
from incubator.schedule.service import SOON

BATCH = 200
WITH_THE_FACTORY = ("requested", "in_making")
A_DAY = timedelta(days=1)


def remind_batch(now: datetime, after_id: int) -> tuple[int, int | None]:
    """Look at up to BATCH rounds with an id beyond `after_id`, in the caller's transaction: (how many were told of, the last id or None)."""
    rounds = db.session.scalars(_candidates(now, after_id)).all()
    told = sum(_remind(round, now) for round in rounds)
    return told, rounds[-1].id if rounds else None


def _candidates(now: datetime, after_id: int) -> Any:
    """Open at a factory, not yet told to be late, and due soon somewhere on Earth. Concurrent sweeps share the work."""
    horizon = (now + timedelta(days=SOON) + A_DAY).date()
    query = access.select_visible(SampleRound, SYSTEM).join(Product, Product.id == SampleRound.product_id)
    query = query.where(SampleRound.state.in_(WITH_THE_FACTORY), SampleRound.due_on <= horizon, SampleRound.reminded_for != "late")
    query = query.where(SampleRound.id > after_id, Product.state.not_in(ENDED)).order_by(SampleRound.id).limit(BATCH)
    return query.with_for_update(of=SampleRound, skip_locked=True)


def _remind(round: SampleRound, now: datetime) -> int:
    factory = notices.people_of(round.factory_id)
    threshold = _threshold(round, factory, now)
    if THRESHOLDS.index(threshold) <= THRESHOLDS.index(round.reminded_for):
        return 0
    round.reminded_for = threshold
    telling.send(factory, round, threshold, now, round.factory_id)
    if threshold == "late":
        telling.send(telling.brand_people(round), round, threshold, now, round.brand_id)
    return 1


def _threshold(round: SampleRound, factory: list[User], now: datetime) -> str:
    left = (round.due_on - day_in(factory[0].timezone if factory else "UTC", now)).days
    return "late" if left < 0 else "due" if left == 0 else "soon" if left <= SOON else ""
