"""The value gate: who may sign, when it passes, and that a verdict stands."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Membership, Notification, User
from incubator.briefs import gate_service, queries
from incubator.briefs.criteria import Criterion, as_seen
from incubator.briefs.gate_models import GateDecision, GateFigure, GateReview, GateSignatory
from incubator.kernel import audit, clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.money import ExchangeRate
from incubator.schedule.models import Milestone
from tests.builders import a_brief, a_participant, a_product, a_programme, a_review, a_signature, an_actor, an_organisation, put


class Gate:
    """A brand with an author and an approver, a design firm that takes part, and a brief in open review."""

    def __init__(self, **brief):
        self.brand = an_organisation("brand")
        self.author, self.approver = an_actor(self.brand), an_actor(self.brand)
        self.firm = an_organisation("design_firm")
        self.designer = an_actor(self.firm)
        product = a_product(a_programme(self.brand), stage="brief", type=brief.get("type", "hero"))
        self.brief = a_brief(product, **brief)
        self.review: GateReview = a_review(self.brief, self.author, self.firm)

    def signed(self, score=4):
        a_signature(self.review, self.approver, score)
        a_signature(self.review, self.designer, score)
        return self

    def decide(self, outcome, conditions=(), actor=None, reason="看数据"):
        return gate_service.decide(self.review, outcome, reason, conditions, actor or self.approver, clock.now())


def test_submitting_locks_the_brief_and_asks_two_organisations(session):
    gate = Gate()
    assert gate.brief.state == "submitted" and not gate.brief.is_editable
    assert {s.organisation_id for s in gate.review.signatories} == {gate.brand.id, gate.firm.id}


def test_an_unfinished_brief_says_what_is_missing(session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"), need="")
    with pytest.raises(Refused, match="need beyond price"):
        gate_service.submit(brief, [], an_actor(brand), clock.now())


def test_only_participants_can_be_asked(session):
    gate_brand = an_organisation("brand")
    author = an_actor(gate_brand)
    brief = a_brief(a_product(a_programme(gate_brand), stage="brief"))
    with pytest.raises(Invalid):
        gate_service.submit(brief, [an_organisation("factory").id], author, clock.now())


def test_go_moves_brief_and_product_and_writes_one_audit_row(session):
    gate = Gate().signed()
    decision = gate.decide("go")
    session.commit()
    assert (gate.brief.state, gate.brief.product.state, gate.review.state) == ("accepted", "sourcing", "go")
    assert decision.content_hash == gate.review.signatories[0].signature.content_hash
    assert session.scalar(select(func.count()).where(AuditEntry.event == "gate.go")) == 1
    assert audit.first_broken() is None


@pytest.mark.parametrize("signers", [(), ("approver",), ("designer",)])
def test_two_organisations_must_sign(session, signers):
    gate = Gate()
    for name in signers:
        a_signature(gate.review, getattr(gate, name))
    with pytest.raises(Refused, match="Two organisations"):
        gate.decide("go")


def test_one_organisation_signs_once(session):
    gate = Gate()
    a_signature(gate.review, gate.approver)
    with pytest.raises(Conflict):
        a_signature(gate.review, an_actor(gate.brand))


def test_case_47_nobody_signs_or_passes_their_own_brief(session):
    gate = Gate()
    with pytest.raises(Refused, match="You wrote or submitted"):
        a_signature(gate.review, gate.author)
    with pytest.raises(Refused, match="You wrote or submitted"):
        gate.signed().decide("go", actor=gate.author)


def test_case_47_a_stage_cannot_be_skipped_or_replayed(session):
    gate = Gate().signed()
    with pytest.raises(Conflict):
        workflow.fire(gate.brief.product, "launch", gate.approver, now=clock.now())
    with pytest.raises(Forbidden):
        workflow.fire(gate.brief.product, "pass_gate", gate.approver, now=clock.now())
    gate.decide("go")
    session.commit()
    with pytest.raises(Conflict) as refused:
        gate.decide("kill")
    assert refused.value.details["what"].event == "gate.go"


def test_case_47_one_person_in_two_organisations_signs_for_one(session):
    gate = Gate()
    both = session.get_one(User, gate.approver.user_id)
    put(Membership(user_id=both.id, organisation_id=gate.firm.id))
    session.expire(both, ["memberships"])
    a_signature(gate.review, gate.approver)
    with pytest.raises(Refused, match="another organisation"):
        a_signature(gate.review, an_actor(gate.firm, both))


def test_case_47_the_author_neither_signs_nor_passes_what_a_colleague_sent(session):
    gate = Gate()
    gate.brief.author_id = gate.approver.user_id
    session.flush()
    with pytest.raises(Refused, match="You wrote"):
        a_signature(gate.review, gate.approver)


def test_case_07_a_refusal_tells_a_party_only_its_own_acts(session):
    gate = Gate()
    rival = an_actor(an_organisation("factory"))
    put(GateSignatory(review_id=gate.review.id, organisation_id=rival.organisation_id))
    session.expire(gate.review, ["signatories"])
    a_signature(gate.review, gate.designer)
    session.commit()
    gate_service.sign(gate.review, {"novelty": 4, "need": 4}, "对手的话", rival, clock.now())
    session.commit()
    with pytest.raises(Conflict) as refused:
        a_signature(gate.review, gate.designer)
    assert refused.value.details["what"].actor_user_id == gate.designer.user_id


def test_others_than_the_brand_learn_nothing_from_a_confidential_criterion(session):
    shown = as_seen([Criterion("price_index", 1.2, (2, 4)), Criterion("certainty", 1.0, (2,))], is_brand=False)
    assert [(c.value, c.scores) for c in shown] == [(None, ()), (1.0, ())]


def test_a_stranger_may_neither_sign_nor_decide(session):
    gate = Gate()
    with pytest.raises(Forbidden):
        a_signature(gate.review, an_actor(an_organisation("factory")))
    with pytest.raises(Forbidden):
        gate.signed().decide("go", actor=gate.designer)


def test_a_relabel_is_refused_with_its_reason(session):
    gate = Gate()
    for point in gate.brief.claims[0].points:
        point.verdict = "same"
    session.flush()
    gate.signed()
    with pytest.raises(Refused, match="new label"):
        gate.decide("go")
    with pytest.raises(Refused, match="new label"):
        gate.decide("conditional", [("改结构", clock.today() + timedelta(days=9))])
    gate.decide("kill")
    assert (gate.brief.state, gate.brief.product.state) == ("closed", "stopped")


def test_conditions_become_milestones(session):
    gate = Gate().signed(score=2)
    with pytest.raises(Refused, match="Not met"):
        gate.decide("go")
    due = clock.today() + timedelta(days=20)
    decision = gate.decide("conditional", [("补两份检测报告", due)])
    milestone = session.get_one(Milestone, decision.conditions[0].milestone_id)
    assert (milestone.name, milestone.due_on, milestone.product_id) == ("补两份检测报告", due, gate.brief.product_id)


def test_conditions_need_a_conditional_verdict_and_a_day_to_come(session):
    gate = Gate().signed()
    for outcome, conditions in (
        ("conditional", []),
        ("go", [("x", clock.today())]),
        ("conditional", [("x", clock.today() - timedelta(days=1))]),
    ):
        with pytest.raises(Invalid):
            gate.decide(outcome, conditions)


def test_hold_returns_the_brief_and_a_second_review_stays_beside_the_first(session):
    gate = Gate()
    gate.decide("hold")
    assert gate.brief.state == "returned" and gate.brief.is_editable
    second = gate_service.submit(gate.brief, [gate.firm.id], gate.author, clock.now())
    assert [r.number for r in (gate.review, second)] == [1, 2] and gate.review.state == "hold"


def test_a_decision_cannot_be_changed_by_hand(session):
    gate = Gate().signed()
    gate.decide("go")
    session.commit()
    for table in (GateDecision.__tablename__, GateFigure.__tablename__, "gate_signature"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError):
                session.execute(text(statement))
            session.rollback()


def test_a_reason_is_required(session):
    with pytest.raises(Invalid):
        Gate().signed().decide("go", reason=" ")


def test_the_exchange_rate_is_frozen_with_the_decision(session):
    session.add(ExchangeRate(base="USD", quote="CNY", on_date=clock.today() - timedelta(days=3), rate_e8=7_10000000, source="test"))
    gate = Gate(type="basic")
    gate.brief.references[0].price_minor, gate.brief.references[0].currency = 10_000, "USD"
    session.flush()
    decision = gate.signed().decide("go")
    figures = session.scalar(select(GateFigure).where(GateFigure.decision_id == decision.id)).figures
    assert figures["rates"][0]["rate_e8"] == 7_10000000
    assert figures["values"]["price_index"] == round(45_000 / 71_000, 4)
    assert all(c["value"] is None for c in decision.criteria if c["name"] == "price_index")


def test_people_who_sign_are_told_by_notification_and_mail(session):
    gate = Gate()
    told = set(session.scalars(select(Notification.user_id)))
    assert {gate.approver.user_id, gate.designer.user_id} <= told and gate.author.user_id not in told
    assert session.scalar(select(func.count(OutboxMail.id))) == len(told)


def test_a_stopped_product_closes_its_review(session):
    gate = Gate()
    workflow.fire(gate.brief.product, "stop", gate.approver, note="不做了", now=clock.now())
    assert (gate.brief.state, gate.review.state) == ("closed", "kill")


def test_the_firm_sees_itself_and_the_brand_but_no_rival(session):
    gate = Gate()
    rival = an_organisation("factory")
    a_participant(gate.brief.product, rival)
    session.add(GateSignatory(review_id=gate.review.id, organisation_id=rival.id))
    session.flush()
    assert {s.organisation_id for s in queries.seats(gate.review, gate.designer)} == {gate.brand.id, gate.firm.id}
    assert len(queries.seats(gate.review, gate.approver)) == 3
