"""From lines to weeks and grades: sums agree with the lines, codes may be explained later, and doing it twice changes nothing."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from incubator.kernel import clock
from incubator.kernel.errors import NotFound, Refused
from incubator.launches.models import Sku, SkuFactory
from incubator.sales import adoption, charts, grading, jobs, lake, rolling, service
from incubator.sales.models import FeedCode, SkuGrade, SkuWeek, SkuWeekReason, StaleWeek
from tests import builders
from tests.sales.desk import HEAD, Desk, a_channel, a_sku, line

MONDAY = date(2026, 3, 2)


def rolled(desk, session):
    done = service.roll_up(desk.brand.id)
    session.commit()
    return done


def weeks(session):
    rows = session.scalars(select(SkuWeek).order_by(SkuWeek.sku_id, SkuWeek.channel_id, SkuWeek.week))
    return [(w.sku_id, w.week, w.units, w.orders, w.revenue_minor, w.returned_units, w.refunded_minor) for w in rows]


def test_weeks_add_up_and_returns_stand_in_the_week_they_came(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1")
    text = HEAD + "".join((
        line("1", "k-1", 2, MONDAY), line("2", "K-1", 3, MONDAY + timedelta(days=6)), line("3", "K-1", 1, MONDAY + timedelta(days=7)),
        line("4", "K-1", -1, MONDAY + timedelta(days=8), reason="质量差"), line("5", "K-1", -1, MONDAY + timedelta(days=8)),
    ))  # fmt: skip
    desk.hand_in(text)
    assert rolled(desk, session) == 2
    next_week = MONDAY + timedelta(days=7)
    assert weeks(session) == [(sku.id, MONDAY, 5, 2, 5000, 0, 0), (sku.id, next_week, 1, 1, 1000, 2, 2000)]
    assert dict(session.execute(select(SkuWeekReason.reason, SkuWeekReason.units)).all()) == {"quality": 1, "unstated": 1}
    before = weeks(session)
    service.mark(desk.brand.id, [MONDAY, next_week], clock.now())
    assert rolled(desk, session) == 2 and weeks(session) == before and rolled(desk, session) == 0
    assert session.scalars(select(SkuWeek.table_version)).all() == [lake.version()] * 2


def test_a_code_explained_later_brings_its_history(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1")
    desk.hand_in(HEAD + line("1", "SHOP-77", 4, MONDAY) + line("2", "FEE", 1, MONDAY))
    rolled(desk, session)
    assert weeks(session) == []
    codes = {code.code: code for code in session.scalars(select(FeedCode))}
    service.resolve([codes["SHOP-77"]], sku, desk.actor, clock.now())
    service.ignore([codes["FEE"]], desk.actor, clock.now())
    session.commit()
    assert rolled(desk, session) == 1 and [w[2] for w in weeks(session)] == [4]
    assert {c.code: c.status for c in session.scalars(select(FeedCode))} == {"SHOP-77": "known", "FEE": "ignored"}
    with pytest.raises(Refused):
        service.resolve([codes["SHOP-77"]], sku, desk.actor, clock.now())


def test_one_code_means_what_its_channel_says(session):
    desk = Desk()
    first, second = a_sku(desk.product, "K-1"), a_sku(desk.product, "K-2")
    other = a_channel(desk.brand, "拼多多店")
    desk.hand_in(HEAD + line("1", "77", 1, MONDAY))
    desk.hand_in(HEAD + line("1", "77", 2, MONDAY), channel=other)
    for code in session.scalars(select(FeedCode)):
        service.resolve([code], first if code.channel_id == desk.channel.id else second, desk.actor, clock.now())
    session.commit()
    rolled(desk, session)
    assert [(w[0], w[2]) for w in weeks(session)] == [(first.id, 1), (second.id, 2)]


def test_adopted_codes_are_spread_by_the_written_rule(session):
    desk = Desk()
    desk.hand_in(HEAD + "".join(line(str(n), f"C-{n}", 1, MONDAY) for n in range(40)))
    codes = list(session.scalars(select(FeedCode)))
    factories = [f.id for f in desk.factories]
    assert adoption.adopt(codes, desk.product, factories, desk.actor, clock.now()) == 40
    session.commit()
    rolled(desk, session)
    assert session.scalar(select(func.count(SkuWeek.id))) == 40 and session.scalar(select(func.count()).where(Sku.is_legacy)) == 40
    makers = session.execute(select(SkuFactory.organisation_id, SkuFactory.note, SkuFactory.from_on)).all()
    assert {m.organisation_id for m in makers} == set(factories) and all("invented" in m.note and m.from_on == MONDAY for m in makers)
    with pytest.raises(Refused):
        adoption.adopt(codes, desk.product, factories, desk.actor, clock.now())
    stranger = builders.an_organisation("factory")
    with pytest.raises(Refused):
        adoption.adopt([], desk.product, [stranger.id], desk.actor, clock.now())


def test_the_job_rolls_up_and_grades_and_then_has_nothing_to_do(session, monkeypatch):
    desk = Desk()
    sku = a_sku(desk.product, "K-1", planned_units_per_week=10)
    last = grading.last_complete_week(clock.now().date())
    desk.hand_in(HEAD + "".join(line(str(n), "K-1", 20, last - timedelta(weeks=n)) for n in range(6)))

    class Run:
        def progress(self, *_): ...

    assert jobs.roll_up(Run(), clock.now()) == {"weeks": 6, "grades": 1}
    grade = session.scalars(select(SkuGrade)).one()
    assert (grade.sku_id, grade.grade, grade.pace, grade.figures["against"], grade.week) == (sku.id, "hit", 20.0, "plan", last)
    assert jobs.roll_up(Run(), clock.now()) == {"weeks": 0, "grades": 0} and not service.stale_brands()
    assert jobs.grade(Run(), clock.now()) == {"grades": 1}


def test_case_41_a_roll_up_that_dies_before_it_has_graded_leaves_its_last_weeks_marked(session, monkeypatch):
    desk = Desk()
    a_sku(desk.product, "K-1", planned_units_per_week=10)
    last = grading.last_complete_week(clock.now().date())
    desk.hand_in(HEAD + "".join(line(str(n), "K-1", 20, last - timedelta(weeks=n)) for n in range(6)))
    with monkeypatch.context() as patch:
        patch.setattr(grading, "grade", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jobs.roll_up(SimpleNamespace(progress=lambda *_: None), clock.now())
        session.rollback()
    assert service.is_stale(desk.brand.id) and not session.scalars(select(SkuGrade)).all()
    assert jobs.roll_up(SimpleNamespace(progress=lambda *_: None), clock.now())["grades"] == 1


def test_the_roll_up_agrees_with_plain_arithmetic(session):
    desk = Desk()
    for n in range(5):
        a_sku(desk.product, f"K-{n}")
    lines_ = [(str(n), f"K-{n % 5}", (n % 7) + 1, MONDAY + timedelta(days=n % 30), f"{(n % 11) + 1}.{n % 10}0") for n in range(400)]
    desk.hand_in(HEAD + "".join(line(*cells) for cells in lines_))
    while service.roll_up(desk.brand.id, most=2):
        session.commit()
    total = sum(units * round(float(price) * 100) for _, _, units, _, price in lines_)
    assert session.scalar(select(func.sum(SkuWeek.revenue_minor))) == total
    assert session.scalar(select(func.sum(SkuWeek.units))) == sum(row[2] for row in lines_)
    assert not session.scalars(select(StaleWeek)).all() and rolling.of_weeks(desk.brand.id, [], [])[0] == []


def test_another_brands_codes_and_channels_do_not_exist(session):
    desk, rival = Desk(), Desk()
    desk.hand_in(HEAD + line("1", "X", 1, MONDAY))
    (code,) = session.scalars(select(FeedCode))
    with pytest.raises(Refused):
        service.feed_codes([code.id], rival.actor)
    with pytest.raises(NotFound):
        service.channel_of(desk.channel.id, rival.actor)


def test_a_bar_of_the_drawing_is_as_wide_as_its_week(app):
    rows = [SimpleNamespace(week=date(2026, 1, 5) + timedelta(weeks=n), units=10 + n, returned=1) for n in range(4)]
    with app.test_request_context():
        drawn = charts.weekly(rows)
    assert drawn["mark"]["width"] == {"expr": "max(1, width / 5 - 1)"} and "timeUnit" not in drawn["encoding"]["x"]
    assert {v["units"] for v in drawn["data"]["values"]} == {10, 11, 12, 13, -1}


def test_a_roll_up_reads_no_more_lines_at_once_than_fit_and_makes_the_same_weeks(session, monkeypatch):
    """Distinct orders are counted in memory: hundreds of millions of lines are rolled up some weeks at a time."""
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    desk.hand_in(HEAD + "".join(line(str(n), "K-1", 1, date(2026, 3, 2) + timedelta(days=n)) for n in range(40)))
    monkeypatch.setattr(rolling, "MOST_LINES", 15)
    weeks = sorted(session.scalars(select(StaleWeek.week)))
    assert len(weeks) == 6 and rolling.portion(desk.brand.id, weeks) == weeks[:2] and rolling.portion(desk.brand.id, []) == []
    portions = []
    while done := service.roll_up(desk.brand.id):
        portions.append(done)
    assert portions == [2, 2, 2]
    monkeypatch.setattr(rolling, "MOST_LINES", 0)
    assert rolling.portion(desk.brand.id, weeks) == weeks[:1]
    found = session.execute(select(SkuWeek.week, SkuWeek.units).order_by(SkuWeek.week)).all()
    assert [units for _, units in found] == [7, 7, 7, 7, 7, 5]
