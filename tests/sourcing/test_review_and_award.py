"""Two envelopes and one decision: scored without prices, opened once, awarded once; each factory learns of itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.briefs.models import BriefTarget
from incubator.kernel import clock, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.money import ExchangeRate
from incubator.products.models import Participant
from incubator.sourcing import award_service, basis_service, comparison_queries, intake, quotation_queries, review_service
from incubator.sourcing.award_service import Choice
from incubator.sourcing.decision_models import RfqAward, RfqOpening
from tests.builders import put
from tests.sourcing.builders import (
    DAY,
    a_house,
    a_maker,
    a_quotation,
    a_score,
    an_rfq,
    awarded,
    closed,
    compared,
    in_review,
    of,
    opened,
    scored,
)


@pytest.fixture
def house(session):
    return a_house()


def a_field(house, *prices, **values):
    """An enquiry with one quotation per price: (rfq, makers)."""
    makers = [a_maker() for _ in prices]
    rfq = an_rfq(house, *makers, **values)
    for maker, price in zip(makers, prices, strict=True):
        a_quotation(rfq, maker, price)
    return rfq, makers


def test_a_review_needs_quotations_and_colleagues(house):
    empty = closed(an_rfq(house, a_maker()))
    with pytest.raises(Refused, match="No quotation"):
        review_service.start(empty, [house.buyer.user_id], house.buyer, clock.now())
    rfq, _ = a_field(house, "10.00")
    closed(rfq)
    for wrong in ([], [a_house().buyer.user_id]):
        with pytest.raises(Invalid):
            review_service.start(rfq, wrong, house.buyer, clock.now())


def test_prices_open_only_when_every_score_is_in(house):
    rfq, makers = a_field(house, "10.00", "11.00")
    in_review(rfq, house.buyer, house.colleague)
    with pytest.raises(Refused, match="4 technical score sheets are missing"):
        review_service.open_prices(rfq, house.buyer, clock.now())
    for maker in makers:
        a_score(rfq, of(rfq, maker), house.buyer)
    a_score(rfq, of(rfq, makers[0]), house.colleague)
    with pytest.raises(Refused, match="1 technical score sheet is missing"):
        review_service.open_prices(rfq, house.buyer, clock.now())
    a_score(rfq, of(rfq, makers[1]), house.colleague, 2)
    opening = review_service.open_prices(rfq, house.buyer, clock.now())
    assert opening.opened_by_id == house.buyer.user_id
    assert {int(q): kept["points"] for q, kept in opening.points.items()} == {of(rfq, makers[0]).id: 80, of(rfq, makers[1]).id: 60}
    with pytest.raises(Conflict):
        review_service.open_prices(rfq, house.colleague, clock.now())


def test_scores_are_the_reviewers_and_final_after_the_opening(house):
    rfq, (maker,) = a_field(house, "10.00")
    in_review(rfq, house.buyer)
    quotation = of(rfq, maker)
    with pytest.raises(Refused, match="not a reviewer"):
        a_score(rfq, quotation, house.colleague)
    for wrong in ({}, {c.id: 6 for c in rfq.criteria}, {rfq.criteria[0].id: 3}):
        with pytest.raises(Invalid):
            review_service.score(rfq, quotation, wrong, "", house.buyer, clock.now())
    a_score(rfq, quotation, house.buyer, 1)
    a_score(rfq, quotation, house.buyer, 5)
    review_service.open_prices(rfq, house.buyer, clock.now())
    with pytest.raises(Refused, match="cannot change"):
        a_score(rfq, quotation, house.buyer, 0)
    with pytest.raises(Forbidden):
        review_service.score(rfq, quotation, {}, "", a_house().buyer, clock.now())


def test_nobody_reads_a_colleagues_scores_before_the_opening(house):
    rfq, (maker,) = a_field(house, "10.00")
    in_review(rfq, house.buyer, house.colleague)
    a_score(rfq, of(rfq, maker), house.buyer, 5)
    assert comparison_queries.sheets(rfq, house.colleague) == [] and len(comparison_queries.sheets(rfq, house.buyer)) == 1
    a_score(rfq, of(rfq, maker), house.colleague, 1)
    review_service.open_prices(rfq, house.buyer, clock.now())
    assert len(comparison_queries.sheets(rfq, house.colleague)) == 2


def test_reviewers_change_while_the_prices_are_sealed_but_a_score_stays(house):
    rfq, (maker,) = a_field(house, "10.00")
    in_review(rfq, house.buyer)
    a_score(rfq, of(rfq, maker), house.buyer)
    with pytest.raises(Invalid):
        review_service.appoint(rfq, [house.colleague.user_id], house.buyer, clock.now())
    review_service.appoint(rfq, [house.buyer.user_id, house.colleague.user_id], house.buyer, clock.now())
    assert len(review_service.measure(rfq)) == 1


def test_a_missing_rate_is_named_and_nothing_is_opened(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker, "2.00", currency="USD")
    scored(rfq, house.buyer)
    with pytest.raises(Refused, match="USD to CNY"):
        review_service.open_prices(rfq, house.buyer, clock.now())


def a_rate(rate_e8, days=0):
    return put(ExchangeRate(base="USD", quote="CNY", on_date=clock.today() - timedelta(days=days), rate_e8=rate_e8, source="央行中间价"))


def test_the_exchange_rate_is_that_of_the_opening_for_good(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker, "2.00", currency="USD", incoterm="DDP")
    a_rate(700_000_000, 3)
    opened(rfq, house.buyer)
    before = compared(rfq, house.buyer).columns[0].at(1000).landed.unit
    a_rate(900_000_000)
    assert compared(rfq, house.buyer).columns[0].at(1000).landed.unit == before
    (kept,) = comparison_queries.opening(rfq, house.buyer).rates
    assert (kept["rate_e8"], kept["source"], kept["on"]) == (700_000_000, "央行中间价", (clock.today() - 3 * DAY).isoformat())


def test_the_comparison_knows_the_target_and_only_the_brand_does(house):
    rfq, (cheap, dear) = a_field(house, "150.00", "300.00")
    opened(rfq, house.buyer)
    found = compared(rfq, house.buyer)
    first, second = found.columns
    assert first.entry.quotation_id == of(rfq, cheap).id and first.at(1000).is_best
    assert round(float(first.at(1000).margin), 4) == round((450 - 151) / 450, 4)
    assert second.at(1000).margin < first.at(1000).margin
    assert first.at(1000).price_for_target.major == pytest.approx(first.at(1000).price_for_target.major)
    assert compared(rfq, cheap) is None
    assert comparison_queries.target(rfq, "CNY", [], dear) is None


def test_rates_change_until_the_decision_and_every_change_is_on_record(house):
    rfq, (maker,) = a_field(house, "10.00")
    opened(rfq, house.buyer)
    data = {
        **{f"{name}_minor": 0 for name in intake.AMOUNTS}, "carriage_unit_minor": 250, "insurance_bp": 30, "duty_bp": 500, "currency": "CNY",
        "amortise_over": 1000, "duty_on": "fob",
    }  # fmt: skip
    basis_service.save(rfq, data, house.buyer, clock.now())
    assert compared(rfq, house.buyer).columns[0].at(1000).landed.parts["carriage"] == pytest.approx(2.5)
    with pytest.raises(Invalid):
        basis_service.save(rfq, {**data, "currency": "EUR"}, house.buyer, clock.now())
    with pytest.raises(Forbidden):
        basis_service.save(rfq, data, maker, clock.now())
    awarded(rfq, maker, house.buyer)
    with pytest.raises(Refused, match="rest"):
        basis_service.save(rfq, data, house.buyer, clock.now())


def test_an_award_moves_everything_and_tells_each_of_itself(house, session):
    rfq, (winner, close, far) = a_field(house, "10.00", "10.30", "14.00")
    opened(rfq, house.buyer)
    decision = awarded(rfq, winner, house.buyer)
    assert (rfq.state, rfq.product.state, rfq.brief.state) == ("awarded", "sampling", "in_development")
    parts = session.scalars(select(Participant.organisation_id).where(Participant.product_id == rfq.product_id)).all()
    assert parts == [winner.organisation_id]
    assert [of(rfq, m).state for m in (winner, close, far)] == ["won", "lost", "lost"]
    bands = [quotation_queries.outcome(of(rfq, m), m).price_band for m in (winner, close, far)]
    assert bands == ["lowest", "under_5", "over_20"]
    assert quotation_queries.outcome(of(rfq, far), close) is None
    assert (decision.share, decision.snapshot["currency"]) == (100, "CNY")
    assert decision.snapshot["quotations"][0]["cells"][1]["price_minor"] == 1000


def test_a_second_source_takes_what_is_left(house, session):
    rfq, (first, second, third) = a_field(house, "10.00", "12.00", "12.30")
    opened(rfq, house.buyer)
    awarded(rfq, first, house.buyer, share=70, second_id=of(rfq, second).id)
    shares = [quotation_queries.outcome(of(rfq, m), m).share for m in (first, second, third)]
    assert shares == [70, 30, 0]
    assert quotation_queries.outcome(of(rfq, third), third).price_band == "under_5", "measured against the awarded range"
    parts = set(session.scalars(select(Participant.organisation_id).where(Participant.product_id == rfq.product_id)))
    assert parts == {first.organisation_id, second.organisation_id}


def test_a_choice_that_does_not_fit_is_refused(house):
    rfq, (first, second) = a_field(house, "10.00", "12.00")
    other, _ = a_field(house, "9.00")
    opened(rfq, house.buyer)
    one, two = of(rfq, first).id, of(rfq, second).id
    for wrong in (
        Choice(one, 1000, 70), Choice(one, 1000, 100, two), Choice(one, 1000, 50, one), Choice(one, 999), Choice(other.quotations[0].id, 1000),
        Choice(one, 1000, 0, two),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            award_service.award(rfq, wrong, "r", house.buyer, clock.now())
    with pytest.raises(Invalid):
        award_service.award(rfq, Choice(one, 1000), "  ", house.buyer, clock.now())
    with pytest.raises(Forbidden):
        award_service.award(rfq, Choice(one, 1000), "ich", first, clock.now())


def test_an_expired_offer_cannot_be_awarded(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker, "10.00", valid_until=clock.today() + DAY)
    opened(rfq, house.buyer)
    with pytest.raises(Refused, match="no longer binds"):
        award_service.award(rfq, Choice(of(rfq, maker).id, 1000), "zu spät", house.buyer, clock.now() + 2 * DAY)


def test_what_was_not_offered_at_the_quantity_cannot_win_there(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker, ((5000, "9.00"),))
    opened(rfq, house.buyer)
    with pytest.raises(Invalid):
        awarded(rfq, maker, house.buyer, quantity=100)
    awarded(rfq, maker, house.buyer, quantity=10_000)


def test_case_35_the_second_of_two_awards_learns_that_it_was_second(house):
    rfq, (first, second) = a_field(house, "10.00", "12.00")
    opened(rfq, house.buyer)
    version = rfq.version
    award_service.award(rfq, Choice(of(rfq, first).id, 1000), "r", house.buyer, clock.now(), version)
    with pytest.raises(Conflict):
        award_service.award(rfq, Choice(of(rfq, second).id, 1000), "r", house.colleague, clock.now(), version)


def test_a_stage_is_not_skipped_and_an_old_step_not_replayed(house):
    """Case 47."""
    rfq, (maker,) = a_field(house, "10.00")
    with pytest.raises(Conflict):
        awarded(rfq, maker, house.buyer)
    in_review(rfq, house.buyer)
    with pytest.raises(Conflict):
        review_service.start(rfq, [house.buyer.user_id], house.buyer, clock.now())
    for event in ("award", "issue", "close"):
        with pytest.raises(Conflict):
            workflow.fire(rfq, event, house.buyer, note="x", now=clock.now())
    with pytest.raises(Forbidden):
        workflow.fire(of(rfq, maker), "win", maker, now=clock.now())


def test_a_product_that_has_moved_on_stays_where_it_is(house):
    rfq, (maker,) = a_field(house, "10.00")
    opened(rfq, house.buyer)
    workflow.fire(rfq.product, "award", house.buyer, now=clock.now())
    awarded(rfq, maker, house.buyer)
    assert rfq.product.state == "sampling"


@pytest.mark.parametrize("model", [RfqOpening, RfqAward])
def test_what_was_opened_and_decided_is_append_only(house, session, model):
    rfq, (maker,) = a_field(house, "10.00")
    opened(rfq, house.buyer)
    awarded(rfq, maker, house.buyer)
    session.flush()
    row = session.scalars(select(model)).one()
    with pytest.raises(Exception, match="append-only"):
        session.execute(model.__table__.update().values(rfq_id=row.rfq_id))
    session.rollback()


def test_without_a_target_there_is_no_margin(house, session):
    rfq, _ = a_field(house, "10.00")
    session.execute(BriefTarget.__table__.delete())
    opened(rfq, house.buyer)
    cell = compared(rfq, house.buyer).columns[0].at(1000)
    assert cell.landed and cell.margin is None and cell.price_for_target is None
    assert SYSTEM.is_system
