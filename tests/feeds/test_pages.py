"""Pages of feeds and mappings: set up, tried out, handed in, told; nobody else's, and nothing secret."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from incubator.feeds.models import Feed
from incubator.imports import service as importing
from incubator.imports.models import ColumnMapping, DataImport
from incubator.kernel import clock
from incubator.kernel.sealing import unseal
from tests.builders import an_actor, an_organisation, counted
from tests.feeds.desk import SHEET, FeedDesk
from tests.loopback import serving

BACKENDS = ("sqlite",)
DETAILS = {"name": "Orders", "mapping_id": "0", "preset": "", "rhythm": "day", "hour": "7", "timezone": "Asia/Shanghai"}


def test_from_the_empty_list_to_a_file_that_is_imported(desk, app, session):
    browser = desk.browser(app)
    assert "No feed yet" in browser.get("/feeds").text
    page = browser.get("/feeds/new?kind=words").text
    assert "Watched folder" in page and "Not set up on this server" in page
    assert "It is made when you save" in browser.get("/feeds/new/folder/words").text
    form = {**DETAILS, "place": "tmall/orders"}
    assert "Nothing is there at the moment" in browser.post("/feeds/new/folder/words", data={**form, "step": "test"}).text
    desk.drop("words.csv", place="tmall/orders")
    page = browser.post("/feeds/new/folder/words", data={**form, "step": "test"}).text
    assert "It works" in page and "words.csv" in page and desk.all(Feed) == []
    address = browser.post("/feeds/new/folder/words", data=form).location
    [feed] = desk.all(Feed)
    assert (feed.place, feed.rhythm, feed.hour, feed.timezone) == ("tmall/orders", "day", 7, "Asia/Shanghai")
    assert browser.post(f"{address}/look").location == address
    assert "Look now" in browser.get(address).text
    desk.work()
    page = browser.get(address).text
    assert "words.csv" in page and "Applied" in page and f"FEEDS_DIR/{desk.brand.id}/tmall/orders" in page
    assert "words.csv" in browser.get("/feeds?transport=folder&state=active&kind=words&q=Ord").text
    assert "No such feed" in browser.get("/feeds?state=halted").text


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"place": "../up"}, {"timezone": "Mars"}, {"rhythm": "weekly"}, {"hour": "24"}, {"mapping_id": "99"}, {"preset": "x"}],
)
def test_what_is_filled_in_wrongly_comes_back(desk, app, wrong):
    answer = desk.browser(app).post("/feeds/new/folder/words", data={**DETAILS, "place": "shop", **wrong})
    assert answer.status_code == 422 and "to correct" in answer.text and desk.all(Feed) == []


def test_case_8_a_form_sets_nothing_that_it_does_not_show(desk, app):
    more = {"state": "closed", "organisation_id": "1", "owner_id": "1", "transport": "push", "secret": "x", "reason": "owner"}
    desk.browser(app).post("/feeds/new/folder/words", data={**DETAILS, "place": "shop", **more})
    [feed] = desk.all(Feed)
    assert (feed.state, feed.transport, feed.secret, feed.reason) == ("active", "folder", "", "")
    assert (feed.organisation_id, feed.owner_id) == (desk.brand.id, desk.actor.user_id)


def test_an_address_is_tried_with_what_was_typed_and_the_secret_is_never_drawn(desk, app, monkeypatch):
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOW", frozenset({"127.0.0.1"}))
    with serving() as shop:
        shop.answers["/w.csv"] = (200, {}, SHEET)
        form = {**DETAILS, "place": f"{shop.url}/w.csv", "proof": "bearer", "secret": "s3cret", "proof_user": ""}
        page = desk.browser(app).post("/feeds/new/pull/words", data={**form, "step": "test"}).text
        assert "w.csv" in page and "s3cret" not in page and shop.asked[0].headers["authorization"] == "Bearer s3cret"
        gone = desk.browser(app).post("/feeds/new/pull/words", data={**form, "place": f"{shop.url}/none", "step": "test"}).text
        assert "404" in gone and "That did not work" in gone
        desk.browser(app).post("/feeds/new/pull/words", data=form)
    [feed] = desk.all(Feed)
    assert unseal(feed.secret) == "s3cret"
    page = desk.browser(app).get(f"/feeds/{feed.id}/edit").text
    assert "Leave it empty" in page and "s3cret" not in page
    kept = {**form, "secret": "", "name": "Renamed", "version": str(feed.version)}
    assert desk.browser(app).post(f"/feeds/{feed.id}/edit", data=kept).status_code == 302
    [feed] = desk.all(Feed)
    assert feed.name == "Renamed" and unseal(feed.secret) == "s3cret"
    assert desk.browser(app).post(f"/feeds/{feed.id}/edit", data=kept).status_code == 409


def test_case_25_a_try_asks_nothing_inside(desk, app):
    with serving() as inside:
        page = desk.browser(app).post("/feeds/new/pull/words", data={**DETAILS, "place": inside.url, "proof": "none", "step": "test"}).text
        assert "not on the public internet" in page and inside.asked == []


def test_a_file_by_hand_and_again_after_its_headings_were_said(desk, app):
    feed = desk.feed("upload")
    browser = desk.browser(app)
    sent = {"file": (io.BytesIO(b"a,b\nchair,x\nlamp,5\n"), "词语.csv")}
    assert browser.post(f"/feeds/{feed.id}/upload", data=sent, content_type="multipart/form-data").status_code == 302
    desk.work()
    page = browser.get(f"/feeds/{feed.id}").text
    assert "Say which is which" in page and "词语.csv" in page
    [taken] = desk.files(feed)
    shown = browser.post(f"/imports/{taken.import_id}/headings", data={"step": "preview", "column_word": "a", "column_size": "b"})
    assert shown.status_code == 200 and "A whole number, like 5." in shown.text and "← b" in shown.text
    assert desk.import_of(taken).status == "mapping", "a preview changes nothing"
    browser.post(f"/imports/{taken.import_id}/headings", data={"column_word": "a", "column_size": "b"})
    desk.work()
    assert browser.post(f"/imports/{taken.import_id}/apply").status_code == 302
    desk.work()
    assert desk.words() == {"lamp": "5"} and "version 1 of the mapping" in browser.get(f"/imports/{taken.import_id}").text
    assert browser.post(f"/feeds/{feed.id}/files/{taken.id}/retry").status_code == 409
    assert browser.post(f"/feeds/{feed.id}/upload", data={}).status_code == 422


def test_pause_resume_take_over_close(desk, app):
    feed = desk.feed("folder")
    browser, colleague = desk.browser(app), desk.browser(app, desk.colleague)
    address = f"/feeds/{feed.id}"

    def step(event, who=browser):
        return who.post(f"{address}/fire", data={"event": event, "version": str(desk.all(Feed)[0].version)})

    assert step("pause").status_code == 302 and "Resume" in browser.get(address).text
    assert step("halt").status_code == 422 and step("pause").status_code == 409
    assert step("resume").status_code == 302
    assert "Take over" in colleague.get(address).text and colleague.post(f"{address}/take-over").status_code == 302
    assert desk.all(Feed)[0].owner_id == desk.colleague.user_id
    assert colleague.post(f"{address}/take-over").status_code == 409
    assert step("close", colleague).status_code == 302 and "Edit" not in colleague.get(address).text
    assert "No such feed" not in browser.get("/feeds?state=closed").text and feed.name not in browser.get("/feeds").text
    assert browser.post(f"{address}/fire", data={"event": "resume", "version": "1"}).status_code == 409


def test_a_push_feed_says_how_to_send(desk, app):
    page = desk.browser(app).get(f"/feeds/{desk.feed('push').id}").text
    assert "Idempotency-Key" in page and "/api/v1/feeds/1/files" in page and "/profile/tokens" in page


def test_case_5_feeds_and_mappings_of_others_do_not_exist(desk, app, session):
    feed = desk.feed("upload")
    made = desk.check(desk.hand_in("a,b\nchair,5\n"))
    importing.set_mapping(made, ["a", "b"], {"word": "a", "size": "b"}, desk.actor, clock.now())
    session.commit()
    known = session.scalars(select(ColumnMapping.id)).one()
    for other in (FeedDesk(app, session).actor, an_actor(an_organisation("factory")), an_actor(role="administrator")):
        browser = desk.browser(app, other)
        for path in (f"/feeds/{feed.id}", f"/feeds/{feed.id}/edit", f"/feeds/{feed.id}/files.csv", f"/imports/mappings/{known}"):
            assert browser.get(path).status_code == 404, path
        for path in (
            f"/feeds/{feed.id}/fire",
            f"/feeds/{feed.id}/upload",
            f"/feeds/{feed.id}/take-over",
            f"/imports/mappings/{known}/restore",
        ):
            assert browser.post(path, data={"event": "close", "version": "1", "number": "1"}).status_code == 404, path
        assert feed.name not in browser.get("/feeds").text and "words.csv" not in browser.get("/imports/mappings").text
    factory = desk.browser(app, an_actor(an_organisation("factory")))
    for path in ("/feeds/new/push/words", "/feeds/new", "/feeds", "/imports", "/imports/mappings"):
        assert factory.get(path).status_code == 404, path


def test_lists_are_exported_and_cost_the_same_for_many(desk, app):
    browser = desk.browser(app)
    feed = desk.feed("upload", name="=cmd|x")
    for n in range(3):
        desk.feed("push")
        browser.post(
            f"/feeds/{feed.id}/upload", data={"file": (io.BytesIO(SHEET + b"w,%d\n" % n), f"{n}.csv")}, content_type="multipart/form-data"
        )
    desk.work()
    rows = list(csv.reader(io.StringIO(browser.get("/feeds/export.csv").get_data().decode("utf-8-sig"))))
    assert len(rows) == 5 and rows[-1][0] == "'=cmd|x"
    rows = list(csv.reader(io.StringIO(browser.get(f"/feeds/{feed.id}/files.csv").get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2.csv", "1.csv", "0.csv"] and rows[1][3:6] == ["Applied", "3", "0"] and rows[3][5] == "3"
    assert browser.get("/feeds/export.xlsx").status_code == 200
    with counted() as few:
        browser.get("/feeds")
        browser.get(f"/feeds/{feed.id}")
    for n in range(12):
        desk.feed("push")
        browser.post(
            f"/feeds/{feed.id}/upload", data={"file": (io.BytesIO(SHEET + b"v,%d\n" % n), f"v{n}.csv")}, content_type="multipart/form-data"
        )
    with counted() as many:
        browser.get("/feeds")
        browser.get(f"/feeds/{feed.id}")
    assert len(many) == len(few)


def test_a_mapping_is_named_used_for_a_feed_and_gone_back_to(desk, app, session):
    for size in ("b", "c"):
        made = desk.check(desk.hand_in("a,b,c\nchair,5,6\n"))
        importing.set_mapping(made, ["a", "b", "c"], {"word": "a", "size": size}, desk.actor, clock.now())
        session.commit()
        desk.check(made)
    browser = desk.browser(app)
    known = session.scalars(select(ColumnMapping)).one()
    address = f"/imports/mappings/{known.id}"
    page = browser.get(address).text
    assert "Said for the first time" in page and re.search(r"Size: <span class=\"muted\">b</span> → c", page) and "In use" in page
    assert (
        browser.post(address, data={"name": "天猫日报"}).status_code == 302
        and "天猫日报" in browser.get("/imports/mappings?kind=words").text
    )
    assert browser.post(address, data={"name": ""}).status_code == 422
    assert browser.post(f"{address}/restore", data={"number": "2"}).status_code == 409
    assert browser.post(f"{address}/restore", data={"number": "9"}).status_code == 404
    assert browser.post(f"{address}/restore", data={"number": "x"}).status_code == 422
    assert browser.post(f"{address}/restore", data={"number": "1"}).status_code == 302
    assert "As version 1" in browser.get(address).text
    assert f"mapping={known.id}" in browser.get(f"/feeds/new?kind=words&mapping={known.id}").text
    page = browser.get(f"/feeds/new/upload/words?mapping={known.id}").text
    assert f'selected value="{known.id}"' in page and "天猫日报 · 3" in page
    rows = list(csv.reader(io.StringIO(browser.get("/imports/mappings/export.csv").get_data().decode("utf-8-sig"))))
    assert rows[1][:4] == ["天猫日报", "Words", "3", "Word = a; Size = b"]
    again = desk.check(desk.hand_in("a,b,c\nlamp,1,2\n"))
    assert session.get_one(DataImport, again.id).mapping == {"word": "a", "size": "b"}
    assert "No such mapping" in browser.get("/imports/mappings?kind=briefs").text


def test_two_people_who_answer_at_once_make_two_versions_of_one_mapping(desk, app, session):
    import threading

    ids = [desk.check(desk.hand_in("a,b,c\nchair,5,6\n")).id for _ in range(2)]
    browsers, start, answers = [desk.browser(app) for _ in ids], threading.Barrier(2), []
    session.rollback()

    def say(browser, import_id, size):
        start.wait()
        answers.append(browser.post(f"/imports/{import_id}/headings", data={"column_word": "a", "column_size": size}).status_code)

    threads = [threading.Thread(target=say, args=given) for given in zip(browsers, ids, "bc", strict=True)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    known = session.scalars(select(ColumnMapping)).one()
    assert answers == [302, 302] and known.number == 2


def test_who_imports_for_no_organisation_has_no_feeds_and_is_offered_none(desk, app):
    operator = desk.browser(app, an_actor(role="administrator"))
    page = operator.get("/imports")
    assert page.status_code == 200 and 'href="/feeds"' not in page.text
    for path in ("/feeds", "/feeds/new", "/feeds/new/push/factories"):
        assert operator.get(path).status_code == 404, path


def test_a_new_feed_brings_order_lines_unless_something_else_is_asked_for(desk, app):
    browser = desk.browser(app)
    assert (
        '/feeds/new/push/sales.lines"' in browser.get("/feeds/new").text
        and '/feeds/new/push/sales.lines"' in browser.get("/feeds/new?kind=x").text
    )
    assert '/feeds/new/push/words"' in browser.get("/feeds/new?kind=words").text
