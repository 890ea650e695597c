"""Reads for the administrator's pages and for the page that shows a run; all scoped. It writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from incubator.kernel import clock, jobs, paging
from incubator.kernel.access import select_visible
from incubator.kernel.actor import Actor
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail

MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class JobLine:
    """A declared job with its next tick and its last run."""

    job: jobs.Job
    next_at: datetime | None
    last: JobRun | None


def job_lines(actor: Actor, now: datetime) -> list[JobLine]:
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    last = {run.job: run for run in db.session.scalars(select_visible(JobRun, actor).where(JobRun.id.in_(newest)))}
    return [JobLine(job, jobs.next_slot(job, now), last.get(name)) for name, job in sorted(jobs.declared().items())]


def runs(actor: Actor, filters: dict[str, str], cursor: str | None) -> paging.Page:
    """Runs, newest first; filters: status, job."""
    shown = (
        JobRun.id,
        JobRun.job,
        JobRun.status,
        JobRun.fire_at,
        JobRun.created_at,
        JobRun.started_at,
        JobRun.ended_at,
        JobRun.attempt,
        JobRun.counts,
        JobRun.error,
    )
    query = select_visible(JobRun, actor, *shown)
    for name in ("status", "job"):
        if filters.get(name):
            query = query.where(getattr(JobRun, name) == filters[name])
    return _newest(query, JobRun, cursor)


def mails(actor: Actor, filters: dict[str, str], cursor: str | None) -> paging.Page:
    """The outbox, newest first, without bodies; filters: status, to (part of the address)."""
    shown = (
        OutboxMail.id,
        OutboxMail.to_address,
        OutboxMail.subject,
        OutboxMail.status,
        OutboxMail.created_at,
        OutboxMail.sent_at,
        OutboxMail.attempts,
        OutboxMail.error,
    )
    query = select_visible(OutboxMail, actor, *shown)
    if filters.get("status"):
        query = query.where(OutboxMail.status == filters["status"])
    if filters.get("to"):
        query = query.where(OutboxMail.to_address.icontains(filters["to"], autoescape=True))
    return _newest(query, OutboxMail, cursor)


def audit_page(actor: Actor, filters: dict[str, str], cursor: str | None) -> paging.Page:
    return _newest(audit_query(actor, filters), AuditEntry, cursor)


def audit_query(actor: Actor, filters: dict[str, str]) -> Select[Any]:
    """Audit entries; filters: record (type), id, who, event (beginning), from and to (ISO days, inclusive)."""
    e = AuditEntry
    query = select_visible(
        e, actor, e.id, e.at, e.event, e.record_type, e.record_id, e.product_id, e.actor_name, e.actor_user_id, e.note, e.data, e.request_id
    )
    if filters.get("record"):
        query = query.where(e.record_type == filters["record"])
    if filters.get("id"):
        query = query.where(e.record_id == _number(filters["id"]))
    if filters.get("who"):
        query = query.where(e.actor_name.icontains(filters["who"], autoescape=True))
    if filters.get("event"):
        query = query.where(e.event.istartswith(filters["event"], autoescape=True))
    if filters.get("from"):
        query = query.where(e.at >= _midnight(filters["from"], "from"))
    if filters.get("to"):
        query = query.where(e.at < _midnight(filters["to"], "to") + timedelta(days=1))
    return query


def audit_export(actor: Actor, filters: dict[str, str]) -> Iterator[Any]:
    """The newest 100,000 entries that the filters leave, in batches."""
    query = audit_query(actor, filters).order_by(AuditEntry.id.desc()).limit(MOST_EXPORTED)
    return iter(db.session.execute(query.execution_options(yield_per=1000)))


def record_types(actor: Actor) -> list[str]:
    return list(db.session.scalars(select_visible(AuditEntry, actor, AuditEntry.record_type).distinct().order_by(AuditEntry.record_type)))


def _newest(query: Select[Any], model: Any, cursor: str | None) -> paging.Page:
    return paging.fetch(query, model.id, paging.Order(model.id, "id", descending=True), cursor, count=query.with_only_columns(model.id))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid({"id": [_l("Enter a whole number.")]})
    return int(text)


def _midnight(text: str, name: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid({name: [_l("Enter a date like 2026-11-22.")]}) from error
    return datetime(min(day.year, 9998), day.month, day.day, tzinfo=clock.now().tzinfo)
