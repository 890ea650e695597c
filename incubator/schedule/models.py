"""Milestones: one dated promise on the way of a product, with baseline, forecast and actual; and what waits for what."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.products.models import PARTS, STAGES, Product


def _none_or(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IS NULL OR {one_of(column, values)}"


class Milestone(Versioned, Stamped, Model):
    """Due on `due_on` (the forecast), first promised for `baseline_on`, met on `done_on` (the day) as told at `done_at`.

    It takes `duration_days` working days. One that waits for others has its forecast computed, and never before `not_before_on`;
    one that waits for nothing is due when somebody says. `float_days` and `critical` are results of the same computation.
    It is the brand's own unless `owner_part` says which part owes it, and `organisation_id` who that is; every organisation of
    `shared_with_part` reads its name and day. `source` names the record it came from. `reminded_for` is the last threshold told
    of: "", "soon", "due", "late", "up" (the product's owner was told) or "top" (the programme's owner too).
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("product_id", "source"),
        CheckConstraint("duration_days BETWEEN 0 AND 1000", "duration"),
        CheckConstraint(_none_or("stage", STAGES), "stage"),
        CheckConstraint(_none_or("owner_part", PARTS), "owner_part"),
        CheckConstraint(_none_or("shared_with_part", PARTS), "shared_with_part"),
        CheckConstraint("organisation_id IS NULL OR owner_part IS NOT NULL", "organisation_has_part"),
        Index("ix_milestone_open", "done_at", "due_on"),
        Index("ix_milestone_outlook", "product_id", "done_at", "due_on", "id"),
        Index("ix_milestone_brand", "brand_id", "done_at", "due_on", "id"),
        Index("ix_milestone_organisation", "organisation_id", "done_at", "due_on"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str | None] = mapped_column(String(20))
    baseline_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    duration_days: Mapped[int] = mapped_column(default=0)
    not_before_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None]
    done_on: Mapped[date | None] = mapped_column(Date)
    float_days: Mapped[int | None]
    critical: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    owner_part: Mapped[str | None] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    shared_with_part: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(60))
    reminded_for: Mapped[str] = mapped_column(String(4), default="")

    product: Mapped[Product] = relationship()
    owner: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def actual_on(self) -> date | None:
        """The day on which it was met."""
        return self.done_on or (self.done_at.date() if self.done_at else None)


class MilestoneLink(Stamped, Model):
    """`after` begins when `before` is met, `lag_days` working days later (finish to start); both are of one product."""

    __tablename__ = "milestone_link"
    __table_args__ = (
        UniqueConstraint("after_id", "before_id"),
        CheckConstraint("after_id <> before_id", "two"),
        CheckConstraint("lag_days BETWEEN 0 AND 400", "lag"),
        Index("ix_milestone_link_product", "product_id", "id"),
        Index("ix_milestone_link_before", "before_id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    before_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"))
    after_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"))
    lag_days: Mapped[int] = mapped_column(default=0)

    before: Mapped[Milestone] = relationship(foreign_keys=[before_id])
    after: Mapped[Milestone] = relationship(foreign_keys=[after_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id
