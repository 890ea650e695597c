"""The pre-production review: checks of every package, one decision that stands, and the step to the test launch behind it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Notification
from incubator.kernel import audit, clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.launches import checks, gate_service
from incubator.launches.launch_models import PreproductionReview
from incubator.products import readiness
from incubator.schedule import service as schedule
from incubator.schedule.models import Milestone
from tests.builders import a_product
from tests.launches.builders import a_plan
from tests.launches.desk import Market

DAY = timedelta(days=1)


def ready(**brief):
    """A market whose product meets every check."""
    market = Market(compliance="GB 18401\n\n CCC ", **brief)
    market.a_sku()
    a_plan(market.product)
    for need in ("GB 18401", "CCC"):
        gate_service.prove(market.product, need, "CNAS-1", None, market.actor, market.now)
    return market


def unmet(market):
    return {c.key for c in gate_service.criteria(market.product, market.actor) if not c.met}


def decide(market, outcome="go", conditions=(), actor=None, **more):
    return gate_service.decide(market.product, outcome, "数据看过", conditions, actor or market.colleague, market.now, **more)


def test_go_moves_the_product_and_keeps_the_criteria(session):
    market = ready()
    assert unmet(market) == set()
    review = decide(market)
    session.commit()
    assert market.product.state == "test_launch" and review.number == 1 and all(c["met"] for c in review.criteria)
    assert audit.first_broken() is None
    assert session.scalar(select(Notification.text).where(Notification.user_id == market.actor.user_id)) == "preproduction.go"


def test_each_check_says_what_is_missing(session):
    market = Market(state="returned", compliance="GB 18401\nCCC")
    assert unmet(market) == {"brief", "prices", "certificates", "volumes"}
    reasons = {c.key: str(c.reason) for c in gate_service.criteria(market.product, market.actor)}
    assert "GB 18401, CCC" in reasons["certificates"] and "no SKU" in reasons["prices"]
    market.a_sku(launch_price_minor=None)
    assert "1 of 1" in str({c.key: c.reason for c in gate_service.criteria(market.product, market.actor)}["prices"])


def test_an_expired_certificate_is_none(session):
    market = ready()
    gate_service.prove(market.product, "CCC", "旧证", clock.today() - DAY, market.actor, market.now)
    assert unmet(market) == {"certificates"}
    assert len(checks.proofs_of(market.product.id)) == 2


def test_a_proof_belongs_to_a_need_of_the_brief(session):
    market = ready()
    with pytest.raises(Invalid):
        gate_service.prove(market.product, "UL", "x", None, market.actor, market.now)


def test_a_check_of_another_package_counts_and_can_be_replaced(session, monkeypatch):
    market = ready()
    monkeypatch.setattr(readiness, "_checks", dict(readiness._checks))
    readiness.register_check("golden_sample", "Golden sample sealed", lambda product, actor: "Nothing is sealed.", 20)
    assert unmet(market) == {"golden_sample"}
    with pytest.raises(Refused, match="Golden sample sealed"):
        decide(market)
    readiness.register_check("golden_sample", "Golden sample sealed", lambda product, actor: None, 20)
    assert decide(market).criteria[1]["key"] == "golden_sample"


def test_conditions_become_milestones_and_the_product_waits_for_them(session):
    market = Market()
    review = decide(market, "conditional", [("铅镉复检", clock.today() + 10 * DAY)])
    assert market.product.state == "preproduction"
    with pytest.raises(Refused, match="铅镉复检"):
        workflow.fire(market.product, "test_launch", market.actor)
    milestone = session.scalar(select(Milestone).where(Milestone.source == f"preproduction:{review.id}:1"))
    schedule.finish(milestone, market.actor, market.now)
    assert workflow.fire(market.product, "test_launch", market.actor).state == "test_launch"


def test_stop_ends_the_product(session):
    market = Market()
    decide(market, "stop")
    assert market.product.state == "stopped" and market.product.stopped_reason == "数据看过"


@pytest.mark.parametrize(
    ("outcome", "conditions", "field"),
    [
        ("conditional", [], "conditions"),
        ("go", [("x", clock.today() + DAY)], "conditions"),
        ("conditional", [("x", clock.today() - DAY)], "conditions"),
        ("maybe", [], "outcome"),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(session, outcome, conditions, field):
    with pytest.raises(Invalid) as refused:
        decide(ready(), outcome, conditions)
    assert field in refused.value.fields


def test_case_47_the_stage_cannot_be_skipped_without_the_review(session):
    market = ready()
    with pytest.raises(Refused, match="pre-production review"):
        workflow.fire(market.product, "test_launch", market.actor)
    offer = next(o for o in workflow.available(market.product, market.actor) if o.event == "test_launch")
    assert "pre-production review" in str(offer.reason)


def test_case_34_the_second_of_two_decisions_is_refused(session):
    market = ready()
    version = market.product.version
    decide(market, "conditional", [("x", clock.today() + DAY)], expected=version)
    with pytest.raises(Conflict):
        decide(market, expected=version)
    decide(market)
    with pytest.raises(Conflict):
        decide(market)
    session.commit()
    assert session.scalar(select(func.count(PreproductionReview.id))) == 2


def test_only_the_brand_decides_and_only_its_own(session):
    market, other = ready(), Market()
    for actor in (market.maker, market.seller, other.actor):
        with pytest.raises(Forbidden):
            decide(market, actor=actor)


@pytest.mark.parametrize("statement", ["UPDATE preproduction_review SET outcome = 'stop'", "DELETE FROM preproduction_review"])
def test_case_46_a_decision_cannot_be_edited_even_by_hand(session, statement):
    decide(ready())
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))
    session.rollback()


def test_a_product_elsewhere_is_not_decided(session):
    market = ready()
    market.product = a_product(market.product.programme, "sampling")
    with pytest.raises(Conflict):
        decide(market)
