"""A round on its way: who may ask, make, ship, receive and measure, what each step needs, and whom it tells."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from incubator.accounts.models import Notification
from incubator.briefs.models import Requirement
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.mail_table import OutboxMail
from incubator.samples import measure_service, queries, results, service
from incubator.samples.models import SampleReading, SampleRequirement
from tests.builders import a_participant, an_actor, an_organisation
from tests.samples.builders import GOOD, WAY, Desk

TODAY = clock.today


def told(session, user):
    return [n.text for n in session.scalars(select(Notification).where(Notification.user_id == user.id).order_by(Notification.id))]


def verdicts(round):
    return {line.requirement.attribute: line.judgement.status for line in results.lines(round)}


def test_a_round_goes_its_whole_way(session):
    desk = Desk()
    round = desk.ask()
    for state in WAY[1:]:
        desk.lead(round, state)
        assert round.state == state
    assert (round.started_at, round.shipped_on, round.received_on) == (round.started_at, TODAY(), TODAY()) and round.started_at
    assert round.measured_at and round.decision.outcome == "approved" and round.golden.state == "valid"


def test_numbers_count_the_rounds_of_one_factory(session):
    desk = Desk()
    other = an_organisation("factory")
    a_participant(desk.product, other)
    assert [desk.ask().number, desk.ask().number, desk.ask(other).number, desk.ask().number] == [1, 2, 1, 3]


@pytest.mark.parametrize("stage", ["signal", "segment", "brief", "handed_over", "stopped"])
def test_too_early_and_too_late_stages_ask_for_no_samples(session, stage):
    with pytest.raises(Refused, match="from sourcing on"):
        Desk(stage).ask()


def test_an_accepted_brief_with_requirements_is_needed(session):
    desk = Desk(asked=())
    with pytest.raises(Refused, match="accepted brief"):
        desk.ask()
    desk = Desk()
    session.execute(text("UPDATE product_brief SET state = 'returned' WHERE id = :id"), {"id": desk.brief.id})
    session.expire_all()
    with pytest.raises(Refused, match="accepted brief"):
        desk.ask()


@pytest.mark.parametrize("kind", ["stranger", "mould_factory", "gone"])
def test_only_a_factory_that_takes_part_is_asked(session, kind):
    desk = Desk()
    other = an_organisation("mould_factory" if kind == "mould_factory" else "factory")
    if kind != "stranger":
        a_participant(desk.product, other, left_at=clock.now() if kind == "gone" else None)
    with pytest.raises(Invalid) as refused:
        desk.ask(other)
    assert "factory_id" in refused.value.fields


def test_a_past_day_is_refused(session):
    with pytest.raises(Invalid) as refused:
        Desk().ask(due_on=TODAY() - timedelta(days=1))
    assert "due_on" in refused.value.fields


def test_a_later_revision_of_the_brief_rewrites_no_history(session):
    desk = Desk()
    round = desk.ask()
    desk.brief.requirements[0].target = "999"
    desk.brief.requirements.append(Requirement(position=9, attribute="新要求", operator="ge", target="1"))
    session.flush()
    session.expire_all()
    assert [r.target for r in round.requirements][0] == "120"
    assert len(round.requirements) == 5 and len(desk.ask().requirements) == 6


def test_each_step_is_its_own_sides(session):
    desk = Desk()
    round, now = desk.ask(), clock.now()
    with pytest.raises(Forbidden):
        service.start(round, desk.actor, now)
    assert [o.event for o in workflow.available(round, desk.actor)] == []
    assert [o.event for o in workflow.available(round, desk.maker_actor)] == ["start"]
    desk.lead(round, "shipped")
    with pytest.raises(Forbidden):
        desk_came(desk, round, desk.maker_actor)
    with pytest.raises(Conflict):
        service.start(round, desk.maker_actor, now)


def desk_came(desk, round, actor=None, **data):
    values = {"received_on": TODAY(), "condition": "intact", "condition_note": "", "pieces": 2, **data}
    service.receive(round, values, actor or desk.actor, clock.now())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"received_on": TODAY() + timedelta(days=1)}, "received_on"),
        ({"received_on": TODAY() - timedelta(days=9)}, "received_on"),
        ({"condition": "damaged"}, "condition_note"),
        ({"pieces": 4}, "pieces"),
    ],
)
def test_an_arrival_is_plausible(session, data, field):
    desk = Desk()
    round = desk.round("shipped")
    with pytest.raises(Invalid) as refused:
        desk_came(desk, round, **data)
    assert field in refused.value.fields and round.state == "shipped"


@pytest.mark.parametrize("days", [-30, 1])
def test_a_shipment_is_neither_before_the_request_nor_to_come(session, days):
    desk = Desk()
    round = desk.round("in_making")
    way = {"carrier": "顺丰", "tracking_number": "1", "shipped_on": TODAY() + timedelta(days=days)}
    with pytest.raises(Invalid):
        service.ship(round, way, desk.maker_actor, clock.now())


def test_an_ended_product_asks_for_nothing_more(session):
    desk = Desk()
    round = desk.round("requested")
    workflow.fire(desk.product, "stop", desk.actor, note="没有需求", now=clock.now())
    with pytest.raises(Refused, match="product has ended"):
        service.start(round, desk.maker_actor, clock.now())
    assert queries.waiting_for(desk.maker_actor, TODAY()) == []


def test_what_is_asked_changes_only_before_the_factory_begins(session):
    desk = Desk()
    round = desk.ask()
    round.reminded_for = "soon"
    data = {"kind": "counter", "quantity": 1, "due_on": TODAY() + timedelta(days=20), "instructions": "改成灰色"}
    service.change(round, data, desk.actor, clock.now(), round.version)
    assert (round.kind, round.quantity, round.pieces, round.reminded_for) == ("counter", 1, 1, "")
    with pytest.raises(Conflict):
        service.change(round, data, desk.actor, clock.now(), round.version - 1)
    desk.lead(round, "in_making")
    with pytest.raises(Forbidden):
        service.change(round, data, desk.actor, clock.now(), round.version)


def test_the_other_side_is_told_at_each_step(session):
    desk = Desk()
    desk.round("sealed")
    assert told(session, desk.maker) == ["sample.request", "sample.receive", "sample.measure", "sample.approve", "sample.seal"]
    assert told(session, desk.user) == ["sample.start", "sample.ship"]
    to_factory = session.scalars(select(OutboxMail).where(OutboxMail.to_address == desk.maker.email)).all()
    assert len(to_factory) == 3, "what asks for nothing is told in the app alone"
    assert all("/samples/" in mail.link for mail in to_factory)


def test_readings_are_saved_part_by_part_and_judged(session):
    desk = Desk()
    round = desk.round("received")
    assert desk.read(round, {"承重": "126.4", "噪音": "47"}) == 2
    assert verdicts(round) == {"承重": "pass", "噪音": "pass", "座高行程": "missing", "色差 ΔE": "missing", "包装": "missing"}
    assert desk.read(round, {"噪音": "47.1"}, piece=2) == 1
    assert verdicts(round)["噪音"] == "fail", "every piece must pass"
    assert desk.read(round, {"噪音": None}, piece=2) == 1 and verdicts(round)["噪音"] == "pass"
    assert desk.read(round, {"噪音": "47"}) == 0, "nothing changed"


def test_measuring_ends_when_every_must_has_a_value(session):
    desk = Desk()
    round = desk.round("received")
    desk.read(round, {"承重": "126.4", "噪音": "44"})
    with pytest.raises(Refused, match="座高行程"):
        measure_service.finish(round, desk.actor, clock.now())
    desk.read(round, {"座高行程": "96.2"})
    measure_service.finish(round, desk.actor, clock.now())
    assert round.state == "measured"


@pytest.mark.parametrize("state", ["requested", "in_making", "shipped", "approved", "sealed"])
def test_nothing_is_read_before_the_arrival_and_after_the_decision(session, state):
    desk = Desk()
    round = desk.round(state)
    with pytest.raises(Forbidden):
        desk.read(round, {"承重": "1"})


def test_case_36_the_second_who_writes_readings_sees_the_difference(session):
    desk = Desk()
    round = desk.round("received")
    version, first = round.version, round.requirements[0].id
    measure_service.read(round, {(first, 1): ("126", None)}, desk.actor, clock.now(), version)
    with pytest.raises(Conflict) as refused:
        measure_service.read(round, {(first, 1): ("130", None)}, an_actor(desk.brand), clock.now(), version)
    assert refused.value.details["difference"] == [("承重 · 1", "130", "126")]
    assert session.scalars(select(SampleReading.value)).all() == ["126"]


def test_the_difference_from_the_last_round_is_shown(session):
    desk = Desk()
    desk.round("measured", {**GOOD, "噪音": "46.5", "包装": False})
    second = desk.round("measured", {**GOOD, "噪音": "44", "承重": "121"})
    found = {line.requirement.attribute: line.change for line in results.lines(second, queries.previous(second, desk.actor))}
    assert (str(found["噪音"].delta), found["噪音"].trend) == ("-2.5", "better")
    assert (str(found["承重"].delta), found["承重"].trend) == ("-5.4", "worse")
    assert found["座高行程"].trend == "same" and found["包装"].trend == "better"


def test_rounds_stand_side_by_side_with_their_own_words(session):
    desk = Desk()
    desk.round("measured")
    desk.brief.requirements[1].target, desk.brief.requirements[1].unit = "40", "dB(A)"
    session.flush()
    desk.round("received")
    found = results.comparison(queries.of_product(desk.product, desk.actor))
    assert len(found.rows) == 6, "another unit is another requirement"
    assert [c.failed for c in found.columns] == [0, 0]
    assert [line.judgement.status if line else None for line in found.columns[0].lines] == ["pass"] * 5 + [None]


def test_two_requirements_of_one_name_stay_two(session):
    rows = [("噪音", "le", "45", "dB", "", "must"), ("噪音", "le", "40", "dB", "", "should")]
    round = Desk(asked=rows).ask()
    assert [key[2] for key, _ in results.keyed(round.requirements)] == [0, 1]


def test_the_database_refuses_a_reading_that_is_both_or_neither(session, app):
    round = Desk().round("received")
    ids = session.scalars(select(SampleRequirement.id).where(SampleRequirement.round_id == round.id)).all()
    for value, met in (("1", True), (None, None)):
        with pytest.raises(Exception, match="one_kind"), session.begin_nested():
            session.add(SampleReading(requirement_id=ids[0], piece=2, value=value, met=met, read_at=clock.now()))
            session.flush()
