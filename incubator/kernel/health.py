"""`/healthz`, `/readyz` and `/metrics` for supervisors and monitors. They name no host, path, person or version."""

import hmac
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from incubator.config import ROOT
from incubator.kernel import clock, metrics, web
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.job_table import JobRun, SchedulerBeat
from incubator.kernel.mail_table import OutboxMail

blueprint = Blueprint("health", __name__)
LOOPBACK = ("127.0.0.1", "::1")
SCHEDULER_LATE = 30  # seconds without a beat after which the scheduler is reported as late
QUEUE_LATE = 60  # seconds that a due run waits for a worker before the queue is reported as late


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@web.stateless
def alive() -> Any:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@web.stateless
def ready() -> Any:
    """200 when the database answers and its schema is current; the age of scheduler and queue is reported, not required."""
    try:
        current, wanted, age, waits = _revision(), head(), scheduler_age(), queue_age()
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "down", "database": "unreachable"}, 503
    at_head = current == wanted
    body = {
        "status": "ok" if at_head else "down",
        "database": "ok",
        "migrations": "ok" if at_head else "behind",
        "scheduler": "never seen" if age is None else "ok" if age <= SCHEDULER_LATE else "late",
        "scheduler_age_seconds": age,
        "queue": "ok" if waits <= QUEUE_LATE else "late",
        "queue_age_seconds": waits,
    }
    return body, 200 if at_head else 503


@blueprint.get("/metrics")
@web.stateless
def show_metrics() -> Any:
    """Prometheus text; to anyone else than loopback or a bearer of METRICS_TOKEN it does not exist."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        permitted = hmac.compare_digest(given.encode(), token.encode())
    else:
        permitted = request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers
    if not permitted:
        raise NotFound()
    return Response(metrics.exposition(_gauges()), mimetype="text/plain; version=0.0.4; charset=utf-8")


def _gauges() -> dict[str, dict[str, float]]:
    """Rows per status; absent while the database is down, because then the rest still matters."""
    try:
        tables: dict[str, Any] = {"incubator_job_runs": JobRun, "incubator_mails": OutboxMail}
        return {
            name: {str(s): n for s, n in db.session.execute(select(t.status, func.count()).group_by(t.status))}
            for name, t in tables.items()
        }
    except SQLAlchemyError:
        db.session.rollback()
        return {}


def scheduler_age() -> float | None:
    """Seconds since any scheduler's last beat; None when none has ever run."""
    last = db.session.scalar(select(func.max(SchedulerBeat.beat_at)))
    return None if last is None else round(max(0.0, (clock.now() - last).total_seconds()), 1)


def queue_age() -> float:
    """Seconds that the longest due run has been waiting for a worker; 0 when none waits."""
    first = db.session.scalar(select(func.min(JobRun.next_try_at)).where(JobRun.status == "queued"))
    return 0.0 if first is None else round(max(0.0, (clock.now() - first).total_seconds()), 1)


def head() -> str | None:
    """The newest revision of this code, as the line of `migrations/head` says; None before there is any."""
    path = ROOT / "migrations" / "head"
    return path.read_text().strip() if path.exists() else None


def _revision() -> str | None:
    """The revision of the database, read without Alembic, whose import costs a fifth of the start."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return None
    return db.session.scalar(text("SELECT version_num FROM alembic_version"))
