"""What stays late goes up: so many working days after the day, the product's owner is told, then the programme's; each once.

Working days are those of the brand's country; how many, the programme's rules say (0 is never).
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, update

from incubator.accounts import notices
from incubator.accounts.models import Organisation, User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.products.models import Product, Programme
from incubator.schedule import sweep
from incubator.schedule.localday import day_by_zone
from incubator.schedule.models import Milestone
from incubator.schedule.plan_models import ReminderSetting
from incubator.schedule.queries import ENDED
from incubator.schedule.reminder_service import DEFAULTS
from incubator.schedule.workdays import Calendar

notices.register(
    {
        "milestone.up": _l("“%(name)s” of your product “%(product)s” was due on %(due)s and is still not met."),
        "milestone.top": _l("“%(name)s” of “%(product)s”, in your programme, was due on %(due)s and is still not met."),
    }
)
# (what was told last, what is told now, the rule, whose it is)
STEPS = (
    ("late", "up", "owner_after", Product.owner_id),
    ("up", "top", "programme_after", Programme.owner_id),
)


def escalate_batch(now: datetime) -> int:
    """Tell of up to a batch of milestones per step in the caller's transaction; how many. A step that is never taken is passed over."""
    return sum(_step(now, *step) for step in STEPS) if _something_stays_late() else 0


def _something_stays_late() -> bool:
    """Asked first: to count working days, a quarter of a second of holidays is loaded."""
    query = access.select_visible(Milestone, SYSTEM, Milestone.id).where(Milestone.done_at.is_(None))
    return db.session.scalar(query.where(Milestone.reminded_for.in_(("late", "up"))).limit(1)) is not None


def _step(now: datetime, told: str, text: str, rule: str, reader: Any) -> int:
    limits = _limits(now, rule, User.timezone)
    if not limits:
        return 0
    rows = db.session.execute(_overdue(told, limits, reader)).all()
    if rows:
        _note([row.id for row in rows], text)
        sweep.send([letter for row in rows for letter in _letters(row, f"milestone.{text}")], now)
    return len(rows)


def _limits(now: datetime, rule: str, zone: Any) -> list[Any]:
    """SQL: one criterion for each country and each number of days that programmes wait; a rule of 0 days gives none."""
    wait = func.coalesce(getattr(ReminderSetting, rule), DEFAULTS[rule])
    query = access.select_visible(Programme, SYSTEM, Organisation.country, wait).join(Organisation, Organisation.id == Programme.brand_id)
    query = query.outerjoin(ReminderSetting, ReminderSetting.programme_id == Programme.id).distinct()
    found = []
    for country, days in db.session.execute(query):
        if days:
            last = day_by_zone(zone, now, partial(_last_day, Calendar(country), days))
            found.append(and_(Organisation.country == country, wait == days, Milestone.due_on <= last))
    return found


def _last_day(calendar: Calendar, days: int, today: date) -> date:
    """The latest due day that is `days` working days late on `today`."""
    return calendar.latest(today, days)


def _overdue(told: str, limits: Sequence[Any], reader: Any) -> Any:
    columns = (
        Milestone.id, Milestone.name, Milestone.due_on, Milestone.brand_id, Milestone.product_id, Product.name.label("product"),
        User.id.label("user_id"), User.email, User.locale, User.name.label("user_name"),
    )  # fmt: skip
    query = access.select_visible(Milestone, SYSTEM, *columns).join(Product, Product.id == Milestone.product_id)
    query = query.join(Programme, Programme.id == Product.programme_id).join(Organisation, Organisation.id == Milestone.brand_id)
    query = query.outerjoin(ReminderSetting, ReminderSetting.programme_id == Programme.id)
    query = query.outerjoin(User, and_(User.id == reader, User.disabled_at.is_(None)))
    query = query.where(Milestone.done_at.is_(None), _was_told(told), Product.state.not_in(ENDED), or_(*limits))
    return query.order_by(Milestone.due_on, Milestone.id).limit(sweep.BATCH).with_for_update(of=Milestone, skip_locked=True)


def _was_told(told: str) -> Any:
    """SQL: the step before has been taken; where the rules leave the product's owner out, being late is enough for the next."""
    if told == "late":
        return Milestone.reminded_for == "late"
    passed_over = and_(Milestone.reminded_for == "late", ReminderSetting.owner_after == 0)
    return or_(Milestone.reminded_for == told, passed_over)


def _note(ids: list[int], text: str) -> None:
    chosen = access.visible(Milestone, SYSTEM), Milestone.id.in_(id_set(ids))
    change = update(Milestone).where(*chosen).values(reminded_for=text, updated_at=Milestone.updated_at)
    db.session.execute(change.execution_options(synchronize_session=False))


def _letters(row: Any, text: str) -> list[sweep.Letter]:
    """To the owner of the step, or the brand's managers where there is none."""
    if row.user_id is not None:
        return [sweep.Letter(row, text, row.brand_id, row.user_id, row.email, row.locale, row.user_name)]
    return sweep.letters_to(sweep.managers_of(row.brand_id), row, text, row.brand_id)
