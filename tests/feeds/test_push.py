"""HTTP push: a token, an idempotency key, the file; one answer however often it is asked, and a status to ask for."""

import io
import json
import threading

import pytest

from incubator.accounts.models import ApiToken, User
from incubator.feeds import service
from incubator.feeds.models import FeedFile
from incubator.imports import kinds
from incubator.kernel import clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.file_table import StoredFile
from tests.builders import an_actor, an_organisation
from tests.feeds.desk import SHEET
from tests.world import a_token

SHEET_2 = b"word,size\nlamp,9\nbed,x\n"


class Caller:
    def __init__(self, desk, actor=None):
        self.desk, self.actor = desk, actor or desk.actor
        self.token = a_token(desk.session.get_one(User, self.actor.user_id))
        desk.session.commit()

    def send(self, feed_id, key="k1", data=SHEET, name="orders.csv", **more):
        headers = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}
        given = {"data": data, "content_type": "text/csv", **more}
        return self.desk.app.test_client().post(f"/api/v1/feeds/{feed_id}/files", query_string={"name": name}, headers=headers, **given)

    def get(self, path):
        return self.desk.app.test_client().get(path.removeprefix("http://localhost"), headers={"Authorization": f"Bearer {self.token}"})


@pytest.fixture
def caller(desk):
    return Caller(desk)


def test_a_file_is_taken_imported_and_its_refusals_are_told(desk, caller):
    feed = desk.feed("push")
    answer = caller.send(feed.id, data=SHEET_2)
    assert answer.status_code == 202 and answer.json["name"] == "orders.csv" and answer.json["size"] == len(SHEET_2)
    assert caller.get(answer.json["status_url"]).json["status"] == "checking"
    desk.work()
    status = caller.get(answer.json["status_url"]).json
    assert status["status"] == "applied" and (status["counts"]["new"], status["counts"]["refused"]) == (1, 1)
    assert status["refusals"] == [{"line": 3, "column": "Size", "value": "x", "message": "A whole number, like 5."}]
    assert desk.told() == ["feed.refused"] and desk.words() == {"lamp": "9"}


def test_the_same_key_with_the_same_bytes_is_the_first_answer_and_with_others_is_refused(desk, caller):
    feed = desk.feed("push")
    first = caller.send(feed.id)
    desk.work()
    assert caller.send(feed.id, name="renamed.csv").json == first.json
    assert caller.send(feed.id, data=SHEET_2).status_code == 409
    assert caller.send(feed.id, key="k2", data=SHEET_2).status_code == 202
    assert len(desk.files(feed)) == 2
    service.fire(desk.all(type(feed))[0], "pause", desk.all(type(feed))[0].version, desk.actor, clock.now())
    desk.session.commit()
    assert caller.send(feed.id).json == first.json and caller.send(feed.id, key="k3").status_code == 409


def test_a_key_is_of_its_feed(desk, caller):
    one, two = desk.feed("push"), desk.feed("push")
    assert caller.send(one.id).status_code == caller.send(two.id, data=SHEET_2).status_code == 202


def test_case_37_fifty_at_once_are_one_row_and_one_answer(desk, caller):
    feed_id, answers = desk.feed("push").id, []
    start = threading.Barrier(50)
    desk.session.rollback()

    def one(n):
        start.wait()
        answers.append(caller.send(feed_id, data=SHEET if n % 5 else SHEET_2))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(50)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {202, 409} and statuses.count(202) in (10, 40)
    assert len({json.dumps(answer.json, sort_keys=True) for answer in answers if answer.status_code == 202}) == 1
    assert len(desk.all(FeedFile)) == len(desk.all(StoredFile)) == 1
    assert len(desk.all(AuditEntry, AuditEntry.event == "feed.receive")) == 1


def test_a_form_is_taken_as_well(desk, caller):
    feed = desk.feed("push")
    form = {"file": (io.BytesIO(SHEET), "a/..\\词语.csv")}
    answer = caller.send(feed.id, data=form, content_type="multipart/form-data")
    assert answer.status_code == 202 and answer.json["name"] == "词语.csv", answer.json
    two = {"file": [(io.BytesIO(SHEET), "a.csv"), (io.BytesIO(SHEET), "b.csv")]}
    assert caller.send(feed.id, "k2", two, content_type="multipart/form-data").status_code == 422
    assert caller.send(feed.id, "k3", {}, content_type="multipart/form-data").status_code == 422


def test_a_key_is_needed_and_is_plain(desk, caller):
    feed = desk.feed("push")
    for key in ("", "x" * 201, " ", "schlüssel"):
        assert caller.send(feed.id, key).status_code == 422, key
    assert desk.files(feed) == []


def test_what_is_no_sheet_is_refused(desk, caller):
    feed = desk.feed("push")
    for data in (b"", b"<html><script>", b"\x89PNG\r\n\x1a\n" + bytes(99), b"PK\3\4" + bytes(99)):
        assert caller.send(feed.id, data=data).status_code == 422, data
    assert desk.files(feed) == []


def test_a_gigantic_body_is_refused(desk, caller):
    feed = desk.feed("push")
    assert caller.send(feed.id, data=b"x," * 10_500_000).status_code == 413
    assert caller.send(feed.id, data=b"x," * 14_000_000).status_code == 413 and desk.files(feed) == []


def test_case_5_feeds_of_others_do_not_exist(desk, caller, session):
    feed, other = desk.feed("push"), Caller(desk, an_actor(an_organisation("brand")))
    factory = Caller(desk, an_actor(an_organisation("factory")))
    taken = caller.send(feed.id).json
    absent = other.send(987654)
    for stranger in (other, factory):
        refused = stranger.send(feed.id)
        assert refused.status_code == 404 and refused.data == absent.data
        assert stranger.get(taken["status_url"]).status_code == 404 and stranger.get("/api/v1/feeds").json["items"] == []
    mine = Caller(desk, other.actor)
    own = service.create(kinds.find("words"), "push", service.Wish("own"), other.actor, clock.now())
    session.commit()
    assert mine.get(f"/api/v1/feeds/{own.id}/files/{taken['id']}").status_code == 404
    assert len(desk.files(feed)) == 1


def test_only_a_push_feed_takes_pushes_and_a_token_must_write(desk, caller, session):
    assert caller.send(desk.feed("upload").id).status_code == 409
    feed = desk.feed("push")
    taken = caller.send(feed.id).json
    session.query(ApiToken).update({"scope": "read"})
    session.commit()
    assert caller.send(feed.id, "k2").status_code == 404
    assert caller.get("/api/v1/feeds").json["items"][0]["name"] == feed.name and caller.get(taken["status_url"]).status_code == 200
    assert desk.app.test_client().post(f"/api/v1/feeds/{feed.id}/files", data=SHEET).status_code == 401


def test_a_colleague_pushes_and_the_owner_imports(desk):
    feed, colleague = desk.feed("push"), Caller(desk, desk.colleague)
    answer = colleague.send(feed.id)
    desk.work()
    [taken] = desk.files(feed)
    assert taken.taken_by_id == desk.colleague.user_id and desk.import_of(taken).user_id == desk.actor.user_id
    assert colleague.get(answer.json["status_url"]).json["counts"]["new"] == 2


def test_case_8_fields_that_nobody_asked_for_are_refused(desk, caller):
    feed = desk.feed("push")
    answer = desk.app.test_client().post(
        f"/api/v1/feeds/{feed.id}/files?organisation_id=1&state=x",
        data=SHEET,
        headers={"Authorization": f"Bearer {caller.token}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 422 and desk.files(feed) == []


@pytest.mark.parametrize("event", ["pause", "close"])
def test_a_feed_that_takes_nothing_now_says_so_and_repeats_its_first_answer(desk, caller, event):
    feed = desk.feed("push")
    first = caller.send(feed.id)
    feed = desk.all(type(feed))[0]
    service.fire(feed, event, feed.version, desk.actor, clock.now())
    desk.session.commit()
    refused = caller.send(feed.id, "k2")
    assert refused.status_code == 409 and ("closed" if event == "close" else "not running") in refused.text
    assert caller.send(feed.id).json == first.json and caller.get(first.json["status_url"]).status_code == 200
    browser = desk.browser(desk.app)
    for path, data in (("upload", {"file": (io.BytesIO(SHEET), "a.csv")}), ("look", {})):
        assert browser.post(f"/feeds/{feed.id}/{path}", data=data).status_code == 409
    assert browser.get(f"/feeds/{feed.id}").status_code == 200 and len(desk.files(feed)) == 1


def test_a_day_without_lines_is_applied_and_waits_for_nobody(desk, caller):
    feed = desk.feed("push")
    answer = caller.send(feed.id, data=b"word,size\n")
    desk.work()
    status = caller.get(answer.json["status_url"]).json
    assert (status["status"], status["counts"]["read"], desk.told()) == ("applied", 0, [])
