"""What was sold and said goes back to the factory, which promises a fix on its phone; the investor reads the frozen report."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.journeys.hands import a_table, choose, mean, press, save, text
from tests.journeys.loop_demand import BRAND, NAME, apply, hand_in
from tests.journeys.loop_factory import RIVAL, tab
from tests.journeys.loop_launch import ARTICLE, CHANNEL, CODE
from tests.journeys.loop_people import ADMIN, FACTORY, MAKER
from tests.journeys.story import PATIENCE, Story, today

INVESTOR, OTHER_INVESTOR = "gu.yuan", "bai.lu"
COMPLAINTS = ("夹口夹不紧，平板一碰就歪。", "夹口第二周就松了，做工粗糙。")
SOLD, BACK = (38, 44, 47, 52, 49, 55, 58, 61), 6
REASONS = ("夹口断裂，质量问题", "七天无理由")
PROMISE = "夹口弹簧换 0.8 mm 钢丝，每件做 500 次开合。"
HEADING = ("订单号", "商家编码", "商品名称", "数量", "订单创建时间", "单价", "类型", "退货原因", "买家")
HEADING_OF_REPORT = "平板散热支架已上市，工厂已答应整改夹口。"


def last_week() -> date:
    """The Monday of the last week that is over."""
    now = datetime.now(UTC).date()  # weeks end for everybody at once
    return now - timedelta(days=now.weekday() + 7)


def order_lines() -> list[list[Any]]:
    """Eight weeks of single orders, and what came back of each week with its reason."""
    lines = []
    for n, units in enumerate(SOLD):
        week = last_week() - timedelta(weeks=len(SOLD) - 1 - n)
        for k in range(units):
            day = (week + timedelta(days=k % 7)).isoformat()
            lines.append([f"L{n}{k:03d}", CODE, ARTICLE, 1, f"{day} 10:{k % 60:02d}:00", "129.00", "", "", f"买家{n}{k}"])
        for k in range(BACK):
            day = (week + timedelta(days=k % 7)).isoformat()
            lines.append([f"L{n}{k:03d}", CODE, ARTICLE, 1, f"{day} 20:00:00", "129.00", "退货", REASONS[k % 3 == 2], f"买家{n}{k}"])
    return lines


def hear_buyers(story: Story) -> None:
    """Two complaints that carry the article's code as their product number."""
    rows = [[said, CODE, "1", (last_week() + timedelta(days=n)).isoformat()] for n, said in enumerate(COMPLAINTS)]
    page = story.page(BRAND, "/imports/new/signals.voices")
    hand_in(page, a_table(["评价内容", "货号", "评分", "评价时间"], rows, "店铺评价.csv"), source="循环旗舰店评价")
    assert apply(page)["New"] == len(rows)


def sell(story: Story) -> None:
    """The order lines of the shop come in by their headings; every line is accounted for and rolled up."""
    page = story.page(BRAND, "/sales")
    press(page, "Import order lines")
    choose(page, "channel_id", CHANNEL)
    hand_in(page, a_table(list(HEADING), order_lines(), "循环旗舰店订单.csv"))
    got = apply(page)
    assert (got["Lines read"], got["Sold"], got["Came back"], got["Refused"]) == (len(order_lines()), sum(SOLD), BACK * len(SOLD), 0), got
    story.picture(page, "13-orders")
    run_now(story, "sales.roll_up")
    page = story.page(BRAND, f"/sales?q={CODE}")
    back = BACK * len(SOLD)
    line = page.locator("main table").last.locator("tbody tr", has_text=CODE).inner_text()
    low, high = (float(share) for share in re.search(r"([\d.]+)–([\d.]+) %", line).groups())  # drawn towards the other SKUs
    assert low < 100 * back / sum(SOLD) < high and f"{sum(SOLD[-4:]) / 4:.1f}" in line, line
    said = text(story.page(BRAND, "sku")).split()
    assert said[said.index("Quality") + 1] == str(back * 2 // 3) and str(sum(SOLD)) in said, said
    story.picture(story.page(BRAND, "sku"), "14-sales")


def run_now(story: Story, job: str) -> str:
    """The administrator runs a job and reads how it ended."""
    page = story.page(ADMIN, "/admin/jobs")
    with page.expect_navigation():
        page.locator(f'form:has(input[name="job"][value="{job}"]) button').first.click()
    page.locator(".page-head .badge", has_text="Done").wait_for(timeout=PATIENCE)
    return text(page)


def finished(story: Story, job: str) -> None:
    """The administrator watches the latest run of a job until it is done."""
    page = story.page(ADMIN, f"/admin/jobs?job={job}")
    with page.expect_navigation():
        page.locator("main table").last.locator("tbody a").first.click()
    page.locator(".page-head .badge", has_text="Done").wait_for(timeout=PATIENCE)


def send_pack(story: Story) -> None:
    """The weekly job compiles and sends the pack of the week that is over."""
    run_now(story, "feedback.send")
    page = story.page(BRAND, "/feedback")
    row = page.locator("main tbody tr", has_text=FACTORY)
    with page.expect_navigation():
        row.first.get_by_role("link").first.click()
    story.keep("pack", page)
    assert CODE in text(page) and "Sent" in text(page, ".page-head")


def answer(story: Story) -> None:
    """On the phone, in Chinese: the factory reads figures and voices, promises a fix with a day, and acknowledges."""
    page = story.page(MAKER, "/")
    with page.expect_navigation():
        page.locator('main a[href^="/feedback/"]').first.click()
    page = story.page(MAKER, "pack")
    said = text(page)
    assert page.viewport_size["width"] == 360 and not story.people[MAKER].scrolls_sideways()
    assert f"{SOLD[-1]}" in said and COMPLAINTS[1] in said and "129" not in said, said
    with page.expect_navigation():
        page.locator(".sku-view a").click()  # from one SKU at a time to the whole pack
    assert COMPLAINTS[0] in text(page) and "129" not in text(page) and not story.people[MAKER].scrolls_sideways()
    page.locator('input[type="radio"][value="fix"]').first.check(force=True)
    page.locator('textarea[name$="-what"]').first.fill(PROMISE)
    page.locator('input[name$="-on"]').first.fill((today() + timedelta(days=14)).isoformat())
    story.picture(page, "15-pack-phone")
    with page.expect_navigation():
        page.get_by_role("button", name="签收").click()
    assert "已签收" in text(page) and PROMISE in text(page)


def see_promise(story: Story) -> None:
    """The brand reads who answered and what was promised."""
    page = story.page(BRAND, "pack")
    said = text(page)
    assert "Acknowledged" in text(page, ".page-head") and PROMISE in said and "潘越" in said
    story.picture(page, "16-pack")


def report(story: Story) -> None:
    """The programme's report is written, frozen and released to one investor; its documents are made."""
    page = story.page(BRAND, "product")
    with page.expect_navigation():
        page.locator(".page-head a.link").first.click()
    tab(page, "Reports")
    press(page, "New report")
    page.locator('[name="period"]').select_option("month")
    page.locator('[name="month"]').fill(today().strftime("%Y-%m"))
    page.locator('[name="title"]').fill("循环报告")
    page.locator('[name="headline_zh"]').fill(HEADING_OF_REPORT)
    page.locator('[name="headline_en"]').fill("The stand is on sale; the factory promised to mend the clamp.")
    for box in page.locator('#audience input[type="checkbox"]').all():
        box.set_checked("知行" in box.locator("xpath=..").inner_text(), force=True)
    save(page)
    story.keep("report", page)
    assert NAME in page.content()
    mean(page, "Freeze the figures")
    mean(page, "Release to investors")
    assert "Released" in text(page, ".page-head")
    story.picture(page, "17-report")


def read_report(story: Story) -> None:
    """The investor finds it at home, reads page and PDF; nobody else is let near."""
    page = story.page(INVESTOR, "/")
    with page.expect_navigation():
        page.locator(f'main a[href^="{story.at["report"]}"]').first.click()
    assert "promised to mend the clamp" in text(page) and NAME in page.content() and "46.50" not in page.content()
    finished(story, "reports.print")
    page = story.page(INVESTOR, "report")
    for language in ("zh", "en"):
        link = page.locator(f'.page-head a[href$="document-{language}.pdf"]')
        answer = page.context.request.get(story.server.url + str(link.get_attribute("href")))
        assert answer.ok and answer.body().startswith(b"%PDF"), language
    story.picture(page, "18-report-investor")


def keep_out(story: Story) -> None:
    """For a rival factory and another investor there is nothing; for the investor, no product and no pack."""
    for handle in (RIVAL, OTHER_INVESTOR):
        story.page(handle, "/")
        story.refused(handle, "product", "brief", "enquiry", "round", "golden", "deliverable", "sku", "pack", "report")
    story.refused(INVESTOR, "product", "pack", "enquiry")
    story.refused(MAKER, "report", "segment", "review")
