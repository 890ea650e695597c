"""The life of a factory: guards, reasons, certificates that run out, audits that stay as decided, tiers that need evidence."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from incubator.accounts.models import Notification
from incubator.factories import audit_service, evidence_service, expiry, jobs, profile_queries, queries, service, tiers, words
from incubator.factories.audit_models import AuditDecision
from incubator.factories.evidence_models import Certificate, TierAward
from incubator.factories.models import Caseload, Factory
from incubator.kernel import clock, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, put
from tests.factories.builders import a_certificate, a_code, a_factory, an_audit, an_oem_entry

ZONE = "Asia/Shanghai"


class Run:
    def progress(self, *_args):
        """A job's own; nothing to show here."""


def step(factory, event, actor, note="看过资料"):
    return workflow.fire(factory, event, actor, note=note, now=clock.now())


@pytest.fixture
def brand(session):
    return an_actor(an_organisation("brand"))


def brought(actor, state="pending", **values):
    values.setdefault("brought_by_id", actor.organisation_id)
    factory = a_factory(state, **{k: v for k, v in values.items() if k != "brought_by_id"})
    factory.brought_by_id = values["brought_by_id"]
    put(factory)
    return factory


def test_a_prospect_is_reviewed_once_it_says_who_it_is(brand):
    factory = brought(brand, "prospect", city="")
    with pytest.raises(Refused, match="the city"):
        step(factory, "submit", brand)
    factory.city = "慈溪"
    put(factory)
    assert step(factory, "submit", brand).state == "pending"


def test_approval_needs_code_capability_and_evidence(brand, session):
    factory = brought(brand, uscc="")
    with pytest.raises(Refused, match="social credit code"):
        step(factory, "approve", brand)
    factory.uscc = "91330100MA00000010"
    put(factory)
    with pytest.raises(Refused, match="social credit code"):
        step(factory, "approve", brand)
    factory.uscc, factory.capabilities[:] = a_code(), []
    put(factory)
    with pytest.raises(Refused, match="one capability"):
        step(factory, "condition", brand)
    factory = brought(brand)
    with pytest.raises(Refused, match="certificate, or an audit"):
        step(factory, "approve", brand)
    assert step(factory, "condition", brand).state == "conditional"
    a_certificate(factory, days=0)
    assert step(factory, "approve", brand).state == "approved"


@pytest.mark.parametrize(("days", "state"), [(-1, "valid"), (100, "proposed"), (100, "rejected"), (-1, "expired")])
def test_a_certificate_that_does_not_count_is_no_evidence(brand, days, state):
    factory = brought(brand)
    a_certificate(factory, days=days, state=state)
    with pytest.raises(Refused):
        step(factory, "approve", brand)


def test_a_passed_audit_is_evidence_and_a_foreign_factory_has_a_number(brand):
    factory = brought(brand, country="VN", uscc="", registration_number="")
    an_audit(factory, "passed", score=4)
    with pytest.raises(Refused, match="registration number"):
        step(factory, "approve", brand)
    factory.registration_number = "0101"
    put(factory)
    assert step(factory, "approve", brand).state == "approved"


def test_reasons_are_required_and_kept(brand, session):
    factory = brought(brand, "approved")
    for event in ("suspend", "deactivate", "condition"):
        with pytest.raises(Invalid):
            step(factory, event, brand, note="  ")
    step(factory, "suspend", brand, note="体系证书过期")
    session.commit()
    assert session.scalar(select(AuditEntry.note).where(AuditEntry.event == "factory.suspend")) == "体系证书过期"
    assert step(factory, "reinstate", brand).state == "conditional"
    step(factory, "deactivate", brand)
    assert step(factory, "reopen", brand).state == "prospect"


def test_case_47_another_brand_the_factory_itself_and_an_agent_may_not_decide(brand, session):
    own = an_organisation("factory")
    factory = brought(brand, "pending")
    factory.organisation_id = own.id
    put(factory)
    a_certificate(factory)
    for other in (an_actor(own), an_actor(role="field_agent")):
        with pytest.raises(Forbidden):
            step(factory, "approve", other)
    with pytest.raises(Refused, match="looks after"):
        step(factory, "approve", an_actor(role="brand"))
    with pytest.raises(Conflict):
        step(factory, "suspend", brand)
    assert step(factory, "approve", an_actor(role="administrator")).state == "approved"


def test_the_factory_is_told_what_was_decided_and_why(brand, session):
    own = an_organisation("factory")
    owner = a_person(own)
    factory = brought(brand)
    factory.organisation_id = own.id
    put(factory)
    step(factory, "return", brand, note="缺地址照片")
    note = session.scalar(select(Notification).where(Notification.user_id == owner.id))
    assert note.text == "factory.returned" and note.params["reason"] == "缺地址照片"


def test_one_organisation_has_one_factory(session, brand):
    own = an_organisation("factory")
    a_factory(organisation=own)
    with pytest.raises(IntegrityError):
        a_factory(organisation=own)
    session.rollback()


def test_a_profile_begins_with_what_the_account_says(session):
    code = a_code()
    own = an_organisation("factory", "慈溪暖川电器有限公司", city="慈溪", registration_number=code)
    actor = an_actor(own)
    factory = service.begin_own(actor, clock.now())
    assert (factory.name, factory.city, factory.uscc, factory.state) == ("慈溪暖川电器有限公司", "慈溪", code, "prospect")
    assert service.begin_own(actor, clock.now()).id == factory.id


def test_an_account_is_connected_by_the_administrator_alone(session, brand):
    own, admin = an_organisation("factory"), an_actor(role="administrator")
    factory = brought(brand)
    with pytest.raises(Forbidden):
        service.link(factory, own.id, brand, clock.now())
    for wrong in (an_organisation("design_firm").id, 999_999):
        with pytest.raises(Invalid):
            service.link(factory, wrong, admin, clock.now())
    service.link(factory, own.id, admin, clock.now())
    with pytest.raises(Refused):
        service.link(factory, own.id, admin, clock.now())
    with pytest.raises(Invalid):
        service.link(a_factory(), own.id, admin, clock.now())


def test_a_field_agent_keeps_what_is_in_care_and_nothing_after(session, brand):
    admin, agent = an_actor(role="administrator"), an_actor(role="field_agent")
    factory = brought(brand, "prospect")
    with pytest.raises(NotFound):
        profile_queries.whole(factory.id, agent)
    service.entrust(factory, agent.user_id, admin, clock.now())
    service.entrust(factory, agent.user_id, admin, clock.now())
    assert [row.id for row in queries.caseload(agent)] == [factory.id]
    session.expire(factory, ["caseload"])
    assert step(factory, "submit", agent).state == "pending"
    service.release(factory, agent.user_id, admin, clock.now())
    assert queries.caseload(agent) == [] and session.scalar(select(func.count(Caseload.id))) == 1
    with pytest.raises(NotFound):
        profile_queries.whole(factory.id, agent)
    with pytest.raises(Invalid):
        service.entrust(factory, brand.user_id, admin, clock.now())


def test_what_an_agent_enters_is_in_its_care(session):
    agent = an_actor(role="field_agent")
    factory = service.create({"name_zh": "新厂", "country": "CN", "address": ""}, agent, clock.now())
    assert [row.id for row in queries.caseload(agent)] == [factory.id] and factory.brought_by_id is None


# Certificates


def new_certificate(factory, actor, days=100):
    data = {
        "kind": "iso_9001",
        "title": "",
        "number": "1",
        "issuer": "SGS",
        "valid_from": None,
        "expires_on": clock.today(ZONE) + timedelta(days=days),
    }
    return evidence_service.add_certificate(factory, data, None, actor, clock.now())


def test_a_certificate_of_the_factory_waits_until_somebody_else_has_seen_it(session, brand):
    own = an_organisation("factory")
    actor = an_actor(own)
    factory = brought(brand, "pending")
    factory.organisation_id = own.id
    put(factory)
    certificate = new_certificate(factory, actor)
    assert certificate.state == "proposed"
    with pytest.raises(Forbidden):
        workflow.fire(certificate, "accept", actor, now=clock.now())
    workflow.fire(certificate, "accept", brand, now=clock.now())
    assert certificate.state == "valid" and new_certificate(factory, brand).state == "valid"
    with pytest.raises(Invalid):
        workflow.fire(certificate, "revoke", brand, now=clock.now())
    with pytest.raises(Invalid):
        new_certificate(factory, brand, days=-1)
    with pytest.raises(Forbidden):
        new_certificate(factory, an_actor(role="brand"))


def test_it_is_reminded_of_sixty_thirty_and_seven_days_before_once_each_and_expires(session, brand):
    own = an_organisation("factory")
    owner = a_person(own)
    factory = brought(brand, "approved")
    factory.organisation_id = own.id
    start = clock.now()
    certificate = a_certificate(factory, days=61)
    certificate_id, owner_id = certificate.id, owner.id
    session.commit()
    seen = []
    for day in range(64):
        with clock.frozen(start + timedelta(days=day)):
            for _ in range(2):
                jobs.run_out(Run(), clock.now())
            texts = session.scalars(select(Notification.text).where(Notification.user_id == owner_id).order_by(Notification.id)).all()
            seen += [day] * (len(texts) - len(seen))
    assert seen == [1, 31, 54, 62]
    assert texts == [*["factory.certificate_expiring"] * 3, "factory.certificate_expired"]
    assert session.get_one(Certificate, certificate_id).state == "expired"


def test_a_late_first_look_reminds_once_and_a_stale_proposal_expires(session, brand):
    factory = brought(brand)
    a_certificate(factory, days=5)
    a_certificate(factory, days=-3, state="proposed")
    session.commit()
    assert jobs.run_out(Run(), clock.now()) == {"reminded": 1, "expired": 1, "tiers": 0}
    assert jobs.run_out(Run(), clock.now()) == {"reminded": 0, "expired": 0, "tiers": 0}


# Audits


def test_an_audit_is_decided_once_every_check_is_scored(session, brand):
    factory = brought(brand)
    made = audit_service.plan(factory, {"kind": "quality", "audited_on": clock.today(ZONE), "auditor": "李工"}, brand, clock.now())
    assert {c.code for c in made.checks} == set(words.CHECKS["quality"]) and made.score is None
    with pytest.raises(Refused, match="8 are open"):
        step(made, "pass", brand)
    scores = {c.code: {"score": 4, "does_not_apply": False, "note": ""} for c in made.checks}
    scores["final"] = {"score": None, "does_not_apply": True, "note": "不适用"}
    audit_service.score(made, scores, brand, clock.now())
    assert made.score == 80
    step(made, "pass", brand, note="现场良好")
    decision = session.scalar(select(AuditDecision))
    assert (decision.outcome, decision.score, decision.reason) == ("passed", 80, "现场良好")
    with pytest.raises(Refused, match="not edited"):
        audit_service.score(made, scores, brand, clock.now())
    with pytest.raises(Refused):
        audit_service.note_finding(made, {"severity": "minor", "text": "x", "due_on": clock.today()}, brand, clock.now())
    with pytest.raises(Conflict):
        step(made, "fail", brand)


def test_a_low_score_or_a_critical_finding_does_not_pass(session, brand):
    factory = brought(brand)
    low = an_audit(factory, score=2)
    with pytest.raises(Refused, match="60%"):
        step(low, "pass", brand)
    assert step(low, "fail", brand).state == "failed"
    made = an_audit(factory, score=5)
    finding = audit_service.note_finding(
        made, {"severity": "critical", "text": "出口上锁", "due_on": clock.today(ZONE)}, brand, clock.now()
    )
    session.expire(made, ["findings"])
    with pytest.raises(Refused, match="critical"):
        step(made, "pass", brand)
    with pytest.raises(Invalid):
        audit_service.close_finding(finding, " ", brand, clock.now())
    audit_service.close_finding(finding, "已拆锁", brand, clock.now())
    assert step(made, "pass", brand).state == "passed"


def test_an_audit_of_tomorrow_cannot_be_decided_today(brand):
    made = an_audit(brought(brand), score=5, audited_on=clock.today(ZONE) + timedelta(days=1))
    with pytest.raises(Refused, match="to come"):
        step(made, "pass", brand)
    with pytest.raises(Invalid):
        audit_service.note_finding(made, {"severity": "minor", "text": "x", "due_on": clock.today(ZONE)}, brand, clock.now())
    assert step(made, "cancel", brand).state == "cancelled"


def test_a_decision_cannot_be_changed_by_hand(session, brand):
    made = an_audit(brought(brand), score=5)
    step(made, "pass", brand)
    session.commit()
    for statement in ("UPDATE factory_audit_decision SET id = id", "DELETE FROM factory_audit_decision"):
        with pytest.raises(DatabaseError):
            session.execute(text(statement))
        session.rollback()


def test_case_36_the_second_of_two_auditors_is_refused(brand):
    made = an_audit(brought(brand))
    with pytest.raises(Conflict):
        audit_service.score(made, {}, brand, clock.now(), expected=made.version + 1)


# Tiers


def a_model_factory():
    factory = a_factory("approved", founded_year=2000, staff_count=300)
    for n in range(3):
        a_certificate(factory, kind=("iso_9001", "bsci", "fsc")[n])
        an_oem_entry(factory, f"C{n}", checked=True)
    an_audit(factory, "passed", score=5)
    return factory


def test_a_tier_is_given_on_evidence_until_it_ends(session):
    admin, factory = an_actor(role="administrator"), a_model_factory()
    award = evidence_service.grant_tier(factory, "gold", "评审", admin, clock.now())
    assert award.expires_on == clock.today(ZONE) + tiers.LASTS and factory.tier == "gold"
    assert {m["measure"] for m in award.evidence} == {
        "checked_clients",
        "years",
        "valid_certificates",
        "audit_score",
        "open_serious_findings",
    }
    second = evidence_service.grant_tier(factory, "treasure", "改评", admin, clock.now())
    assert (award.state, factory.tier) == ("expired", "treasure")
    second.expires_on = factory.tier_until = clock.today(ZONE) - timedelta(days=1)
    session.commit()
    assert jobs.run_out(Run(), clock.now())["tiers"] == 1
    session.expire_all()
    assert (second.state, factory.tier) == ("expired", "")


def test_what_is_missing_is_said(session):
    admin, factory = an_actor(role="administrator"), a_factory("approved", founded_year=2025)
    with pytest.raises(Refused) as refused:
        evidence_service.grant_tier(factory, "treasure", "评审", admin, clock.now())
    for word in ("Clients checked by the platform: 0 of 2", "Years since founding", "Valid certificates: 0 of 1", "–"):
        assert word in str(refused.value.message)
    assert session.scalar(select(func.count(TierAward.id))) == 0
    with pytest.raises(Refused, match="approved factory"):
        evidence_service.grant_tier(a_factory("conditional"), "gold", "x", admin, clock.now())
    with pytest.raises(Forbidden):
        evidence_service.grant_tier(factory, "gold", "x", an_actor(role="brand"), clock.now())


def test_a_tier_rests_on_checked_clients_fresh_audits_and_valid_certificates(session):
    factory = a_model_factory()
    today = clock.today(ZONE)
    an_oem_entry(factory, "unchecked")
    a_certificate(factory, days=-1)
    a_certificate(factory, state="proposed")
    an_audit(factory, "passed", score=1, audited_on=today - timedelta(days=400))
    facts = tiers.facts(session.get_one(Factory, factory.id, populate_existing=True), today)
    assert (facts["checked_clients"], facts["valid_certificates"], facts["audit_score"]) == (3, 3, 100)


def test_a_tier_is_withdrawn_with_a_reason(session):
    admin, factory = an_actor(role="administrator"), a_model_factory()
    award = evidence_service.grant_tier(factory, "gold", "评审", admin, clock.now())
    with pytest.raises(Invalid):
        evidence_service.end_tier(award, "revoke", "", admin, clock.now())
    evidence_service.end_tier(award, "revoke", "证书造假", admin, clock.now())
    assert (award.state, factory.tier, factory.tier_until) == ("revoked", "", None)


def test_expiry_finds_what_is_due_and_the_system_moves_it(session, brand):
    certificate = a_certificate(brought(brand), days=-2)
    assert expiry.due_certificates(clock.today(ZONE)) == [certificate]
    assert expiry.settle(certificate, clock.today(ZONE), clock.now()) == "expired"
    with pytest.raises(Conflict):
        workflow.fire(certificate, "expire", SYSTEM, now=clock.now())


def test_later_packages_find_whom_to_ask(session, brand):
    own, other = an_organisation("factory"), an_organisation("factory")
    fit = a_factory("approved", organisation=own, name_zh="甲厂")
    late = a_factory("conditional", organisation=other, name_zh="乙厂")
    for state in ("pending", "suspended", "prospect", "inactive"):
        a_factory(state, organisation=an_organisation("factory"))
    a_factory("approved", name_zh="没有账号的厂")
    ids = [row.id for row in queries.eligible(brand, category="小家电", process="注塑", quantity=500)]
    assert set(ids) == {fit.id, late.id}
    assert queries.eligible(brand, quantity=499) == [] and queries.eligible(brand, category="鞋服") == []
    assert len(queries.eligible(brand, with_account=False)) == 3
    late.tier, late.tier_until = "gold", clock.today(ZONE)
    put(late)
    assert queries.eligible(brand)[0].id == late.id
    a_certificate(fit)
    assert [row.id for row in queries.eligible(brand, certificate="iso_9001")] == [fit.id]


def test_a_product_names_its_factories(session, brand):
    own = an_organisation("factory")
    factory = a_factory("suspended", organisation=own)
    product = a_product(a_programme(session.get_one(type(own), brand.organisation_id)), "sampling")
    a_participant(product, own)
    assert [row.id for row in queries.of_product(product, brand)] == [factory.id]
    assert queries.of_product(product, an_actor(role="brand")) == []
