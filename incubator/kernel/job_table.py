"""The queue and its history: one row per run of a job, and one per scheduler process that is alive. It runs nothing."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel import clock
from incubator.kernel.db import Model

STATUSES = {
    "queued": (_l("Waiting"), "neutral"),
    "running": (_l("Running"), "info"),
    "done": (_l("Done"), "good"),
    "failed": (_l("Failed"), "bad"),
}


class JobRun(Model):
    """One run: of a tick (`fire_at`, once per job and slot) or asked for by a person (`requested_by`).

    `worker` and `attempt` together say whose run it is, so that a worker given up for dead cannot report over its successor.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "fire_at"),
        UniqueConstraint("job", "key"),
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", "status_known"),
        Index("ix_job_run_queue", "status", "next_try_at"),
    )

    job: Mapped[str]
    fire_at: Mapped[datetime | None]
    key: Mapped[str | None]
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(default="queued")
    actor: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    requested_by: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None]
    product_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    next_try_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str | None] = mapped_column(Text)

    @property
    def audit_scope(self) -> tuple[int | None, int | None]:
        return self.product_id, self.organisation_id

    @property
    def is_over(self) -> bool:
        return self.status in ("done", "failed")

    @property
    def badge(self) -> tuple[Any, str]:
        """(word, tone) of the status."""
        return STATUSES[self.status]


class SchedulerBeat(Model):
    """A scheduler process and when it last said that it is alive."""

    __tablename__ = "scheduler_beat"
    __table_args__ = (UniqueConstraint("worker"),)

    worker: Mapped[str]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
