"""Milestones: one dated promise on the way of a product, with baseline, forecast and actual."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.products.models import Product


class Milestone(Versioned, Stamped, Model):
    """Due on `due_on` (the forecast), first promised for `baseline_on`, met at `done_at`.

    `source` names the record it came from. `reminded_for` is the last threshold told of: "", "soon", "due" or "late".
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("product_id", "source"),
        Index("ix_milestone_open", "done_at", "due_on"),
        Index("ix_milestone_outlook", "product_id", "done_at", "due_on", "id"),
        Index("ix_milestone_brand", "brand_id", "done_at", "due_on", "id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    baseline_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    source: Mapped[str | None] = mapped_column(String(60))
    reminded_for: Mapped[str] = mapped_column(String(4), default="")

    product: Mapped[Product] = relationship()
    owner: Mapped[User | None] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id
