"""The outbox: mails as rows, written in the transaction that causes them. It sends nothing."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel import clock
from incubator.kernel.db import Model

STATUSES = {
    "waiting": (_l("Waiting"), "neutral"),
    "sending": (_l("Being sent"), "info"),
    "sent": (_l("Sent"), "good"),
    "failed": (_l("Failed"), "bad"),
}


class OutboxMail(Model):
    """One mail to one address. `key` makes it unique: the same reminder is not queued twice."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sending', 'sent', 'failed')", "status_known"),
        Index("ix_outbox_mail_queue", "status", "next_try_at"),
    )

    to_address: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None]
    key: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    next_try_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    @property
    def badge(self) -> tuple[Any, str]:
        """(word, tone) of the status."""
        return STATUSES[self.status]

    @property
    def audit_scope(self) -> tuple[int | None, int | None]:
        return None, None
