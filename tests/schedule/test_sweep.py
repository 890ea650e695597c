"""The hourly sweep: whom it tells, how often, and how fast."""

import time
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.bulk import insert_many
from incubator.kernel.mail_table import OutboxMail
from incubator.products.models import Product
from incubator.schedule import sweep
from incubator.schedule.jobs import JOBS, sweep_milestones
from incubator.schedule.models import Milestone
from tests.builders import a_milestone, a_person, a_product, a_programme, an_organisation

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = NOON.date()


@pytest.fixture
def brand(session):
    return an_organisation("brand")


def run(now):
    return sweep_milestones(SimpleNamespace(progress=lambda *_: None), now)


def told(session):
    rows = session.execute(select(Notification.user_id, Notification.text).order_by(Notification.id))
    return [(user, text.removeprefix("milestone.")) for user, text in rows]


def test_each_threshold_is_told_once(session, brand):
    owner = a_person(brand)
    a_milestone(a_product(a_programme(brand)), "T1", DAY, owner_id=owner.id)
    for offset in (-4, -3, -3, -2, -1, 0, 0, 1, 2, 9):
        run(NOON + timedelta(days=offset))
    assert told(session) == [(owner.id, "soon"), (owner.id, "due"), (owner.id, "late")]
    mails = session.scalars(select(OutboxMail)).all()
    assert [m.to_address for m in mails] == [owner.email] * 3
    assert "T1" in mails[0].subject
    assert mails[0].link.endswith("/plan")


def test_the_reader_is_the_owner_the_products_owner_or_the_managers(session, brand):
    mine, products, boss, gone = a_person(brand), a_person(brand), a_person(brand, manager=True), a_person(brand, disabled_at=clock.now())
    programme = a_programme(brand)
    a_milestone(a_product(programme, owner_id=products.id), due_on=DAY, owner_id=mine.id)
    a_milestone(a_product(programme, owner_id=products.id), due_on=DAY)
    a_milestone(a_product(programme), due_on=DAY)
    a_milestone(a_product(programme, owner_id=gone.id), due_on=DAY)
    assert run(NOON)["reminded"] == 4
    assert sorted(told(session)) == sorted([(mine.id, "due"), (products.id, "due"), (boss.id, "due"), (boss.id, "due")])


def test_what_is_done_or_ended_is_left_alone(session, brand):
    programme = a_programme(brand)
    a_milestone(a_product(programme), due_on=DAY, done_at=NOON)
    a_milestone(a_product(programme, "stopped"), due_on=DAY)
    a_milestone(a_product(programme), due_on=DAY + timedelta(days=4))
    assert run(NOON) == {"reminded": 0, "risks": 0}
    assert told(session) == []


def test_time_alone_raises_the_risk(session, brand):
    programme = a_programme(brand)
    owner = a_person(brand)
    near, past, far = (a_product(programme, risk="green", owner_id=owner.id) for _ in range(3))
    for product, days in ((near, 3), (past, -1), (far, 30)):
        a_milestone(product, due_on=DAY + timedelta(days=days))
    version, changed = past.version, past.updated_at
    assert run(NOON)["risks"] == 2
    session.expire_all()
    assert [p.risk for p in (near, past, far)] == ["amber", "red", "green"]
    assert (past.version, past.updated_at) == (version, changed)
    assert run(NOON)["risks"] == 0


def test_people_of_several_zones_are_told_on_their_own_day(session, brand):
    people = {zone: a_person(brand, timezone=zone) for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles")}
    programme = a_programme(brand)
    for person in people.values():
        a_milestone(a_product(programme), due_on=date(2026, 11, 23), owner_id=person.id, reminded_for="soon")
    days = {}
    moment = datetime(2026, 11, 22, 0, tzinfo=UTC)
    while len(days) < 3:
        before = len(told(session))
        run(moment)
        days.update({user: moment for user, _ in told(session)[before:]})
        moment += timedelta(hours=1)
    first_hour = {zone: days[person.id] for zone, person in people.items()}
    assert first_hour == {
        "Asia/Shanghai": datetime(2026, 11, 22, 16, tzinfo=UTC),
        "UTC": datetime(2026, 11, 23, 0, tzinfo=UTC),
        "America/Los_Angeles": datetime(2026, 11, 23, 8, tzinfo=UTC),
    }


def test_mail_is_in_the_readers_language(session, brand):
    a_milestone(a_product(a_programme(brand)), "封样", DAY, owner_id=a_person(brand, locale="zh").id)
    run(NOON)
    assert session.scalars(select(OutboxMail)).one().locale == "zh"


def test_the_job_is_hourly(session):
    assert [(job.name, job.cron) for job in JOBS] == [("milestones.sweep", "5 * * * *"), ("milestones.replan", None)]


def seconds_of_the_writes_alone(session, user):
    """What 10,000 notices cost when nobody has to be found first; rolled back."""
    rows = [{"user_id": user.id, "organisation_id": None, "text": "x", "params": {"name": "封样"}, "url": "/"}] * 10_000
    started = time.perf_counter()
    insert_many(Notification, rows, created_at=NOON)
    session.rollback()
    return time.perf_counter() - started


def test_ten_thousand_reach_the_outbox_in_bulk(session, brand, capsys):
    programme = a_programme(brand)
    owners = [a_person(brand, locale=("zh", "en")[i % 2], timezone=("Asia/Shanghai", "UTC")[i % 2]) for i in range(20)]
    now = clock.now()
    rows = [
        {"brand_id": brand.id, "programme_id": programme.id, "code": f"L-{i}", "name": f"产品 {i}", "type": "hero", "state": "sampling",
         "state_since": now, "owner_id": owners[i % 20].id, "risk": "green"}
        for i in range(10_000)
    ]  # fmt: skip
    session.execute(insert(Product), rows)
    ids = session.scalars(select(Product.id)).all()
    values = {"brand_id": brand.id, "baseline_on": DAY, "due_on": DAY}
    session.execute(insert(Milestone), [{**values, "product_id": i, "name": "封样"} for i in ids])
    session.commit()
    floor = seconds_of_the_writes_alone(session, owners[0])
    started = time.perf_counter()
    counts = run(NOON)
    seconds = time.perf_counter() - started
    assert counts == {"reminded": 10_000, "risks": 10_000}
    assert session.scalar(select(func.count(OutboxMail.id))) == 10_000
    with capsys.disabled():
        print(
            f"\nsweep of 10,000 milestones on {session.get_bind().dialect.name}: {seconds:.2f} s, {seconds / floor:.1f} times its inserts alone"
        )
    assert seconds < max(0.75, 30 * floor)  # tests share the machine, so the aim in seconds is the benchmark's to judge
    assert sweep.remind_batch(NOON) == 0
