"""The administrator's part: a factory that nobody signs in for gets its first person, by an invitation that comes as mail."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.journeys import world
from tests.journeys.hands import fill, save, text
from tests.journeys.story import PATIENCE, Story
from tests.processes import wait_for

ADMIN, MAKER = "admin", "pan.yue@nuanchuan.example"
MAKER_NAME = "潘越"
FACTORY, FACTORY_EN = "暖川", "Nuanchuan"


def admit_maker(story: Story) -> None:
    """The administrator invites; the person opens the link of the mail, chooses a password, and is in."""
    page = story.page(ADMIN, "/admin/organisations")
    fill(page, "form.filters", text=FACTORY)
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**text=**")
    with page.expect_navigation():
        page.locator("main tbody a", has_text=FACTORY).first.click()
    fill(page, "#invite", email=MAKER, locale="zh")
    page.locator('#invite [name="is_manager"]').check()
    save(page, "#invite")
    assert MAKER in text(page)
    guest = story.visit(viewport=world.PHONE)
    guest.page.goto(invitation(story))
    assert FACTORY in text(guest.page, "body")
    fill(guest.page, "body", name=MAKER_NAME, password=story.server.password)
    with guest.page.expect_navigation():
        guest.page.locator("form.form button.primary").click()
    story.people[MAKER] = guest.speak("zh")


def invitation(story: Story) -> str:
    """The link of the mail, from the folder where mails are written when no mail server is set."""

    def found() -> str:
        for path in sorted((story.server.folder / "mail").glob("*.eml"), reverse=True):
            mail = message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)
            body = mail.get_body(("plain",))
            if mail["to"] == MAKER and body and (link := re.search(r"/invitation/[\w.-]+", str(body.get_content()))):
                return story.server.url + link.group()
        return ""

    return str(wait_for(found, PATIENCE / 1000))
