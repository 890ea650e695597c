"""A sample round measured by tolerance and sealed, and a design firm's revision that is accepted."""

from typing import Any

from incubator.demo.drawings import BLUE, INK, sheet
from incubator.demo.sample_photos import photo
from tests.journeys.hands import an_upload, choose, confirm, fill, mean, press, save, send, text, tick
from tests.journeys.loop_demand import BRAND, DESIGNER, HEAT, NAME
from tests.journeys.loop_factory import BUYER, QUALITY, tab
from tests.journeys.loop_people import FACTORY, MAKER
from tests.journeys.story import Story, day

READINGS = {HEAT: "39.2", "承重": "2.95", "折叠厚度": "20.4"}
SCOPE = "支撑臂造型、风道结构与工艺单；不含模具。"
DELIVERABLE = "支撑臂与风道结构图"
DRAWING = "风道结构_R1.png"


def ask_for_samples(story: Story) -> None:
    """The buyer asks the factory that was awarded; the factory makes and ships."""
    page = story.page(BUYER, "product")
    tab(page, "Samples")
    press(page, "Ask for samples")
    choose(page, "factory_id", FACTORY)
    fill(page, kind="approval", quantity="3", due_on=day(9), instructions="枪灰色，风道口不要毛边。")
    save(page)
    story.keep("round", page)
    assert "Requested" in text(page, ".brief-head") and "3" in text(page)


def make(story: Story) -> None:
    """The factory finds the round at home, begins, and ships it with a tracking number."""
    page = story.page(MAKER, "/")
    with page.expect_navigation():
        page.locator("main .todo a", has_text=NAME).first.click()
    page = story.page(MAKER, "round")
    press(page, "开始打样")
    fill(page, "#ship", carrier="顺丰", tracking_number="SF1502200001234", shipped_on=day(0))
    send(page, "#ship form")
    assert "SF1502200001234" in text(page) and "运输中" in text(page, ".brief-head")


def measure(story: Story) -> None:
    """The quality engineer receives and measures: two readings stand outside the target and inside the tolerance."""
    page = story.page(QUALITY, "round")
    fill(page, "#receive", received_on=day(0), condition="intact", pieces="1")
    send(page, "#receive form")
    for attribute, value in READINGS.items():
        page.get_by_label(f"{attribute}, Piece 1").fill(value)
    press(page, "Save and finish")
    verdicts = page.locator("main table tbody tr").all_inner_texts()
    assert len(verdicts) >= 3 and sum("Pass" in line for line in verdicts) == 3, verdicts
    story.picture(page, "07-measured")


def seal(story: Story) -> None:
    """Approved, sealed with its photos; the product goes on to co-development."""
    page = story.page(QUALITY, "round")
    tick(page, "outcome", "approved")
    fill(page, "#decide", reason="三项都在公差之内。")
    confirm(page, "#decide")
    fill(page, "#seal", storage_place="杭州样品间 B 柜 3 层")
    tick(page, "kept_by_brand", "y", "#seal")
    shots = [an_upload(photo(seed, name)) for seed, name in ((3, "封样正面.jpg"), (7, "封样侧面.jpg"))]
    page.locator('#seal input[type="file"]').set_input_files(shots)
    confirm(page, "#seal")
    story.keep("golden", page)
    said = text(page)
    assert "39.2" in said and "Valid" in said and "杭州样品间 B 柜 3 层" in said
    assert page.locator("main img").count() >= 2
    story.picture(page, "08-golden")
    assert "Co-development" in text(story.page(BUYER, "product"), ".stepper [aria-current=step]")


def engage(story: Story) -> None:
    """The design firm is invited with scope and terms, reads them, and joins."""
    page = story.page(BRAND, "product")
    tab(page, "Co-development")
    press(page, "Invite", exact=False)
    choose(page, "organisation_id", "木石")
    fill(page, scope=SCOPE, terms="设计费分两次付。")
    save(page)
    page = story.page(DESIGNER, "/")
    with page.expect_navigation():
        page.locator("main a", has_text=NAME).first.click()
    assert SCOPE in text(page)
    mean(page, "Accept the invitation")


def stand(draw: Any, _revision: int) -> None:
    """The stand from the side, with the air that passes behind the tablet."""
    draw.rounded_rectangle((360, 640, 900, 676), 14, fill="#8fa39a", outline=INK, width=3)
    draw.line((600, 640, 520, 250), fill=INK, width=26)
    draw.line((430, 600, 640, 180), fill="#5d6a66", width=22)
    for n in range(4):
        draw.arc((560 + 40 * n, 300, 640 + 40 * n, 560), 200, 340, fill=BLUE, width=4)


def deliver(story: Story) -> None:
    """What is owed is planned, delivered with a file, and accepted."""
    page = story.page(BRAND, "product")
    tab(page, "Co-development")
    press(page, "Plan a deliverable")
    fill(page, title=DELIVERABLE, kind="industrial_design", due_on=day(14), acceptance="风道截面与样品一致")
    choose(page, "owner_id", "木石")
    save(page)
    story.keep("deliverable", page)
    page = story.page(DESIGNER, "deliverable")
    page.locator('#submit input[type="file"]').set_input_files(an_upload(sheet(DRAWING, DELIVERABLE, 1, stand)))
    fill(page, "#submit", note="第一版：风道开口改为下斜。")
    send(page, "#submit form")
    assert DRAWING in text(page)
    page = story.page(BRAND, "deliverable")
    tick(page, "outcome", "accept")
    send(page, "#decide form")
    assert "Accepted" in text(page) and DRAWING in text(page)
    story.picture(page, "09-deliverable")
