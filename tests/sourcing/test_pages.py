"""The pages: the way of an enquiry through HTTP, for the buyer, the reviewers and a factory on its phone."""

import io
import re
from datetime import timedelta

import pytest

from incubator.accounts.models import User
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.sourcing import queries, question_service, service
from incubator.sourcing.models import Rfq
from tests import builders as spine
from tests import uploads
from tests.builders import a_person, counted, sign_in
from tests.sourcing.builders import (
    DAY,
    a_draft,
    a_house,
    a_maker,
    a_quotation,
    a_score,
    an_invitation,
    an_rfq,
    in_review,
    of,
    opened,
    terms,
)

BACKENDS = ("sqlite",)


@pytest.fixture
def house(session):
    return a_house("源选")


@pytest.fixture
def browser(client, house):
    return sign_in(client, house.user)


def a_browser(app, maker):
    return sign_in(app.test_client(), db.session.get_one(User, maker.user_id))


def fields(**values):
    until = (clock.now() + 9 * DAY).date().isoformat()
    return {
        "title": "人体工学椅", "scenario": "bulk", "quantity_1": "100", "quantity_2": "1000", "quantity_3": "10000", "incoterm": "FOB", "destination": "宁波港",
        "tooling_wanted": "y", "tooling_note": "", "sample_due_on": "", "currencies": ["CNY", "USD"], "technical_threshold": "60", "note": "请附检测报告",
        "deadline_on": until, "deadline_time": "17:00", "deadline_zone": "Asia/Shanghai", "criteria-0-name": "工艺", "criteria-0-weight": "60",
        "criteria-1-name": "质量", "criteria-1-weight": "40", "criteria-2-name": "", "criteria-2-weight": "", **values,
    }  # fmt: skip


def offered(**values):
    return {
        "lead_days": "30", "sample_days": "7", "tooling_days": "0", "moq": "100", "monthly_capacity": "9000", "technical_note": "六轴平台", "currency": "CNY",
        "incoterm": "FOB", "place": "宁波", "payment_terms": "net_30", "mould_owner": "brand", "tooling": "", "commercial_note": "",
        "valid_until": (clock.today() + 30 * DAY).isoformat(), "breaks-0-quantity_from": "1", "breaks-0-unit_price": "150.00",
        **{k: v for n in range(3) for k, v in ((f"answers-{n}-requirement", str(n + 1)), (f"answers-{n}-verdict", "meets"), (f"answers-{n}-note", ""))},
        "act": "submit", **values,
    }  # fmt: skip


def follow(browser, answer):
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.text)[:3000]
    page = browser.get(answer.location)
    assert page.status_code == 200
    return page.text


def test_an_enquiry_from_the_first_line_to_the_award(app, session, browser, house):
    """The buyer writes, asks and issues; the factory quotes; reviewers score; prices open; the award is made."""
    maker = a_maker("竹溪座椅")
    brief = spine.a_brief(spine.a_product(spine.a_programme(house.brand), "sourcing"), state="accepted", title="云朵椅")
    session.commit()
    assert "云朵椅" in browser.get("/rfqs/new").text
    assert 'value="云朵椅"' in browser.get(f"/rfqs/new?brief_id={brief.id}").text
    page = follow(browser, browser.post(f"/rfqs/new?brief_id={brief.id}", data=fields()))
    assert "竹溪座椅" in page
    rfq = session.query(Rfq).one()
    base = f"/rfqs/{rfq.id}"
    follow(browser, browser.post(f"{base}/invite", data={"factories": [maker.organisation_id]}))
    picture = (io.BytesIO(uploads.a_picture("PNG", (20, 20))), "图纸.png")
    follow(browser, browser.post(f"{base}/files", data={"file": picture}))
    page = follow(browser, browser.post(f"{base}/issue", data={"version": str(rfq.version)}))
    assert "竹溪座椅" in page and "Issued" in page and "图纸" in page
    factory = a_browser(app, maker)
    assert "人体工学椅" in factory.get("/rfqs").text and "请附检测报告" in factory.get(base).text
    page = follow(factory, factory.post(f"{base}/quotation", data=offered()))
    assert "150.00" in page and "sealed" in page
    follow(browser, browser.post(f"{base}/close", data={"note": "都到齐了"}))
    follow(browser, browser.post(f"{base}/review/start", data={"reviewers": [house.buyer.user_id]}))
    (quotation,) = rfq.quotations
    page = browser.get(f"{base}/review/{quotation.id}").text
    assert "六轴平台" in page and "150.00" not in page
    follow(browser, browser.post(f"{base}/review/{quotation.id}", data={**{f"c{c.id}": "4" for c in rfq.criteria}, "comment": "稳"}))
    session.expire_all()
    page = follow(browser, browser.post(f"{base}/open", data={"version": str(rfq.version)}))
    assert "150.00" in page
    data = {
        "winner": quotation.id,
        "second": "0",
        "share": "100",
        "quantity": "1000",
        "reason": "样品好",
        "version": str(session.get_one(Rfq, rfq.id).version),
    }
    session.expire_all()
    data["version"] = str(rfq.version)
    page = follow(browser, browser.post(f"{base}/award", data=data))
    assert "Awarded to 竹溪座椅" in page
    assert "Your quotation was chosen" in factory.get(base).text


def test_what_is_wrong_in_an_enquiry_is_said_beside_its_field(session, browser, house):
    brief = spine.a_brief(spine.a_product(spine.a_programme(house.brand), "sourcing"), state="accepted")
    session.commit()
    path = f"/rfqs/new?brief_id={brief.id}"
    for wrong, words in (
        ({"quantity_2": "100"}, "larger than the one before"), ({"quantity_1": "-5"}, "between 1 and"), ({"quantity_3": "9" * 30}, "integer"),
        ({"criteria-1-weight": "30"}, "90%"), ({"criteria-1-weight": ""}, "Give its weight"), ({"currencies": []}, "Choose at least one"),
        ({"currencies": ["XXX"]}, "not a valid choice"), ({"deadline_on": "9999-01-01"}, "works on"), ({"destination": ""}, "cannot be empty"),
        ({"technical_threshold": "101"}, "between"), ({"deadline_zone": "Mars/Base"}, "Not a valid choice"), ({"incoterm": "DAF"}, "Not a valid choice"),
    ):  # fmt: skip
        answer = browser.post(path, data=fields(**wrong))
        assert answer.status_code == 422 and words in answer.text, wrong
    assert session.query(Rfq).count() == 0
    assert browser.get("/rfqs/new?brief_id=987654").status_code == 404


def test_a_draft_is_edited_reissued_extended_and_cancelled(session, browser, house):
    rfq = a_draft(house)
    an_invitation(rfq, a_maker("拾光"))
    session.commit()
    base = f"/rfqs/{rfq.id}"
    assert "工艺" in browser.get(f"{base}/edit").text
    follow(browser, browser.post(f"{base}/edit", data=fields(title="改名", version=str(rfq.version))))
    stale = browser.post(f"{base}/edit", data=fields(title="再改", version="1"))
    assert stale.status_code == 409 and "改名" in stale.text
    session.expire_all()
    service.issue(rfq, house.buyer, clock.now())
    session.commit()
    assert browser.get(f"{base}/edit").status_code == 302
    page = follow(browser, browser.post(f"{base}/reissue", data=fields(quantity_1="50", reissue_note="首单减量", version=str(rfq.version))))
    assert "首单减量" in page and "<ins>50</ins>" in page
    assert browser.post(f"{base}/reissue", data=fields(quantity_1="50", reissue_note="")).status_code == 422
    later = (clock.now() + 30 * DAY).date().isoformat()
    page = follow(browser, browser.post(f"{base}/extend", data={"deadline_on": later, "deadline_time": "09:30", "deadline_zone": "UTC"}))
    assert "17:30 (Shanghai)" in page
    assert browser.post(f"{base}/cancel", data={"note": ""}).status_code == 422
    assert "方案改了" in follow(browser, browser.post(f"{base}/cancel", data={"note": "方案改了"}))
    for part in ("invite", "questions", "review", "comparison", "award", "rates"):
        assert browser.get(f"{base}/{part}").status_code == 200, part


def test_a_reissue_that_changes_nothing_comes_back_filled(session, browser, house):
    rfq = an_rfq(house, a_maker())
    session.commit()
    answer = browser.get(f"/rfqs/{rfq.id}/reissue")
    assert answer.status_code == 200
    from incubator.sourcing import intake

    values = intake.rfq_values(rfq)
    same = {k: v for k, v in values.items() if k not in ("criteria", "version", "sample_due_on")} | {
        "deadline_on": values["deadline_on"].isoformat(), "deadline_time": values["deadline_time"].isoformat("minutes"), "tooling_wanted": "y",
        "reissue_note": "没有变化",
    }  # fmt: skip
    rfq.deadline = rfq.deadline.replace(second=0, microsecond=0)
    session.commit()
    answer = browser.post(f"/rfqs/{rfq.id}/reissue", data=same)
    assert answer.status_code == 422 and "Nothing is different" in answer.text and "没有变化" in answer.text


def test_a_factory_keeps_a_draft_is_corrected_and_is_late_without_losing_a_word(app, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    base, browser = f"/rfqs/{rfq.id}", a_browser(app, maker)
    assert 'value="1000"' in browser.get(f"{base}/quotation").text
    page = follow(browser, browser.post(f"{base}/quotation", data=offered(moq="viel", act="draft")))
    assert 'value="viel"' in page and "150.00" in page
    wrong = browser.post(f"{base}/quotation", data=offered(moq="viel"))
    assert wrong.status_code == 422 and "六轴平台" in wrong.text
    falling = {"breaks-1-quantity_from": "500", "breaks-1-unit_price": "151"}
    page = follow(browser, browser.post(f"{base}/quotation", data=offered(**falling)))
    assert "does not cost less" in page
    rfq.deadline = clock.now() - timedelta(seconds=1)
    late = browser.post(f"{base}/quotation", data=offered(technical_note="最后一刻"))
    assert late.status_code == 409 and "deadline passed" in late.text and "最后一刻" in late.text
    assert browser.get(f"{base}/quotation").status_code == 302


def test_a_factory_confirms_withdraws_declines_asks_and_attaches(app, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker)
    base, browser = f"/rfqs/{rfq.id}", a_browser(app, maker)
    service.reissue(rfq, terms(quantity_1=50), "首单减量", house.buyer, clock.now())
    session.commit()
    assert "Confirm unchanged" in browser.get(base).text and "Please confirm" in browser.get("/rfqs").text
    follow(browser, browser.post(f"{base}/quotation/confirm"))
    assert browser.post(f"{base}/quotation/confirm").status_code == 409
    picture = (io.BytesIO(uploads.a_picture("PNG", (20, 20))), "产线.png")
    page = follow(browser, browser.post(f"{base}/quotation/files", data={"file": picture, "envelope": "quotation_technical"}))
    remove = re.search(rf'action="({base}/quotation/files/\d+/remove)"', page).group(1)
    assert "产线" not in follow(browser, browser.post(remove))
    assert (
        browser.post(f"{base}/quotation/files", data={"file": (io.BytesIO(uploads.a_picture()), "x.jpg"), "envelope": "rfq"}).status_code
        == 422
    )
    assert "颜色？" in follow(browser, browser.post(f"{base}/ask", data={"text": "颜色？"}))
    follow(browser, browser.post(f"{base}/quotation/withdraw"))
    assert "排产已满" in follow(browser, browser.post(f"{base}/quotation/decline", data={"note": "排产已满"}))


def test_questions_are_answered_and_published(session, browser, house):
    maker = a_maker("竹溪")
    rfq = an_rfq(house, maker)
    asked = question_service.ask(of(rfq, maker), "用哪种光源？", maker, clock.now())
    session.commit()
    base = f"/rfqs/{rfq.id}"
    assert "用哪种光源" in browser.get(f"{base}/questions").text
    wrong = browser.post(f"{base}/questions/{asked.id}/answer", data={"answer": "D65", "publish": "y", "public_question": ""})
    assert wrong.status_code == 422 and "everyone shall read" in wrong.text
    follow(
        browser, browser.post(f"{base}/questions/{asked.id}/answer", data={"answer": "D65", "publish": "y", "public_question": "光源？"})
    )
    page = follow(browser, browser.post(f"{base}/clarifications", data={"question": "<b>{{7*7}}</b>", "answer": "%(x)s"}))
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in page and "%(x)s" in page, "case 26: shown as typed"
    assert [c.question for c in queries.clarifications(rfq, maker)][-1] == "光源？"
    other = an_rfq(house, maker)
    session.commit()
    assert browser.post(f"/rfqs/{other.id}/questions/{asked.id}/answer", data={"answer": "x"}).status_code == 404


def test_scores_come_one_after_another(app, session, browser, house):
    makers = [a_maker(), a_maker()]
    rfq = an_rfq(house, *makers)
    for maker in makers:
        a_quotation(rfq, maker)
    in_review(rfq, house.buyer)
    session.commit()
    base, first, second = f"/rfqs/{rfq.id}", of(rfq, makers[0]), of(rfq, makers[1])
    scores = {f"c{c.id}": "3" for c in rfq.criteria}
    answer = browser.post(f"{base}/review/{first.id}", data=scores)
    assert answer.location.endswith(f"/review/{second.id}"), "the next one that waits"
    assert browser.post(f"{base}/review/{second.id}", data={}).status_code == 422
    follow(browser, browser.post(f"{base}/reviewers", data={"reviewers": [house.buyer.user_id, house.colleague.user_id]}))
    onlooker = sign_in(app.test_client(), a_person(house.brand))
    assert "Keep the score" not in onlooker.get(f"{base}/review/{first.id}").text
    assert onlooker.post(f"{base}/review/{first.id}", data=scores).status_code == 409
    other = an_rfq(house, makers[0])
    session.commit()
    assert browser.get(f"/rfqs/{other.id}/review/{first.id}").status_code == 404


def test_rates_and_sheets_of_the_comparison(session, browser, house):
    maker = a_maker("=cmd|' /C calc'!A0")
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker)
    opened(rfq, house.buyer)
    session.commit()
    base = f"/rfqs/{rfq.id}"
    basis = {"currency": "CNY", "amortise_over": "500", "carriage_unit": "1.25", "insurance": "0.3", "duty": "6.5", "duty_on": "cif"}
    follow(browser, browser.post(f"{base}/rates", data=basis))
    for wrong in ({"duty": "501"}, {"insurance": "x"}, {"amortise_over": "0"}, {"carriage_unit": "-1"}, {"currency": "GBP"}):
        assert browser.post(f"{base}/rates", data={**basis, **wrong}).status_code == 422, wrong
    sheet = browser.get(f"{base}/comparison.csv").text
    assert "\r\n'=cmd" in sheet or "\n\"'=cmd" in sheet or "\n'=cmd" in sheet, "case 23: neutral in a sheet"
    assert browser.get(f"{base}/comparison.xlsx").data[:2] == b"PK"
    assert browser.get("/rfqs/export.xlsx").data[:2] == b"PK"


def test_documents_print(session, browser, house):
    maker = a_maker("竹溪座椅")
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker)
    opened(rfq, house.buyer)
    session.commit()
    for path in ("enquiry-zh.pdf", "comparison-zh.pdf"):
        answer = browser.get(f"/rfqs/{rfq.id}/{path}")
        assert answer.status_code == 200 and answer.data[:5] == b"%PDF-", path


def test_lists_filter_page_and_count_their_questions(app, session, browser, house):
    maker = a_maker()
    a_maker()
    rfqs = [an_rfq(house, maker, title=f"椅 {n}", scenario="bulk" if n % 2 else "dropship") for n in range(3)]
    session.commit()
    for path, present in (
        ("?q=椅 1", 1),
        ("?scenario=dropship", 2),
        ("?state=issued", 3),
        ("?state=awarded", 0),
        ("?sort=deadline", 3),
        ("?sort='", 3),
        ("?q=%25", 0),
    ):
        page = browser.get(f"/rfqs{path}").text
        assert len(set(re.findall(r'href="(/rfqs/\d+)"', page))) == present, path
    assert browser.get("/rfqs?cursor=kaputt").status_code == 422
    factory = a_browser(app, maker)
    assert len(set(re.findall(r'href="(/rfqs/\d+)"', factory.get("/rfqs?standing=invited").text))) == 3
    paths = ("/rfqs", f"/products/{rfqs[0].product_id}/sourcing", f"/rfqs/{rfqs[0].id}", f"/rfqs/{rfqs[0].id}/invite", "/")
    few = [_questions(browser, path) for path in paths]
    assert max(few) <= 20, dict(zip(paths, few, strict=True))
    for n in range(6):
        an_rfq(house, maker, a_maker(), title=f"凳 {n}")
    for _ in range(4):
        an_invitation(rfqs[0], a_maker())
    session.commit()
    assert [_questions(browser, path) for path in paths] == few


def _questions(browser, path):
    browser.get(path)
    with counted() as statements:
        assert browser.get(path).status_code == 200
    return len(statements)


def test_the_comparison_and_the_review_ask_as_much_for_many(session, browser, house):
    makers = [a_maker() for _ in range(6)]
    one, many = an_rfq(house, makers[0]), an_rfq(house, *makers)
    a_quotation(one, makers[0])
    for maker in makers:
        a_quotation(many, maker)
    for rfq in (one, many):
        in_review(rfq, house.buyer)
        for quotation in rfq.quotations:
            a_score(rfq, quotation, house.buyer)
    session.commit()
    assert _questions(browser, f"/rfqs/{many.id}/review") == _questions(browser, f"/rfqs/{one.id}/review")
    from incubator.sourcing import review_service

    for rfq in (one, many):
        review_service.open_prices(rfq, house.buyer, clock.now())
    session.commit()
    for part in ("comparison", "award", "review"):
        assert _questions(browser, f"/rfqs/{many.id}/{part}") == _questions(browser, f"/rfqs/{one.id}/{part}") <= 20, part


def test_what_waits_is_counted_and_stands_on_the_home_page(app, session, browser, house):
    maker = a_maker()
    rfq = an_rfq(house, maker, title="待办椅")
    session.commit()
    factory = a_browser(app, maker)
    assert "待办椅" in factory.get("/").text and "待办椅" not in browser.get("/").text
    question_service.ask(of(rfq, maker), "?", maker, clock.now())
    session.commit()
    assert "待办椅" in browser.get("/").text
    assert "待办椅" in browser.get("/search?q=待办").text
