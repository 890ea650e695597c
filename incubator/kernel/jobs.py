"""Jobs: declared once per package in `jobs.py`, queued in one table, fired exactly once, run at least once.

One queue table serves SQLite and PostgreSQL alike. Procrastinate was tried and does well, but only on PostgreSQL: it would
leave the default database with a second mechanism, and a product with two queues has two sets of faults. It refuses job
names that nobody declared, and arguments that are not JSON: a forged row can start nothing but a declared job.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from incubator.kernel import clock, mail_sender, upkeep
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun
from incubator.kernel.upsert import insert_once

CRON_FIELDS = ("second", "minute", "hour", "day", "month", "day_of_week")
LOOK_BACK = (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=62), timedelta(days=800))


@dataclass(frozen=True)
class Job:
    """A named job. `cron` is five fields in UTC, or six with seconds first; None for one that people start.

    `fn(run, now, **args)` returns counts ({"sent": 3}); it is idempotent and commits per item. `due`, when given, is asked
    before each tick: nothing due, no row. `retries` more attempts follow a failure, with growing pauses. `watched`: a person
    sits before its progress, so it goes before what nobody waits for.
    """

    name: str
    cron: str | None
    fn: Callable[..., dict[str, Any] | None]
    title: Any = None
    retries: int = 3
    due: Callable[[datetime], bool] | None = None
    watched: bool = False

    @property
    def trigger(self) -> Any:
        return parse_cron(self.cron or "")


_jobs: dict[str, Job] = {}


def register(jobs: Iterable[Job]) -> None:
    """Take a package's `JOBS`; a cron without five or six fields, or with numbered weekdays, stops the application from starting."""
    for job in jobs:
        if job.cron:
            cron_fields(job.cron)
        _jobs[job.name] = job


def declared() -> Mapping[str, Job]:
    return _jobs


def find(name: str) -> Job:
    """The declared job; LookupError for any other name."""
    if name not in _jobs:
        raise LookupError(f"no job is named {name!r}")
    return _jobs[name]


def cron_fields(text: str) -> dict[str, str]:
    """The fields by name. Days of the week are words (mon-fri): APScheduler counts from Monday and cron from Sunday."""
    fields = text.split()
    fields = fields if len(fields) == 6 else ["0", *fields]
    if len(fields) != 6 or any(c.isdigit() for c in fields[5]):
        raise ValueError(f"not a cron expression of this product: {text!r}")
    return dict(zip(CRON_FIELDS, fields, strict=True))


def parse_cron(text: str) -> Any:
    """The APScheduler trigger of a cron expression, in UTC; ValueError when a field is out of its range."""
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - the web workers never need it

    return CronTrigger(timezone="UTC", **cron_fields(text))


def last_slot(job: Job, now: datetime) -> datetime | None:
    """The latest moment not after `now` at which `job` was to fire: the same in every process, whatever woke it."""
    trigger = job.trigger
    for span in LOOK_BACK:
        slot, following = None, trigger.get_next_fire_time(None, now - span)
        while following is not None and following <= now:
            slot, following = following, trigger.get_next_fire_time(following, following + timedelta(microseconds=1))
        if slot:
            return slot
    return None


def next_slot(job: Job, now: datetime) -> datetime | None:
    """When `job` fires next; None for a job that only people start."""
    return job.trigger.get_next_fire_time(None, now) if job.cron else None


def fire_tick(job: Job, slot: datetime, now: datetime) -> int | None:
    """Queue the run of one slot in the caller's transaction; None when another process was first or nothing is due."""
    if job.due is not None and not job.due(now):
        return None
    return insert_once(JobRun, job=job.name, fire_at=slot, max_attempts=job.retries + 1, next_try_at=now, created_at=now)


def enqueue(name: str, actor: Actor, now: datetime, *, key: str | None = None, product_id: int | None = None, **args: Any) -> JobRun:
    """Queue a run asked for by `actor` in the caller's transaction. With a `key` that was used before, the earlier run."""
    job = find(name)
    run_id = insert_once(
        JobRun,
        job=name,
        key=key,
        args=json.loads(json.dumps(args)),
        actor=None if actor.is_system else asdict(actor),
        requested_by=actor.user_id,
        organisation_id=actor.organisation_id,
        product_id=product_id,
        max_attempts=job.retries + 1,
        created_at=now,
        next_try_at=now,
    )
    chosen = JobRun.id == run_id if run_id else (JobRun.job == name) & (JobRun.key == key)
    return db.session.scalars(select(JobRun).where(chosen)).one()


def actor_of(run: JobRun) -> Actor:
    """Who asked for the run, as they were then; SYSTEM for a tick."""
    return Actor(**run.actor) if run.actor else SYSTEM


def retry(run: JobRun, now: datetime) -> None:
    """Queue a failed run again, with one more attempt; a run in any other status is left alone."""
    if run.status != "failed":
        return
    run.status, run.next_try_at, run.ended_at, run.error = "queued", now, None, None
    run.max_attempts = run.attempt + 1


def request_now(name: str, actor: Actor, now: datetime | None = None, **args: Any) -> JobRun:
    """`enqueue` for the administrator's "run now": twice within a second is once."""
    moment = now or clock.now()
    return enqueue(name, actor, moment, key=f"now:{moment:%Y%m%d%H%M%S}", **args)


JOBS = (
    Job("mail.deliver", "*/10 * * * * *", mail_sender.deliver, _l("Send the mails of the outbox"), retries=0, due=mail_sender.has_waiting),
    Job("jobs.prune", "17 * * * *", upkeep.prune, _l("Forget old runs"), retries=0, due=upkeep.has_old_runs),
    Job("database.analyse", "25 18 * * *", upkeep.analyse, _l("Count for the query planner"), retries=0),
    Job("audit.verify", "40 18 * * *", upkeep.verify_audit, _l("Walk the audit chain"), retries=0),
)
