"""The weekly digest: once a week, Monday at nine where the reader is, counts and links, in the reader's language, and only who wants it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from incubator.accounts import profile_service, webhook_service
from incubator.accounts.models import Membership
from incubator.accounts.webhook_models import WebhookDelivery
from incubator.feedback import digest, jobs, queries, question_service
from incubator.kernel import clock
from incubator.kernel.mail_table import OutboxMail
from tests import builders
from tests.builders import counted, put, sign_in
from tests.feedback.builders import Desk

MONDAY = date(2026, 11, 23)


class Run:
    def progress(self, *_numbers):
        return None


def at(hour, minute=5, day=MONDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def mails(session, to=None):
    query = select(OutboxMail).where(OutboxMail.key.like("digest:%")).order_by(OutboxMail.id)
    return session.scalars(query.where(OutboxMail.to_address == to.email) if to else query).all()


def run(session, now):
    session.commit()
    return jobs.digest(Run(), now)["sent"]


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("Asia/Shanghai", at(0, 55), None), ("Asia/Shanghai", at(1), MONDAY), ("Asia/Shanghai", at(23, 5, date(2026, 11, 22)), None),
        ("Asia/Kolkata", at(3, 5), None), ("Asia/Kolkata", at(3, 35), MONDAY), ("America/Los_Angeles", at(17), MONDAY), ("America/Los_Angeles", at(16), None),
        ("Pacific/Kiritimati", at(19, 5, date(2026, 11, 22)), MONDAY), ("Pacific/Auckland", at(20, 5, date(2026, 11, 22)), MONDAY),
        ("Asia/Shanghai", at(12, 5, date(2026, 11, 25)), MONDAY), ("Asia/Shanghai", at(1, 5, date(2026, 11, 26)), None), ("Nowhere/Here", at(9), MONDAY),
    ],
)  # fmt: skip
def test_case_40_it_is_due_on_monday_at_nine_where_the_reader_is(zone, now, due):
    assert digest.week_of(zone, now) == due


def test_case_40_the_clocks_changing_neither_doubles_nor_loses_it():
    for monday in (date(2026, 3, 30), date(2026, 10, 26)):  # the Mondays after Europe's clocks change
        hours = [digest.week_of("Europe/Berlin", at(0, 5, monday) + timedelta(hours=h)) for h in range(24)]
        assert hours.count(None) in (7, 8) and set(hours) == {None, monday}


def test_each_gets_one_mail_a_week_with_counts_and_links_and_no_figure(session):
    desk = Desk()
    desk.maker.timezone = desk.user.timezone = "Asia/Shanghai"
    desk.user.locale = "en"
    pack = desk.pack("sent")
    question_service.ask(pack.sections[0], "寄两件？", desk.maker_actor, clock.now())
    assert run(session, at(0)) == 0, "it is eight in Shanghai"
    assert run(session, at(1)) == 2
    assert [run(session, at(h)) for h in (1, 2, 9)] == [0, 0, 0], "exactly once"
    (mine,), (theirs,) = mails(session, desk.maker), mails(session, desk.user)
    assert (mine.locale, theirs.locale) == ("zh", "en")
    assert "http://localhost/feedback?state=waiting" in mine.text and "1 question waits for your answer" in theirs.text
    assert "http://localhost/feedback?state=asked" in theirs.text
    asked = [queries.listing(actor, {"state": "asked"}, None).rows for actor in (desk.actor, desk.rival_actor)]
    assert [[row.id for row in rows] for rows in asked] == [[pack.id], []]
    said = (mine.text + theirs.text).replace(desk.brand.label, "").replace(desk.factory.label, "")
    assert not [w for w in ("GOOD-1", "BAD-1", "60", "480", "777", "寄两件", desk.rival.label) if w in said]
    assert mails(session, desk.rival_user) == [], "nothing waits for the rival"
    assert run(session, at(1, day=MONDAY + timedelta(days=7))) == 2, "next week again"


def test_two_processes_at_once_queue_one_mail(session):
    desk = Desk()
    desk.pack("sent")
    waits = digest.waiting([desk.factory], MONDAY, at(1))
    told = [digest.tell(desk.maker, [(desk.factory, waits[desk.factory.id])], MONDAY, at(1)) for _ in range(2)]
    assert told == [True, False] and len(mails(session)) == 1


def test_who_does_not_want_it_gets_none_and_who_wants_it_monthly_gets_the_first(session, client):
    desk = Desk()
    desk.maker.timezone = "Asia/Shanghai"
    desk.pack("sent")
    sign_in(client, desk.maker)
    form = {"name": desk.maker.name, "locale": "zh", "timezone": "Asia/Shanghai", "theme": "auto", "digest": "monthly"}
    assert client.post("/profile", data=form).status_code == 302
    session.expire_all()
    assert profile_service.digest_of(desk.maker, desk.maker_actor) == "monthly"
    assert run(session, at(1)) == 0, "the fourth Monday"
    assert run(session, at(1, day=date(2026, 12, 7))) == 1
    client.post("/profile", data=form | {"digest": "off"})
    assert run(session, at(1, day=date(2027, 1, 4))) == 0


def test_the_profile_of_others_has_no_such_choice(session, client):
    investor = builders.a_person(builders.an_organisation("investor"))
    assert 'name="digest"' not in sign_in(client, investor).get("/profile").text
    form = {"name": "Ida", "locale": "en", "timezone": "UTC", "theme": "auto"}
    assert client.post("/profile", data=form).status_code == 302


def test_what_waits_for_a_person_of_two_organisations_comes_in_one_mail(session):
    desk, other = Desk(), Desk()
    for d in (desk, other):
        d.pack("sent")
    put(Membership(user_id=desk.maker.id, organisation_id=other.factory.id))
    desk.maker.timezone = other.maker.timezone = "Asia/Shanghai"
    assert run(session, at(1)) == 2
    (mail,) = mails(session, desk.maker)
    assert f"{desk.factory.label}:" in mail.text and f"{other.factory.label}:" in mail.text


def test_promises_and_effects_are_counted_for_their_own_sides(session):
    desk = Desk()
    desk.pack("acknowledged")
    due = clock.today() + timedelta(days=9)
    monday = due - timedelta(days=due.weekday())
    own = {desk.factory.id: desk.factory, desk.brand.id: desk.brand, desk.rival.id: desk.rival}
    found = digest.waiting(own.values(), monday, clock.now())
    assert found[desk.factory.id].promises == 2 and found[desk.brand.id].promises == 0 and not any(found[desk.rival.id])
    assert digest.waiting(own.values(), monday + timedelta(days=14), clock.now())[desk.brand.id].promises == 2, "late for the brand"


def test_it_asks_no_more_of_the_database_for_more_people(session):
    desk = Desk()
    desk.pack("sent")
    desk.maker.timezone = "Asia/Shanghai"
    for n in range(3):
        builders.a_person(desk.factory, f"同事 {n}", timezone="Asia/Shanghai", locale="zh")
    session.commit()
    with counted() as asked:
        batch = digest.readers(MONDAY, ["Asia/Shanghai"], 0)
        digest.waiting({r.organisation for r in batch}, MONDAY, at(1))
    assert len(batch) == 4 and len(asked) <= 1 + 4


def test_a_webhook_hears_it_once_a_week_for_the_whole_organisation(session):
    desk = Desk()
    desk.pack("sent")
    desk.maker.timezone = "Asia/Shanghai"
    builders.a_person(desk.factory, "同事", timezone="Asia/Shanghai")
    data = {
        "kind": "generic",
        "name": "群",
        "url": "https://erp.example.com/x",
        "secret": "",
        "language": "zh",
        "events": ["digest", "sent"],
    }
    webhook_service.add(desk.factory, data, desk.maker_actor, clock.now())
    assert run(session, at(1)) == 2
    assert [d.event for d in session.scalars(select(WebhookDelivery))] == ["digest"]


def test_sending_a_pack_reaches_the_factorys_webhook_and_nobody_elses(session):
    desk = Desk()
    for organisation, actor in ((desk.factory, desk.maker_actor), (desk.rival, desk.rival_actor), (desk.brand, desk.actor)):
        data = {
            "kind": "generic",
            "name": "群",
            "url": "https://erp.example.com/x",
            "secret": "",
            "language": "zh",
            "events": ["sent", "question", "acknowledged"],
        }
        webhook_service.add(organisation, data, actor, clock.now())
    pack = desk.pack("sent")
    question_service.ask(pack.sections[0], "问", desk.maker_actor, clock.now())
    desk.lead(pack, "acknowledged")
    rows = session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()
    assert [(r.webhook.organisation_id, r.text) for r in rows] == [
        (desk.factory.id, "feedback.sent"), (desk.brand.id, "feedback.asked"), (desk.brand.id, "feedback.acknowledged"),
    ]  # fmt: skip
    assert "GOOD-1" not in str(rows[0].params) and rows[0].path == f"/feedback/packs/{pack.id}"
