"""Tells executive owners, once a week, that complaints of theirs are growing old."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.signals import wall_queries
from incubator.signals.wall_models import Complaint

DAYS = 7


def is_due(now: datetime) -> bool:
    return bool(wall_queries.waiting_long(now, now.date(), DAYS, 1))


def remind_one(owner_id: int, number: int, oldest: datetime, now: datetime, today: date) -> None:
    """Tell one owner and remember the day, in the caller's transaction."""
    late = Complaint.opened_at <= now - timedelta(days=DAYS)
    chosen = access.visible(Complaint, SYSTEM) & (Complaint.owner_id == owner_id) & Complaint.state.in_(wall_queries.OPEN) & late
    db.session.execute(update(Complaint).where(chosen).values(reminded_on=today).execution_options(synchronize_session=False))
    users: Any = db.session.scalars(access.select_visible(User, SYSTEM).where(User.id == owner_id, User.disabled_at.is_(None)))
    notices.notify(users, "complaint.waiting", f"/wall?owner_id={owner_id}", now, n=number, days=wall_queries.days_open(oldest, now))
