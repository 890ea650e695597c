"""Webhooks of an organisation: where its chat group or its own system is told, and each message that is to go there. They hold no figure.

The address of a chat robot is a secret like its key: both are kept sealed, and pages show neither again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, one_of
from incubator.kernel.db import Model, Stamped, Versioned

WEBHOOK_KINDS = ("dingtalk", "wecom", "feishu", "generic")
DELIVERY_STATUSES = ("waiting", "sending", "sent", "failed")


class Webhook(Versioned, Stamped, Model):
    """One address of one organisation. `events` are names of `webhooks.EVENTS`; what was removed has neither address nor secret."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(one_of("kind", WEBHOOK_KINDS), "kind"),
        CheckConstraint(one_of("language", ("zh", "en")), "language"),
        CheckConstraint("removed_at IS NULL OR (url = '' AND secret = '')", "removed"),
        Index("ix_webhook_organisation", "organisation_id", "removed_at", "id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="zh")
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.organisation_id


class WebhookDelivery(Model):
    """One message to one webhook, written in the transaction that causes it; `key` makes it unique there.

    `text` and `params` become a sentence in the webhook's language when it is sent; `tried_at` is the last attempt.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "key"),
        CheckConstraint(one_of("status", DELIVERY_STATUSES), "status"),
        Index("ix_webhook_delivery_queue", "status", "next_try_at", "id"),
        Index("ix_webhook_delivery_tried", "tried_at", "webhook_id"),
        Index("ix_webhook_delivery_status", "webhook_id", "status", "id"),
    )

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    key: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    path: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")

    webhook: Mapped[Webhook] = relationship()
