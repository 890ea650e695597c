"""The calendar link: what it gives to whom, when it is dead, and what it never tells."""

import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from incubator import create_app
from incubator.accounts import service as accounts
from incubator.accounts import throttle
from incubator.kernel import clock, observe
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.products.models import SquadMember
from incubator.schedule import ical
from incubator.schedule.calendar_models import CalendarFeed
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_organisation, put, sign_in
from tests.schedule.builders import a_feed

BACKENDS = ("sqlite",)


def in_days(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def scene(session):
    brand = an_organisation("brand", "源选")
    user = a_person(brand, "Lin")
    product = a_product(a_programme(brand), "sampling", "云朵椅", owner_id=user.id)
    a_milestone(product, "封样", in_days(9))
    return product, user


def read(client, token="feed-token", **headers):
    return client.get(f"/feed/{token}.ics", headers=headers)


def summaries(answer):
    return set(re.findall(r"SUMMARY;LANGUAGE=\w+:(.*)\r\n", unfolded(answer)))


def unfolded(answer):
    return answer.get_data(as_text=True).replace("\r\n ", "")


def test_it_is_a_calendar_that_programs_read(client, scene):
    product, user = scene
    a_feed(user)
    answer = read(client)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    text = unfolded(answer)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert f"DTSTART;VALUE=DATE:{in_days(9):%Y%m%d}\r\nDTEND;VALUE=DATE:{in_days(10):%Y%m%d}\r\n" in text
    assert "SUMMARY;LANGUAGE=en:封样 · 云朵椅\r\n" in text
    assert f"URL:http://localhost/products/{product.id}/plan" in text
    assert not [line for line in answer.data.split(b"\r\n") if len(line) > 75]


def test_lines_are_folded_between_characters_and_text_is_escaped():
    name = "很长的名字；带,逗号;分号\\反斜杠\n换行" * 9
    event = ical.Event("u@x", date(2026, 1, 2), name + "\x00\x07\u2028\ud800", "", "http://x/", clock.now(), 3)
    data = ical.calendar("日历", "zh", [event])
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    text = data.decode().replace("\r\n ", "")
    value = re.search(r"SUMMARY;LANGUAGE=zh:(.*)\r\n", text).group(1)
    back = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert back == name
    assert data == ical.calendar("日历", "zh", [event])
    assert list(ical.folded("x" * 75)) == [b"x" * 75]
    assert list(ical.folded("x" * 76)) == [b"x" * 75, b" x"]


def test_case_46_a_name_cannot_add_lines(client, scene, session):
    product, user = scene
    a_milestone(product, "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil", in_days(3))
    a_feed(user)
    text = unfolded(read(client))
    assert text.count("BEGIN:VEVENT") - text.count("\\nBEGIN:VEVENT") == 2


def test_mine_is_what_i_own_and_work_on_and_all_is_the_brands(client, scene, session):
    product, user = scene
    a_milestone(product, "别人负责", in_days(4), owner_id=a_person(product.brand).id)
    squad = a_product(product.programme, "sampling", "小组产品")
    put(SquadMember(product_id=squad.id, user_id=user.id))
    a_milestone(squad, "小组的", in_days(4))
    a_milestone(a_product(product.programme, "sampling", "无关产品"), "无关的", in_days(4))
    a_milestone(a_product(product.programme, "stopped", owner_id=user.id), "停了的", in_days(4))
    a_milestone(product, "很久以前", in_days(-400), done_at=clock.now())
    a_milestone(product, "刚做完", in_days(-4), done_at=clock.now(), done_on=in_days(-5))
    a_milestone(a_product(), "别的品牌", in_days(4))
    a_feed(user, "mine")
    a_feed(user, "all", "all")
    mine = {s.split(" · ")[0] for s in summaries(read(client, "mine"))}
    assert mine == {"封样", "小组的", "✓ 刚做完"}
    assert {s.split(" · ")[0] for s in summaries(read(client, "all"))} == mine | {"别人负责", "无关的"}


def test_case_7_a_partners_link_shows_what_it_may_see_now(client, scene, session):
    product, _ = scene
    factory, rival = an_organisation("factory", "甲厂"), an_organisation("factory", "乙厂")
    part = a_participant(product, factory)
    a_participant(product, rival)
    for organisation in (factory, rival):
        a_milestone(product, f"{organisation.name}的活", in_days(9), owner_part="factory", organisation_id=organisation.id)
    a_feed(a_person(factory), scope="all")
    first = read(client)
    assert summaries(first) == {"甲厂的活 · 云朵椅"}
    part.left_at = clock.now()
    again = read(client, **{"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, summaries(again)) == (200, set())


def test_an_unchanged_calendar_is_not_sent_again(client, scene, session):
    product, user = scene
    a_feed(user)
    first = read(client)
    same = read(client, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert "Last-Modified" in first.headers
    a_milestone(product, "另一个", in_days(3))
    assert read(client, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_case_18_no_cache_keeps_it_for_others(client, scene):
    a_feed(scene[1])
    headers = read(client).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")


def dead(client, token="feed-token"):
    """Whether the link is as one that never was."""
    db.session.commit()
    browser = client.application.test_client()  # one without a session, as calendar programs are
    gone, never = read(browser, token), read(browser, "never-was")
    return gone.status_code == never.status_code == 404 and gone.data == never.data


def test_revoked_renewed_and_guessed_links_are_not_there(client, scene, session):
    _, user = scene
    sign_in(client, user)
    page = client.post("/profile/calendar", data={"scope": "mine"}).get_data(as_text=True)
    token = re.search(r"/feed/([\w-]+)\.ics", page).group(1)
    assert len(token) >= 43
    assert read(client, token).status_code == 200
    assert token not in client.get("/profile/calendar").get_data(as_text=True)
    newer = re.search(r"/feed/([\w-]+)\.ics", client.post("/profile/calendar", data={"scope": "all"}).get_data(as_text=True)).group(1)
    assert dead(client, token)
    assert client.post("/profile/calendar/revoke").status_code == 302
    assert client.post("/profile/calendar/revoke").status_code == 302
    assert dead(client, newer)
    assert client.post("/profile/calendar", data={"scope": "everything"}).status_code == 422
    stored = session.execute(select(CalendarFeed.token_hash)).scalars().all()
    assert token not in stored
    assert session.query(CalendarFeed).count() == 2
    for strange in ("x", "%2e%2e", "é" * 20, "a" * 5000, "feed-token%00"):
        assert read(client, strange).status_code == 404


def test_a_colleagues_link_is_not_mine_to_revoke(client, scene, session):
    product, user = scene
    a_feed(user)
    sign_in(client, a_person(product.brand))
    client.post("/profile/calendar/revoke")
    client.post("/profile/calendar", data={"scope": "mine"})
    assert read(client).status_code == 200


@pytest.mark.parametrize("end", ["disabled", "membership", "organisation", "everywhere"])
def test_case_13_it_dies_with_what_gave_it(client, scene, session, end):
    _, user = scene
    feed = a_feed(user)
    assert read(client).status_code == 200
    if end == "disabled":
        user.disabled_at = clock.now()
    if end == "membership":
        feed.membership.ended_at = clock.now()
    if end == "organisation":
        feed.membership.organisation.disabled_at = clock.now()
    if end == "everywhere":
        accounts.end_everywhere(user, clock.now())
    assert dead(client)


def test_a_session_is_no_feed_and_a_feed_is_no_session(client, scene, app):
    _, user = scene
    a_feed(user)
    read(client)
    assert client.get("/milestones").status_code == 302
    assert client.get("/feed/feed-token.ics", headers={"Authorization": "Bearer feed-token"}).status_code == 200
    assert client.get("/api/v1/briefs", headers={"Authorization": "Bearer feed-token"}).status_code == 401
    for method in ("POST", "PUT", "DELETE"):
        assert client.open("/feed/feed-token.ics", method=method).status_code == 405


def test_case_46_no_log_holds_the_token(scene, session):
    line = observe.mask(None, "info", {"path": "/feed/s3cr3t-token.ics", "event": "GET /feed/s3cr3t-token.ics HTTP/1.1"})
    assert "s3cr3t" not in json.dumps(line, default=str)


def test_making_and_revoking_are_on_the_record_without_the_token(client, scene, session):
    _, user = scene
    sign_in(client, user)
    page = client.post("/profile/calendar", data={"scope": "mine"}).get_data(as_text=True)
    token = re.search(r"/feed/([\w-]+)\.ics", page).group(1)
    client.post("/profile/calendar/revoke")
    rows = session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("calendar_feed."))).all()
    assert [row.event for row in rows] == ["calendar_feed.make", "calendar_feed.revoke"]
    assert token not in str([row.data for row in rows])


def test_staff_have_no_milestones_and_no_link(client, session):
    sign_in(client, a_person(staff_role="administrator"))
    assert client.get("/profile/calendar").status_code == 404
    assert "Calendar link" not in client.get("/profile").get_data(as_text=True)


def test_case_16_one_link_is_read_sixty_times_an_hour(app, scene, session, monkeypatch):
    a_feed(scene[1])
    a_feed(scene[1], "other")
    session.commit()
    monkeypatch.setattr(throttle.limiter, "enabled", True)
    settings = {
        n: app.config[n] for n in ("SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY", "TESTING", "LOG_LEVEL", "FILES_URL", "BASE_URL")
    }
    browser = create_app({**settings, "RATELIMIT_ENABLED": True}).test_client()
    codes = [browser.get("/feed/feed-token.ics").status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2
    assert browser.get("/feed/other.ics").status_code == 200
