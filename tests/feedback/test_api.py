"""The factory's own system: lists since a day, CSV of everything, answers and promises that may be sent again, and nothing of anybody else."""

import csv
import io
from datetime import timedelta

from sqlalchemy import select

from incubator.feedback.models import FeedbackAction
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import clock
from tests import builders, world
from tests.feedback.builders import WEEK, Desk
from tests.feedback.test_ledger import improved, the_fix

BACKENDS = ("sqlite",)


def call(client, token, method, path, body=None):
    headers = {"Authorization": f"Bearer {token}"}
    return client.open(f"/api/v1/{path}", method=method, headers=headers, **({"json": body} if body is not None else {}))


def tokens(session, *users):
    made = [world.a_token(user) for user in users]
    session.commit()
    return made


def sent(desk, pack):
    """The answers of the desk as a system sends them."""
    answers = [{"section_id": i, **{k: str(v) if k == "on" else v for k, v in a.items()}} for i, a in desk.answers(pack).items()]
    return {"drafts": pack.drafts, "answers": answers}


def test_packs_since_a_day_are_paged_by_cursor(session, client):
    desk = Desk()
    desk.pack("sent")
    desk.week -= WEEK
    desk.pack("sent")
    (token,) = tokens(session, desk.maker)
    first = call(client, token, "GET", "feedback-packs?limit=1").json
    second = call(client, token, "GET", f"feedback-packs?limit=1&cursor={first['next']}").json
    assert [p["week"] for p in (*first["items"], *second["items"])] == [(desk.week + WEEK).isoformat(), desk.week.isoformat()] and second[
        "next"
    ] is None
    assert len(call(client, token, "GET", f"feedback-packs?since={(desk.week + WEEK).isoformat()}").json["items"]) == 1
    assert call(client, token, "GET", "feedback-packs?since=yesterday").status_code == 422
    assert call(client, token, "GET", "feedback-packs?until=2026-01-01").status_code == 422


def test_an_answer_whose_reply_was_lost_is_sent_again_without_harm(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    (token,) = tokens(session, desk.maker)
    body = sent(desk, pack)
    first = call(client, token, "PUT", f"feedback-packs/{pack.id}/answers", body)
    again = call(client, token, "PUT", f"feedback-packs/{pack.id}/answers", body)
    assert (first.status_code, again.status_code, again.json["drafts"]) == (200, 200, first.json["drafts"])
    body["answers"][0]["what"] = "另一种"
    body["answers"][0] |= {"choice": "fix"}
    assert call(client, token, "PUT", f"feedback-packs/{pack.id}/answers", body).status_code == 409, "something else is a conflict"
    for _ in range(2):
        assert call(client, token, "POST", f"feedback-packs/{pack.id}/acknowledge").json["state"] == "acknowledged"
    assert len(session.scalars(select(FeedbackAction)).all()) == 2
    colleague = builders.a_person(desk.factory)
    (other,) = tokens(session, colleague)
    assert call(client, other, "POST", f"feedback-packs/{pack.id}/acknowledge").status_code == 409, "a colleague is told who was first"


def test_promises_are_listed_finished_and_dropped_once(session, client):
    desk = Desk()
    desk.pack("acknowledged")
    (token,) = tokens(session, desk.maker)
    page = call(client, token, "GET", "feedback-promises?state=promised").json
    by_kind = {p["kind"]: p for p in page["items"]}
    assert set(by_kind) == {"fix", "reorder"} and by_kind["fix"]["lot"] == "L-7" and page["total"] == 2
    today = clock.today("Asia/Shanghai").isoformat()
    path = f"feedback-promises/{by_kind['fix']['id']}"
    for _ in range(2):
        done = call(client, token, "POST", f"{path}/finish", {"done_on": today, "note": "换好了"})
        assert (done.status_code, done.json["state"], done.json["done_on"]) == (200, "done", today)
    assert call(client, token, "POST", f"{path}/finish", {"done_on": "2020-01-01", "note": "x"}).status_code in (409, 422)
    other = f"feedback-promises/{by_kind['reorder']['id']}"
    assert call(client, token, "POST", f"{other}/drop", {"note": ""}).status_code == 422
    assert [call(client, token, "POST", f"{other}/drop", {"note": "没料"}).json["state"] for _ in range(2)] == ["dropped", "dropped"]
    assert call(client, token, "GET", "feedback-promises?state=promised").json["items"] == []
    later = (clock.today() + timedelta(days=300)).isoformat()
    assert call(client, token, "GET", f"feedback-promises?since={later}").json["items"] == []


def test_what_was_measured_stands_in_the_promise(session, client):
    desk = Desk()
    improved(session, desk)
    (token,) = tokens(session, desk.maker)
    found = call(client, token, "GET", f"feedback-promises/{the_fix(session).id}").json
    assert found["verdict"] == "improved" and found["rate_after"]["rate"] < found["rate_before"]["rate"]


def test_csv_of_every_pack_since_a_day(session, client):
    desk = Desk()
    desk.pack("sent")
    desk.week -= WEEK
    desk.pack("sent")
    (token,) = tokens(session, desk.maker)
    rows = list(csv.reader(io.StringIO(call(client, token, "GET", f"feedback-packs/skus.csv?since={desk.week}").data.decode("utf-8-sig"))))
    assert len(rows) == 5 and len({len(row) for row in rows}) == 1 and {row[3] for row in rows[1:]} == {"GOOD-1", "BAD-1"}
    assert len(call(client, token, "GET", f"feedback-packs/skus.csv?since={desk.week + WEEK}").text.splitlines()) == 3
    assert len(call(client, token, "GET", "feedback-packs/skus.csv").text.splitlines()) == 5
    assert call(client, token, "GET", "feedback-packs/skus.csv?since=").status_code == 422


def test_a_question_from_the_other_system(session, client):
    desk = Desk()
    section = desk.pack("sent").sections[0]
    (token,) = tokens(session, desk.maker)
    assert call(client, token, "POST", f"feedback-sections/{section.id}/questions", {"body": "哪一批？"}).status_code == 201
    assert call(client, token, "POST", f"feedback-sections/{section.id}/questions", {"body": ""}).status_code == 422
    assert session.scalars(select(FeedbackQuestion)).one().state == "open"


def test_case_1_another_factory_reads_and_does_nothing(session, client):
    desk = Desk()
    pack = desk.pack("acknowledged")
    action = session.scalars(select(FeedbackAction)).first()
    rival, maker = tokens(session, desk.rival_user, desk.maker)
    for method, path, body in (
        ("GET", f"feedback-promises/{action.id}", None), ("POST", f"feedback-promises/{action.id}/finish", {"done_on": "2026-11-22", "note": "x"}),
        ("POST", f"feedback-promises/{action.id}/drop", {"note": "x"}), ("POST", f"feedback-sections/{pack.sections[0].id}/questions", {"body": "?"}),
    ):  # fmt: skip
        assert call(client, rival, method, path, body).status_code == 404
    assert call(client, rival, "GET", "feedback-promises").json["items"] == []
    assert "GOOD-1" not in call(client, rival, "GET", "feedback-packs/skus.csv?since=2020-01-01").text
    for path in ("feedback-promises", "feedback-packs", "feedback-packs/skus.csv?since=2020-01-01"):
        body = call(client, maker, "GET", path).text
        assert not [secret for secret in ("777000", "对手厂", "RIVAL", "revenue", "margin") if secret in body]
