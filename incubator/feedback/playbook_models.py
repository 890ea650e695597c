"""Playbooks (打法手册): what a factory changed and what was measured of it, told without saying who; and where it was used again.

`brand_id`, `factory_id` and `action_id` are for those two sides alone: no query for anybody else may read them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.feedback.models import FeedbackAction, PackSection
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.sales.models import REASONS

PLAYBOOK_STATES = ("proposed", "published", "declined", "withdrawn")
PUBLIC = ("title", "problem", "reason", "topic", "category", "what", "effort", "days", "evidence")


class Playbook(Versioned, Stamped, Model):
    """What was wrong, what was done, what it took, and the frozen evidence (`playbooks.Evidence` as JSON)."""

    __tablename__ = "playbook"
    __table_args__ = (
        CheckConstraint(one_of("state", PLAYBOOK_STATES), "state"),
        CheckConstraint(one_of("reason", REASONS), "reason"),
        CheckConstraint("days IS NULL OR days BETWEEN 0 AND 3650", "days"),
        Index("ix_playbook_published", "state", "published_key", "id"),
        Index("ix_playbook_brand", "brand_id", "state", "id"),
        Index("ix_playbook_factory", "factory_id", "state", "id"),
        Index("ix_playbook_reason", "state", "reason", "category"),
    )

    action_id: Mapped[int] = mapped_column(ForeignKey("feedback_action.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    state_since: Mapped[datetime]
    published_key: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(120))
    problem: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(60), default="")
    category: Mapped[str] = mapped_column(String(80), default="")
    what: Mapped[str] = mapped_column(Text)
    effort: Mapped[str] = mapped_column(String(300), default="")
    days: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    action: Mapped[FeedbackAction] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class PlaybookUse(Model):
    """That a factory takes a playbook for a SKU of a pack; it counts once the pack is acknowledged, when `action_id` is the promise."""

    __tablename__ = "playbook_use"
    __table_args__ = (
        Index("ix_playbook_use_playbook", "playbook_id", "action_id"),
        Index("ix_playbook_use_brand", "brand_id", "id"),
        Index("ix_playbook_use_factory", "factory_id", "id"),
    )

    section_id: Mapped[int] = mapped_column(ForeignKey("feedback_section.id"), unique=True)
    playbook_id: Mapped[int] = mapped_column(ForeignKey("playbook.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_action.id"), unique=True)
    created_at: Mapped[datetime]

    playbook: Mapped[Playbook] = relationship()
    section: Mapped[PackSection] = relationship()
    action: Mapped[FeedbackAction | None] = relationship()
