"""Cases 33, 39 and 40: forged payloads, several schedulers at once, kills, clocks that jump."""

import os
import random
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from incubator.kernel import clock, job_runner, jobs, scheduler
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, read_only
from incubator.kernel.job_table import JobRun
from tests.processes import environment, running, wait_for


class Schedulers:
    """Scheduler processes, forked by a launcher that is already warm."""

    def __init__(self, launcher, ledger):
        self.launcher, self.ledger = launcher, ledger

    def start(self, count: int = 1) -> list[int]:
        """Process ids of `count` more."""
        before = set(self.pids("born"))
        self.launcher.stdin.write(b"\n" * count)
        self.launcher.stdin.flush()
        return list(wait_for(lambda: len(found := set(self.pids("born")) - before) == count and found, 60))

    def pids(self, word: str) -> list[int]:
        return [int(line.split()[0]) for line in self.ledger.read_text().splitlines() if line.split()[1] == word]

    def lines(self, word: str) -> list[str]:
        return [line.split()[2] for line in self.ledger.read_text().splitlines() if line.split()[1] == word]


@pytest.fixture
def schedulers(app, tmp_path):
    ledger = tmp_path / "ledger"
    ledger.touch()
    with running([sys.executable, "-m", "tests.kernel.slow_jobs"], environment(app, LEDGER=str(ledger)), tmp_path / "log") as launcher:
        yield Schedulers(launcher, ledger)


def declare(monkeypatch, *declared: jobs.Job) -> None:
    monkeypatch.setattr(jobs, "_jobs", {job.name: job for job in declared})


def statuses(name: str) -> dict[str, int]:
    db.session.rollback()
    with read_only():
        found = db.session.execute(select(JobRun.status, func.count()).where(JobRun.job == name).group_by(JobRun.status)).all()
        db.session.rollback()
    return dict(found)


def a_minute_passes() -> None:
    job_runner.rescue(clock.now() + timedelta(seconds=61))
    db.session.execute(update(JobRun).where(JobRun.status == "queued").values(next_try_at=clock.now()))
    db.session.commit()


def test_case_39_four_schedulers_fire_each_slot_once(app, session, schedulers):
    pids = schedulers.start(4)
    wait_for(lambda: len(schedulers.lines("tick")) >= 5)
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    wait_for(lambda: sorted(schedulers.pids("gone")) == sorted(pids), 6)
    session.rollback()
    slots = session.scalars(select(JobRun.fire_at).where(JobRun.job == "test.tick").order_by(JobRun.fire_at)).all()
    assert len(slots) == len(set(slots)) >= 5
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(slots)} == {1.0}
    ran = schedulers.lines("tick")
    assert len(ran) == len(set(ran)) == statuses("test.tick").get("done")


def test_case_39_run_now_in_the_same_second_is_one_run(app, session, monkeypatch):
    declare(monkeypatch, jobs.Job("report", "0 3 * * *", lambda run, now: {}))
    moment, barrier = clock.now(), threading.Barrier(8)

    def press():
        with app.app_context():
            barrier.wait()
            jobs.request_now("report", SYSTEM, moment)
            db.session.commit()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses("report") == {"queued": 1}


def test_case_39_killed_schedulers_lose_no_run(app, session, schedulers, monkeypatch, tmp_path):
    """Kill -9 at random moments; a survivor rescues what the dead held, and every item is done."""
    declare(monkeypatch, jobs.Job("test.item", None, print, retries=20))
    for number in range(40):
        jobs.enqueue("test.item", SYSTEM, clock.now(), number=number)
    session.commit()
    chance, cut = random.Random(39), 0
    for _ in range(3):
        [victim] = schedulers.start()
        wanted = len(schedulers.lines("start")) + chance.randint(4, 7)
        wait_for(lambda wanted=wanted: len(schedulers.lines("start")) >= wanted)
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda victim=victim: not Path(f"/proc/{victim}").exists())
        cut += statuses("test.item").get("running", 0)
        a_minute_passes()
    schedulers.start()
    wait_for(lambda: statuses("test.item") == {"done": 40}, 60)
    assert cut > 0
    assert set(schedulers.lines("end")) == {str(number) for number in range(40)}
    assert len(schedulers.lines("end")) <= 40 + cut


def test_case_40_a_clock_set_back_fires_no_slot_twice(app, session, monkeypatch):
    job = jobs.Job("hourly", "0 * * * *", print)
    declare(monkeypatch, job)
    process = scheduler.Scheduler(app)
    three = datetime(2026, 10, 25, 3, 0, 1, tzinfo=UTC)
    fired = []
    for moment in (three, three - timedelta(minutes=30), three, three + timedelta(seconds=1), three + timedelta(hours=1)):
        with clock.frozen(moment):
            fired.append(process.tick(job) is not None)
    assert fired == [True, True, False, False, True]  # the half hour back meets the 02:00 slot, which nobody had fired
    assert session.scalar(select(func.count()).select_from(JobRun)) == 3


def test_case_40_daylight_saving_moves_no_tick(app):
    """Europe and America change their clocks on these days; ticks are in UTC and stay a day apart."""
    job = jobs.Job("daily", "30 1 * * *", print)
    for change in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)):
        slots = [jobs.last_slot(job, change + timedelta(hours=hours)) for hours in range(-24, 72)]
        distinct = sorted(set(slots))
        assert {later - earlier for earlier, later in pairwise(distinct)} == {timedelta(days=1)}


def test_case_40_the_last_missed_tick_is_caught_up_once(app, session, monkeypatch):
    job = jobs.Job("daily", "30 1 * * *", print)
    declare(monkeypatch, job, jobs.Job("asked", None, print))
    down, up = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    with clock.frozen(up):
        scheduler.Scheduler(app).catch_up(None)
        assert statuses("daily") == {}
        for _ in range(2):
            scheduler.Scheduler(app).catch_up(down)
    assert session.scalars(select(JobRun.fire_at)).all() == [datetime(2026, 11, 22, 1, 30, tzinfo=UTC)]


def test_case_33_a_forged_row_starts_nothing_but_a_declared_job(app, session, monkeypatch):
    declare(monkeypatch, jobs.Job("known", None, lambda run, now: {}, retries=0))
    evil = {"job": "os.system", "args": '{"command": "touch /tmp/owned"}'}
    columns = "job, args, status, created_at, next_try_at, attempt, max_attempts, done, counts, result"
    session.execute(
        text(f"INSERT INTO job_run ({columns}) VALUES (:job, :args, 'queued', :at, :at, 0, 1, 0, '{{}}', '{{}}')"),
        {**evil, "at": "2026-11-01 00:00:00"},
    )
    session.execute(
        text(f"INSERT INTO job_run ({columns}) VALUES ('known', :args, 'queued', :at, :at, 0, 1, 0, '{{}}', '{{}}')"),
        {"args": evil["args"], "at": "2026-11-01 00:00:00"},
    )
    session.commit()
    while job_runner.run_next(app, "worker", threading.Event()):
        continue
    assert statuses("os.system") == {"failed": 1}
    assert statuses("known") == {"failed": 1}
