"""What time and the products' progress do to tranches: conditions come to hold, tranches fall due, people are reminded once per threshold.

A tranche falls due when all its conditions hold, or at the latest on the day on which it was expected.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts import notices
from incubator.investors import conditions
from incubator.investors.models import Commitment, Tranche, TrancheCondition
from incubator.kernel import access, i18n, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

OPEN = ("planned", "due")
SOON = LATE = timedelta(days=14)
ZONE = "Asia/Shanghai"  # of a brand that has no manager yet
notices.register(
    {
        "tranche.soon": _l("The tranche “%(name)s” of “%(programme)s” is expected within two weeks."),
        "tranche.late": _l("The tranche “%(name)s” of “%(programme)s” has been due for two weeks."),
    }
)


def open_ids() -> list[int]:
    """Every tranche that has not ended, whoever's it is."""
    return list(db.session.scalars(access.select_visible(Tranche, SYSTEM, Tranche.id).where(Tranche.state.in_(OPEN)).order_by(Tranche.id)))


def look_at(tranche_id: int, now: datetime) -> bool:
    """Bring one tranche up to date and tell whom it concerns; whether anything changed. Twice in a row does nothing."""
    found = _open(Tranche.id == tranche_id)
    return any(refresh(tranche, now) for tranche in found)


def follow_product(product_id: int, now: datetime) -> None:
    """The product moved: whatever waits for it is looked at now, in the same transaction."""
    waiting = access.select_visible(TrancheCondition, SYSTEM, TrancheCondition.tranche_id).where(TrancheCondition.product_id == product_id)
    for tranche in _open(Tranche.id.in_(waiting)):
        refresh(tranche, now)


def _open(criterion: object) -> Sequence[Tranche]:
    query = access.select_visible(Tranche, SYSTEM).where(criterion, Tranche.state.in_(OPEN)).order_by(Tranche.id)  # type: ignore[arg-type]
    options = (joinedload(Tranche.commitment).joinedload(Commitment.programme), selectinload(Tranche.conditions))
    return db.session.scalars(query.options(*options).with_for_update(of=Tranche)).all()


def refresh(tranche: Tranche, now: datetime) -> bool:
    """Note which conditions hold, let it fall due, remind. Whether anything changed."""
    today = _today_of(tranche.brand_id, now)
    judged = conditions.judge([tranche], today)[tranche.id]
    changed = [_note(condition, met, now) for condition, _text, met in judged]
    if tranche.state == "planned" and (tranche.due_on <= today or all(met for _c, _text, met in judged)):
        db.session.flush()  # the next line reads the tranche anew, and its conditions with it
        workflow.fire(tranche, "fall_due", SYSTEM, now=now)
        tranche.reminded_for = "due"
        _tell(tranche, "tranche.due", now, with_investor=True)
        return True
    return _remind(tranche, today, now) or any(changed)


def _note(condition: TrancheCondition, met: bool, now: datetime) -> bool:
    if met == (condition.met_at is not None):
        return False
    condition.met_at = now if met else None
    return True


def _remind(tranche: Tranche, today: date, now: datetime) -> bool:
    """The brand's managers alone: two weeks before, and two weeks after a tranche fell due."""
    soon = tranche.state == "planned" and tranche.due_on - today <= SOON and tranche.reminded_for == ""
    late = tranche.state == "due" and today - i18n.local(tranche.state_since, ZONE).date() >= LATE and tranche.reminded_for != "late"
    if not (soon or late):
        return False
    tranche.reminded_for = "soon" if soon else "late"
    tranche.updated_at = now
    _tell(tranche, f"tranche.{tranche.reminded_for}", now)
    return True


def _tell(tranche: Tranche, text: str, now: datetime, *, with_investor: bool = False) -> None:
    people = notices.people_of(tranche.brand_id, managers_only=True)
    people += notices.people_of(tranche.investor_id) if with_investor else []
    programme = tranche.commitment.programme.name
    notices.notify(people, text, f"/tranches/{tranche.id}", now, name=tranche.name, programme=programme)


def _today_of(brand_id: int, now: datetime) -> date:
    """The calendar day where the brand's first manager is."""
    managers = notices.people_of(brand_id, managers_only=True)
    return i18n.local(now, managers[0].timezone if managers else ZONE).date()
