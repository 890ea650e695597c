"""The brand's way: sign in, write a brief, have it judged by two organisations, and carry the document away."""

import re
import subprocess
import zlib

from tests.journeys.hands import a_photo, confirm, fill, press, save

TITLE = "云朵托腰人体工学椅（第二代）㊣喆𠮷"
PARTNER = "木石"


def write_brief(page):
    fill(
        page,
        title=TITLE,
        type="hero",
        segment="居家办公、每天久坐 6 小时以上的人",
        need="腰不酸",
        reason_to_choose="腰托跟着人动",
        first_order_quantity="500",
    )
    fill(page, **{"targets-0-price": "899.00", "targets-0-cost": "420"})
    for n, (attribute, target) in enumerate((("腰托支撑力", "180"), ("承重", "120"), ("循环寿命", "120000"))):
        fill(
            page,
            **{f"requirements-{n}-attribute": attribute, f"requirements-{n}-target": target, f"requirements-{n}-evidence": "118 条吐槽"},
        )
    save(page)
    assert re.search(r"/briefs/\d+$", page.url), page.url


def compare(page, tmp_path):
    with page.expect_navigation():
        page.locator("#references a.btn", has_text="Add").click()
    fill(page, name="市售热销款 A", maker="某上市家居品牌", price="1,299.00")
    page.locator('input[name="photo"]').set_input_files(a_photo(tmp_path))
    save(page)
    assert page.locator("#references img").evaluate("i => i.complete || new Promise((r) => { i.onload = () => r(true) })")
    with page.expect_navigation():
        page.locator("#claims a.btn", has_text="Add").click()
    fill(
        page,
        kind="structure",
        statement="随动结构：受力时支撑点自己移动",
        **{"points-0-attribute": "循环寿命", "points-0-their_value": "3 万次"},
    )
    fill(page, **{"points-0-our_value": "12 万次", "points-0-evidence": "第三方报告", "points-0-aspect": "structure"})
    save(page)
    assert "12 万次" in page.locator("#claims").inner_text()


def invite_partner(page, brief_url):
    with page.expect_navigation():
        page.locator(".tabs a", has_text="People").first.click()
    page.locator('main [name="organisation_id"]').select_option(
        label=page.locator('main [name="organisation_id"] option', has_text=PARTNER).first.inner_text()
    )
    press(page, "Ask to take part")
    assert PARTNER in page.locator("main").inner_text()
    page.goto(brief_url)


def sign(visitor, review_url):
    visitor.page.goto(review_url)
    visitor.speak("en")
    page = visitor.page
    page.locator('input[name="first"][value="4"]').check(force=True)
    page.locator('input[name="second"][value="5"]').check(force=True)
    page.locator('#sign [name="statement"]').fill("实测报告看过，差异成立。")
    confirm(page, "#sign")


def test_from_the_first_line_to_the_verdict(visit, tmp_path):
    author = visit()
    page = author.page
    author.go("/sign-in")
    author.speak("en")
    press(page, "Brand", exact=False)
    author.speak("en")
    author.go("/briefs/new")
    write_brief(page)
    brief_url = page.url
    compare(page, tmp_path)
    invite_partner(page, brief_url)
    press(page, "Send to review")
    if not page.locator('input[name="signatories"]').first.is_checked():
        page.locator('input[name="signatories"]').first.check()
    press(page, "Send to review")
    review_url = page.url
    assert "/reviews/" in review_url
    colleague, designer = visit("zhou.heng"), visit("wu.min")
    sign(designer, review_url)
    assert "899" not in designer.page.content() and "420" not in designer.page.locator("main").inner_text()
    sign(colleague, review_url)
    decide(colleague.page)
    on_the_board(colleague)
    document_of(author, brief_url, tmp_path)


def decide(page):
    page.locator('input[name="outcome"][value="go"]').check()
    page.locator('#decide [name="reason"]').fill("两家都签了，差异有实测。")
    confirm(page, "#decide")
    assert "两家都签了" in page.locator("main").inner_text() and not page.locator("#decide").count()


def on_the_board(visitor):
    visitor.go("/products/board")
    column = visitor.page.locator("section, li, div").filter(has=visitor.page.get_by_role("heading", name="Sourcing")).last
    assert TITLE[:8] in column.inner_text()


def document_of(visitor, brief_url, folder):
    """The Chinese PDF through its menu: every character has a glyph, every font is in the file."""
    page = visitor.page
    page.goto(brief_url)
    page.locator("summary", has_text="PDF").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="中文").click(no_wait_after=True, timeout=60_000)
    path = folder / "brief.pdf"
    download.value.save_as(path)
    assert TITLE[:4] in download.value.suggested_filename
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(re.search(r"\s(yes)\s+\w+\s+\w+\s+\d+\s+\d+$", line) for line in fonts), fonts
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert set(TITLE) <= set(text) and "899.00" in text and "两家都签了" in text
    assert missing_glyphs(path.read_bytes()) == 0


def missing_glyphs(pdf):
    """How often a page shows glyph 0 (.notdef, the box)."""
    count = 0
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            content = zlib.decompress(raw)
        except zlib.error:
            content = raw
        if b" TJ" in content or b" Tj" in content:
            count += sum(word[i : i + 4] == b"0000" for word in re.findall(rb"<([0-9a-fA-F]+)>", content) for i in range(0, len(word), 4))
    return count
