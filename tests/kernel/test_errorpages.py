"""Refusals as pages and as JSON, in words, without a trace of what is not the reader's."""

import errno
from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from incubator.kernel import audit, clock, web, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge, TooManyRequests
from incubator.kernel.money import ExchangeRate
from tests.builders import a_brief, a_person, an_organisation, sign_in

REFUSALS = {
    403: Forbidden(), 404: NotFound(), 409: Refused("Score every check before approving."), 413: TooLarge(),
    422: Invalid({"title": ["Enter a title."]}), 429: TooManyRequests(), 500: RuntimeError("inside"),
    503: OperationalError("SELECT 1", {}, Exception("gone")), 507: OSError(errno.ENOSPC, "No space left on device"),
}  # fmt: skip


@pytest.fixture
def failing(app, monkeypatch):
    """A view that raises what `failing[status]` says, at an address that exists."""
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    raised = {}

    @web.public
    def view(**_):
        raise raised["error"]

    monkeypatch.setitem(app.view_functions, "health.alive", view)
    return lambda status: raised.update(error=REFUSALS[status]) or "/healthz"


@pytest.mark.parametrize("status", REFUSALS)
def test_every_refusal_has_a_page_with_a_heading_and_a_way_out(client, failing, status):
    answer = client.get(failing(status))
    assert answer.status_code == (503 if status == 507 else status)
    assert b"<h1>" in answer.data
    assert b'href="/"' in answer.data
    assert b"inside" not in answer.data
    assert b"Traceback" not in answer.data


@pytest.mark.parametrize("status", REFUSALS)
def test_every_refusal_is_json_for_a_program(client, failing, status):
    answer = client.get(failing(status), headers={"Accept": "application/json"})
    assert answer.is_json
    assert answer.json["message"].endswith(".")
    assert ("fields" in answer.json) == (status == 422)


def test_a_failure_asks_the_database_for_nothing(app, client, failing):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get(failing(500))
    assert statements == []


def test_the_number_of_a_failure_is_on_the_page_and_in_the_log(client, failing, capsys):
    answer = client.get(failing(500), headers={"X-Request-ID": "abcdef-123456"})
    assert b"abcdef-123456" in answer.data
    assert "abcdef-123456" in capsys.readouterr().err


def test_a_failing_request_leaves_nothing_behind(app, client, session, monkeypatch):
    @web.public
    def half():
        db.session.add(ExchangeRate(base="USD", quote="CNY", on_date=date(2026, 11, 1), rate_e8=1, source="half"))
        db.session.flush()
        raise Refused("No.")

    monkeypatch.setitem(app.view_functions, "health.alive", half)
    monkeypatch.setattr(web, "SAFE_METHODS", ())
    assert client.get("/healthz").status_code == 409
    assert session.scalar(select(func.count()).select_from(ExchangeRate)) == 0


def test_unknown_and_invisible_are_told_apart_by_nobody(client, session):
    person = a_person(an_organisation("brand"))
    foreign = a_brief()
    sign_in(client, person)
    answers = [client.get(path) for path in (f"/briefs/{foreign.id}", "/briefs/999999", "/no/such/address", "/admin/jobs", "/files/1")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.data for a in answers}) == 1


def test_a_conflict_says_who_did_what_when_and_shows_the_difference(app, client, session, monkeypatch):
    rate = ExchangeRate(base="USD", quote="CNY", on_date=date(2026, 11, 1), rate_e8=1, source="a test")
    db.session.add(rate)
    audit.record("rate.enter", rate, SYSTEM, clock.now())
    session.commit()

    @web.public
    def conflict():
        raise Conflict(what=workflow.last_act(db.session.scalars(select(ExchangeRate)).one(), SYSTEM), difference=[("Price", "12", "13")])

    monkeypatch.setitem(app.view_functions, "health.alive", conflict)
    sign_in(client, a_person(staff_role="administrator"))
    page = client.get("/healthz").get_data(as_text=True)
    assert all(word in page for word in ("Incubator", "rate.enter", "<del>12</del>", "<ins>13</ins>"))
    assert client.get("/healthz", headers={"Accept": "application/json"}).json["what"]["event"] == "rate.enter"


def test_a_wrong_method_says_which_are_right(client):
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_forged_form_is_explained(app, client, session, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    sign_in(client, a_person(staff_role="administrator"))
    answer = client.post("/admin/jobs/run", data={"job": "jobs.prune"})
    assert answer.status_code == 400
    assert b"reload it and send it again" in answer.data


def test_what_is_denied_is_logged(app, client, session, capsys):
    foreign = a_brief()
    sign_in(client, a_person(an_organisation("brand")))
    client.get(f"/briefs/{foreign.id}")
    assert '"event": "denied"' in capsys.readouterr().err
