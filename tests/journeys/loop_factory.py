"""From an accepted brief to a sealed sample and an accepted design: enquiry, quotation, award, a measured round, a deliverable."""

from typing import Any

from tests.journeys.hands import fill, mean, press, save, send, text
from tests.journeys.loop_demand import HEAT
from tests.journeys.loop_people import FACTORY, FACTORY_EN, MAKER
from tests.journeys.story import Story, day

BUYER, QUALITY, RIVAL = "shen.ke", "tang.yu", "chen.guoqiang"
ENQUIRY = "平板散热支架首单询价"
PRICES = (("500", "52.00"), ("3000", "46.50"), ("12000", "44.80"))


def tab(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.locator(".tabs a", has_text=name).first.click()


def enquire(story: Story) -> None:
    """The accepted brief becomes an enquiry, asked of one factory."""
    page = story.page(BUYER, "product")
    tab(page, "Sourcing")
    press(page, "New enquiry")
    fill(
        page, title=ENQUIRY, quantity_1="500", quantity_2="3000", quantity_3="12000", incoterm="FOB", destination="宁波港",
        deadline_on=day(10),
    )  # fmt: skip
    save(page)
    story.at["enquiry"] = story.path(page).removesuffix("/invite")
    page.locator("main tbody label.pick", has_text=FACTORY_EN).locator("input").check()
    press(page, "Ask the chosen factories")
    page = story.page(BUYER, "enquiry")
    assert HEAT in text(page, "main .split") and "129.00" not in text(page, "main .split"), "the target price is not asked"
    page.locator(".brief-head button.primary").first.click()
    with page.expect_navigation():
        page.locator("dialog[open] [data-sure]").click()
    assert "Issued" in text(page, ".brief-head")


def quote(story: Story) -> None:
    """The factory reads the enquiry, and quotes with a price break."""
    page = story.page(MAKER, "/")
    with page.expect_navigation():
        page.locator("main a", has_text=ENQUIRY).first.click()
    assert "129.00" not in page.content() and "三条评价" not in text(page), "targets and evidence stay with the brand"
    if "/quote" not in page.url:
        press(page, "填写报价")
    fill(page, lead_days="25", sample_days="7", tooling_days="20", moq="300", monthly_capacity="20000")
    for field in page.locator('main select[name$="-verdict"]').all():
        field.select_option("meets")
    fill(page, currency="CNY", valid_until=day(60), incoterm="FOB", place="宁波", tooling="18000")
    for n, (quantity, price) in enumerate(PRICES):
        press_add(page, "添加一档价格", f"breaks-{n}-unit_price")
        fill(page, **{f"breaks-{n}-quantity_from": quantity, f"breaks-{n}-unit_price": price})
    press(page, "提交")
    said = text(page)
    assert "46.50" in said and "52.00" in said
    story.picture(page, "05-quotation")


def press_add(page: Any, name: str, wanted: str) -> None:
    """Add rows until the one of this name is there."""
    while not page.locator(f'main [name="{wanted}"]').count():
        page.get_by_role("button", name=name).first.click()


def score(story: Story) -> None:
    """The enquiry is closed; the technical part is scored while the price is sealed."""
    page = story.page(BUYER, "enquiry")
    assert "46.50" not in page.content(), "the price is sealed"
    page.locator(".brief-head .menu summary").last.click()
    mean(page, "Close now", "只问了一家，已经报价。")
    press(page, "Start the technical review", exact=False)
    send(page, "main aside form")
    press(page, "Score it")
    assert "46.50" not in page.content(), "the price is sealed"
    for group in page.locator(".choice.six").all():
        group.locator('input[value="4"]').check(force=True)
    press(page, "Keep the score")


def award(story: Story) -> None:
    """The envelopes are opened, the landed cost compared at three quantities, and the enquiry awarded."""
    page = story.page(BUYER, "enquiry")
    mean(page, "Open the prices")
    page = story.page(BUYER, story.at["enquiry"] + "/comparison")
    said = text(page)
    assert "46.50" in said and "48.00" in said and "62.8%" in said, "18,000 of tooling over 12,000 pieces; margin of 129.00"
    story.picture(page, "06-comparison")
    press(page, "Award", exact=False)
    page.locator('input[name="winner"]').first.check(force=True)
    fill(page, reason="技术分达标，三千件到岸成本在目标之内。")
    page.locator("main form[data-confirm] aside button.primary").click()
    with page.expect_navigation():
        page.locator("dialog[open] [data-sure]").click()
    assert f"Awarded to {FACTORY}" in text(page)
    assert "Sampling" in text(page, ".stepper [aria-current=step]")
