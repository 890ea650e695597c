"""The pages of what is expected: few queries, forms that refuse, exports with the arithmetic; for everybody but the brand they do not exist."""

import json
from datetime import date, timedelta

from sqlalchemy import select

from incubator.accounts.identity import new_token
from incubator.accounts.models import ApiToken
from incubator.kernel import clock
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.sales import grading, stock_service
from incubator.sales.learning import learn
from incubator.sales.models import SalesSettings, SkuGrade
from incubator.sales.outlook_models import HeroRule, Learning, SkuSupply
from tests import builders
from tests.builders import counted, put, sign_in
from tests.sales.desk import Desk
from tests.sales.test_learning import last_week, sold, stocked

BACKENDS = ("sqlite",)
PATHS = ("/sales/reorders", "/sales/settings", "/sales/accuracy", "/sales/reorders.csv", "/sales/reorders.xlsx")


def learnt(session, skus=2):
    """A desk whose SKUs sold for half a year; every other one runs out."""
    desk = Desk()
    for n in range(skus):
        sku = sold(desk, f"K-{n}", [20 + n] * 26, planned_units_per_week=10)
        stocked(desk, sku, 20 if n % 2 == 0 else 900)
    day = last_week() + timedelta(days=3)
    rows = [{"code": "K-0", "day": day, "taken_at": clock.now(), "views": 300, "visitors": 100, "carts": 9, "buyers": 4}]
    stock_service.take_in(stock_service.TRAFFIC, rows, desk.channel, 1)
    put(HeroRule(brand_id=desk.brand.id, scope="0|", measure="units", least=21, weeks=4, created_at=clock.now()))
    grading.grade(desk.brand.id, last_week())
    for _ in learn(desk.brand.id, last_week(), clock.now()):
        session.commit()
    return desk


def sku_id(session, code):
    return session.scalar(select(SkuGrade.sku_id).join(SkuGrade.sku).where(SkuGrade.sku.property.mapper.class_.code == code))


def test_the_list_shows_what_is_expected_and_sorts_by_it(client, session):
    desk = learnt(session, 3)
    browser = sign_in(client, desk.user)
    page = browser.get("/sales").text
    assert "Hero SKU" in page and "Cover in weeks" in page and "Sell-through" in page
    for sort in ("likely", "forecast", "through", "cover", "pace", "slow", "code"):
        assert "K-2" in browser.get(f"/sales?sort={sort}").text
    by_cover = browser.get("/sales?sort=cover").text
    assert by_cover.index("K-0") < by_cover.index("K-1"), "what runs out first comes first"
    heroes = browser.get("/sales?hero=1").text
    assert "K-1" in heroes and "K-0" not in heroes
    exported = browser.get("/sales/export.csv").text
    assert "Expected in four weeks" in exported and "Yes" in exported


def test_the_second_page_of_a_list_sorted_by_a_fraction_is_there(client, session):
    desk = learnt(session, 60)
    browser = sign_in(client, desk.user)
    for sort in ("pace", "forecast", "cover"):
        first = browser.get(f"/sales?sort={sort}").text
        following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        second = browser.get(following)
        assert second.status_code == 200 and second.text.count("K-") >= 10, sort


def test_the_card_of_a_sku_tells_what_to_order_and_how_that_is_reckoned(client, session):
    desk = learnt(session)
    browser = sign_in(client, desk.user)
    page = browser.get(f"/skus/{sku_id(session, 'K-0')}").text
    assert "Units by week, and what is expected" in page and "How that is reckoned" in page and "assumed: nobody has said" in page
    assert "Order " in page and "95%, from – to" in page and "Conversion" in page and "4.0 %" in page
    assert "Nothing to order within thirteen weeks" in browser.get(f"/skus/{sku_id(session, 'K-1')}").text


def test_what_is_to_be_ordered_is_listed_filtered_and_exported(client, session):
    desk = learnt(session, 4)
    browser = sign_in(client, desk.user)
    page = browser.get("/sales/reorders").text
    assert "K-0" in page and "K-2" in page and "K-1" not in page and "Order now" in page
    for query in ("due=all&sort=quantity", "due=month&q=K-0", "sort=cover", "sort=code", "due=forged&sort=forged"):
        assert "K-0" in browser.get(f"/sales/reorders?{query}").text
    assert "No proposal fits" in browser.get("/sales/reorders?q=nothing").text
    assert browser.get("/sales/reorders?cursor=forged").status_code == 422
    exported = browser.get("/sales/reorders.csv?due=all").text
    assert "Reorder point" in exported and "K-2" in exported and "assumed" in exported


def test_how_a_sku_is_supplied_is_written_down(client, session):
    desk = learnt(session)
    browser = sign_in(client, desk.user)
    path = f"/skus/{sku_id(session, 'K-0')}/supply"
    assert "At present: 30 days" in browser.get(path).text
    assert browser.post(path, data={"moq": "500", "lead_days": "20", "multiple": "", "service": "97.5", "version": "0"}).status_code == 302
    row = session.scalars(select(SkuSupply)).one()
    assert (row.moq, row.lead_days, row.multiple, row.service_bp) == (500, 20, None, 9750)
    assert 'value="97.5"' in browser.get(path).text
    for wrong in ({"moq": "-1"}, {"lead_days": "0"}, {"lead_days": "999"}, {"service": "100"}, {"service": "NaN"}, {"moq": "1e9"}):
        assert browser.post(path, data={**wrong, "version": row.version}).status_code == 422, wrong
    assert browser.post(path, data={"moq": "7", "version": "0"}).status_code == 409, "somebody else has changed it"


def test_service_level_and_thresholds_are_settled_on_the_page(client, session):
    desk = learnt(session)
    browser = sign_in(client, desk.user)
    assert 'value="95"' in browser.get("/sales/settings").text
    assert browser.post("/sales/settings", data={"service": "98", "review_days": "14", "version": "0"}).status_code == 302
    assert session.execute(select(SalesSettings.service_bp, SalesSettings.review_days)).one() == (9800, 14)
    for wrong in ({"service": "30", "review_days": "14"}, {"service": "98", "review_days": "1"}):
        assert browser.post("/sales/settings", data={**wrong, "version": "1"}).status_code == 422
    rule = {"programme_id": str(desk.product.programme_id), "category": " 家具 ", "measure": "revenue", "least": "1234.50", "weeks": "6"}
    assert browser.post("/sales/heroes", data=rule).status_code == 302
    made = session.scalars(select(HeroRule).where(HeroRule.measure == "revenue")).one()
    assert (made.least, made.weeks, made.category, made.programme_id) == (123450, 6, "家具", desk.product.programme_id)
    rule_id = made.id
    assert "1,234.50" in browser.get("/sales/settings").text
    again = browser.post("/sales/heroes", data=rule)
    assert again.status_code in (409, 422) and "stands already" in again.text
    for wrong in ({"least": "0"}, {"measure": "units", "least": "2.5"}, {"weeks": "99"}, {"programme_id": "987654"}):
        assert browser.post("/sales/heroes", data={**rule, "category": "x", **wrong}).status_code == 422, wrong
    assert browser.post(f"/sales/heroes/{rule_id}/remove").status_code == 302
    assert session.scalar(select(HeroRule.id).where(HeroRule.id == rule_id)) is None


def test_how_sure_it_is_stands_on_its_page(client, session):
    desk = learnt(session)
    browser = sign_in(client, desk.user)
    page = browser.get("/sales/accuracy").text
    assert "Assumed" in page and "too few to learn from" in page and "looked at again when they are four weeks old" in page
    row = session.scalars(select(Learning)).one()
    score = {"number": 80, "hits": 30, "brier": 0.12, "base": 0.23, "skill": 0.48, "reliability": [[0.1, 0.05, 40], [0.8, 0.9, 40]]}
    row.hit_model = {**row.hit_model, "is_own": True, "launches": 80, "hits": 30, "score": score}
    row.record = {"skus": 7, "weeks": 4, "in80": 0.79, "in95": 0.96, "expected": 500, "came": 480}
    session.commit()
    page = browser.get("/sales/accuracy").text
    assert "When the band was missed" not in page, "a record of before weeks were kept tells no week"
    assert (
        "0.120" in page and "48 %" in page and "Learnt from 80 earlier launches" in page and "79 %" in page and "Told and come true" in page
    )


def test_the_page_names_the_festival_that_broke_the_band(client, session):
    desk = learnt(session)
    row = session.scalars(select(Learning)).one()
    weeks = [{"in80": share, "expected": 100, "came": came} for share, came in ((0.8, 90), (0.9, 100), (0.7, 110), (0.3, 300))]
    row.week, row.record = (
        date(2025, 11, 10),
        {"skus": 9, "weeks": 4, "in80": 0.68, "in95": 0.9, "expected": 400, "came": 600, "history": 30, "by_week": weeks},
    )
    session.commit()
    page = sign_in(client, desk.user).get("/sales/accuracy").text
    assert page.count("Double 11") == 1 and "30 % of the SKUs lay inside the 80% band; 300 sold where 100 were expected" in page
    assert "only after a year and a half of sales" in page


def test_empty_pages_say_what_to_do(client, session):
    browser = sign_in(client, Desk().user)
    assert (
        "No proposals yet" in browser.get("/sales/reorders").text and "Nothing has been forecast yet" in browser.get("/sales/accuracy").text
    )
    assert "No threshold yet" in browser.get("/sales/settings").text


def bearer(person):
    token, token_hash = new_token()
    put(
        ApiToken(
            token_hash=token_hash, prefix=token[:8], name="x", user_id=person.id, membership_id=person.memberships[0].id, scope="read",
            expires_at=clock.now() + timedelta(days=1),
        )
    )  # fmt: skip
    return {"Authorization": f"Bearer {token}"}


def test_a_skus_sales_as_json(client, session):
    desk = learnt(session)
    one = sku_id(session, "K-0")
    body = client.get(f"/api/v1/skus/{one}/sales", headers=bearer(desk.user)).get_json()
    assert body["code"] == "K-0" and len(body["weeks"]) == 26 and body["grades"][-1] == {
        "week": last_week().isoformat(), "grade": "hit", "is_hero": False, "rule": 2,
    }  # fmt: skip
    assert len(body["outlook"]["expected"]) == 13 == len(body["outlook"]["low80"]) and body["outlook"]["reorder"]["quantity"] > 0
    assert body["measures"][0]["conversion"] == 0.04 and body["measures"][0]["price_against"] == "first"
    rival = Desk()
    session.commit()
    assert client.get(f"/api/v1/skus/{one}/sales", headers=bearer(rival.user)).status_code == 404
    factory = builders.a_person(desk.factories[0], manager=True)
    refused = client.get(f"/api/v1/skus/{one}/sales", headers=bearer(factory))
    assert refused.status_code == 404 and "K-0" not in json.dumps(refused.get_json())


def test_nobody_else_finds_them(app, session):
    desk = learnt(session)
    one, rule = sku_id(session, "K-0"), session.scalars(select(HeroRule.id)).one()
    for kind in ORGANISATION_KINDS:
        organisation = desk.factories[0] if kind == "factory" else builders.an_organisation(kind)
        browser = sign_in(app.test_client(), builders.a_person(organisation, manager=True))
        assert browser.get(f"/skus/{one}/supply").status_code == 404 and browser.post(f"/sales/heroes/{rule}/remove").status_code == 404, (
            kind
        )
        for path in PATHS:
            answer = browser.get(path)
            assert answer.status_code == (200 if kind == "brand" else 404), (kind, path)
            assert b"K-0" not in answer.data
    assert session.scalars(select(HeroRule.id)).one() == rule


def test_pages_ask_no_more_for_more_rows(client, session):
    desk = learnt(session, 30)
    browser = sign_in(client, desk.user)
    one = sku_id(session, "K-0")
    for path, most in (("/sales", 11), ("/sales/reorders", 9), ("/sales/settings", 9), ("/sales/accuracy", 8), (f"/skus/{one}", 20)):
        browser.get(path)
        with counted() as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) <= most, (path, len(statements), statements)
