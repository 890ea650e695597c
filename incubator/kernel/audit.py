"""The audit trail: append-only rows, each hashed over its predecessor. Nothing updates or deletes one; a trigger refuses it.

Rows are collected during the transaction and chained just before it commits, so that the lock that orders the chain is
held only for an instant.
"""

import hashlib
import json
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, event, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.kernel.db import Model, append_only, db

GENESIS = "0" * 64
CHAIN_LOCK = 7_301_977  # any constant: the advisory lock that orders the chain on PostgreSQL

request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditEntry(Model):
    """One thing that one person did to one record, for one organisation's eyes."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_record", "record_type", "record_id"),)

    at: Mapped[datetime]
    event: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[int | None]
    product_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    actor_user_id: Mapped[int | None]
    actor_organisation_id: Mapped[int | None]
    actor_name: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None]
    request_id: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


CHAINED = (
    "at", "event", "record_type", "record_id", "product_id", "organisation_id",
    "actor_user_id", "actor_organisation_id", "actor_name", "data", "note", "request_id",
)  # fmt: skip


def record(
    event_name: str,
    subject: Any,
    actor: Actor,
    now: datetime | None = None,
    *,
    note: str | None = None,
    **data: Any,
) -> None:
    """Append one entry about `subject` (any row; it is flushed to have an id) in the caller's transaction.

    `data` must be JSON; dates become ISO strings. `subject.audit_scope` may give (product_id, organisation_id).
    """
    if subject.id is None:
        db.session.flush()
    product_id, organisation_id = getattr(subject, "audit_scope", (None, None))
    append([_entry(event_name, subject.__tablename__, subject.id, product_id, organisation_id, actor, now, note, data)])


def record_bulk(
    event_name: str, table: str, rows: Iterable[tuple[int, int | None, int | None, dict[str, Any]]], actor: Actor, now: datetime
) -> None:
    """The same for many rows at once: (record_id, product_id, organisation_id, data) each."""
    blank = _entry(event_name, table, None, None, None, actor, now, None, {})
    plain: dict[int, Any] = {}
    append(
        [
            {**blank, "record_id": i, "product_id": product, "organisation_id": organisation, "data": _once(plain, data)}
            for i, product, organisation, data in rows
        ]
    )


def _once(plain: dict[int, Any], data: dict[str, Any]) -> Any:
    """`data` as JSON; many rows share one."""
    if id(data) not in plain:
        plain[id(data)] = (_as_json(data), data)
    return plain[id(data)][0]


def _as_json(data: dict[str, Any]) -> Any:
    return json.loads(json.dumps(data, default=_plain))


def append(entries: list[dict[str, Any]]) -> None:
    """Queue entries; they are chained when the session commits."""
    db.session.info.setdefault("audit", []).extend(entries)


def _entry(
    event_name: str, table: str, record_id: int | None, product_id: int | None, organisation_id: int | None,
    actor: Actor, now: datetime | None, note: str | None, data: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    return {
        "at": now or clock.now(),
        "event": event_name,
        "record_type": table,
        "record_id": record_id,
        "product_id": product_id,
        "organisation_id": organisation_id,
        "actor_user_id": actor.user_id,
        "actor_organisation_id": actor.organisation_id,
        "actor_name": actor.name,
        "data": _as_json(data),
        "note": note,
        "request_id": request_id.get(),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


CANONICAL = json.JSONEncoder(default=_plain, ensure_ascii=False, sort_keys=True)


def digest(entry: dict[str, Any], previous: str) -> str:
    """SHA-256 over the previous hash and the canonical JSON of every chained column."""
    body = CANONICAL.encode([entry[name] for name in CHAINED])
    return hashlib.sha256(f"{previous}{body}".encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if not session.info.get("audit"):
        return
    session.flush()
    entries = session.info.pop("audit")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    previous = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    for entry in entries:
        entry["previous_hash"] = previous
        entry["hash"] = previous = digest(entry, previous)
    session.execute(insert(AuditEntry.__table__), entries)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop("audit", None)


def first_broken() -> AuditEntry | None:
    """Walk the chain from the first row; the first row whose hash or predecessor does not fit, or None."""
    previous = GENESIS
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    for row in rows:
        if row.previous_hash != previous or row.hash != digest({n: getattr(row, n) for n in CHAINED}, previous):
            return row
        previous = row.hash
    return None


def length() -> int:
    return db.session.scalar(select(func.count(AuditEntry.id))) or 0


append_only(AuditEntry.__table__)
