"""Case 41 where two stores are written: a sales import that dies between the commit of the table and that of the database."""

import pytest
from sqlalchemy import select

from incubator.imports import jobs, kinds, service
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.sales import imports, lake
from incubator.sales import service as sales
from incubator.sales.models import FeedCode, SkuWeek, StaleWeek
from tests.sales.desk import HEAD, Desk, a_sku, line, outcomes
from tests.uploads import an_upload

TEXT = (
    HEAD
    + line("1", "K-1", 2, "2026-03-02")
    + line("2", "UNKNOWN", 4, "2026-03-09")
    + line("3", "UNKNOWN", -1, "2026-03-16")
    + line("4", "UNKNOWN", 1, "2026-04-01")
)


class Killed(BaseException):
    """What a killed process leaves: nothing that the database had not committed."""


def what_stands(session):
    codes = [(c.code, c.lines, c.units, c.amount_minor, c.first_on, c.last_on) for c in session.scalars(select(FeedCode))]
    return codes, sorted(session.scalars(select(StaleWeek.week)))


def ask(session, desk, text):
    """The id of a checked import whose application was asked for."""
    options = {"channel_id": str(desk.channel.id)}
    made = service.start(kinds.find("sales.lines"), an_upload(text.encode(), "lines.csv"), desk.actor, clock.now(), options=options)
    session.commit()
    made = jobs.check_now(made.id, desk.actor, lambda *_: None, ask=False)
    service.ask_to_apply(made, desk.actor, clock.now())
    session.commit()
    return made.id


@pytest.fixture
def asked(session):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    return desk, ask(session, desk, TEXT)


def apply(desk, import_id):
    return jobs.apply_now(import_id, desk.actor, clock.now(), lambda *_: None)


def cut_off(session, desk, import_id, monkeypatch):
    """Apply, and die between the commit of the table and that of the database."""
    kept = sales.take_in

    def dies(*given):
        kept(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(imports.service, "take_in", dies)
        with pytest.raises(Killed):
            apply(desk, import_id)
    session.rollback()


def test_case_41_a_sales_import_that_dies_after_the_table_was_written_is_finished_as_if_it_had_not(session, asked, monkeypatch):
    desk, import_id = asked
    cut_off(session, desk, import_id, monkeypatch)
    assert lake.version() >= 0 and what_stands(session) == ([], [])
    made = apply(desk, import_id)
    assert outcomes(made) == {"read": 4, "facts": 3, "returns": 1}
    codes, weeks = what_stands(session)
    assert [(c[0], c[1], c[2], c[3]) for c in codes] == [("UNKNOWN", 3, 5, 5000)] and len(weeks) == 4
    version = lake.version()
    assert outcomes(desk.hand_in(TEXT)) == {"read": 4, "unchanged": 4}
    assert what_stands(session)[0] == codes and lake.version() == version


def test_case_41_a_correction_that_dies_half_way_is_a_correction_again_and_leaves_its_old_week_to_be_made_anew(session, monkeypatch):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    desk.hand_in(HEAD + line("1", "K-1", 2, "2026-03-03", key="1"))
    sales.roll_up(desk.brand.id)
    session.commit()
    corrected = HEAD + line("1", "K-1", 2, "2026-03-31", key="1") + line("2", "K-1", 5, "2026-04-07", key="2")
    import_id = ask(session, desk, corrected)
    for _ in range(2):
        cut_off(session, desk, import_id, monkeypatch)
    assert outcomes(apply(desk, import_id)) == {"read": 2, "changed": 1, "facts": 1}
    assert [w.isoformat() for w in what_stands(session)[1]] == ["2026-03-02", "2026-03-30", "2026-04-06"]
    sales.roll_up(desk.brand.id)
    session.commit()
    weeks = session.scalars(select(SkuWeek).order_by(SkuWeek.week))
    assert [(w.week.isoformat(), w.units) for w in weeks] == [("2026-03-30", 2), ("2026-04-06", 5)]


def test_case_41_a_line_that_moves_to_another_week_leaves_nothing_behind(session):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    for day in ("2026-03-03", "2026-03-31"):
        desk.hand_in(HEAD + line("1", "K-1", 2, day, key="1"))
        sales.roll_up(desk.brand.id)
        db.session.commit()
    assert [(w.week.isoformat(), w.units) for w in session.scalars(select(SkuWeek))] == [("2026-03-30", 2)]


def test_case_41_a_roll_up_that_dies_leaves_the_weeks_as_they_were_and_marked(session, monkeypatch):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    desk.hand_in(HEAD + line("1", "K-1", 2, "2026-03-03"))
    sales.roll_up(desk.brand.id)
    db.session.commit()
    desk.hand_in(HEAD + line("2", "K-1", 3, "2026-03-04"))

    def dies(*_given, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sales, "insert_many", dies)
        with pytest.raises(Killed):
            sales.roll_up(desk.brand.id)
    session.rollback()
    assert [w.units for w in session.scalars(select(SkuWeek))] == [2] and len(session.scalars(select(StaleWeek)).all()) == 1
    assert sales.roll_up(desk.brand.id) == 1 and sales.roll_up(desk.brand.id) == 0
    session.commit()
    assert [w.units for w in session.scalars(select(SkuWeek))] == [5]
