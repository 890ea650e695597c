"""The pages of sales: the brand's own, in few queries; for everybody else they do not exist."""

from datetime import timedelta

from sqlalchemy import select

from incubator.kernel import clock
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.sales import grading, service
from incubator.sales.models import FeedCode, SkuWeek
from tests import builders
from tests.builders import counted, sign_in
from tests.sales.desk import HEAD, Desk, a_sku, line

BACKENDS = ("sqlite",)


def sold(session, skus=1):
    """A desk whose SKUs sold twenty a week for six weeks, with one return."""
    desk = Desk()
    for n in range(skus):
        a_sku(desk.product, f"K-{n}", desk.factories[0], planned_units_per_week=10)
    last = grading.last_complete_week(clock.now().date())
    rows = [line(f"{n}-{w}", f"K-{n}", 20, last - timedelta(weeks=w)) for n in range(skus) for w in range(6)]
    desk.hand_in(HEAD + "".join(rows) + line("r", "K-0", -3, last, reason="异味") + line("u", "UNKNOWN", 1, last))
    service.roll_up(desk.brand.id)
    grading.grade(desk.brand.id, last)
    session.commit()
    return desk


def test_the_list_shows_grades_and_filters_them(client, session):
    desk = sold(session, 3)
    browser = sign_in(client, desk.user)
    page = browser.get("/sales").text
    assert "K-0" in page and "Hit" in page and "its own plan" in page
    assert "K-0" in browser.get("/sales?grade=hit&q=K-0").text and "K-0" not in browser.get("/sales?grade=stale").text
    assert "No SKU fits" in browser.get("/sales?q=nothing").text and browser.get("/sales?cursor=forged").status_code == 422
    assert "K-1" in browser.get("/sales/export.csv").text and "20" in browser.get("/sales/weeks.csv").text


def test_the_empty_page_says_what_to_do(client, session):
    desk = Desk()
    browser = sign_in(client, desk.user)
    assert "No sales yet" in browser.get("/sales").text and "Every code is known" in browser.get("/sales/codes").text


def test_the_sku_has_its_card(client, session):
    desk = sold(session)
    browser = sign_in(client, desk.user)
    sku_id = session.scalars(select(SkuWeek.sku_id)).first()
    page = browser.get(f"/skus/{sku_id}").text
    assert "Units by week" in page and "Smell" in page and "times its own plan" in page
    factory = sign_in(client.application.test_client(), builders.a_person(desk.factories[0]))
    theirs = factory.get(f"/skus/{sku_id}")
    assert theirs.status_code == 200 and "Units by week" not in theirs.text


def test_codes_are_resolved_ignored_and_adopted_on_the_page(client, session):
    desk = sold(session)
    desk.hand_in(HEAD + line("9", "POST", 1, "2026-03-02") + line("9", "OLD", 1, "2026-03-02"))
    browser = sign_in(client, desk.user)
    ids = dict(session.execute(select(FeedCode.code, FeedCode.id)).all())
    wrong = browser.post("/sales/codes/resolve", data={"codes": [ids["UNKNOWN"]], "sku": "nope"})
    assert wrong.status_code == 422 and "no SKU with the code" in wrong.text
    assert browser.post("/sales/codes/resolve", data={"codes": [ids["UNKNOWN"]], "sku": "k-0"}).status_code == 302
    assert browser.post("/sales/codes/ignore", data={"codes": [ids["POST"]]}).status_code == 302
    assert browser.post("/sales/codes/adopt", data={"codes": [ids["OLD"]], "product_id": desk.product.id}).status_code == 302
    session.expire_all()
    assert dict(session.execute(select(FeedCode.code, FeedCode.status)).all()) == {"UNKNOWN": "known", "POST": "ignored", "OLD": "known"}
    again = browser.post("/sales/codes/resolve", data={"codes": [ids["UNKNOWN"]], "sku": "k-0"})
    assert again.status_code in (409, 422) and "already" in again.text
    assert browser.post("/sales/codes/ignore", data={"codes": ["x", "-1", "99999"]}).status_code in (409, 422)


def test_nobody_else_finds_them(app, session):
    desk = sold(session)
    (code,) = session.scalars(select(FeedCode.id))
    for kind in ORGANISATION_KINDS:
        organisation = desk.factories[0] if kind == "factory" else builders.an_organisation(kind)
        browser = sign_in(app.test_client(), builders.a_person(organisation, manager=True))
        if kind == "brand":
            assert "K-0" not in browser.get("/sales").text and "UNKNOWN" not in browser.get("/sales/codes").text
            refused = browser.post("/sales/codes/ignore", data={"codes": [code]})
            assert refused.status_code in (409, 422)
            continue
        for path in ("/sales", "/sales/codes", "/sales/export.csv", "/sales/weeks.xlsx"):
            assert browser.get(path).status_code == 404, (kind, path)


def test_pages_ask_no_more_for_more_rows(client, session):
    desk = sold(session, 30)
    browser = sign_in(client, desk.user)
    for path, most in (("/sales", 10), ("/sales/codes", 8)):
        browser.get(path)
        with counted() as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) <= most, (path, statements)


def test_every_fact_is_traced_to_its_file_and_line(session, client):
    desk = Desk()
    sku, other = a_sku(desk.product, "K-1"), a_sku(desk.product, "K-2")
    made = desk.hand_in(
        HEAD
        + line("A-1", "K-1", 2, "2026-03-03")
        + line("A-2", "K-2", 1, "2026-03-03")
        + line("A-3", "K-1", -1, "2026-03-04", reason="拉链坏了")
    )
    service.roll_up(desk.brand.id)
    session.commit()
    sign_in(client, desk.user)
    page = client.get(f"/skus/{sku.id}/lines").text
    assert (
        "A-1" in page and "A-3" in page and "拉链坏了" in page and "A-2" not in page and made.name in page and f"/imports/{made.id}" in page
    )
    assert "A-1" not in client.get(f"/skus/{sku.id}/lines?week=2026-03-02&kind=return").text
    assert "A-1" not in client.get(f"/skus/{other.id}/lines?week=2026-03-02").text
    told = client.get(f"/skus/{sku.id}/lines.csv?week=2026-03-02").text.splitlines()
    assert len(told) == 3 and told[1].endswith("lines.csv,2") and told[2].endswith("lines.csv,4")
    assert (
        client.get(f"/skus/{sku.id}/lines?week=9999-12-31").status_code == 200
        and client.get(f"/skus/{sku.id}/lines?week=x").status_code == 200
    )
