"""Logs, request ids, metrics and health; case 46: no line break and no secret in any log."""

import json
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from incubator.kernel import audit, clock, health, observe
from incubator.kernel.job_table import SchedulerBeat


def logged(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


@pytest.fixture
def talkative(app):
    observe.configure_logging("INFO")
    yield
    observe.configure_logging("WARNING")


def test_one_line_per_request_without_its_query(client, talkative, capsys):
    client.get("/sign-in?next=/secret-place&token=abc")
    [line] = [line for line in logged(capsys) if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sign-in", 200)
    assert {"ms", "user", "organisation", "request_id", "at"} <= set(line)


@pytest.mark.parametrize(
    ("given", "kept"), [("abcdef-0123", True), ("short", False), ("a" * 65, False), ("with space 123", False), ("evil\u00e9-12345", False)]
)
def test_a_clean_request_id_is_kept_and_another_replaced(client, given, kept):
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) == kept
    assert observe.REQUEST_ID.fullmatch(answer.headers["X-Request-ID"])


def test_the_audit_trail_carries_the_request_id(client):
    seen = []
    client.application.before_request_funcs.setdefault(None, []).append(lambda: seen.append(audit.request_id.get()))
    client.get("/healthz", headers={"X-Request-ID": "abcdef-0123"})
    client.application.before_request_funcs[None].pop()
    assert seen == ["abcdef-0123"]


def test_case_46_a_line_break_forges_no_line(talkative, capsys):
    structlog.get_logger("x").info("told", name='a\r\n{"event": "forged"}\u2028b\u0085c')
    assert [line["event"] for line in logged(capsys)] == ["told"]


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "values",
    [
        {"password": SECRET},
        {"new_password": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
        {"headers": {"Cookie": SECRET}},
        {"api_key": SECRET},
        {"path": f"/invitation/{SECRET}"},
        {"path": f"/reset/{SECRET}?x=1"},
        {"url": f"postgresql://incubator:{SECRET}@db/x"},
        {"text": f"bearer {SECRET}"},
        {"items": [{"token": SECRET}]},
        {"smtp_url": f"smtp://a:{SECRET}@b"},
        {"totp_secret": SECRET},
    ],
)
def test_case_46_no_secret_in_any_log(talkative, capsys, values):
    structlog.get_logger("x").warning("told", **values)
    assert SECRET not in capsys.readouterr().err


def test_case_46_no_secret_in_the_log_of_a_failed_statement(app, session, talkative, capsys):
    try:
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": SECRET})
    except Exception:
        structlog.get_logger("x").exception("failed")
    err = capsys.readouterr().err
    assert "nowhere" in err
    assert SECRET not in err


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/invitation/hunter2-hunter2", "/reset/hunter2-hunter2", "/files/1"])
def test_case_46_no_secret_of_a_request_in_the_log(client, talkative, capsys, path):
    client.get(path, headers={"Authorization": f"Bearer {SECRET}", "Cookie": f"incubator={SECRET}"})
    client.post("/sign-in", data={"email": "a@example.com", "password": SECRET})
    assert SECRET not in capsys.readouterr().err


def test_health_needs_no_database_and_readiness_does(app, client):
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["database"], ready.json["scheduler"]) == (200, "ok", "never seen")


def test_readiness_reports_the_age_of_the_scheduler(client, session):
    session.add(SchedulerBeat(worker="w", started_at=clock.now(), beat_at=clock.now() - timedelta(seconds=45)))
    session.commit()
    assert client.get("/readyz").json["scheduler"] == "late"


def test_a_database_behind_the_code_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "head", lambda: "9999")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["migrations"]) == (503, "behind")


def test_metrics_count_by_endpoint_and_are_not_for_strangers(app, client, monkeypatch):
    client.get("/healthz")
    text_ = client.get("/metrics").get_data(as_text=True)
    assert 'http_requests_total{endpoint="health.alive",method="GET",status="200"}' in text_
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "letmein")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer letmein"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
