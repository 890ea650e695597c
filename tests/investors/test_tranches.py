"""Tranches: what they wait for, when they fall due, that two people release them, and that what has ended stands."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Notification
from incubator.briefs import gate_service
from incubator.investors import conditions, service, sweep, tranche_service
from incubator.investors.models import Commitment, Tranche, TrancheOutcome, TrancheProposal
from incubator.kernel import clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.money import Money
from incubator.products import service as products
from tests.backends import on
from tests.builders import a_brief, a_person, a_product, a_review, a_signature, an_actor, an_organisation, sign_in
from tests.hardening.test_concurrency import all_at_once
from tests.investors.builders import YUAN, Desk, a_commitment, a_due_tranche, a_payment, a_tranche, by_date, by_gate, by_stage

BACKENDS = ("sqlite",)
EVERYWHERE = on("sqlite", "postgresql")


@EVERYWHERE
def test_a_commitment_is_recorded_once_for_a_contract_number(session):
    desk = Desk()
    first = a_commitment(desk)
    assert first.amount == Money(1000 * YUAN, "CNY") and first.brand_id == desk.brand.id
    with pytest.raises(Invalid) as refused:
        a_commitment(desk)
    assert "reference" in refused.value.fields
    assert session.scalar(select(func.count(Commitment.id))) == 1


@pytest.mark.parametrize("kind", ["factory", "brand"])
def test_only_an_investor_commits(session, kind):
    desk = Desk()
    with pytest.raises(Invalid):
        a_commitment(desk, an_organisation(kind))


def test_a_signature_of_tomorrow_is_refused(session):
    desk = Desk()
    with pytest.raises(Invalid) as refused:
        a_commitment(desk, signed_on=desk.today + timedelta(days=2))
    assert "signed_on" in refused.value.fields


def test_case_36_a_commitment_edited_twice_shows_the_difference(session):
    desk = Desk()
    commitment = a_commitment(desk)
    given = {
        "reference": commitment.reference,
        "amount": commitment.amount,
        "signed_on": commitment.signed_on,
        "contact": "李",
        "terms": "新",
    }
    service.amend(commitment, given, 1, desk.chief, clock.now())
    with pytest.raises(Conflict) as refused:
        service.amend(commitment, {**given, "contact": "赵"}, 1, desk.second, clock.now())
    assert ("赵", "李") in [row[1:] for row in refused.value.details["difference"]]


def test_once_money_has_flowed_only_the_contact_changes(session):
    desk = Desk()
    commitment = a_commitment(desk)
    tranche = a_due_tranche(desk, commitment)
    a_payment(desk, tranche)
    tranche_service.release(tranche, tranche.version, desk.second, clock.now())
    given = {
        "reference": commitment.reference,
        "amount": commitment.amount,
        "signed_on": commitment.signed_on,
        "contact": "李",
        "terms": "改",
    }
    with pytest.raises(Invalid):
        service.amend(commitment, given, commitment.version, desk.chief, clock.now())
    service.amend(commitment, {**given, "terms": commitment.terms}, commitment.version, desk.chief, clock.now())
    assert commitment.contact == "李"


def test_tranches_add_up_to_the_commitment_at_most(session):
    desk = Desk()
    commitment = a_commitment(desk, amount=150)
    a_tranche(desk, commitment)
    with pytest.raises(Invalid) as refused:
        a_tranche(desk, commitment, name="二期")
    assert "50.00" in str(refused.value.fields["amount"][0])
    a_tranche(desk, commitment, name="二期", amount=50)


def test_a_tranche_needs_a_condition_and_a_name_of_its_own_and_products_of_the_programme(session):
    desk = Desk()
    commitment = a_commitment(desk)
    values = {"name": "首期", "amount": Money(100, "CNY"), "due_on": desk.today, "conditions": []}
    with pytest.raises(Invalid, match="Invalid"):
        tranche_service.plan(commitment, values, desk.chief, clock.now())
    with pytest.raises(Invalid):
        a_tranche(desk, commitment, by_stage(a_product(), "launch"))
    a_tranche(desk, commitment)
    with pytest.raises(Invalid) as refused:
        a_tranche(desk, commitment)
    assert "name" in refused.value.fields


def test_each_kind_of_condition_is_named_while_it_does_not_hold(session):
    desk = Desk()
    chair, lamp = a_product(desk.programme, "sampling", "云朵椅"), a_product(desk.programme, "brief", "挂灯")
    tomorrow = desk.today + timedelta(days=1)
    tranche = a_due_tranche(desk, a_commitment(desk), by_stage(chair, "launch"), by_gate(lamp), by_date(tomorrow))
    assert tranche.state == "due"
    conditions.judge([tranche], desk.today)
    refusal = str(workflow.available(tranche, desk.second)[0].reason)
    assert "“云朵椅” has reached “Launch”" in refusal and "“挂灯” has passed its value gate" in refusal and str(tomorrow.day) in refusal
    a_payment(desk, tranche)
    with pytest.raises(Refused, match="云朵椅"):
        tranche_service.release(tranche, tranche.version, desk.second, clock.now())


@EVERYWHERE
def test_a_gate_condition_holds_with_go_only_and_the_latest_verdict_counts(session):
    desk = Desk()
    firm = an_organisation("design_firm")
    brief = a_brief(a_product(desk.programme, "brief"))
    tranche = a_tranche(desk, a_commitment(desk), by_gate(brief.product))
    review = a_review(brief, desk.chief, firm)
    gate_service.decide(review, "hold", "再看", [], desk.second, clock.now())
    assert tranche.state == "planned" and tranche.conditions[0].met_at is None
    again = gate_service.submit(brief, [firm.id], desk.chief, clock.now())
    for who in (desk.second, an_actor(firm)):
        a_signature(again, who)
    gate_service.decide(again, "go", "好", [], desk.second, clock.now())
    assert tranche.state == "due" and tranche.conditions[0].met_at is not None


def test_a_stage_counts_from_then_on_and_a_stopped_product_meets_nothing(session):
    desk = Desk()
    product = a_product(desk.programme, "launch")
    tranche = a_tranche(desk, a_commitment(desk), by_stage(product, "scale"), by_date(desk.today + timedelta(days=5)))
    products.move(product, "scale", desk.chief, clock.now())
    assert tranche.state == "planned" and tranche.conditions[0].met_at is not None
    products.move(product, "stop", desk.chief, clock.now(), note="没人买")
    assert tranche.conditions[0].met_at is None


@EVERYWHERE
def test_it_falls_due_on_its_day_or_when_all_holds_and_tells_both_sides(session):
    desk = Desk()
    commitment = a_commitment(desk)
    early = a_due_tranche(desk, commitment, due=300)
    late = a_due_tranche(desk, commitment, by_date(desk.today + timedelta(days=90)), name="二期", due=0)
    waiting = a_due_tranche(desk, commitment, by_date(desk.today + timedelta(days=90)), name="三期", due=50)
    assert [t.state for t in (early, late, waiting)] == ["due", "due", "planned"]
    assert not sweep.look_at(early.id, clock.now()) and not sweep.look_at(waiting.id, clock.now())
    told = Counter(session.scalars(select(Notification.user_id).where(Notification.text == "tranche.due")))
    assert told == {desk.chief.user_id: 2, desk.second.user_id: 2, desk.reader.user_id: 2}
    assert desk.stranger.user_id not in told
    assert not [m for m in session.scalars(select(OutboxMail.text)) if "¥" in m or "CNY" in m]


def test_people_are_reminded_once_before_and_once_after(session):
    desk = Desk()
    tranche = a_tranche(desk, a_commitment(desk), by_date(desk.today + timedelta(days=90)), due=10)
    now = clock.now()
    for day, state, texts in ((0, "planned", 1), (1, "planned", 1), (10, "due", 1), (12, "due", 1), (25, "due", 2), (40, "due", 2)):
        sweep.look_at(tranche.id, now + timedelta(days=day))
        assert tranche.state == state
        reminders = Notification.text.in_(("tranche.soon", "tranche.late"))
        assert session.scalar(select(func.count(Notification.id)).where(reminders, Notification.user_id == desk.chief.user_id)) == texts, (
            day
        )
    assert not session.scalars(select(Notification).where(reminders, Notification.user_id == desk.reader.user_id)).all()


@EVERYWHERE
def test_case_47_two_people_release(session):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    with pytest.raises(Refused, match="Record the payment"):
        tranche_service.release(tranche, tranche.version, desk.second, clock.now())
    a_payment(desk, tranche)
    with pytest.raises(Refused, match="a colleague must release"):
        tranche_service.release(tranche, tranche.version, desk.chief, clock.now())
    outcome = tranche_service.release(tranche, tranche.version, desk.second, clock.now())
    session.commit()
    assert (outcome.proposed_by_id, outcome.decided_by_id) == (desk.chief.user_id, desk.second.user_id)
    assert (outcome.amount_minor, outcome.bank_reference, tranche.state) == (100 * YUAN, "ICBC-1", "released")
    assert outcome.conditions[0]["met"] is True
    assert session.scalar(select(func.count()).where(AuditEntry.event == "tranche.release")) == 1


def test_who_releases_sees_the_payment_that_was_recorded_last(session):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    a_payment(desk, tranche)
    seen = tranche.version
    a_payment(desk, tranche, reference="ICBC-2")
    with pytest.raises(Conflict):
        tranche_service.release(tranche, seen, desk.second, clock.now())
    assert session.scalar(select(func.count(TrancheProposal.id))) == 1


@pytest.mark.parametrize(("days", "yuan", "field"), [(2, 100, "paid_on"), (-90, 100, "paid_on"), (0, 101, "amount")])
def test_a_payment_is_not_of_tomorrow_nor_before_the_contract_nor_more_than_the_tranche(session, days, yuan, field):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    with pytest.raises(Invalid) as refused:
        paid = Money(yuan * YUAN, "CNY")
        tranche_service.propose(tranche, desk.today + timedelta(days=days), paid, "X", tranche.version, desk.chief, clock.now())
    assert field in refused.value.fields


def test_what_is_not_due_can_be_planned_anew_and_neither_paid_nor_withheld(session):
    desk = Desk()
    tranche = a_tranche(desk, a_commitment(desk), by_date(desk.today + timedelta(days=90)))
    with pytest.raises(Conflict):
        a_payment(desk, tranche)
    with pytest.raises(Conflict):
        tranche_service.withhold(tranche, "?", tranche.version, desk.chief, clock.now())
    day = desk.today + timedelta(days=40)
    values = {"name": "新名", "amount": Money(5000, "CNY"), "due_on": day, "conditions": [by_date(day), by_date(desk.today)]}
    tranche_service.replan(tranche, values, tranche.version, desk.chief, clock.now())
    assert (tranche.name, tranche.amount_minor, len(tranche.conditions)) == ("新名", 5000, 2)
    with pytest.raises(Conflict):
        tranche_service.replan(tranche, values, 1, desk.chief, clock.now())


def test_what_is_due_cannot_be_planned_anew(session):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    values = {"name": "x", "amount": Money(5000, "CNY"), "due_on": desk.today, "conditions": [by_date(desk.today)]}
    with pytest.raises(Forbidden):
        tranche_service.replan(tranche, values, tranche.version, desk.chief, clock.now())


def test_withholding_needs_a_reason_and_frees_the_sum(session):
    desk = Desk()
    commitment = a_commitment(desk, amount=100)
    tranche = a_due_tranche(desk, commitment)
    with pytest.raises(Invalid):
        tranche_service.withhold(tranche, " ", tranche.version, desk.chief, clock.now())
    outcome = tranche_service.withhold(tranche, "产品已停止", tranche.version, desk.chief, clock.now())
    assert (outcome.outcome, outcome.reason, outcome.amount_minor, tranche.state) == ("withheld", "产品已停止", 0, "withheld")
    a_tranche(desk, commitment, name="改期")


def test_an_investor_and_another_brand_change_nothing(session):
    desk = Desk()
    commitment = a_commitment(desk)
    tranche = a_due_tranche(desk, commitment)
    a_payment(desk, tranche)
    given = {"reference": "x", "amount": commitment.amount, "signed_on": commitment.signed_on, "contact": "", "terms": ""}
    row = {"name": "x", "amount": Money(1, "CNY"), "due_on": desk.today, "conditions": [by_date(desk.today)]}
    for actor in (desk.reader, desk.stranger, an_actor()):
        acts = (
            lambda a=actor: tranche_service.plan(commitment, row, a, clock.now()),
            lambda a=actor: a_payment(desk, tranche, a),
            lambda a=actor: tranche_service.release(tranche, tranche.version, a, clock.now()),
            lambda a=actor: tranche_service.withhold(tranche, "x", tranche.version, a, clock.now()),
            lambda a=actor: service.amend(commitment, given, commitment.version, a, clock.now()),
        )
        for act in acts:
            with pytest.raises(Forbidden):
                act()


SEALED = (
    "UPDATE tranche SET amount_minor = 1", "UPDATE tranche SET state = 'due'", "DELETE FROM tranche_outcome", "UPDATE tranche_outcome SET amount_minor = 1",
    "UPDATE tranche_proposal SET bank_reference = 'x'", "DELETE FROM tranche_condition", "UPDATE tranche_condition SET met_at = NULL",
    "INSERT INTO tranche_condition (tranche_id, kind, on_date) SELECT id, 'date', due_on FROM tranche",
)  # fmt: skip


def ended(desk):
    tranche = a_due_tranche(desk, a_commitment(desk))
    a_payment(desk, tranche)
    tranche_service.release(tranche, tranche.version, desk.second, clock.now())
    return tranche


@EVERYWHERE
def test_what_has_ended_cannot_be_changed_by_hand(session):
    ended(Desk())
    session.commit()
    for statement in SEALED:
        with pytest.raises(DatabaseError, match=r"sealed|append-only"):
            session.execute(text(statement))
        session.rollback()


@EVERYWHERE
def test_the_database_knows_that_two_people_release(session):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    one = TrancheOutcome(
        tranche_id=tranche.id, outcome="released", paid_on=desk.today, amount_minor=1, bank_reference="x", proposed_by_id=desk.chief.user_id,
        decided_by_id=desk.chief.user_id, decided_at=clock.now(), conditions=[],
    )  # fmt: skip
    session.add(one)
    with pytest.raises(DatabaseError):
        session.flush()


@EVERYWHERE
def test_case_34_two_release_one_tranche_at_once(app, session):
    desk = Desk()
    tranche = a_due_tranche(desk, a_commitment(desk))
    a_payment(desk, tranche)
    browsers = [sign_in(app.test_client(), a_person(desk.brand)) for _ in range(6)]
    path, version = f"/tranches/{tranche.id}/release", tranche.version
    session.commit()
    answers = all_at_once([lambda b=b: b.post(path, data={"version": version}) for b in browsers])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 5}
    session.expire_all()
    assert session.scalar(select(func.count(TrancheOutcome.id))) == 1
    assert session.scalar(select(func.count()).where(AuditEntry.event == "tranche.release")) == 1
    assert session.get_one(Tranche, tranche.id).state == "released"


@EVERYWHERE
def test_case_37_a_double_click_records_one_commitment(app, session):
    desk = Desk()
    browsers = [sign_in(app.test_client(), a_person(desk.brand)) for _ in range(4)]
    data = {
        "investor_id": desk.ours.id, "reference": "ZX-1", "currency": "CNY", "amount": "1,000.00", "signed_on": desk.today.isoformat(), "contact": "", "terms": "",
    }  # fmt: skip
    path = f"/programmes/{desk.programme.id}/commitments/new"
    session.commit()
    answers = all_at_once([lambda b=b: b.post(path, data=data) for b in browsers])
    assert Counter(a.status_code for a in answers) == {302: 1, 422: 3}
    assert session.scalar(select(func.count(Commitment.id))) == 1
