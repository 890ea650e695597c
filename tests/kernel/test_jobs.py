"""The queue: declared jobs only, once per slot, retried, rescued, reported."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from incubator.kernel import clock, job_runner, jobs
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, read_only
from incubator.kernel.errors import Refused
from incubator.kernel.job_table import JobRun

NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
READER = Actor(role="brand", user_id=7, organisation_id=3, name="Reader", locale="en")


@pytest.fixture
def declared(monkeypatch):
    """Declare jobs for one test only."""
    monkeypatch.setattr(jobs, "_jobs", {})
    return lambda *declared_jobs: jobs.register(declared_jobs)


def run_all(app, worker="a-worker"):
    while job_runner.run_next(app, worker, threading.Event()):
        pass


def only_run() -> JobRun:
    db.session.rollback()
    with read_only():
        return db.session.scalars(select(JobRun).execution_options(populate_existing=True)).one()


def make_due() -> None:
    db.session.rollback()
    db.session.execute(update(JobRun).values(next_try_at=clock.now()))
    db.session.commit()


def test_a_run_gets_its_arguments_its_actor_and_reports_counts(app, session, declared):
    seen = {}

    def work(run, now, colour):
        seen.update(colour=colour, actor=run.actor, product=run.product_id)
        run.progress(2, 4)
        run.result(file_id=9)
        return {"items": 2}

    declared(jobs.Job("paint", None, work))
    jobs.enqueue("paint", READER, clock.now(), product_id=5, colour="青")
    session.commit()
    run_all(app)
    run = only_run()
    assert seen == {"colour": "青", "actor": READER, "product": 5}
    assert (run.status, run.counts, run.result, run.done, run.total, run.attempt) == ("done", {"items": 2}, {"file_id": 9}, 2, 4, 1)
    assert run.requested_by == 7
    assert run.organisation_id == 3
    assert run.ended_at is not None


def test_a_key_makes_one_run_of_two_requests(session, declared):
    declared(jobs.Job("report", None, lambda run, now: {}))
    first = jobs.enqueue("report", READER, NOON, key="june")
    second = jobs.enqueue("report", READER, NOON, key="june")
    assert first is second


def test_an_undeclared_job_is_refused(session, declared):
    with pytest.raises(LookupError):
        jobs.enqueue("nobody.declared", READER, NOON)


def test_a_failed_run_is_tried_again_with_a_pause_and_then_given_up(app, session, declared):
    declared(jobs.Job("broken", None, lambda run, now: 1 / 0, retries=1))
    jobs.enqueue("broken", SYSTEM, clock.now())
    session.commit()
    run_all(app)
    run = only_run()
    assert run.status == "queued"
    assert run.error.startswith("ZeroDivisionError")
    assert run.next_try_at > clock.now() + timedelta(seconds=20)
    make_due()
    run_all(app)
    assert only_run().status == "failed"
    assert only_run().attempt == 2


def test_a_refusal_is_not_tried_again(app, session, declared):
    def refuse(run, now):
        raise Refused("There are no sales yet.")

    declared(jobs.Job("refused", None, refuse, retries=3))
    jobs.enqueue("refused", READER, clock.now())
    session.commit()
    run_all(app)
    assert (only_run().status, only_run().error) == ("failed", "There are no sales yet.")


def test_what_a_failing_job_did_not_commit_is_gone(app, session, declared):
    def half(run, now):
        db.session.add(JobRun(job="half.of.it"))
        db.session.flush()
        raise RuntimeError("power cut")

    declared(jobs.Job("half", None, half, retries=0))
    jobs.enqueue("half", SYSTEM, clock.now())
    session.commit()
    run_all(app)
    assert session.scalar(select(func.count()).select_from(JobRun).where(JobRun.job == "half.of.it")) == 0


def test_an_administrator_may_retry_what_failed(app, session, declared):
    outcomes = iter([RuntimeError("first"), None])

    def sometimes(run, now):
        if error := next(outcomes):
            raise error

    declared(jobs.Job("sometimes", None, sometimes, retries=0))
    jobs.enqueue("sometimes", SYSTEM, clock.now())
    session.commit()
    run_all(app)
    run_id = only_run().id
    session.rollback()
    jobs.retry(session.get_one(JobRun, run_id), clock.now())
    session.commit()
    run_all(app)
    assert only_run().status == "done"


def test_a_silent_worker_loses_its_run_and_cannot_report_over_the_next(app, session, declared):
    declared(jobs.Job("slow", None, lambda run, now: {"by": "the second"}, retries=1))
    jobs.enqueue("slow", SYSTEM, clock.now())
    session.commit()
    lost = job_runner.RunHandle(job_runner.claim("dead", clock.now()), threading.Event())
    assert job_runner.rescue(clock.now()) == 0
    assert job_runner.rescue(clock.now() + timedelta(seconds=61)) == 1
    make_due()
    run_all(app, "alive")
    job_runner._settle(lost, status="failed", error="I come back from the dead")
    assert (only_run().status, only_run().counts, only_run().attempt) == ("done", {"by": "the second"}, 2)


def test_a_run_without_attempts_left_is_failed_by_the_rescue(session, declared):
    declared(jobs.Job("slow", None, lambda run, now: {}, retries=0))
    jobs.enqueue("slow", SYSTEM, clock.now())
    session.commit()
    job_runner.claim("dead", clock.now())
    job_runner.rescue(clock.now() + timedelta(seconds=61))
    assert only_run().status == "failed"


def test_a_stopping_process_hands_its_run_back_at_no_cost(app, session, declared):
    stop = threading.Event()

    def work(run, now):
        stop.set()
        run.progress(1, 2)

    declared(jobs.Job("long", None, work, retries=0))
    jobs.enqueue("long", SYSTEM, clock.now())
    session.commit()
    job_runner.run_next(app, "stopping", stop)
    assert (only_run().status, only_run().attempt) == ("queued", 0)


def test_progress_is_shown_while_the_job_works(app, session, declared, monkeypatch):
    monkeypatch.setattr(job_runner, "FLUSH", 0.02)
    going, shown = threading.Event(), threading.Event()

    def work(run, now):
        run.progress(3, 10)
        going.set()
        shown.wait(5)

    declared(jobs.Job("long", None, work))
    jobs.enqueue("long", SYSTEM, clock.now())
    session.commit()
    thread = threading.Thread(target=run_all, args=(app,))
    thread.start()
    going.wait(5)
    seen = (0, None)
    for _ in range(200):
        if (seen := (only_run().done, only_run().total)) == (3, 10):
            break
        threading.Event().wait(0.02)
    shown.set()
    thread.join()
    assert seen == (3, 10)


@pytest.mark.parametrize(
    ("cron", "slot"),
    [
        ("*/10 * * * * *", datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)),
        ("0 * * * *", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        ("30 18 * * *", datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("0 3 * * mon", datetime(2026, 11, 16, 3, 0, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2024, 2, 29, 0, 0, tzinfo=UTC)),
    ],
)
def test_every_process_finds_the_same_slot(cron, slot):
    job = jobs.Job("any", cron, print)
    assert jobs.last_slot(job, NOON) == (slot if slot.year != 2024 else None)
    assert jobs.last_slot(job, NOON + timedelta(milliseconds=900)) == jobs.last_slot(job, NOON)


@pytest.mark.parametrize("cron", ["", "* * *", "0 3 * * 1", "61 * * * *"])
def test_a_malformed_cron_is_refused(cron):
    with pytest.raises(ValueError):
        jobs.parse_cron(cron)


def test_every_declared_cron_has_a_next_slot(app):
    assert all(jobs.next_slot(job, NOON) for job in jobs.declared().values() if job.cron)


def test_nothing_due_no_row(session, declared):
    idle = jobs.Job("idle", "* * * * *", print, due=lambda now: False)
    assert jobs.fire_tick(idle, NOON, NOON) is None
    assert session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_old_ticks_are_forgotten_and_requests_kept(app, session):
    old = clock.now() - timedelta(days=31)
    session.add_all(
        [
            JobRun(job="a", fire_at=old, status="done"),
            JobRun(job="b", status="done", created_at=old),
            JobRun(job="c", fire_at=old, status="failed"),
        ]
    )
    session.commit()
    jobs.enqueue("jobs.prune", SYSTEM, clock.now())
    session.commit()
    run_all(app)
    assert set(session.scalars(select(JobRun.job))) == {"b", "c", "jobs.prune"}
