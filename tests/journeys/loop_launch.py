"""To market: an article with its factory, channel and price, the pre-production review, a test launch with its verdict, the launch."""

from typing import Any

from tests.journeys.hands import choose, confirm, fill, mean, press, save, send, text, tick
from tests.journeys.loop_demand import BRAND
from tests.journeys.loop_factory import tab
from tests.journeys.loop_people import FACTORY
from tests.journeys.story import Story, day

CODE, GTIN = "LOOP-ZJ-01", "6901234567892"
ARTICLE, CHANNEL, CHANNEL_ZH = "不烫手平板散热支架 枪灰", "Loop shop", "循环旗舰店"
BELIEF = "追剧的人愿意为不烫手多付四成。"
WEEKS = 9  # since when the factory has made it, so that the sales of these weeks are its own


def part(page: Any, name: str) -> None:
    """One of the steps on the launch tab."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="Steps of the launch").get_by_role("link", name=name).first.click()


def stage(story: Story, handle: str = BRAND) -> str:
    return text(story.page(handle, "product"), ".stepper [aria-current=step]")


def open_channel(story: Story) -> None:
    """A channel of its own, so that its sales are this product's alone."""
    page = story.page(BRAND, "/channels")
    press(page, "New channel")
    fill(page, name_zh=CHANNEL_ZH, name_en=CHANNEL, platform="other", currency="CNY")
    save(page)
    assert CHANNEL in text(page)


def create_sku(story: Story) -> None:
    """The article: its code and GTIN, who makes it since when, and its price on the channel."""
    page = story.page(BRAND, "product")
    mean(page, "Start pre-production")
    assert "Pre-production" in text(page, ".stepper [aria-current=step]")
    tab(page, "SKUs")
    press(page, "New SKU")
    fill(
        page, code=CODE, name_zh=ARTICLE, name_en="Cool tablet stand, gunmetal", colour="枪灰", gtin=GTIN, price="129.00",
        planned_units_per_week="60", units_per_carton="20",
    )  # fmt: skip
    save(page)
    story.keep("sku", page)
    choose(page, "factory_id", FACTORY, "#factory")
    fill(page, "#factory", from_on=day(-7 * WEEKS))
    send(page, "#factory form")
    choose(page, "channel_id", CHANNEL, "#prices")
    fill(page, "#prices", price="129.00", valid_from=day(-7 * WEEKS))
    send(page, "#prices details form")
    assert "129.00" in text(page, "#prices") and FACTORY in text(page, "#factory")
    press(page, "Mark as ready")
    assert "Ready" in text(page, ".page-head")
    story.picture(page, "10-sku")


def review(story: Story) -> None:
    """The pre-production review asks for volumes and the proof of compliance, and lets the product go."""
    page = story.page(BRAND, "product")
    tab(page, "Launch")
    story.keep("launch", page)
    part(page, "Pre-production")
    fill(page, "#volumes", first_order_quantity="1000", capacity_per_week="4000")
    send(page, "#volumes form")
    fill(page, "#proofs", reference="SGS-2026-0815", valid_until=day(300))
    choose(page, "need", "REACH", "#proofs")
    send(page, "#proofs form")
    assert page.locator("main tbody td", has_text="Not met").count() == 0, text(page)
    tick(page, "outcome", "go", "#decide")
    fill(page, "#decide", reason="五项都满足，产能是首单的四倍。")
    confirm(page, "#decide")
    assert "Test launch" in stage(story)


def test_market(story: Story) -> None:
    """A hypothesis with its figure, a reading, and the verdict that it holds."""
    page = story.page(BRAND, "launch")
    part(page, "Test launch")
    press(page, "Plan a test launch")
    fill(
        page, belief=BELIEF, metric="units_per_week", direction="at_least", threshold="30", from_on=day(-1), to_on=day(20), units="200",
        price="129.00", budget="8000.00",
    )  # fmt: skip
    channel = page.locator("#channels label", has_text=CHANNEL).locator("input")
    channel.check(force=True) if channel.count() else page.locator('select[name="channels"]').select_option(label=CHANNEL)
    save(page)
    press(page, "Start the test")
    page.locator("summary", has_text="Note a reading").click()
    fill(page, on_date=day(0), value="41", source="店铺后台")
    send(page, 'main form[action$="readings"]')
    assert "41" in text(page)
    page.locator("summary", has_text="Judge the test").click()
    tick(page, "verdict", "supported")
    tick(page, "next_step", "continue")
    fill(page, "main form[data-confirm]", reason="首周 41 台，高于 30 台。", review_on=day(30))
    confirm(page, "main form[data-confirm]")
    assert "Supported · Continue" in text(page) and BELIEF in text(page)
    story.picture(page, "11-test-launch")


def check_list(story: Story) -> None:
    """The platform's tasks, each with its proof."""
    page = story.page(BRAND, "launch")
    part(page, "Checklist")
    choose(page, "channel_id", CHANNEL, "#start")
    fill(page, "#start", launch_on=day(0))
    send(page, "#start form")
    story.keep("checklist", page)
    tasks = page.get_by_role("link", name="Do it").count()
    assert tasks >= 5
    for _ in range(tasks):
        press(story.page(BRAND, "checklist"), "Do it")
        fill(page, proof="店铺后台截图已存档。")
        send(page, 'main form[action*="done"], main form[enctype]')
    assert not story.page(BRAND, "checklist").get_by_role("link", name="Do it").count()


def launch(story: Story) -> None:
    """Planned, with nothing in its way, and live: the product and the article are on sale."""
    page = story.page(BRAND, "launch")
    press(page, "Plan a launch")
    fill(page, launch_on=day(0))
    for name, words in (("channels", CHANNEL), ("skus", CODE)):
        box = page.locator(f"#{name} label", has_text=words).locator("input")
        box.check(force=True)
    save(page)
    assert "Ready to go on sale" in text(page), text(page)
    mean(page, "Launch now")
    assert "Live" in text(page)
    assert "Launch" in stage(story) and "Test" not in stage(story)
    assert "On sale" in text(story.page(BRAND, "sku"), ".page-head")
    story.picture(story.page(BRAND, "launch"), "12-launch")
