"""A feedback pack (反哺报告) of one factory's week with its frozen figures; the factory's answers, what it promised, and what came of it.

Figures are written once and never changed: a pack that is compiled anew before it is sent gets new sections of a higher revision.
No row holds a price, a revenue, or anything of another factory.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales.models import GRADES

STATES = ("compiled", "sent", "read", "overdue", "acknowledged", "acted", "measured")
WAITING = ("sent", "read", "overdue")
CHOICES = ("reorder", "fix", "stop", "carry_on")
KINDS = ("reorder", "fix", "stop")
ACTION_STATES = ("promised", "done", "dropped")
VERDICTS = ("improved", "same", "worse", "too_few")
MOST_QUANTITY = 10_000_000


class FeedbackPack(Versioned, Stamped, Model):
    """What one factory is told of the ISO week that begins on `week` (a Monday). `due_on` is the day to acknowledge it by.

    `revision` says which sections count; `table_version` is the version of the sales table that they rest on; `drafts` counts the
    savings of answers, so that the second of two people who answer at once is told.
    """

    __tablename__ = "feedback_pack"
    __table_args__ = (
        UniqueConstraint("brand_id", "factory_id", "week"),
        CheckConstraint(one_of("state", STATES), "state"),
        CheckConstraint(one_of("language", ("zh", "en")), "language"),
        CheckConstraint(one_of("reminded_for", ("", "soon")), "reminded_for"),
        Index("ix_feedback_pack_brand_week", "brand_id", "week", "id"),
        Index("ix_feedback_pack_factory_week", "factory_id", "week", "id"),
        Index("ix_feedback_pack_factory_state", "factory_id", "state", "due_on", "id"),
        Index("ix_feedback_pack_state", "state", "due_on", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    week: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    state: Mapped[str] = mapped_column(String(12), default="compiled")
    state_since: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    table_version: Mapped[int] = mapped_column(BigInteger)
    compiled_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    due_on: Mapped[date | None] = mapped_column(Date)
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    acted_at: Mapped[datetime | None]
    reminded_for: Mapped[str] = mapped_column(String(4), default="")
    escalated_at: Mapped[datetime | None]
    drafts: Mapped[int] = mapped_column(default=0)

    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    factory: Mapped[Organisation] = relationship(foreign_keys=[factory_id])
    read_by: Mapped[User | None] = relationship(foreign_keys=[read_by_id])
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=[acknowledged_by_id])
    sections: Mapped[list["PackSection"]] = relationship(
        primaryjoin="and_(FeedbackPack.id == foreign(PackSection.pack_id), FeedbackPack.revision == PackSection.revision)",
        order_by="PackSection.position",
        viewonly=True,
    )

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id

    @property
    def waits(self) -> bool:
        """Whether the factory is still to answer."""
        return self.state in WAITING


class PackSection(Model):
    """One SKU in a pack, frozen. `units`, `returned` and `orders` are eight weeks, oldest first; None is a week of another maker.

    `findings` are what `findings_told` lets a factory know of what is more than chance; None in packs of before there were any.
    `grade` and `compared` are what `comparing.told` lets through; `rate` is `rates.Rate` as JSON; `corrected` lists weeks that an earlier
    pack told otherwise: {week, was, now}.
    """

    __tablename__ = "feedback_section"
    __table_args__ = (
        UniqueConstraint("pack_id", "revision", "sku_id"),
        CheckConstraint(f"grade IS NULL OR {one_of('grade', GRADES)}", "grade"),
        Index("ix_feedback_section_sku", "sku_id", "pack_id"),
        Index("ix_feedback_section_product", "product_id", "pack_id"),
    )

    pack_id: Mapped[int] = mapped_column(ForeignKey("feedback_pack.id"))
    revision: Mapped[int]
    position: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    code: Mapped[str] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    variant: Mapped[str] = mapped_column(String(260), default="")
    units: Mapped[list[int | None]] = mapped_column(JSON)
    returned: Mapped[list[int | None]] = mapped_column(JSON)
    orders: Mapped[list[int | None]] = mapped_column(JSON)
    grade: Mapped[str | None] = mapped_column(String(6))
    compared: Mapped[dict[str, Any]] = mapped_column(JSON)
    rate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    earlier: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    voices: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    suggestion: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrected: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    lots: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))

    pack: Mapped[FeedbackPack] = relationship()
    product: Mapped[Product] = relationship()
    sku: Mapped[Sku] = relationship()
    answer: Mapped["FeedbackAnswer | None"] = relationship(back_populates="section")
    action: Mapped["FeedbackAction | None"] = relationship(back_populates="section")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.pack.brand_id


class FeedbackAnswer(Stamped, Model):
    """What the factory answers to a section: a draft of its own until the pack is acknowledged, then a promise that both read."""

    __tablename__ = "feedback_answer"
    __table_args__ = (
        CheckConstraint(one_of("choice", ("", *CHOICES)), "choice"),
        CheckConstraint(f"quantity IS NULL OR quantity BETWEEN 1 AND {MOST_QUANTITY}", "quantity"),
        Index("ix_feedback_answer_pack", "pack_id"),
    )

    section_id: Mapped[int] = mapped_column(ForeignKey("feedback_section.id"), unique=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("feedback_pack.id"))
    choice: Mapped[str] = mapped_column(String(8), default="")
    quantity: Mapped[int | None]
    on: Mapped[date | None] = mapped_column("on_day", Date)
    what: Mapped[str] = mapped_column(Text, default="")
    lot: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    section: Mapped[PackSection] = relationship(back_populates="answer")

    @property
    def is_complete(self) -> bool:
        """A choice with everything that it needs: a day unless one carries on, a quantity to reorder, what is fixed."""
        if self.choice == "carry_on":
            return True
        needs = {"reorder": self.quantity, "fix": self.what.strip(), "stop": True}
        return bool(self.choice in needs and needs[self.choice] and self.on)


class FeedbackAction(Versioned, Stamped, Model):
    """A promise of the factory: to reorder, fix or stop by `due_on`. Done needs a day and a note or photo; dropped a reason."""

    __tablename__ = "feedback_action"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint(one_of("state", ACTION_STATES), "state"),
        Index("ix_feedback_action_brand", "brand_id", "state", "due_on", "id"),
        Index("ix_feedback_action_factory", "factory_id", "state", "due_on", "id"),
        Index("ix_feedback_action_ledger", "brand_id", "id"),
        Index("ix_feedback_action_ledger_factory", "factory_id", "id"),
        Index("ix_feedback_action_pack", "pack_id"),
        Index("ix_feedback_action_product", "product_id", "created_at"),
        Index("ix_feedback_action_sku", "sku_id", "id"),
    )

    pack_id: Mapped[int] = mapped_column(ForeignKey("feedback_pack.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("feedback_section.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int | None]
    due_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text, default="")
    lot: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="promised")
    state_since: Mapped[datetime]
    promised_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    done_on: Mapped[date | None] = mapped_column(Date)
    closing_note: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    pack: Mapped[FeedbackPack] = relationship()
    section: Mapped[PackSection] = relationship(back_populates="action")
    product: Mapped[Product] = relationship()
    effect: Mapped["FeedbackEffect | None"] = relationship(back_populates="action")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class FeedbackEffect(Model):
    """What came of an action that was done: weekly units and return rate (`rates.Rate` as JSON) before and after, and the verdict.

    `change` is the ratio that the verdict rests on (`effects.Effect` as JSON), as both sides may read it; None where it was measured before there was one.
    """

    __tablename__ = "feedback_effect"
    __table_args__ = (CheckConstraint(one_of("verdict", VERDICTS), "verdict"),)

    action_id: Mapped[int] = mapped_column(ForeignKey("feedback_action.id"), unique=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    units_before: Mapped[list[int | None]] = mapped_column(JSON)
    units_after: Mapped[list[int | None]] = mapped_column(JSON)
    rate_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rate_after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    verdict: Mapped[str] = mapped_column(String(8))
    table_version: Mapped[int] = mapped_column(BigInteger)
    measured_at: Mapped[datetime]
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    action: Mapped[FeedbackAction] = relationship(back_populates="effect")


append_only(PackSection.__table__)
append_only(FeedbackEffect.__table__)
