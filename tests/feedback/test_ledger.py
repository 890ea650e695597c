"""The data-decision ledger: filters and export of what is listed, the walk of one entry in time, complaints with what followed, and whose eyes see it."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from incubator.feedback import jobs, ledger, ledger_queries, ledger_walk, playbook_service, question_service
from incubator.feedback.ledger import DECISION, RESULT, SIGNAL, Step
from incubator.feedback.models import FeedbackAction
from incubator.kernel import clock
from incubator.signals import wall_service
from incubator.signals.subjects import Subject
from tests import builders
from tests.builders import counted, sign_in
from tests.feedback.builders import WEEK, Desk
from tests.feedback.test_packs import Run, acted
from tests.signals import builders as signals_builders

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 12, tzinfo=clock.now().tzinfo)


def test_steps_stand_in_time_and_a_signal_before_its_decision():
    steps = [Step(RESULT, NOW, "x", "c"), Step(SIGNAL, NOW, "x", "a"), Step(DECISION, NOW, "x", "b"), Step(RESULT, NOW - DAY, "x", "0")]
    assert [s.title for s in ledger.in_order(steps)] == ["0", "a", "b", "c"]


def test_the_same_words_twice_are_drawn_once_with_their_number():
    said = [Step(SIGNAL, NOW + n * DAY, "voice", "", "塑料味", quote=True) for n in range(3)]
    found = ledger.in_order([*said, Step(SIGNAL, NOW + 9 * DAY, "voice", "", "好看", quote=True)])
    assert [(s.text, s.count) for s in found] == [("塑料味", 3), ("好看", 1)]


def improved(session, desk):
    """The bad SKU was promised to be fixed, was, and comes back less since."""
    pack = acted(desk)
    session.execute(
        text("UPDATE sku_week SET returned_units = 0, returned_orders = 0 WHERE sku_id = :sku AND week > :since"),
        {"sku": desk.bad.id, "since": (desk.week - 5 * WEEK).isoformat()},
    )
    session.commit()
    assert jobs.measure(Run(), clock.now())["measured"] == 1
    return pack


def the_fix(session):
    return session.scalars(select(FeedbackAction).where(FeedbackAction.kind == "fix")).one()


def complain(desk, sku, words="塑料味冲鼻子", ago=60):
    voice = signals_builders.a_voice(desk.actor, words)
    about = Subject("sku", sku.id, sku.code, sku.product_id)
    return wall_service.open_complaint(voice, desk.user.id, about, desk.actor, clock.now() - ago * DAY)


def test_one_walks_from_a_complaint_to_the_lot_that_ended_it(session, client):
    desk = Desk()
    complaint = complain(desk, desk.bad)
    improved(session, desk)
    action = the_fix(session)
    steps = ledger_walk.of_action(action, desk.actor)
    parts = [s.part for s in steps]
    assert parts[0] == SIGNAL and parts[-1] == RESULT and DECISION in parts
    assert [s.at for s in steps] == sorted(s.at for s in steps)
    said = " ".join(s.title + s.text for s in steps)
    assert "塑料味冲鼻子" in said and "换密封圈" in said and "L-7" in said and "→" in said
    body = sign_in(client, desk.user).get(f"/feedback/ledger/{action.id}").text
    assert f"/wall/{complaint.id}" in body and f"/feedback/actions/{action.id}" in body and "L-7" in body
    assert "L-7" in client.get(f"/feedback/ledger/complaints/{complaint.id}").text


def test_a_complaint_about_another_sku_or_of_later_is_not_in_the_walk(session):
    desk = Desk()
    complain(desk, desk.good, "别的款")
    improved(session, desk)
    complain(desk, desk.bad, "后来的话", ago=0)
    said = str(ledger_walk.of_action(the_fix(session), desk.actor))
    assert "别的款" not in said and "后来的话" not in said


def test_a_closed_complaint_ends_its_walk_with_the_proof(session):
    desk = Desk()
    complaint = complain(desk, desk.bad)
    desk.pack("acknowledged")
    wall_service.take(complaint, None, None, desk.actor, clock.now())
    wall_service.close(complaint, "新批次气味 2 级", "https://example.com/report", None, None, desk.actor, clock.now() + DAY)
    steps = ledger_walk.of_complaint(ledger_queries.complaint(complaint.id, desk.actor), desk.actor)
    assert (steps[0].part, steps[-1].part) == (SIGNAL, RESULT) and "2 级" in steps[-1].text
    assert [s for s in steps if "换密封圈" in s.text]


def test_the_factory_sees_its_own_entries_and_only_complaints_that_were_shown_to_it(session, client):
    desk = Desk()
    complaint = complain(desk, desk.bad)
    improved(session, desk)
    action = the_fix(session)
    sign_in(client, desk.maker)
    body = client.get("/feedback/ledger").text
    assert "BAD-1" in body and desk.rival.label not in body and "777" not in body
    assert "塑料味冲鼻子" not in client.get(f"/feedback/ledger/{action.id}").text
    assert client.get(f"/feedback/ledger/complaints/{complaint.id}").status_code == 404
    assert client.get("/feedback/ledger/tests").status_code == 404, "what a brand believes is its own"


@pytest.mark.parametrize("role", ["rival", "brand", "investor"])
def test_case_1_nobody_else_finds_an_entry(session, client, role):
    desk = Desk()
    improved(session, desk)
    action = the_fix(session)
    person = desk.rival_user if role == "rival" else builders.a_person(builders.an_organisation(role))
    sign_in(client, person)
    assert client.get(f"/feedback/ledger/{action.id}").status_code == 404
    if role != "investor":
        assert "BAD-1" not in client.get("/feedback/ledger").text + client.get("/feedback/ledger/export.csv").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("reason=smell", {"BAD-1"}), ("reason=size", set()), ("verdict=improved", {"BAD-1"}), ("verdict=same", set()), ("verdict=open", set()),
        ("q=BAD", {"BAD-1"}), ("q=密封", {"BAD-1"}), ("", {"BAD-1", "GOOD-1"}), ("product_id=99999999999999999", set()), ("reason=x&verdict=%27", {"BAD-1", "GOOD-1"}),
    ],
)  # fmt: skip
def test_filters_hold_for_list_sums_and_export_alike(session, client, query, shown):
    desk = Desk()
    improved(session, desk)
    sign_in(client, desk.user)
    body = client.get(f"/feedback/ledger?{query}").text
    assert {code for code in ("BAD-1", "GOOD-1") if f">{code}</a>" in body} == shown
    rows = list(csv.reader(io.StringIO(client.get(f"/feedback/ledger/export.csv?{query}").data.decode("utf-8-sig"))))
    assert rows[0][7] == "Decision taken" or "决策" in rows[0][7], "and not what a gate decides"
    assert {row[1] for row in rows[1:]} == shown and len({len(row) for row in rows}) == 1


def test_sums_count_what_came_of_the_promises(session):
    desk = Desk()
    improved(session, desk)
    got = ledger_queries.sums(desk.actor, {})
    assert (got.promised, got.done, got.in_time, got.measured, got.improved) == (2, 2, 2, 1, 1)


def test_questions_and_a_playbook_are_steps(session):
    desk = Desk()
    pack = improved(session, desk)
    action = the_fix(session)
    question_service.ask(action.section, "哪一批？", desk.maker_actor, clock.now())
    question_service.reply(action.section, "L-6", desk.actor, clock.now())
    data = {
        "title": "换硅胶圈",
        "problem": "有味道",
        "reason": "smell",
        "what": "换食品级硅胶圈，烘八小时",
        "effort": "",
        "topic": "",
        "days": 9,
    }
    book = playbook_service.propose(action, data, desk.actor, clock.now())
    assert "换硅胶圈" not in str(ledger_walk.of_action(action, desk.actor)), "not before it is published"
    playbook_service.publish(book, desk.actor, clock.now())
    urls = [s.url for s in ledger_walk.of_action(action, desk.actor)]
    assert f"/playbooks/{book.id}" in urls and sum("#questions" in u for u in urls) == 2 and pack.id


def test_the_list_asks_the_same_for_two_entries_and_for_forty(session, client):
    desk = Desk()
    desk.pack("acknowledged")
    sign_in(client, desk.user)
    client.get("/feedback/ledger")
    with counted() as few:
        client.get("/feedback/ledger")
    for n in range(20):
        desk.sold(desk.sku(f"MORE-{n}", planned_units_per_week=10), [30] * 8, [1] * 8)
    desk.week -= WEEK
    desk.pack("acknowledged")
    session.commit()
    with counted() as many:
        client.get("/feedback/ledger")
    assert len(many) == len(few)
