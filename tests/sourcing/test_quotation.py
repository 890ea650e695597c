"""A quotation by its factory: drafts, submission, revision, the server's clock, withdrawal, refusal; questions beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from incubator.kernel import clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.money import Money
from incubator.sourcing import intake, question_service, quotation_forms, quotation_queries, quotation_service, service
from incubator.sourcing.models import RfqClarification
from incubator.sourcing.quotation_forms import QuotationForm
from tests.backends import on
from tests.builders import an_actor
from tests.sourcing.builders import DAY, a_house, a_maker, a_quotation, an_rfq, closed, of, quoted, terms

FIRST = timedelta(microseconds=1)


@pytest.fixture
def house(session):
    return a_house()


@pytest.fixture
def maker(session):
    return a_maker()


def test_a_draft_may_hold_anything_and_leaves_what_was_submitted(house, maker):
    rfq = an_rfq(house, maker)
    quotation = of(rfq, maker)
    quotation_service.save_draft(quotation, {"moq": "not a number"}, maker, clock.now())
    assert quotation.state == "draft" and quotation_queries.typed(quotation, maker)["moq"] == "not a number"
    a_quotation(rfq, maker, "12.50")
    quotation_service.save_draft(quotation, {"place": "上海"}, maker, clock.now())
    assert quotation.state == "submitted"
    assert quotation_queries.offer(quotation, maker).place == "宁波"
    assert quotation_queries.draft(quotation, house.buyer) is None


def test_a_revision_takes_the_place_of_what_was_submitted(house, maker):
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker)
    a_quotation(rfq, maker, ((1, "9.00"), (500, "8.50")), currency="USD", lead_days=12)
    quotation = of(rfq, maker)
    offer = quotation_queries.offer(quotation, maker)
    assert (quotation.state, quotation.number) == ("revised", 2)
    assert [(b.quantity_from, b.unit) for b in offer.breaks] == [(1, Money(900, "USD")), (500, Money(850, "USD"))]
    assert quotation_queries.technical(quotation, maker).lead_days == 12


@pytest.mark.parametrize(("when", "taken"), [(-FIRST, True), (timedelta(0), False), (FIRST, False), (DAY, False)])
def test_the_servers_clock_closes_the_door(house, maker, when, taken):
    """The deadline second: what comes at it is late, what comes a microsecond before is in."""
    rfq = an_rfq(house, maker)
    at = rfq.deadline + when
    if taken:
        assert a_quotation(rfq, maker, now=at).state == "submitted"
        return
    for late in (
        lambda: a_quotation(rfq, maker, now=at),
        lambda: quotation_service.save_draft(of(rfq, maker), {}, maker, at),
        lambda: quotation_service.decline(of(rfq, maker), "zu spät", maker, at),
        lambda: question_service.ask(of(rfq, maker), "?", maker, at),
    ):
        with pytest.raises(Refused, match="deadline"):
            late()
    assert of(rfq, maker).state == "invited"


def test_nothing_moves_after_the_closing(house, maker):
    """Revise after close."""
    rfq = an_rfq(house, maker)
    quotation = a_quotation(rfq, maker)
    closed(rfq)
    for verb in (
        lambda: a_quotation(rfq, maker, "1.00"),
        lambda: quotation_service.withdraw(quotation, maker, clock.now()),
        lambda: quotation_service.confirm(quotation, maker, clock.now()),
        lambda: quotation_service.save_draft(quotation, {}, maker, clock.now()),
    ):
        with pytest.raises(Refused, match="no more quotations"):
            verb()
    assert quotation_queries.offer(quotation, maker).breaks[0].unit == Money(2000, "CNY")


def test_one_page_submits_once(house, maker):
    """A double click: the second comes with the version that the first has used up."""
    rfq = an_rfq(house, maker)
    quotation = of(rfq, maker)
    quotation_service.save_draft(quotation, {}, maker, clock.now())
    version = quotation.version
    quotation_service.submit(quotation, quoted(rfq), {}, maker, clock.now(), version)
    with pytest.raises(Conflict):
        quotation_service.submit(quotation, quoted(rfq), {}, maker, clock.now(), version)
    assert quotation.number == 1


def test_nobody_else_quotes(house, maker):
    rfq = an_rfq(house, maker, a_maker())
    rival = next(an_actor(q.organisation) for q in rfq.quotations if q.organisation_id != maker.organisation_id)
    for stranger in (rival, house.buyer, an_actor(role="design_firm")):
        with pytest.raises(Forbidden):
            quotation_service.submit(of(rfq, maker), quoted(rfq), {}, stranger, clock.now())
        with pytest.raises(Forbidden):
            question_service.ask(of(rfq, maker), "?", stranger, clock.now())


def test_withdrawn_is_a_draft_again_and_may_come_back(house, maker):
    rfq = an_rfq(house, maker)
    quotation = a_quotation(rfq, maker)
    quotation_service.withdraw(quotation, maker, clock.now())
    assert (quotation.state, quotation.submitted_at) == ("draft", None)
    a_quotation(rfq, maker)
    assert quotation.state == "submitted"


def test_who_declines_says_why_and_may_change_its_mind(house, maker):
    rfq = an_rfq(house, maker)
    quotation = of(rfq, maker)
    with pytest.raises(Invalid):
        quotation_service.decline(quotation, " ", maker, clock.now())
    quotation_service.decline(quotation, "排产已满", maker, clock.now())
    assert (quotation.state, quotation.declined_reason) == ("declined", "排产已满")
    a_quotation(rfq, maker)
    assert (quotation.state, quotation.declined_reason) == ("submitted", "")


def test_an_old_offer_is_confirmed_only_where_it_still_answers(house, maker):
    rfq = an_rfq(house, maker)
    quotation = a_quotation(rfq, maker)
    with pytest.raises(Refused, match="already"):
        quotation_service.confirm(quotation, maker, clock.now())
    service.reissue(rfq, terms(currencies=["USD"]), "只收美元", house.buyer, clock.now())
    with pytest.raises(Refused, match="currency"):
        quotation_service.confirm(quotation, maker, clock.now())
    service.reissue(rfq, terms(currencies=["CNY"], quantity_1=50), "改回", house.buyer, clock.now())
    quotation_service.confirm(quotation, maker, clock.now())
    assert quotation.answers_the_latest and quotation.state == "submitted"


def test_after_a_reissue_the_editor_begins_from_what_was_answered(house, maker):
    rfq = an_rfq(house, maker)
    quotation = a_quotation(rfq, maker)
    rfq.brief.requirements.pop(0)
    service.reissue(rfq, terms(), "删去一条", house.buyer, clock.now() + timedelta(seconds=5))
    typed = quotation_queries.typed(quotation, maker)
    assert typed["place"] == "宁波"
    assert [typed[f"answers-{n}-verdict"] for n in range(2)] == ["meets", "meets"] and "answers-2-verdict" not in typed


def test_questions_are_private_and_what_is_published_names_nobody(house, maker, session):
    rival = a_maker("竞品工厂")
    rfq = an_rfq(house, maker, rival)
    asked = question_service.ask(of(rfq, maker), "我们竹溪的六轴平台可以用吗？", maker, clock.now())
    question_service.answer(rfq, asked, "可以", house.buyer, clock.now(), publish=True, public_question="能否使用现有平台？")
    with pytest.raises(Conflict):
        question_service.answer(rfq, asked, "不可以", house.colleague, clock.now())
    from incubator.sourcing import queries

    assert queries.questions(rfq, rival) == [] and [q.answer for q in queries.questions(rfq, maker)] == ["可以"]
    (public,) = queries.clarifications(rfq, rival)
    columns = {c.name for c in RfqClarification.__table__.columns}
    assert (public.question, public.answer) == ("能否使用现有平台？", "可以")
    assert columns == {"id", "rfq_id", "question", "answer", "published_at"}
    with pytest.raises(Forbidden):
        question_service.answer(rfq, asked, "x", rival, clock.now())
    other = question_service.ask(of(rfq, maker), "还有呢？", maker, clock.now())
    with pytest.raises(Invalid):
        question_service.answer(rfq, other, "有", house.buyer, clock.now(), publish=True, public_question=" ")


def a_form(rfq, **values):
    typed = {
        "lead_days": "30", "sample_days": "7", "tooling_days": "0", "moq": "100", "monthly_capacity": "9000", "currency": "CNY", "incoterm": "FOB",
        "place": "宁波", "valid_until": (clock.today() + 30 * DAY).isoformat(), "breaks-0-quantity_from": "1", "breaks-0-unit_price": "9.00",
        **{k: v for n in range(3) for k, v in ((f"answers-{n}-requirement", str(n + 1)), (f"answers-{n}-verdict", "meets"))}, **values,
    }  # fmt: skip
    form = QuotationForm(formdata=MultiDict({k: v for k, v in typed.items() if v is not None}), meta={"csrf": False})
    form.currency.choices, form.numbers = [(c, c) for c in rfq.currencies], [r.position for r in rfq.requirements]
    return form


@pytest.fixture
def rfq(app, house, maker):
    with app.test_request_context():
        yield an_rfq(house, maker)


WRONG = {
    "no price": {"breaks-0-unit_price": ""}, "nothing at all": {"breaks-0-unit_price": "", "breaks-0-quantity_from": ""},
    "free": {"breaks-0-unit_price": "0"}, "negative": {"breaks-0-unit_price": "-3"}, "not a number": {"breaks-0-unit_price": "NaN"},
    "too precise": {"breaks-0-unit_price": "1.001"}, "huge": {"breaks-0-unit_price": "1e308"}, "twice": {"breaks-1-quantity_from": "1", "breaks-1-unit_price": "8"},
    "negative MOQ": {"moq": "-5"}, "endless MOQ": {"moq": "1" * 400}, "another currency": {"currency": "EUR"}, "no rule of 2020": {"incoterm": "DAF"},
    "silent": {"answers-1-verdict": ""}, "deviates without a word": {"answers-1-verdict": "deviates"}, "a foreign requirement": {"answers-1-requirement": "77"},
    "one answer less": {"answers-2-requirement": None, "answers-2-verdict": None}, "over": {"valid_until": "2020-01-01"}, "far": {"valid_until": "9999-12-31"},
    "no place": {"place": ""}, "tooling": {"tooling": "many"}, "negative tooling": {"tooling": "-1"},
}  # fmt: skip


@on("sqlite")
def test_what_cannot_be_an_offer_is_refused_with_words(rfq):
    """Case 31: limits, NaN, 1e308, negative MOQ."""
    for name, values in WRONG.items():
        form = a_form(rfq, **values)
        assert not form.validate() and form.errors, name


@on("sqlite")
def test_a_quantity_without_its_price_is_named(rfq):
    """The page fills in the three quantities that were asked: whoever prices two of them learns which row is open."""
    form = a_form(rfq, **{"breaks-1-quantity_from": "12000", "breaks-1-unit_price": ""})
    assert not form.validate() and "12000" in str(form.breaks.errors)


@on("sqlite")
def test_a_right_form_becomes_data_and_warnings_forbid_nothing(rfq):
    form = a_form(rfq, **{"breaks-1-quantity_from": "500", "breaks-1-unit_price": "9.00", "moq": "300", "tooling": "1,500"})
    assert form.validate(), form.errors
    data = intake.quotation_data(form)
    assert data["tooling"] == Money(150_000, "CNY") and data["breaks"][1] == {"quantity_from": 500, "price": Money(900, "CNY")}
    assert len(quotation_forms.warnings(form, (100, 1000, 10_000))) == 2
    late = a_form(rfq, **{"breaks-0-quantity_from": "200"})
    assert late.validate() and len(quotation_forms.warnings(late, (100, 1000, 10_000))) == 1
    assert not quotation_forms.warnings(a_form(rfq), (100, 1000, 10_000))
    assert intake.typed(form)["breaks-1-unit_price"] == "9.00" and "csrf_token" not in intake.typed(form)


@on("sqlite")
def test_yen_have_no_decimals(rfq):
    rfq.currencies = ["JPY"]
    assert not a_form(rfq, currency="JPY", **{"breaks-0-unit_price": "9.50"}).validate()
    form = a_form(rfq, currency="JPY", **{"breaks-0-unit_price": "900"})
    assert form.validate() and intake.quotation_data(form)["breaks"][0]["price"] == Money(900, "JPY")
    assert Money(900, "JPY").major == Decimal(900)


def test_system_closes_between_two_clicks(house, maker):
    rfq = an_rfq(house, maker)
    quotation_service.save_draft(of(rfq, maker), {}, maker, clock.now())
    service.close(rfq, SYSTEM, clock.now())
    with pytest.raises(Refused):
        a_quotation(rfq, maker)
