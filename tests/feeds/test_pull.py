"""Addresses asked by the clock, against a real server on loopback: only what is new, with its secret, and nowhere inside."""

import base64
import gzip
import json

import pytest

from incubator.feeds import places, service
from incubator.feeds.models import Feed
from incubator.feeds.service import Wish
from incubator.imports import kinds
from incubator.kernel import clock, sealing
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Invalid
from tests.feeds.desk import SHEET
from tests.loopback import serving

BACKENDS = ("sqlite",)


@pytest.fixture
def shop(app, monkeypatch):
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOW", frozenset({"127.0.0.1"}))
    with serving() as found:
        found.answers["/export/words.csv"] = (200, {"ETag": '"one"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}, SHEET)
        yield found


def pulled(desk, shop, path="/export/words.csv", **wish):
    return desk.feed("pull", place=shop.url + path, **wish)


def test_a_file_is_fetched_and_the_next_time_only_if_it_changed(desk, shop):
    feed = pulled(desk, shop)
    desk.tick()
    assert desk.words() == {"chair": "5", "table": "6"} and [f.name for f in desk.files(feed)] == ["words.csv"]
    shop.answers["/export/words.csv"] = (304, {}, b"")
    desk.look(feed)
    first, second = shop.asked
    assert "if-none-match" not in first.headers and second.headers["if-none-match"] == '"one"'
    assert second.headers["if-modified-since"] == "Mon, 02 Mar 2026 08:00:00 GMT" and len(desk.files(feed)) == 1


def test_the_same_bytes_are_not_new_but_what_comes_back_after_others_is(desk, shop):
    feed = pulled(desk, shop)
    for body in (SHEET, SHEET, b"word,size\nchair,7\n", SHEET, SHEET):
        shop.answers["/export/words.csv"] = (200, {}, body)
        desk.look(feed)
    assert [f.size for f in desk.files(feed)] == [len(SHEET), 18, len(SHEET)] and desk.words()["chair"] == "5"


def test_two_looks_at_once_take_the_file_once(desk, shop, app):
    import threading

    from incubator.feeds import jobs

    feed = pulled(desk, shop)
    feed_id, start, taken = feed.id, threading.Barrier(4), []
    desk.session.rollback()

    class Run:
        def progress(self, *_):
            pass

    def one():
        with app.app_context():
            start.wait()
            taken.append(jobs.look(Run(), clock.now(), feed_id)["files"])

    threads = [threading.Thread(target=one) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(taken) == [0, 0, 0, 1] and len(desk.files(feed)) == 1


@pytest.mark.parametrize(("proof", "sent"), [("bearer", "Bearer s3cret"), ("basic", "Basic " + base64.b64encode(b"shop:s3cret").decode())])
def test_the_secret_is_sent_there_and_shown_nowhere(desk, shop, app, proof, sent, caplog):
    feed = pulled(desk, shop, proof=proof, proof_user="shop", secret="s3cret")
    desk.look(feed)
    assert shop.asked[0].headers["authorization"] == sent and "s3cret" not in feed.secret and sealing.unseal(feed.secret) == "s3cret"
    browser = desk.browser(app)
    pages = [browser.get(path).text for path in (f"/feeds/{feed.id}", f"/feeds/{feed.id}/edit", "/feeds", "/feeds/export.csv")]
    entries = [json.dumps(entry.data) for entry in desk.all(AuditEntry)]
    for text in (*pages, *entries, caplog.text):
        assert "s3cret" not in text and feed.secret not in text


def test_the_secret_never_goes_to_another_machine(desk, shop):
    feed = pulled(desk, shop, proof="bearer", secret="s3cret")
    elsewhere = {"name": "x", "proof": "bearer", "place": "http://127.0.0.1:9/export.csv"}
    with pytest.raises(Invalid) as refused:
        service.edit(feed, Wish(**elsewhere), feed.version, desk.colleague, clock.now())
    assert "secret" in refused.value.fields
    desk.session.rollback()
    service.edit(feed, Wish(**{**elsewhere, "place": f"{shop.url}/other.csv"}), feed.version, desk.colleague, clock.now())
    desk.session.commit()
    assert sealing.unseal(feed.secret) == "s3cret" and feed.etag == ""
    with pytest.raises(Conflict):
        service.edit(feed, Wish("y", place=shop.url), 1, desk.actor, clock.now())


def test_a_page_that_tries_an_address_does_not_send_the_secret_elsewhere(desk, shop, app):
    feed = pulled(desk, shop, proof="bearer", secret="s3cret")
    with serving() as thief:
        thief.answers["/words.csv"] = (200, {}, SHEET)
        form = {"name": feed.name, "place": f"{thief.url}/words.csv", "proof": "bearer", "rhythm": "hour", "hour": "8", "timezone": "UTC",
                "mapping_id": "0", "preset": "", "version": str(feed.version), "step": "test"}  # fmt: skip
        page = desk.browser(app).post(f"/feeds/{feed.id}/edit", data=form)
        assert page.status_code == 200 and all("authorization" not in asked.headers for asked in thief.asked)


def test_a_secret_whose_key_is_gone_stops_the_feed_and_says_so(desk, shop, app, monkeypatch):
    feed = pulled(desk, shop, proof="bearer", secret="s3cret")
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key" * 5)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert sealing.unseal(feed.secret) == "s3cret"
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert feed.state == "halted" and "Enter it again" in feed.error and shop.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [((302, {"Location": "/secret"}, b""), "sends us on"), ((401, {}, b""), "does not let us in"), ((500, {}, b"boom"), "500")],
)
def test_case_25_answers_that_are_no_file_are_errors_of_the_feed(desk, shop, answer, said):
    feed = pulled(desk, shop)
    shop.answers["/export/words.csv"] = answer
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert said in feed.error and feed.failures == 1 and desk.told() == ["feed.failing"] and len(shop.asked) == 1


def test_case_25_an_address_inside_is_not_asked(desk, shop, app, monkeypatch):
    feed = pulled(desk, shop)
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOW", frozenset())
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert "not on the public internet" in feed.error and shop.asked == [] and desk.files(feed) == []


def test_case_27_a_bomb_and_a_gigantic_answer_are_errors_of_the_feed(desk, shop, monkeypatch):
    monkeypatch.setattr(places, "MOST_BYTES", 100_000)
    feed = pulled(desk, shop)
    for headers, body in (({"Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000), 1)), ({}, b"x" * 100_001)):
        shop.answers["/export/words.csv"] = (200, headers, body)
        desk.look(feed)
    [feed] = desk.all(Feed)
    assert feed.failures == 2 and desk.files(feed) == []


def test_case_29_the_name_comes_from_the_address_and_is_cleaned(desk, shop):
    shop.answers["/a/..%2F..%2Fetc%0D%0Apasswd.csv?token=s3cret"] = (200, {}, SHEET)
    feed = pulled(desk, shop, "/a/..%2F..%2Fetc%0D%0Apasswd.csv?token=s3cret")
    desk.look(feed)
    [taken] = desk.files(feed)
    assert taken.name == "etc_passwd.csv" and feed.shown_place.endswith("passwd.csv?…")


def test_an_address_is_an_address(desk):
    for url in ("", "file:///etc/passwd", "http://user:pw@example.com/x", "https://", "ftp://example.com/a.csv", "http://a b/"):
        with pytest.raises(Invalid) as refused:
            service.create(kinds.find("words"), "pull", Wish("x", place=url), desk.actor, clock.now())
        assert "place" in refused.value.fields, url


def test_a_secret_is_needed_where_the_address_asks_for_one(desk):
    with pytest.raises(Invalid) as refused:
        service.create(kinds.find("words"), "pull", Wish("x", place="https://example.com/a.csv", proof="bearer"), desk.actor, clock.now())
    assert "secret" in refused.value.fields


def details(**more):
    given = {
        "name": "x",
        "proof": "none",
        "proof_user": "",
        "secret": "",
        "rhythm": "hour",
        "hour": "8",
        "timezone": "UTC",
        "mapping_id": "0",
        "preset": "",
    }
    return {**given, **more}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("http://127.0.0.1/a.csv", "not on the public internet"), ("http://localhost:8000/a.csv", "not on the public internet"),
        ("http://10.1.2.3/a.csv", "not on the public internet"), ("http://[::1]/a.csv", "not on the public internet"),
        ("http://169.254.169.254/latest/meta-data", "not on the public internet"), ("http://2130706433/", "not on the public internet"),
        ("http://no-such-host.invalid/a.csv", "There is no such host"), ("ftp://93.184.216.34/a.csv", "An address begins with"),
    ],
)  # fmt: skip
def test_case_25_an_address_that_no_look_would_ask_is_refused_where_it_is_typed(desk, app, place, said):
    answer = desk.browser(app).post("/feeds/new/pull/words", data=details(place=place))
    assert answer.status_code == 422 and said in answer.text and desk.all(Feed) == []


def test_case_25_a_feed_is_not_moved_inside_either_and_its_name_may_change_without_asking(desk, shop, app, monkeypatch):
    feed = pulled(desk, shop)
    browser, form = desk.browser(app), {"version": str(feed.version)}
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOW", frozenset())
    moved = browser.post(f"/feeds/{feed.id}/edit", data=details(**form, place=f"{shop.url}/other.csv"))
    assert moved.status_code == 422 and "not on the public internet" in moved.text
    assert browser.post(f"/feeds/{feed.id}/edit", data=details(**form, place=feed.place, name="new")).status_code == 302
    [feed] = desk.all(Feed)
    assert feed.name == "new" and feed.place.endswith("/export/words.csv")


def test_a_new_feed_says_what_its_first_look_came_to(desk, shop, app):
    browser = desk.browser(app)
    address = browser.post("/feeds/new/pull/words", data=details(place=f"{shop.url}/none.csv")).location
    page = browser.get(address).text
    assert "for the first time within a minute" in page and "data-poll" in page
    desk.tick()
    page = browser.get(address).text
    assert "The last look failed" in page and "1 failure" in page and "for the first time" not in page
    [feed] = desk.all(Feed)
    browser.post(f"{address}/edit", data=details(place=f"{shop.url}/export/words.csv", version=str(feed.version)))
    page = browser.get(address).text
    assert "The last look failed" not in page and "for the first time within a minute" in page


@pytest.mark.parametrize("mark", ['"a\x00b"', '"é"', '"' + "x" * 300 + '"', '"a\x7f"'])
def test_a_mark_that_cannot_be_kept_or_said_again_is_none(desk, shop, mark):
    feed = pulled(desk, shop)
    shop.answers["/export/words.csv"] = (200, {"ETag": mark, "Last-Modified": mark}, SHEET)
    for _ in range(2):
        desk.look(feed)
    [feed] = desk.all(Feed)
    assert (feed.etag, feed.last_modified, feed.error, len(desk.files(feed))) == ("", "", "", 1)
    assert all("if-none-match" not in asked.headers for asked in shop.asked)


def test_a_nul_in_a_form_is_an_error_of_its_field(desk, shop, app):
    browser = desk.browser(app)
    for wrong in ({"name": "a\x00b"}, {"proof_user": "a\x00"}, {"nothing\x00": "\x00"}):
        answer = browser.post("/feeds/new/pull/words", data=details(place=f"{shop.url}/export/words.csv", **wrong))
        assert (answer.status_code, desk.all(Feed)) == (422, []), wrong
        assert "cannot be stored" in answer.text
