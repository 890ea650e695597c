"""Takes queued runs and runs them: claim, heartbeat, progress, retry, rescue. It fires no tick; the scheduler does that.

On SQLite a job that leaves a transaction open makes every writer wait: jobs commit per item. Progress is only a number in
memory that the heartbeat thread writes in a transaction of its own, so a job may report it at any time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, true, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from incubator.kernel import audit, clock, jobs
from incubator.kernel import db as database
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import AppError
from incubator.kernel.job_table import JobRun

log = structlog.get_logger("jobs")

HEARTBEAT = 5.0  # seconds between two beats
FLUSH = 1.0  # seconds after which new progress is written
STALLED = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_ERROR = 2000
Lane = Literal["all", "ticks", "watched"]


class Stopped(Exception):
    """The process is asked to end; the run goes back to the queue and costs no attempt."""


class RunHandle:
    """What a job function sees of its run."""

    def __init__(self, run: JobRun, stop: threading.Event):
        self.id, self.job, self.attempt, self.worker = run.id, run.job, run.attempt, run.worker
        self.organisation_id, self.product_id, self.requested_by = run.organisation_id, run.product_id, run.requested_by
        self.args: dict[str, Any] = dict(run.args)
        self.actor: Actor = jobs.actor_of(run)
        self.done, self.total = 0, run.total
        self.results: dict[str, Any] = dict(run.result)
        self.last_attempt = run.attempt >= run.max_attempts
        self._stop = stop

    @property
    def stopping(self) -> bool:
        """Whether the process wants to end; long loops that report no progress look at it."""
        return self._stop.is_set()

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the job is, in items; raises Stopped when the process wants to end, so call it between items."""
        self.done, self.total = done, self.total if total is None else total
        if self.stopping:
            raise Stopped

    def result(self, **values: Any) -> None:
        """Keep JSON for the page that shows the run: {"file_id": 12}."""
        self.results.update(values)


def claim(worker: str, now: datetime, only: int | None = None, *, lane: Lane = "all") -> JobRun | None:
    """Take the next due run (or just the run `only`) for `worker`, committed; None when there is none. No run is taken twice.

    What a person watches goes first, then by age. A lane of "ticks" takes only what the clock fired, one of "watched" only that.
    """
    watched = JobRun.job.in_([job.name for job in jobs.declared().values() if job.watched])
    lanes = {"all": true(), "ticks": JobRun.fire_at.is_not(None), "watched": watched}
    wanted = lanes[lane] if only is None else JobRun.id == only
    due = (JobRun.status == "queued") & (JobRun.next_try_at <= now) & wanted
    with database.read_only():
        waiting = db.session.scalar(select(JobRun.id).where(due).limit(1))
        db.session.rollback()
    if waiting is None:
        return None
    first = select(JobRun.id).where(due).order_by(watched.desc(), JobRun.next_try_at, JobRun.id).limit(1).with_for_update(skip_locked=True)
    taken = db.session.scalar(
        update(JobRun)
        .where(JobRun.id == first.scalar_subquery())
        .values(status="running", worker=worker, attempt=JobRun.attempt + 1, started_at=now, heartbeat_at=now, ended_at=None)
        .returning(JobRun.id)
    )
    db.session.commit()
    return db.session.get(JobRun, taken, populate_existing=True) if taken else None


def run_next(app: Flask, worker: str, stop: threading.Event, only: int | None = None, *, lane: Lane = "all") -> bool:
    """Claim one run and run it to its end in an app context of its own; False when nothing was due."""
    with app.app_context():
        row = claim(worker, clock.now(), only, lane=lane)
        if row is None:
            return False
        handle = RunHandle(row, stop)
        db.session.rollback()
    audit.request_id.set(f"job-{handle.id}-{handle.attempt}")
    structlog.contextvars.bind_contextvars(request_id=audit.request_id.get(), job=handle.job)
    try:
        with app.app_context(), force_locale(handle.actor.locale), _beating(app, handle):
            _run(handle)
    finally:
        structlog.contextvars.clear_contextvars()
    return True


def _run(handle: RunHandle) -> None:
    started = clock.now()
    try:
        counts = jobs.find(handle.job).fn(handle, started, **handle.args) or {}
        db.session.commit()
    except Stopped:
        db.session.rollback()
        _settle(handle, status="queued", attempt=handle.attempt - 1, worker=None)
        log.info("job_handed_back")
    except Exception as error:
        db.session.rollback()
        _fail(handle, error)
    else:
        _settle(handle, status="done", ended_at=clock.now(), counts=counts, result=handle.results, error=None, **_progress(handle))
        log.info("job_done", ms=round((clock.now() - started).total_seconds() * 1000), **{f"n_{k}": v for k, v in counts.items()})


def _progress(handle: RunHandle) -> dict[str, Any]:
    return {"done": handle.done, "total": handle.total}


def _fail(handle: RunHandle, error: Exception) -> None:
    """Queue again after 30 s, 2 min, 8 min …; a refusal by our own rules would only be refused again."""
    final = handle.last_attempt or isinstance(error, AppError | LookupError | TypeError)
    message = str(error.message) if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
    log.error(
        "job_failed",
        attempt=handle.attempt,
        given_up=final,
        kind=type(error).__name__,
        exc_info=None if isinstance(error, AppError) else error,
    )
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** (handle.attempt - 1))
    change = {"status": "failed", "ended_at": clock.now()} if final else {"status": "queued", "next_try_at": clock.now() + pause}
    _settle(handle, error=message[:LONGEST_ERROR], result=handle.results, **_progress(handle), **change)


def _settle(handle: RunHandle, **values: Any) -> None:
    """Write the end of an attempt, unless the run was given to another worker in the meantime."""
    mine = (JobRun.id == handle.id) & (JobRun.worker == handle.worker) & (JobRun.attempt == handle.attempt)
    with Session(db.engine) as session, session.begin():
        session.execute(update(JobRun).where(mine).values(**values))


@contextmanager
def _beating(app: Flask, handle: RunHandle) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, handle, over), name=f"beat-{handle.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _beat(app: Flask, handle: RunHandle, over: threading.Event) -> None:
    """Every five seconds, or a second after new progress: a sign of life and the numbers."""
    shown, waited = (handle.done, handle.total), 0.0
    while not over.wait(FLUSH):
        waited += FLUSH
        if waited < HEARTBEAT and shown == (handle.done, handle.total):
            continue
        shown, waited = (handle.done, handle.total), 0.0
        try:
            with app.app_context():
                _settle(handle, heartbeat_at=clock.now(), **_progress(handle))
        except SQLAlchemyError:
            log.warning("heartbeat_missed", run=handle.id)


def rescue(now: datetime) -> int:
    """Queue again the runs whose worker has been silent for a minute, fail those without attempts left; returns how many."""
    silent = (JobRun.status == "running") & (JobRun.heartbeat_at < now - STALLED)
    with database.read_only():
        found = db.session.scalar(select(JobRun.id).where(silent).limit(1))
        db.session.rollback()
    if found is None:
        return 0
    error = "The worker stopped without a word."
    left = JobRun.attempt < JobRun.max_attempts
    again = db.session.execute(
        update(JobRun).where(silent, left).values(status="queued", next_try_at=now, error=error).returning(JobRun.id)
    ).all()
    lost = db.session.execute(update(JobRun).where(silent).values(status="failed", ended_at=now, error=error).returning(JobRun.id)).all()
    db.session.commit()
    log.warning("jobs_rescued", again=len(again), lost=len(lost))
    return len(again) + len(lost)


def hand_back(worker: str, now: datetime) -> None:
    """At a clean end: what this worker still holds goes back to the queue at once and costs no attempt."""
    mine = (JobRun.status == "running") & (JobRun.worker == worker)
    db.session.execute(update(JobRun).where(mine).values(status="queued", attempt=JobRun.attempt - 1, next_try_at=now, worker=None))
    db.session.commit()
