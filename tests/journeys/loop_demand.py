"""From reviews to an accepted brief: the brand listens, names a segment, writes the brief, and two organisations sign it at the value gate."""

from typing import Any

from tests.journeys import loop_reviews
from tests.journeys.hands import a_photo, choose, confirm, fill, press, save, text, tick
from tests.journeys.story import PATIENCE, Story

SOURCE = "平板评价 · 公开样本"
SEGMENT = "用平板追剧上网课、嫌背面烫手的人"
NAME = "不烫手平板散热支架（第一代）"
HEAT = "平板背面最高温度"
BRAND, COLLEAGUE, DESIGNER = "lin.xiao", "zhou.heng", "wu.min"
REFERENCE = "市售铝合金支架 A"


def figures(page: Any) -> dict[str, int]:
    """The reconciliation of an import, by its words."""
    lines = page.locator("#import .stats > *").all_inner_texts()
    found = [[part.strip() for part in line.strip().splitlines() if part.strip()] for line in lines]
    return {parts[0]: int(parts[1].replace(",", "")) for parts in found}


def hand_in(page: Any, file: dict[str, Any], **options: str) -> None:
    """On the page of an import: the file, what it is, and wait until it is checked."""
    fill(page, **options)
    page.locator('input[name="file"]').set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="Check the file").click()


def apply(page: Any) -> dict[str, int]:
    """Apply what was checked, and read what became of every line."""
    with page.expect_navigation():
        page.get_by_role("button", name="Apply the import").click(timeout=PATIENCE)
    page.locator("#import .alert", has_text="Applied").wait_for(timeout=PATIENCE)
    return figures(page)


def listen(story: Story) -> None:
    """The reviews come in, and every line is accounted for."""
    page = story.page(BRAND, "/signals/voices")
    press(page, "Import")
    hand_in(page, loop_reviews.sheet(), preset="cn_reviews", source=SOURCE, channel="shop_review", buyer_kind="consumer")
    got, lines = apply(page), loop_reviews.lines()
    assert got["Lines read"] == len(lines) == sum(n for word, n in got.items() if word != "Lines read"), got
    assert (got["Duplicates"], got["Without words of their own"], got["Refused"]) == (1 + repeated(lines), 1, 1), got
    assert "好极了吗" in text(page, "#import")
    story.picture(page, "01-import")
    press(page, "To the voices")
    choose(page, "source", SOURCE, "form")
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**source=**")
    assert f"{got['New']} voices" in text(page)


def repeated(lines: list[list[str]]) -> int:
    """How often the set itself repeats a line."""
    said = [line[2].strip() for line in lines[:-3]]
    return len(said) - len(set(said))


def find_segment(story: Story) -> None:
    """From the topic of speed and heat to a segment whose first requirement stands on chosen voices."""
    page = story.page(BRAND, "/signals/topics")
    press(page, "Speed", exact=False)
    assert "发热" in text(page)
    press(page, "Make a segment")
    fill(page, name=SEGMENT, need="看完一集不用停下来等它凉", q="发热")
    save(page)
    story.keep("segment", page)
    page.locator("#requirements summary, summary", has_text="Add a requirement").first.click()
    fill(page, attribute=HEAT, operator="le", target="40", unit="°C", priority="must")
    press(page, "Add")
    boxes = page.locator('input[name="voice_id"]')
    for n in range(3):
        boxes.nth(n).check(force=True)
    choose(page, "requirement_id", HEAT)
    press(page, "Choose the ticked ones")
    assert "3 voices, word for word" in text(page, "#evidence") and text(page, "#evidence").count("发热") >= 3
    page.locator(".page-head form[data-confirm] button").first.click()
    with page.expect_navigation():
        page.locator("dialog[open] [data-sure]").click()
    story.picture(page, "02-segment")


def write_brief(story: Story) -> None:
    """The segment brings the first requirement and its evidence; the rest is filled in."""
    page = story.page(BRAND, "segment")
    with page.expect_navigation():
        page.locator(".page-head a.btn.primary").click()
    assert page.locator('[name="requirements-0-attribute"]').input_value() == HEAT
    fill(
        page, title=NAME, type="hero", reason_to_choose="追完三集，手还是凉的", first_order_quantity="1000", annual_quantity="12000",
        moq="300", compliance="REACH 附录 XVII",
    )  # fmt: skip
    fill(page, **{"targets-0-price": "129.00", "targets-0-cost": "58"})
    press_add(page, "Add a requirement", "requirements-2-attribute")
    rows = (("承重", "ge", "3", "kg", "0.1"), ("折叠厚度", "le", "20", "mm", "0.5"))
    for n, values in enumerate(rows, start=1):
        names = ("attribute", "operator", "target", "unit", "tolerance")
        fill(page, **{f"requirements-{n}-{name}": value for name, value in zip(names, values, strict=True)})
        fill(page, **{f"requirements-{n}-evidence": "三条评价与一次上门访问"})
    save(page)
    story.keep("brief", page)
    said = text(page)
    assert HEAT in said and "折叠厚度" in said and "3 voices" in said, said


def press_add(page: Any, name: str, wanted: str) -> None:
    """Add rows until the one of this name is there."""
    while not page.locator(f'main [name="{wanted}"]').count():
        page.get_by_role("button", name=name).first.click()


def compare(story: Story) -> None:
    """A named reference product, and one point where ours is better with its evidence."""
    page = story.page(BRAND, "brief")
    with page.expect_navigation():
        page.locator("#references a.btn", has_text="Add").click()
    fill(page, name=REFERENCE, maker="某上市数码配件品牌", price="89.00")
    page.locator('input[name="photo"]').set_input_files(a_photo(story.folder))
    save(page)
    with page.expect_navigation():
        page.locator("#claims a.btn", has_text="Add").click()
    fill(page, kind="structure", statement="风道支撑臂：不用风扇，背面不烫手")
    fill(
        page,
        **{
            "points-0-attribute": HEAT, "points-0-their_value": "47 °C", "points-0-our_value": "39 °C",
            "points-0-evidence": "第三方实测报告", "points-0-aspect": "structure",
        },
    )  # fmt: skip
    save(page)
    assert "39 °C" in text(page, "#claims") and REFERENCE in text(page)
    story.picture(page, "03-brief")


def ask_to_sign(story: Story) -> None:
    """木石 Design is the second organisation: it takes part, and is asked to sign."""
    page = story.page(BRAND, "brief")
    with page.expect_navigation():
        page.locator(".tabs a", has_text="Overview").first.click()
    story.keep("product", page)
    with page.expect_navigation():
        page.locator(".tabs a", has_text="People").first.click()
    choose(page, "organisation_id", "木石")
    press(page, "Ask to take part")
    page = story.page(BRAND, "brief")
    press(page, "Send to review")
    page.locator('input[name="signatories"]').first.check()
    with page.expect_navigation():
        page.locator("main form.form button.primary").first.click()
    assert "/reviews/" in page.url
    story.keep("review", page)


def sign(story: Story, handle: str) -> None:
    page = story.page(handle, "review")
    tick(page, "first", "4")
    tick(page, "second", "5")
    fill(page, "#sign", statement="实测报告看过，差异成立。")
    confirm(page, "#sign")


def pass_gate(story: Story) -> None:
    """Two organisations sign; the verdict is go; the product is at sourcing."""
    ask_to_sign(story)
    sign(story, DESIGNER)
    designer = story.page(DESIGNER, "review")
    assert "129.00" not in designer.content() and "58.00" not in designer.content(), "targets stay with the brand"
    sign(story, COLLEAGUE)
    page = story.page(COLLEAGUE, "review")
    tick(page, "outcome", "go")
    fill(page, "#decide", reason="两家都签了，差异有实测。")
    confirm(page, "#decide")
    assert "两家都签了" in text(page) and not page.locator("#decide").count()
    story.picture(page, "04-gate")
    page = story.page(BRAND, "product")
    assert "Sourcing" in text(page, ".stepper [aria-current=step]")
