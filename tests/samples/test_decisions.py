"""Deciding and sealing: what a failing requirement allows, that a verdict stands, and how one golden sample takes another's place."""

import re

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Notification
from incubator.kernel import access, audit, clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.samples import decision_service
from incubator.samples.models import GoldenSample, SampleDecision
from tests.builders import a_participant, an_actor, an_organisation
from tests.samples.builders import GOOD, Desk


def offers(round, actor):
    return {o.event: o.reason for o in workflow.available(round, actor)}


def test_a_good_round_is_approved_once(session):
    desk = Desk()
    round = desk.round("measured")
    decision = desk.decide(round, "approved")
    assert round.state == "approved" and decision.reason == "看过了"
    with pytest.raises(Conflict):
        desk.decide(round, "rejected")
    session.commit()
    assert session.scalar(select(func.count(SampleDecision.id))) == 1
    assert session.scalar(select(func.count()).where(AuditEntry.event == "sample.approve")) == 1
    assert audit.first_broken() is None


def test_a_decision_needs_a_reason(session):
    desk = Desk()
    with pytest.raises(Invalid):
        desk.decide(desk.round("measured"), "approved", reason=" ")


def test_a_failing_must_leaves_only_a_rejection(session):
    desk = Desk()
    round = desk.round("measured", {**GOOD, "噪音": "47.01"})
    found = offers(round, desk.actor)
    assert "噪音" in str(found["approve"]) and "噪音" in str(found["approve_with_comments"]) and found["reject"] is None
    for outcome in ("approved", "approved_with_comments"):
        with pytest.raises(Refused, match="only a rejection"):
            desk.decide(round, outcome, {"噪音": "太吵"})
    desk.decide(round, "rejected", {"噪音": "太吵"})
    assert round.state == "rejected" and offers(round, desk.actor) == {}


def test_exactly_at_the_tolerance_is_approved(session):
    desk = Desk()
    round = desk.round("measured", {**GOOD, "噪音": "47", "座高行程": "100.000", "承重": "120.0"})
    assert desk.decide(round, "approved").outcome == "approved"


def test_a_failing_should_takes_a_comment(session):
    desk = Desk()
    round = desk.round("measured", {**GOOD, "色差 ΔE": "1.8"})
    with pytest.raises(Refused, match="with a comment on each"):
        desk.decide(round, "approved")
    with pytest.raises(Invalid) as refused:
        desk.decide(round, "approved_with_comments")
    assert "色差" in str(refused.value.fields["comments"])
    decision = desk.decide(round, "approved_with_comments", {"色差 ΔE": "换 7 号色板"})
    assert decision.comments == [{"attribute": "色差 ΔE", "comment": "换 7 号色板"}]


def test_a_failing_could_stops_nothing(session):
    desk = Desk()
    assert desk.decide(desk.round("measured", {**GOOD, "包装": False}), "approved").outcome == "approved"


def test_a_comment_on_a_foreign_requirement_is_refused(session):
    desk, other = Desk(), Desk()
    foreign = other.ask().requirements[0].id
    with pytest.raises(Invalid):
        decision_service.decide(desk.round("measured"), "rejected", "?", {foreign: "!"}, desk.actor, clock.now())


def test_the_decision_keeps_what_it_rests_on_without_names(session):
    desk = Desk()
    round = desk.round("measured")
    kept = desk.decide(round, "approved").results
    assert kept[0] == {
        "attribute": "承重", "operator": "ge", "target": "120", "unit": "kg", "tolerance": "", "priority": "must",
        "readings": ["126.4"], "deciding": "126.4", "status": "pass",
    }  # fmt: skip
    assert kept[4]["readings"] == [True] and desk.factory.name not in str(kept)


@pytest.mark.parametrize("statement", ["UPDATE sample_decision SET outcome = 'rejected'", "DELETE FROM sample_decision"])
def test_a_decision_cannot_be_changed_even_by_hand(session, statement):
    Desk().round("approved")
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))


def test_a_rejected_round_is_followed_by_one_that_carries_its_comments(session):
    desk = Desk()
    first = desk.round("measured", {**GOOD, "噪音": "60"})
    desk.decide(first, "rejected", {"噪音": "电机换减震垫"}, reason="太吵，先改再送")
    second = desk.ask(follows=first)
    assert (second.number, second.follows_id, second.carried) == (2, first.id, "太吵，先改再送")
    assert {r.attribute: r.carried for r in second.requirements if r.carried} == {"噪音": "电机换减震垫"}


def test_comments_are_not_carried_to_another_factory_nor_from_an_open_round(session):
    desk = Desk()
    first, other = desk.round("measured"), an_organisation("factory")
    a_participant(desk.product, other)
    with pytest.raises(Refused):
        desk.ask(follows=first)
    desk.decide(first, "rejected")
    with pytest.raises(Refused):
        desk.ask(other, follows=first)


def test_sealing_gives_a_number_and_leads_the_product_on(session):
    desk = Desk()
    golden = desk.round("sealed").golden
    assert re.fullmatch(rf"GS-{clock.today().year}-\d{{4}}", golden.number)
    assert desk.product.state == "codevelopment"
    assert (golden.storage_place, golden.kept_by_brand, golden.kept_by_factory) == ("杭州样品间 B 柜 3 层", True, True)
    session.commit()
    by = session.scalar(select(AuditEntry.actor_user_id).where(AuditEntry.event == "product.seal"))
    assert by == desk.user.id


def test_beyond_sampling_a_seal_moves_no_stage(session):
    desk = Desk("launch")
    desk.round("sealed")
    assert desk.product.state == "launch"


@pytest.mark.parametrize("photos", [0, 1])
def test_a_golden_sample_needs_two_photos(session, photos):
    desk = Desk()
    round = desk.round("approved")
    with pytest.raises(Invalid) as refused:
        desk.seal(round, photos)
    assert "photos" in refused.value.fields


def test_somebody_keeps_it(session):
    desk = Desk()
    with pytest.raises(Invalid) as refused:
        desk.seal(desk.round("approved"), kept_by=())
    assert "kept_by_brand" in refused.value.fields


@pytest.mark.parametrize("state", ["received", "measured"])
def test_only_what_is_approved_is_sealed(session, state):
    desk = Desk()
    with pytest.raises(Conflict):
        desk.seal(desk.round(state))


def test_a_rejected_round_and_the_factory_seal_nothing(session):
    desk = Desk()
    round = desk.round("measured")
    desk.decide(round, "rejected")
    with pytest.raises(Conflict):
        desk.seal(round)
    other = desk.round("approved")
    with pytest.raises(Forbidden):
        decision_service.seal(other, "here", ("factory",), (), desk.maker_actor, clock.now())


def test_a_later_seal_takes_the_place_and_both_stay(session):
    desk = Desk()
    first, second = desk.round("approved"), desk.round("approved")
    old = desk.seal(first)
    new = desk.seal(second)
    session.expire_all()
    assert (old.state, old.superseded_by_id, new.state) == ("superseded", new.id, "valid")
    assert session.scalar(select(func.count(GoldenSample.id))) == 2
    session.commit()
    tale = session.scalars(select(AuditEntry.data).where(AuditEntry.event == "golden.supersede")).one()
    assert tale["number"] == old.number and tale["by"] == new.number


def test_an_earlier_round_cannot_take_the_place_of_a_later_one(session):
    desk = Desk()
    first, second = desk.round("approved"), desk.round("approved")
    desk.seal(second)
    session.expire_all()
    assert "Round 2 is sealed already" in str(offers(first, desk.actor)["seal"])
    with pytest.raises(Refused, match="only a later round"):
        desk.seal(first)


def test_another_factorys_seal_supersedes_nothing(session):
    desk = Desk()
    other = an_organisation("factory")
    a_participant(desk.product, other)
    mine = desk.round("sealed").golden
    theirs = desk.ask(other)
    desk.lead(theirs, "sealed", maker=an_actor(other))
    session.expire_all()
    assert mine.state == theirs.golden.state == "valid"
    assert not session.scalars(
        select(Notification).where(Notification.user_id == desk.maker.id, Notification.url == f"/samples/{theirs.id}")
    ).all()


def test_seal_numbers_are_drawn_and_free(session, monkeypatch):
    desk = Desk()
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("incubator.samples.decision_service.secrets.randbelow", lambda _n: next(drawn))
    numbers = [desk.round("sealed").golden.number]
    session.expire_all()
    numbers.append(desk.round("sealed").golden.number)
    assert [n[-4:] for n in numbers] == ["0007", "0008"]


def test_when_four_digits_are_used_up_six_are_drawn(session, monkeypatch):
    desk = Desk()
    monkeypatch.setattr("incubator.samples.decision_service.secrets.randbelow", lambda n: 7 if n == 10_000 else 123_456)
    first = desk.round("sealed").golden.number
    session.expire_all()
    assert (first[-5:], desk.round("sealed").golden.number[-7:]) == ("-0007", "-123456")


def test_no_readings_and_no_photos_after_the_decision(session):
    desk = Desk()
    round = desk.round("approved")
    assert not access.may("sample.measure", desk.actor, round)
    assert not access.may("sample.photograph", desk.actor, round)
    assert not access.may("sample.photograph", desk.maker_actor, round)
