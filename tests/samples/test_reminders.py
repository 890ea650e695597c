"""The hourly reminder: three days before, on the day, late; each once, on the factory's day, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import clock, workflow
from incubator.samples import jobs
from tests.samples.builders import Desk

DUE = date(2026, 3, 20)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def desk(session):
    with clock.frozen(NOON):
        desk = Desk()
        desk.due = desk.ask(due_on=DUE)
        yield desk


def sweep(at):
    return jobs.remind(SimpleNamespace(progress=lambda *_: None), at)["reminded"]


def told(session, user):
    found = session.scalars(select(Notification.text).where(Notification.user_id == user.id).order_by(Notification.id)).all()
    return [t.removeprefix("sample.") for t in found if t != "sample.request"]


def day(number, hour=12):
    return datetime(2026, 3, number, hour, tzinfo=UTC)


def test_each_threshold_is_told_once(desk, session):
    assert [sweep(day(n)) for n in (16, 17, 17, 18, 20, 20, 21, 22)] == [0, 1, 0, 0, 1, 0, 1, 0]
    assert told(session, desk.maker) == ["soon", "due", "late"]
    assert told(session, desk.user) == ["late"], "the brand learns of what is late"


def test_case_40_a_clock_set_back_tells_nothing_again(desk, session):
    assert [sweep(day(n)) for n in (20, 18, 17, 20)] == [1, 0, 0, 0]


def test_case_40_the_day_is_the_factorys(desk, session):
    desk.maker.timezone = "Asia/Shanghai"
    session.commit()
    assert sweep(day(16, 17)) == 1, "in Shanghai it is the 17th already"
    desk.maker.timezone = "America/Los_Angeles"
    session.commit()
    assert sweep(day(20, 3)) == 0 and sweep(day(20, 9)) == 1, "in Los Angeles it is still the 19th, then the 20th"


def test_what_is_shipped_or_ended_is_not_reminded(desk, session):
    desk.lead(desk.due, "shipped")
    other = desk.ask(due_on=DUE)
    session.commit()
    workflow.fire(desk.product, "stop", desk.actor, note="?", now=NOON)
    session.commit()
    assert sweep(day(25)) == 0 and other.reminded_for == ""


def test_a_new_day_reminds_anew(desk, session):
    from incubator.samples import service

    sweep(day(18))
    data = {"kind": "approval", "quantity": 3, "due_on": DUE + timedelta(days=7), "instructions": ""}
    service.change(desk.due, data, desk.actor, NOON, desk.due.version)
    session.commit()
    assert [sweep(day(n)) for n in (19, 25)] == [0, 1]


def test_many_rounds_take_several_batches(desk, session, monkeypatch):
    monkeypatch.setattr("incubator.samples.reminders.BATCH", 2)
    for _ in range(4):
        desk.ask(due_on=DUE)
    session.commit()
    assert sweep(day(18)) == 5 and sweep(day(18)) == 0


def test_without_people_the_day_is_utc(desk, session):
    desk.maker.disabled_at = NOON
    session.commit()
    assert sweep(day(21)) == 1 and told(session, desk.user) == ["late"]
