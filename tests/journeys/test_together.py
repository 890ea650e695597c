"""Two people at the same gate, the keyboard, language and appearance, and an import with mistakes."""

import csv
import io
import re

from sqlalchemy import func, select

from incubator.briefs.gate_models import GateDecision
from incubator.kernel.audit import AuditEntry
from incubator.products.models import Programme
from tests.builders import a_brief, a_product, a_review, a_signature
from tests.journeys import inside


def a_signed_review(server):
    with inside.inside(server) as session:
        programme = session.scalars(select(Programme).order_by(Programme.id)).first()
        brief = a_brief(a_product(programme, stage="brief", name="两人同时裁决的折叠椅", code="J-GATE"), code="J-GATE")
        review = a_review(brief, inside.actor("lin.xiao"), inside.organisation("木石设计"))
        for handle in ("wu.min", "zhou.heng"):
            a_signature(review, inside.actor(handle))
        return review.id


def test_two_decide_one_gate(visit, server):
    review_id = a_signed_review(server)
    people = {"周衡": visit("zhou.heng"), "唐雨": visit("tang.yu")}
    for visitor, outcome in zip(people.values(), ("go", "hold"), strict=True):
        visitor.go(f"/reviews/{review_id}")
        visitor.speak("en")
        visitor.page.locator(f'input[name="outcome"][value="{outcome}"]').check()
        visitor.page.locator('#decide [name="reason"]').fill("看过证据了。")
    for visitor in people.values():
        visitor.page.evaluate("document.querySelector('#decide form').requestSubmit(); 0")
    for visitor in people.values():
        visitor.page.locator("#decide").wait_for(state="detached")
        visitor.page.wait_for_load_state()
    with inside.inside(server) as session:
        decision = session.scalars(select(GateDecision).where(GateDecision.review_id == review_id)).one()
        winner, outcome = decision.decided_by.name, decision.outcome
        acts = select(AuditEntry.event).where(AuditEntry.record_type == "gate_review", AuditEntry.record_id == review_id)
        assert session.scalars(acts.where(AuditEntry.event.in_(["gate.go", "gate.hold", "gate.conditional", "gate.kill"]))).all() == [
            f"gate.{outcome}"
        ]
    loser = next(v for name, v in people.items() if name != winner)
    said = loser.page.locator("main").inner_text()
    assert winner in said and {"go": "Go", "hold": "Hold"}[outcome] in said
    assert not people[winner].page.locator("text=Not possible now").count()


def search(page, text):
    page.keyboard.press("Control+k")
    page.keyboard.type(text)
    page.locator(".results [role=option]").first.wait_for()


def test_the_keyboard_finds_and_opens(visit):
    visitor = visit("lin.xiao")
    page = visitor.page
    visitor.speak("en")
    search(page, "云朵托腰")
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert re.search(r"/products/\d+$", page.url), page.url
    search(page, "低蓝光")
    briefs = page.locator(".results [role=group][aria-label=Briefs] [role=option]")
    steps = page.locator(".results [role=option]").evaluate_all("(all, first) => all.indexOf(first) + 1", briefs.first.element_handle())
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"/briefs/\d+$", page.url), page.url
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("b")
    assert page.url.endswith("/briefs")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"/briefs/\d+$", page.url)


def test_language_and_appearance_stay(visit):
    visitor = visit("song.qing")
    page = visitor.page
    for locale, lang in (("en", "en"), ("zh", "zh-CN"), ("en", "en")):
        visitor.speak(locale)
        visitor.go("/products")
        assert page.locator("html").get_attribute("lang") == lang
    page.locator(".top-right form[data-theme-form] > button[name=theme]").first.click()
    page.locator("html[data-theme=dark]").wait_for(state="attached")
    visitor.go("/briefs")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).every((part) => part < 90)")


def a_sheet(rows):
    text = io.StringIO()
    csv.writer(text).writerows([["code", "title", "type", "moq", "currency", "price", "requirements"], *rows])
    return text.getvalue().encode("utf-8-sig")


def hand_in(page, rows):
    page.goto("/".join(page.url.split("/")[:3]) + "/imports/new/briefs")
    page.locator('input[name="file"]').set_input_files({"name": "企划书.csv", "mimeType": "text/csv", "buffer": a_sheet(rows)})
    page.locator('select[name="programme_id"]').select_option(index=1)  # of several none is chosen by chance
    with page.expect_navigation():
        page.locator("main form button.primary").click()


def test_an_import_is_corrected_and_applied(visit, server):
    visitor = visit("shen.ke")
    page = visitor.page
    visitor.go("/briefs")
    visitor.speak("en")
    right = [[f"IMP-{n:03d}", f"导入的企划 {n}", "basic", "200", "CNY", "89.90", "承重|>=|120|kg||must|吐槽"] for n in range(12)]
    hand_in(page, [*right[:5], ["IMP-005", "", "basic", "-5", "CNY", "NaN", ""], *right[6:]])
    page.locator("text=The file has errors").wait_for()
    lines = page.locator("#import table tbody tr").all_inner_texts()
    assert len(lines) == 3 and all(line.split()[0] == "7" for line in lines)
    page.locator("#import summary", has_text="Export").or_(page.locator("#import .card-head summary")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    rows = list(csv.reader(io.StringIO(open(download.value.path(), encoding="utf-8-sig").read())))
    assert len(rows) == 4 and {row[0] for row in rows[1:]} == {"7"} and {"-5", "NaN"} <= {row[2].lstrip("'") for row in rows}
    with inside.inside(server) as session:
        before = session.scalar(select(func.count()).where(AuditEntry.event == "import.apply"))
    hand_in(page, right)
    page.locator("text=Every row is right").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Apply the import").click()
    page.locator(".alert", has_text="Applied").wait_for()
    with inside.inside(server) as session:
        assert session.scalar(select(func.count()).where(AuditEntry.event == "import.apply")) == before + 1
    visitor.go("/briefs?q=IMP-0")
    assert page.locator("main table tbody tr").count() == 12
