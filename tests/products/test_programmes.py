"""Programmes: the form with its rows, the plan of spend, and who sees them."""

from datetime import date

import pytest

from incubator.kernel import clock
from incubator.kernel.errors import Conflict, Invalid
from incubator.kernel.money import Money
from incubator.products import burn, programmes
from tests.builders import a_person, a_product, a_programme, an_actor, an_organisation, counted, sign_in

FORM = {
    "name": "居家办公", "type": "consumer", "owner_id": "", "purpose": "久坐", "starts_on": "2026-01-15", "horizon_years": "2", "currency": "CNY",
    "budget": "1,200.50", "results-0-objective": "Niche", "results-0-name": "Reason", "results-0-start": "0", "results-0-target": "60",
    "results-0-current": "30", "results-1-name": "Repeat", "results-1-target": "15", "results-4-objective": "Teach", "results-4-name": "",
    "burn-0-month": "2026-02", "burn-0-planned": "100", "burn-0-spent": "80.5", "burn-0-revenue": "", "burn-1-month": "", "burn-1-planned": "",
}  # fmt: skip


@pytest.fixture
def brand(session):
    return an_organisation("brand")


@pytest.fixture
def browser(client, brand):
    return sign_in(client, a_person(brand))


def test_a_programme_with_rows_is_created_and_shown(browser):
    made = browser.post("/programmes/new", data=FORM)
    assert made.status_code == 302
    page = browser.get(made.headers["Location"]).get_data(as_text=True)
    for text in ("居家办公", "Niche", "Reason", "Repeat", "Teach", "PG-01"):
        assert text in page
    assert "¥1,20" in page
    assert "居家办公" in browser.get("/programmes").get_data(as_text=True)
    assert 'value="60' in browser.get(made.headers["Location"] + "/edit").get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("budget", "-1"), ("budget", "NaN"), ("budget", "1e308"), ("budget", "x"), ("horizon_years", "0"), ("horizon_years", "99"),
        ("horizon_years", "1000000000"), ("starts_on", "1066-01-01"), ("starts_on", ""), ("results-0-target", "nan"), ("results-0-target", "1e308"),
        ("results-0-target", ""), ("results-0-objective", ""), ("burn-0-planned", "-5"), ("burn-0-month", ""), ("currency", "XXX"), ("name", ""),
        ("name", "x" * 201), ("code", "a b"), ("type", "other"), ("owner_id", "999999"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_comes_back(browser, name, value):
    answer = browser.post("/programmes/new", data={**FORM, name: value})
    assert answer.status_code == 422
    assert "居家办公" in answer.get_data(as_text=True) or name == "name"


def test_a_month_stands_once(browser):
    assert browser.post("/programmes/new", data={**FORM, "burn-1-month": "2026-02", "burn-1-planned": "1"}).status_code == 422


def test_a_budget_is_spread_to_the_last_fen(brand):
    programme = a_programme(brand, starts_on=date(2026, 11, 20), horizon_years=1, budget_minor=100_000)
    plan = programmes.even_plan(programme)
    assert len(plan) == 12
    assert sum(plan.values()) == 100_000
    assert min(plan) == date(2026, 11, 1)
    assert max(plan) == date(2027, 10, 1)


def values(**more):
    given = {"name": "P", "code": "", "type": "consumer", "owner_id": None, "purpose": "", "milestones_note": ""}
    return {**given, "starts_on": date(2026, 1, 1), "horizon_years": 1, "currency": "CNY", "budget_minor": 1200, **more}


def test_edits_replace_rows_and_keep_what_was_spent(brand):
    actor, now = an_actor(brand), clock.now()
    month = {"month": date(2026, 1, 1), "planned_minor": 5, "spent_minor": 70, "revenue_minor": 3}
    programme = programmes.create(values(), [], [month], False, actor, now)
    programmes.edit(programme, values(name="Q"), [], [month], True, programme.version, actor, now)
    assert [b.planned_minor for b in programme.burn] == [100] * 12
    assert burn.totals(programme)["spent"] == Money(70, "CNY")
    assert burn.last_booked(programme) == date(2026, 1, 1)
    assert burn.table(programme)[-1]["planned_sum"] == Money(1200, "CNY")


def test_the_second_of_two_editors_is_told_what_changed(brand):
    actor, now = an_actor(brand), clock.now()
    programme = programmes.create(values(), [], [], False, actor, now)
    seen = programme.version
    programmes.edit(programme, values(name="Q"), [], [], False, seen, actor, now)
    with pytest.raises(Conflict) as refusal:
        programmes.edit(programme, values(name="R"), [], [], False, seen, actor, now)
    assert [(m, t) for _, m, t in refusal.value.details["difference"]] == [("R", "Q")]


def test_codes_are_the_brands_own(brand):
    actor, now = an_actor(brand), clock.now()
    assert programmes.create(values(), [], [], False, actor, now).code == "PG-01"
    assert programmes.create(values(), [], [], False, actor, now).code == "PG-02"
    with pytest.raises(Invalid):
        programmes.create(values(code="PG-01"), [], [], False, actor, now)


def test_a_closed_programme_is_not_offered_and_can_be_reopened(browser, brand):
    programme = a_programme(brand, "Old")
    for verb, offered in (("close", False), ("close", False), ("reopen", True)):
        assert browser.post(f"/programmes/{programme.id}/{verb}").status_code == 302
        assert ("Old" in browser.get("/products/new").get_data(as_text=True)) is offered


def test_nobody_else_sees_a_programme(client, brand):
    programme = a_programme(brand)
    for kind in ("brand", "factory", "investor"):
        sign_in(client, a_person(an_organisation(kind)))
        for path in ("", "/edit"):
            assert client.get(f"/programmes/{programme.id}{path}").status_code == 404
        assert client.post(f"/programmes/{programme.id}/close").status_code == 404


def test_the_page_asks_the_same_of_five_and_of_fifty_products(browser, brand):
    programme = a_programme(brand)
    sizes = []
    for number in (5, 45):
        for _ in range(number):
            a_product(programme)
        with counted() as statements:
            assert browser.get(f"/programmes/{programme.id}").status_code == 200
        sizes.append(len(statements))
    assert sizes[0] == sizes[1] <= 10
