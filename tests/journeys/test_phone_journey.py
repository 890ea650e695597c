"""A factory owner's phone: from the message to the commitment, at 360 px, in Chinese, with a thumb. Taps and time are counted.

The message is the mail that the weekly job wrote; its link leads through signing in to the first SKU that waits. Typing the password is counted in
time and not as a tap, as a telephone remembers it. Pictures: see `pictures.folder`.
"""

import time
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.kernel.mail_table import OutboxMail
from tests.journeys import pictures, world
from tests.journeys.hands import a_photo
from tests.journeys.inside import inside, organisation

MAKER, FACTORY = "chen.guoqiang", "竹溪座椅"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
PHONE = {"viewport": {"width": 360, "height": 780}, "user_agent": ANDROID, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
MOST_TAPS, MOST_SECONDS = 3, 60
QUESTION = "退回来的这批，外箱有没有压痕？"


class Thumb:
    """What the owner does with one finger: every touch is counted."""

    def __init__(self, visitor):
        self.page, self.taps = visitor.page, 0

    def tap(self, target, leads=False):
        self.taps += 1
        if not leads:
            target.evaluate("e => e.scrollIntoView({ block: 'center' })")  # a thumb scrolls what lies below the button into sight
            target.tap()
            return
        with self.page.expect_navigation():
            target.tap()

    def since(self, before):
        return self.taps - before


def mail_of(server):
    """(the latest pack's id, the link of the mail that told of it), as the outbox wrote it."""
    with inside(server) as session:
        factory = organisation(FACTORY)
        pack = session.scalars(select(FeedbackPack).where(FeedbackPack.factory_id == factory.id).order_by(FeedbackPack.week.desc())).first()
        mail = session.scalars(
            select(OutboxMail).where(OutboxMail.link.like(f"%/feedback/packs/{pack.id}"), OutboxMail.to_address.like(f"{MAKER}%"))
        ).first()
        return pack.id, len(pack.sections), mail.id if mail else None, mail.link if mail else f"/feedback/packs/{pack.id}"


def written(server, mail_id):
    """The mail as it lies in the folder, as a mail program reads it; None before the job has come round."""
    path = server.folder / "mail" / f"{mail_id:08d}.eml"
    return message_from_bytes(path.read_bytes(), policy=policy.default) if path.exists() else None


@pytest.fixture
def owner(visit):
    return visit(**PHONE)


def sign_in(page, server):
    page.fill("#email", f"{MAKER}@demo.incubator.example")
    page.fill("#password", server.password)
    with page.expect_navigation():
        page.locator("main form.form button").first.tap()


def test_from_the_message_to_the_commitment_in_a_minute(owner, server, tmp_path):
    pack_id, number, mail_id, link = mail_of(server)
    mail = written(server, mail_id) if mail_id else None
    if mail is not None:
        assert "反哺" in mail["Subject"] and not [c for c in ("RISER", "CABLE") if c in mail.get_body(("plain",)).get_content()]
    out, thumb, page = pictures.folder(tmp_path), Thumb(owner), owner.page
    path = "/" + link.split("/", 3)[-1] if link.startswith("http") else link
    page.goto(server.url + path)
    assert "/sign-in" in page.url
    began = time.monotonic()
    sign_in(page, server)
    assert page.url.endswith(f"/feedback/packs/{pack_id}/skus/1"), "the message leads to the first SKU that waits"
    _first_looks(owner, number, out)
    per_sku = [_answer(owner, thumb, n, number, out, tmp_path) for n in range(1, number + 1)]
    assert max(per_sku) <= MOST_TAPS, per_sku
    before = thumb.taps
    _commit(owner, thumb, pack_id, out)
    seconds = time.monotonic() - began
    print(
        f"\nphone journey: {number} SKUs, {sum(per_sku)} taps ({per_sku}) + {thumb.since(before)} to acknowledge, {seconds:.1f} s from sign-in"
    )
    assert thumb.since(before) == 1 and thumb.taps <= MOST_TAPS * number + 1
    assert seconds < MOST_SECONDS
    _kept(server, pack_id)


def _first_looks(owner, number, out):
    """What the first screen says without scrolling sideways: what sold, why it came back, what is asked, and how far one is."""
    page = owner.page
    said = page.locator("main").inner_text()
    assert page.locator("html").get_attribute("lang").startswith("zh") and not owner.scrolls_sideways()
    assert all(word in said for word in ("本周", "退货率", "退货原因", "建议", "补单", "整改", "停产", "维持", f"1 / {number}")), said
    assert page.locator('input[type=file][accept="image/*"]:not([capture])').count() == 1, "the camera or the gallery, as the phone asks"
    confirm = page.get_by_role("button", name="确认").bounding_box()
    assert confirm["y"] + confirm["height"] <= PHONE["viewport"]["height"] and confirm["height"] >= 44, (
        "confirming is within reach of a thumb"
    )
    pictures.keep(page, out, "phone-1-sku")


def _answer(owner, thumb, n, number, out, folder):
    """One SKU: the first as suggested, the second another choice, the third with a photo; the others as suggested."""
    page, before = owner.page, thumb.taps
    assert f"{n} / {number}" in page.locator(".sku-steps").inner_text()
    if n == 2:
        thumb.tap(page.locator('.answer-tile:has(input[value="carry_on"])'))
    if n == 3:
        thumb.tap(page.locator("details.fold summary", has_text="照片"))
        page.locator('input[name="photos"]').set_input_files(a_photo(folder, "现场.jpg"))
        inside_card = page.locator(".sku-card").evaluate(
            "e => [...e.querySelectorAll('input, textarea, .answer-tile')].every((c) => c.getBoundingClientRect().right <= innerWidth - 16)"
        )
        assert inside_card and not owner.scrolls_sideways(), "with a photo, too, nothing stands beyond the edge"
        pictures.keep(page, out, "phone-2-photo")
    thumb.tap(page.get_by_role("button", name="确认"), leads=True)
    return thumb.since(before)


def _commit(owner, thumb, pack_id, out):
    """The list of all answers, and one tap that makes promises of them."""
    page = owner.page
    assert page.url.endswith(f"/feedback/packs/{pack_id}/finish") and not owner.scrolls_sideways()
    pictures.keep(page, out, "phone-3-answers")
    thumb.tap(page.get_by_role("button", name="签收"), leads=True)
    assert "已签收" in page.locator("main").inner_text()
    pictures.keep(page, out, "phone-4-done")


def _kept(server, pack_id):
    """What the owner tapped is what stands."""
    with inside(server) as session:
        pack = session.get(FeedbackPack, pack_id)
        answers = [s.answer.choice for s in pack.sections]
        promised = session.scalars(select(FeedbackAction).where(FeedbackAction.pack_id == pack_id)).all()
        assert pack.state in ("acknowledged", "acted") and answers[1] == "carry_on" and "" not in answers
        assert len(promised) == sum(choice != "carry_on" for choice in answers) and all(a.due_on for a in promised)
        assert pack.read_at is not None


def test_a_question_from_the_screen_is_answered_by_the_brand(visit, server, tmp_path):
    """On the same phone the owner asks about a SKU; the brand finds it at home, answers, and the owner reads it where it was asked."""
    pack_id, *_ = mail_of(server)
    phone = visit(MAKER, **PHONE).speak("zh")
    page = phone.page
    phone.go(f"/feedback/packs/{pack_id}/skus/2")
    page.locator("#questions summary").tap()
    page.locator("#questions textarea").fill(QUESTION)
    with page.expect_navigation():
        page.get_by_role("button", name="提问").tap()
    assert QUESTION in page.locator("#questions").inner_text() and not phone.scrolls_sideways()
    pictures.keep(page, pictures.folder(tmp_path), "phone-5-question")
    brand = visit("lin.xiao").speak("en")
    brand.go("/")
    with brand.page.expect_navigation():
        brand.page.locator(f'main a[href*="/feedback/packs/{pack_id}/skus/2"]').first.click()
    brand.page.locator("#questions textarea").fill("No dents; photos follow today.")
    with brand.page.expect_navigation():
        brand.page.locator("#questions").get_by_role("button", name="Answer", exact=True).click()
    phone.go(f"/feedback/packs/{pack_id}/skus/2")
    page.locator("#questions summary").tap()
    assert "photos follow today" in page.locator("#questions").inner_text()


def test_it_works_without_script(browser, server):
    """The screens answer without a line of script: the fields of every choice are there, and the buttons send."""
    with world.visiting(browser, server, None, **{**PHONE, "java_script_enabled": False}) as owner:
        pack_id, *_ = mail_of(server)
        owner.page.goto(f"{server.url}/feedback/packs/{pack_id}/skus/1")
        sign_in(owner.page, server)
        assert owner.page.url.endswith("/skus/1") and "退货率" in owner.page.locator("main").inner_text()
