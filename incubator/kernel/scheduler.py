"""The scheduler process: APScheduler as its clock, a few threads as its workers. Any number of them may run at once.

A tick is a row with a unique (job, slot); whoever inserts it first fires it, so that neither a second process nor a clock set
back fires a slot twice. Cron triggers in UTC only: an interval would count from each process's own start.
"""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from incubator.kernel import clock, job_runner, jobs
from incubator.kernel.db import db
from incubator.kernel.job_table import SchedulerBeat

log = structlog.get_logger("scheduler")

POLL = 1.0  # seconds
BEAT_EVERY = 5.0
RESCUE_EVERY = 15.0
GRACE = 3.0  # seconds that running jobs get to stop by themselves
FORGET = timedelta(days=1)
LANES: tuple[job_runner.Lane, ...] = ("ticks", "watched", "all")  # a thread each: imports keep no mail waiting, documents no import


class Scheduler:
    """Clock and workers of one process; `run` returns after `stop` was set."""

    def __init__(self, app: Flask, lanes: Sequence[job_runner.Lane] = LANES):
        self.app, self.lanes = app, lanes
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stop = threading.Event()
        self.started = clock.now()
        self.seen: datetime | None = None

    def run(self) -> None:
        self._try(self._first_beat)
        timer = self._start_clock()
        workers = [threading.Thread(target=self._work, args=[lane], name=f"worker-{lane}", daemon=True) for lane in self.lanes]
        for thread in workers:
            thread.start()
        log.info("scheduler_started", worker=self.worker, jobs=len(jobs.declared()))
        self._look_after()
        timer.shutdown(wait=False)
        deadline = clock.now() + timedelta(seconds=GRACE)
        for thread in workers:
            thread.join(max(0.0, (deadline - clock.now()).total_seconds()))
        self._try(self._farewell)
        log.info("scheduler_stopped", worker=self.worker)

    def _start_clock(self) -> Any:
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415 - only this process needs it

        timer = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
        for job in jobs.declared().values():
            if job.cron:
                timer.add_job(self._try, job.trigger, args=[self.tick, job], id=job.name)
        timer.start()
        return timer

    def tick(self, job: jobs.Job) -> int | None:
        """Fire the latest slot of `job` unless it was fired; returns the run's id when this process was first."""
        now = clock.now()
        slot = jobs.last_slot(job, now)
        run_id = jobs.fire_tick(job, slot, now) if slot else None
        db.session.commit()
        return run_id

    def catch_up(self, since: datetime | None) -> None:
        """Fire the last slot of each job that passed while no scheduler was alive; on the very first start there is none."""
        now = clock.now()
        for job in jobs.declared().values():
            slot = jobs.last_slot(job, now) if job.cron and since else None
            if slot and since and slot > since:
                self._try(self.tick, job)

    def _first_beat(self) -> None:
        previous = db.session.scalar(select(func.max(SchedulerBeat.beat_at)))
        db.session.rollback()
        self.catch_up(previous)
        self._beat()

    def _beat(self) -> None:
        now = clock.now()
        if self.seen and now - self.seen > timedelta(seconds=3 * BEAT_EVERY):
            self.catch_up(self.seen)  # the database was away, and with it the ticks of that time
        row = db.session.scalar(select(SchedulerBeat).where(SchedulerBeat.worker == self.worker))
        row = row or SchedulerBeat(worker=self.worker, started_at=self.started)
        row.beat_at = now
        db.session.add(row)
        db.session.execute(delete(SchedulerBeat).where(SchedulerBeat.beat_at < now - FORGET))
        db.session.commit()
        self.seen = now

    def _look_after(self) -> None:
        waited = 0.0
        while not self.stop.wait(POLL):
            waited += POLL
            if waited % BEAT_EVERY == 0:
                self._try(self._beat)
            if waited % RESCUE_EVERY == 0:
                self._try(lambda: job_runner.rescue(clock.now()))

    def _work(self, lane: job_runner.Lane) -> None:
        while not self.stop.is_set():
            try:
                busy = job_runner.run_next(self.app, self.worker, self.stop, lane=lane)
            except SQLAlchemyError as error:
                log.error("database_down", kind=type(error).__name__)
                busy = False
            if not busy:
                self.stop.wait(POLL)

    def _farewell(self) -> None:
        """Hand back what still runs; the beat stays, because the next start catches up from it."""
        job_runner.hand_back(self.worker, clock.now())

    def _try(self, what: Any, *args: Any) -> Any:
        """In an app context; a database that is away for a while stops nothing, it is asked again later."""
        try:
            with self.app.app_context():
                return what(*args)
        except SQLAlchemyError as error:
            log.error("database_down", kind=type(error).__name__)
            return None


def main(app: Flask) -> None:
    """Run until SIGINT or SIGTERM."""
    scheduler = Scheduler(app)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: scheduler.stop.set())
    scheduler.run()
