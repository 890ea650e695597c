"""Programme, Product and who takes part. Later packages ask these rows, not each other, who the factory is."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Computed, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.money import Money

PROGRAMME_TYPES = ("consumer", "supply_chain")
PRODUCT_TYPES = ("basic", "hero")
STAGES = (
    "signal", "segment", "brief", "sourcing", "sampling", "codevelopment",
    "preproduction", "test_launch", "launch", "scale", "handed_over", "stopped",
)  # fmt: skip
RISKS = ("none", "green", "amber", "red")
PARTS = tuple(kind for kind in ORGANISATION_KINDS if kind != "brand")


class Programme(Versioned, Stamped, Model):
    """A brand's incubation programme (孵化计划): what it is for, for how long, and what it may burn."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        CheckConstraint(one_of("type", PROGRAMME_TYPES), "type"),
        CheckConstraint("horizon_years BETWEEN 1 AND 10", "horizon"),
        CheckConstraint("budget_minor >= 0", "budget"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date] = mapped_column(Date)
    horizon_years: Mapped[int] = mapped_column(default=3)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    budget_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    milestones_note: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]

    brand: Mapped[Organisation] = relationship()
    owner: Mapped[User | None] = relationship()
    objectives: Mapped[list["Objective"]] = relationship(
        order_by="Objective.position", cascade="all, delete-orphan", back_populates="programme"
    )
    burn: Mapped[list["BurnMonth"]] = relationship(order_by="BurnMonth.month", cascade="all, delete-orphan")

    @property
    def budget(self) -> Money:
        return Money(self.budget_minor, self.currency)

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class Objective(Model):
    """What a programme wants to be true; measured by its key results. Value before volume."""

    __tablename__ = "objective"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)

    programme: Mapped[Programme] = relationship(back_populates="objectives")
    key_results: Mapped[list["KeyResult"]] = relationship(order_by="KeyResult.id", cascade="all, delete-orphan", back_populates="objective")


class KeyResult(Model):
    """A number that tells whether the objective is met: from `start` to `target`, now at `current`, in `unit`."""

    __tablename__ = "key_result"

    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(30), default="")
    start: Mapped[float] = mapped_column(default=0.0)
    target: Mapped[float]
    current: Mapped[float] = mapped_column(default=0.0)
    due_on: Mapped[date | None] = mapped_column(Date)

    objective: Mapped[Objective] = relationship(back_populates="key_results")

    @property
    def progress(self) -> float:
        """Share of the way from start to target, 0 to 1."""
        span = self.target - self.start
        return 0.0 if span == 0 else min(1.0, max(0.0, (self.current - self.start) / span))


class BurnMonth(Model):
    """Planned and booked spend and revenue of one month, in minor units of the programme's currency."""

    __tablename__ = "burn_month"
    __table_args__ = (UniqueConstraint("programme_id", "month"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(Date)
    planned_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    revenue_minor: Mapped[int] = mapped_column(BigInteger, default=0)


class Product(Versioned, Stamped, Model):
    """One house-brand product on its way; `state` is its stage."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        CheckConstraint(one_of("type", PRODUCT_TYPES), "type"),
        CheckConstraint(one_of("state", STAGES), "state"),
        CheckConstraint(one_of("risk", RISKS), "risk"),
        Index("ix_product_recent", "brand_id", "updated_at", "id"),
        Index("ix_product_stage", "brand_id", "state", "updated_at", "id"),
        Index("ix_product_name", "brand_id", "name", "id", "code"),
        Index("ix_product_since", "brand_id", "state_since", "id"),
        Index("ix_product_launch", "brand_id", "launch_key", "id"),
        Index("ix_product_due", "brand_id", "due_key", "id"),
        Index("ix_product_risk", "brand_id", "risk", "updated_at", "id"),
        Index("ix_product_category", "brand_id", "category", "updated_at", "id"),
        Index("ix_product_programme", "programme_id", "updated_at", "id"),
        Index("ix_product_lane", "brand_id", "programme_id", "id", "state"),
        Index("ix_product_owner", "owner_id", "updated_at", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(80), default="")
    type: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="signal")
    state_since: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    risk: Mapped[str] = mapped_column(String(6), default="none")
    next_milestone: Mapped[str] = mapped_column(String(200), default="")
    next_milestone_on: Mapped[date | None] = mapped_column(Date)
    launch_on: Mapped[date | None] = mapped_column(Date)
    stopped_reason: Mapped[str] = mapped_column(Text, default="")
    # The dates as keys to sort by: a keyset has no place for NULL.
    launch_key: Mapped[date] = mapped_column(Date, Computed("coalesce(launch_on, '9999-12-31')", persisted=True))
    due_key: Mapped[date] = mapped_column(Date, Computed("coalesce(next_milestone_on, '9999-12-31')", persisted=True))

    brand: Mapped[Organisation] = relationship()
    programme: Mapped[Programme] = relationship()
    owner: Mapped[User | None] = relationship()
    participants: Mapped[list["Participant"]] = relationship(order_by="Participant.id", back_populates="product")
    squad: Mapped[list["SquadMember"]] = relationship(order_by="SquadMember.id", cascade="all, delete-orphan")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.id, self.brand_id


class ProductCounter(Model):
    """The last number given to a product code of a brand."""

    __tablename__ = "product_counter"

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    last: Mapped[int] = mapped_column(default=0)


class Participant(Stamped, Model):
    """An organisation that takes part in a product, and with which part."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("product_id", "organisation_id", "part"),
        CheckConstraint(one_of("part", PARTS), "part"),
        Index("ix_participant_organisation", "organisation_id", "product_id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    part: Mapped[str] = mapped_column(String(20))
    left_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship(back_populates="participants")
    organisation: Mapped[Organisation] = relationship()


class SquadMember(Model):
    """A person of the brand's cross-functional squad for a product (战场作战体系)."""

    __tablename__ = "squad_member"
    __table_args__ = (UniqueConstraint("product_id", "user_id"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    duty: Mapped[str] = mapped_column(String(80), default="")

    user: Mapped[User] = relationship()


class Comment(Model):
    """A remark on a record of a product: `audience_id` names the one organisation beside the brand that reads it; none is the brand alone."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_subject", "subject_type", "subject_id", "id"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    body: Mapped[str] = mapped_column(Text)
    mentioned: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]

    author: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    audience: Mapped[Organisation | None] = relationship(foreign_keys=[audience_id])


class SavedView(Stamped, Model):
    """A person's named filter and sort of a list."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "page", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
