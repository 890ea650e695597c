"""The brand's way through the pages: channel, SKU, price, review, test launch, checklist, launch."""

import io
from datetime import timedelta

from PIL import Image
from sqlalchemy import func, select

from incubator.kernel import clock, workflow
from incubator.kernel.file_table import StoredFile
from incubator.launches.launch_models import ChecklistItem, Launch, PreproductionReview
from incubator.launches.models import Channel, Sku, SkuAlias, SkuPrice
from incubator.launches.probe_models import Probe, ProbeVerdict
from tests.builders import a_person, counted, sign_in
from tests.launches.builders import a_channel, a_checklist, a_plan, a_price, a_probe
from tests.launches.desk import Market

BACKENDS = ("sqlite",)  # the sweeps open every page on both

DAY = timedelta(days=1)
CHANNEL = {"name_zh": "天猫旗舰店", "platform": "tmall", "currency": "CNY", "timezone": "Asia/Shanghai", "buyer_kind": "consumer"}
SKU = {
    "code": "NAP-01", "name_zh": "午睡枕（可拆洗）", "name_en": "Nap pillow", "gtin": "6291041500213", "price": "89.00", "currency": "CNY",
    "units_per_carton": "24", "planned_units_per_week": "120",
}  # fmt: skip


def at_the_desk(client, stage="preproduction", **brief):
    market = Market(stage, **brief)
    return market, sign_in(client, a_person(market.brand, manager=True))


def png():
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(data, "PNG")
    data.seek(0)
    return data


def test_a_channel_is_opened_changed_and_closed(client, session):
    _, browser = at_the_desk(client)
    assert "No channels yet" in browser.get("/channels").text
    assert browser.post("/channels/new", data=CHANNEL).status_code == 302
    channel = session.scalar(select(Channel))
    assert browser.post(f"/channels/{channel.id}/edit", data={**CHANNEL, "name_en": "Tmall", "version": channel.version}).status_code == 302
    assert browser.post("/channels/new", data=CHANNEL).status_code == 422
    assert browser.post("/channels/new", data={**CHANNEL, "name_zh": "x", "timezone": "Mars/Base"}).status_code == 422
    assert browser.post(f"/channels/{channel.id}/close").status_code == 302
    session.refresh(channel)
    assert channel.closed_at and "Reopen" in browser.get("/channels").text


def test_a_sku_is_created_priced_named_given_and_photographed(client, session):
    market, browser = at_the_desk(client)
    channel = a_channel(market.brand)
    path = f"/products/{market.product.id}/skus/new"
    assert "午睡枕" not in browser.get(path).text and browser.get(path).status_code == 200
    assert browser.post(path, data={**SKU, "factory_id": market.factory.id}).status_code == 302
    sku = session.scalar(select(Sku))
    assert (sku.launch_price_minor, sku.gtin, sku.factory_organisation_id) == (8900, "06291041500213", market.factory.id)
    home = f"/skus/{sku.id}"
    price = {"channel_id": channel.id, "price": "99.90", "valid_from": clock.today().isoformat()}
    assert browser.post(f"{home}/prices", data=price).status_code == 302
    assert browser.post(f"{home}/aliases", data={"code": "TM-9", "channel_id": channel.id}).status_code == 302
    assert browser.post(f"{home}/photos", data={"photo": (png(), "枕.png")}).status_code == 302
    page = browser.get(home).text
    for words in ("99.90", "TM-9", "6291041500213", "Nap pillow", "120", market.factory.name):
        assert words in page
    assert browser.post(f"{home}/move/make_ready", data={"version": sku.version}).status_code in (302, 409)
    session.refresh(sku)
    photo = session.scalar(select(StoredFile).where(StoredFile.subject_type == "sku"))
    assert browser.post(f"{home}/photos/{photo.id}/remove").status_code == 302
    alias, row = session.scalar(select(SkuAlias)), session.scalar(select(SkuPrice))
    assert browser.post(f"{home}/aliases/{alias.id}/remove").status_code == 302
    assert browser.post(f"{home}/prices/{row.id}/end", data={"valid_to": clock.today().isoformat()}).status_code == 302


def test_what_is_wrong_is_said_beside_its_field(client, session):
    market, browser = at_the_desk(client)
    wrong = {**SKU, "gtin": "6291041500214", "price": "NaN", "units_per_carton": "-4", "code": "a,b"}
    answer = browser.post(f"/products/{market.product.id}/skus/new", data=wrong)
    assert answer.status_code == 422
    for words in ("is no GTIN", "not an amount", "commas", "Number must be"):
        assert words in answer.text
    sku, channel = market.a_sku(), a_channel(market.brand)
    for amount, words in (("0", "greater than zero"), ("1e999", "not an amount"), ("-5", "not an amount"), ("9.999", "not an amount")):
        data = {"channel_id": channel.id, "price": amount, "valid_from": "2026-01-01"}
        answer = browser.post(f"/skus/{sku.id}/prices", data=data)
        assert answer.status_code == 422 and words in answer.text
    answer = browser.post(f"/skus/{sku.id}/factory", data={"factory_id": market.factory.id, "from_on": "2026-01-01"})
    assert answer.status_code == 422 and "makes it already" in answer.text
    assert session.scalar(select(func.count(SkuPrice.id))) == 0


def test_case_26_and_46_markup_and_placeholders_are_shown_as_typed(client, session):
    market, browser = at_the_desk(client)
    sku = market.a_sku(name_zh="<b>{{7*7}}</b> %(x)s", name_en="")
    for path in (f"/skus/{sku.id}", "/skus", f"/products/{market.product.id}/skus"):
        text = browser.get(path).text
        assert "&lt;b&gt;{{7*7}}&lt;/b&gt; %(x)s" in text and "<b>{{" not in text and "<b>49" not in text


def test_the_review_is_prepared_and_decided(client, session):
    market, browser = at_the_desk(client, compliance="GB 18401")
    market.a_sku()
    path = f"/products/{market.product.id}/launch/gate"
    assert "Not proved yet" in browser.get(path).text
    assert browser.post(f"{path}/volumes", data={"first_order_quantity": 500, "capacity_per_week": 900}).status_code == 302
    proof = {"need": "GB 18401", "reference": "CTI-1", "valid_until": "2099-01-01", "file": (io.BytesIO(b"%PDF-1.4 x"), "cti.pdf")}
    assert browser.post(f"{path}/proofs", data=proof).status_code == 302
    assert browser.post(f"{path}/proofs", data={"need": "UL", "reference": "x"}).status_code == 422
    assert browser.post(f"{path}/decide", data={"outcome": "conditional", "reason": "还差一项"}).status_code == 422
    session.refresh(market.product)
    answer = browser.post(f"{path}/decide", data={"outcome": "go", "reason": "齐了", "version": market.product.version})
    assert answer.status_code == 302
    session.expire_all()
    assert market.product.state == "test_launch" and session.scalar(select(PreproductionReview.outcome)) == "go"
    assert browser.post(f"{path}/decide", data={"outcome": "stop", "reason": "晚了"}).status_code == 409
    assert "齐了" in browser.get(path).text


def test_a_missing_criterion_closes_go_on_the_page_and_on_the_server(client, session):
    market, browser = at_the_desk(client, compliance="CCC")
    path = f"/products/{market.product.id}/launch/gate"
    assert 'value="go" disabled' in browser.get(path).text
    assert browser.post(f"{path}/decide", data={"outcome": "go", "reason": "硬上"}).status_code == 409
    assert session.scalar(select(func.count(PreproductionReview.id))) == 0


def test_a_test_launch_runs_through_its_pages(client, session):
    market, browser = at_the_desk(client, "test_launch", state="in_development")
    channel, today = a_channel(market.brand), clock.today()
    data = {
        "belief": "愿意多付两成", "metric": "units_per_week", "direction": "at_least", "threshold": "120", "from_on": (today - 9 * DAY).isoformat(),
        "to_on": (today + 20 * DAY).isoformat(), "channels": [channel.id], "units": "500", "currency": "CNY", "price": "89", "budget": "5000",
    }  # fmt: skip
    path = f"/products/{market.product.id}/launch/tests"
    assert browser.get(f"{path}/new").status_code == 200
    assert browser.post(f"{path}/new", data={**data, "threshold": "-1"}).status_code == 422
    assert browser.post(f"{path}/new", data={**data, "to_on": "2020-01-01"}).status_code == 422
    assert browser.post(f"{path}/new", data=data).status_code == 302
    probe = session.scalar(select(Probe))
    assert (probe.threshold_x100, probe.price_minor, [c.channel_id for c in probe.channels]) == (12_000, 8900, [channel.id])
    assert browser.post(f"/probes/{probe.id}/edit", data={**data, "threshold": "100.5", "version": probe.version}).status_code == 302
    assert browser.post(f"/probes/{probe.id}/start").status_code == 302
    for days, value in ((6, "80"), (2, "131.5")):
        reading = {"on_date": (today - days * DAY).isoformat(), "value": value, "source": "生意参谋"}
        assert browser.post(f"/probes/{probe.id}/readings", data=reading).status_code == 302
    assert (
        browser.post(f"/probes/{probe.id}/readings", data={"on_date": today.isoformat(), "value": "NaN", "source": "x"}).status_code == 422
    )
    page = browser.get(path).text
    assert "131.5" in page and "<svg" in page and "c-bad" in page and "c-good" in page
    verdict = {"verdict": "supported", "reason": "过线", "next_step": "continue", "review_on": (today + 60 * DAY).isoformat()}
    assert browser.post(f"/probes/{probe.id}/judge", data={**verdict, "next_step": "maybe"}).status_code == 422
    session.refresh(probe)
    assert browser.post(f"/probes/{probe.id}/judge", data={**verdict, "version": probe.version}).status_code == 302
    assert session.scalar(select(ProbeVerdict.next_step)) == "continue"
    assert "过线" in browser.get(path).text


def test_checklist_and_launch_through_the_pages(client, session, app):
    market, browser = at_the_desk(client, "test_launch", state="in_development")
    sku, (channel,) = market.for_sale("offline")
    tab = f"/products/{market.product.id}/launch"
    start = {"channel_id": channel.id, "launch_on": clock.today().isoformat()}
    assert browser.post(f"{tab}/checklist/start", data=start).status_code == 302
    assert browser.post(f"{tab}/checklist/add", data={"channel_id": channel.id, "title": "试扫条码", "is_required": "y"}).status_code == 302
    launch = {"launch_on": clock.today().isoformat(), "channels": [channel.id], "skus": [sku.id]}
    assert browser.get(f"{tab}/new").status_code == 200
    assert browser.post(f"{tab}/new", data=launch).status_code == 302
    row = session.scalar(select(Launch))
    assert "试扫条码" in browser.get(f"{tab}/checklist").text and "and 4 more" in browser.get(tab).text
    assert browser.post(f"/launches/{row.id}/go", data={"version": row.version}).status_code == 409
    for item in session.scalars(select(ChecklistItem)).all():
        assert browser.get(f"/checklist/{item.id}").status_code == 200
        assert browser.post(f"/checklist/{item.id}/do", data={"proof": "看过"}).status_code == 302
    session.expire_all()
    assert browser.post(f"/launches/{row.id}/go", data={"version": row.version}).status_code == 302
    session.expire_all()
    assert (market.product.state, sku.state, row.state) == ("launch", "listed", "live")
    assert market.product.name in browser.get("/launches?show=past").text


def test_a_task_is_assigned_done_and_reopened(client, session, app):
    market, browser = at_the_desk(client)
    item = a_checklist(market.product, a_channel(market.brand, "douyin"), market.actor)[1]
    data = {"owner_id": "", "organisation_id": market.partner.id, "due_on": "2026-12-01"}
    assert browser.post(f"/checklist/{item.id}/assign", data=data).status_code == 302
    assert browser.post(f"/checklist/{item.id}/assign", data={**data, "organisation_id": market.rival.id}).status_code == 422
    seller = sign_in(app.test_client(), a_person(market.partner))
    assert seller.get(f"/checklist/{item.id}").status_code == 200
    assert "Whose task" not in seller.get(f"/checklist/{item.id}").text
    assert f"/checklist/{item.id}" in seller.get("/").text
    assert seller.post(f"/checklist/{item.id}/do", data={"proof": ""}).status_code == 422
    assert seller.post(f"/checklist/{item.id}/do", data={"file": (png(), "样品.png")}).status_code == 302
    assert seller.post(f"/checklist/{item.id}/reopen").status_code == 404
    assert browser.post(f"/checklist/{item.id}/reopen").status_code == 302


def test_the_list_filters_sorts_pages_and_exports(client, session):
    market, browser = at_the_desk(client)
    for n in range(60):
        market.a_sku(code=f"C-{n:03d}", name_zh=f"=枕 {n}", state="ready" if n % 2 else "draft")
    channel = a_channel(market.brand)
    a_price(market.a_sku(code="PRICED", factory=market.rival), channel)
    first = browser.get("/skus?sort=code").text
    assert "C-049" in first and "C-050" not in first and "61 in all" in first
    assert "C-055" in browser.get("/skus?q=055").text
    for query, hit, miss in (
        (f"channel_id={channel.id}", "PRICED", "C-001"),
        (f"factory_id={market.rival.id}", "PRICED", "C-001"),
        ("state=ready", "C-001", "C-002"),
    ):
        text = browser.get(f"/skus/export.csv?{query}").data.decode("utf-8-sig")
        assert hit in text and miss not in text
    sheet = browser.get("/skus/export.csv?sort=code").data.decode("utf-8-sig")
    assert sheet.count("\n") == 62 and "'=枕 0" in sheet, "case 23: formulas are neutral"
    assert browser.get("/skus/export.xlsx").data.startswith(b"PK")


def test_case_32_hostile_filters_and_cursors_do_no_harm(client, session):
    market, browser = at_the_desk(client)
    market.a_sku()
    for query in ("q=%27%3B--%00", "sort=%27", "state=%27", "product_id=999999999999999999999", "channel_id=x", "factory_id=-1"):
        assert browser.get(f"/skus?{query}").status_code == 200
    assert browser.get("/skus?cursor=%27%27").status_code == 422


def test_the_pages_ask_as_much_for_many_rows_as_for_few(client, session):
    market, browser = at_the_desk(client, "test_launch", state="in_development")
    sku, channels = market.for_sale("tmall", "jd")
    probe = a_probe(market.product, *channels)
    tab = f"/products/{market.product.id}/launch"
    paths = ("/skus", f"/skus/{sku.id}", tab, f"{tab}/gate", f"{tab}/tests", f"{tab}/checklist", f"{tab}/new", "/channels", "/launches")
    a_plan_of_everything(market, sku, channels)

    def asked():
        session.commit()
        found = {}
        for path in paths:
            with counted() as statements:
                assert browser.get(path).status_code == 200
            found[path] = len(statements)
        return found

    asked()
    few = asked()
    for _ in range(5):
        more, more_channels = market.a_sku(), [a_channel(market.brand) for _ in range(2)]
        for channel in more_channels:
            a_price(more, channel)
        a_plan_of_everything(market, more, more_channels)
        a_probe(market.product, *more_channels, number=probe.number + 100 + more.id)
    many = asked()
    assert {path: n for path, n in many.items() if n > few[path]} == {}


def a_plan_of_everything(market, sku, channels):
    from tests.launches.builders import a_launch

    for channel in channels:
        a_checklist(market.product, channel, market.actor)
    a_launch(market.product, [sku], channels)


def test_the_listing_pack_is_printed_in_both_languages(client, session):
    market, browser = at_the_desk(client)
    sku = market.a_sku()
    a_plan(market.product)
    assert browser.post(f"/skus/{sku.id}/photos", data={"photo": (png(), "a.png")}).status_code == 302
    for language in ("zh", "en"):
        answer = browser.get(f"/skus/{sku.id}/pack-{language}.pdf")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


def test_the_stage_button_says_where_to_go(client, session):
    market, browser = at_the_desk(client)
    page = browser.get(f"/products/{market.product.id}").text
    assert "The pre-production review has not let it go yet" in page
    answer = browser.post(f"/products/{market.product.id}/stage/test_launch", data={"version": market.product.version})
    assert answer.status_code == 409
    assert workflow.state_of(market.product).name == "preproduction"
