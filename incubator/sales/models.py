"""What pages read of sales: weeks per SKU, reasons of returns, grades; and the codes that nobody knows yet.

The lines themselves are in the sales table (`facts`). Every row here can be made again from them; only the codes are people's work.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Versioned
from incubator.kernel.money import Money
from incubator.launches.models import Channel, Sku

GRADES = ("hit", "strong", "flat", "stale")
CODE_STATUSES = ("open", "known", "ignored")
REASONS = (
    "quality", "malfunction", "performance", "safety", "size", "not_as_described", "damaged", "wrong_item", "missing_part", "smell", "late", "service",
    "changed_mind", "price", "unstated", "other",
)  # fmt: skip


class SkuWeek(Model):
    """One SKU on one channel, sold to one kind of buyers, in the ISO week that begins on `week` (a Monday, in the channel's time).

    Amounts in minor units of `currency`; `returned_units`, `returned_orders` and `refunded_minor` are of what came back in this week,
    whenever it was sold. Orders are counted once however many units they hold. `base_minor` is the revenue in the brand's reporting
    currency at the rate of each line's day, `unrated` the lines of sales that no rate is known for. `table_version` is the version of
    the sales table that the row was computed from.
    """

    __tablename__ = "sku_week"
    __table_args__ = (
        UniqueConstraint("sku_id", "channel_id", "segment", "week"),
        CheckConstraint("units >= 0 AND orders >= 0 AND returned_units >= 0 AND returned_orders >= 0", "counts"),
        Index("ix_sku_week_brand", "brand_id", "week", "sku_id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    segment: Mapped[str] = mapped_column(String(20), default="consumer")
    week: Mapped[date] = mapped_column(Date)
    units: Mapped[int] = mapped_column(BigInteger, default=0)
    orders: Mapped[int] = mapped_column(BigInteger, default=0)
    revenue_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_units: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_orders: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    base_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    unrated: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    table_version: Mapped[int] = mapped_column(BigInteger)

    sku: Mapped[Sku] = relationship()
    channel: Mapped[Channel] = relationship()


class SkuWeekReason(Model):
    """How many units of a SKU came back in a week for one reason, and of which part or fault (`topic`, "": not said).

    The reasons of a week add up to its returned units.
    """

    __tablename__ = "sku_week_reason"
    __table_args__ = (
        UniqueConstraint("sku_id", "channel_id", "week", "reason", "topic"),
        CheckConstraint(one_of("reason", REASONS), "reason"),
        Index("ix_sku_week_reason_brand", "brand_id", "week", "sku_id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    week: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(24), default="")
    units: Mapped[int] = mapped_column(BigInteger)
    orders: Mapped[int] = mapped_column(BigInteger, default=0)


class SkuGrade(Model):
    """The grade of a SKU at the end of a week, with the figures that it follows from (`grades.Figures`), or None: too early.

    `pace` is in units per week, `return_rate` the share of orders that came back as `shrinkage` tells it (None: nothing sold in eight weeks); both
    stand in `figures` too, the rate with its intervals as "returns", here for lists to sort by.
    """

    __tablename__ = "sku_grade"
    __table_args__ = (
        UniqueConstraint("sku_id", "week"),
        CheckConstraint(f"grade IS NULL OR {one_of('grade', GRADES)}", "grade"),
        Index("ix_sku_grade_brand", "brand_id", "week", "grade", "sku_id"),
        Index("ix_sku_grade_pace", "brand_id", "week", "pace", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    week: Mapped[date] = mapped_column(Date)
    grade: Mapped[str | None] = mapped_column(String(6))
    rule: Mapped[int]
    is_hero: Mapped[bool] = mapped_column(default=False)
    pace: Mapped[float]
    return_rate: Mapped[float | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)

    sku: Mapped[Sku] = relationship()


class FeedCode(Model):
    """A code that stood in a feed and belongs to no SKU yet: to be resolved once, or ignored because it is no product."""

    __tablename__ = "feed_code"
    __table_args__ = (
        UniqueConstraint("channel_id", "code"),
        CheckConstraint(one_of("status", CODE_STATUSES), "status"),
        Index("ix_feed_code_open", "brand_id", "status", "lines", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    code: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(8), default="open")
    lines: Mapped[int] = mapped_column(BigInteger, default=0)
    units: Mapped[int] = mapped_column(BigInteger, default=0)
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    channel: Mapped[Channel] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class SalesSettings(Versioned, Model):
    """What a brand has settled for its figures: the currency in which channels are added up, with which certainty (hundredths of a percent)
    stock shall last, and how many days pass from one order to the next. `rated` is the currency in which the lines are added up by now."""

    __tablename__ = "sales_settings"
    __table_args__ = (CheckConstraint("service_bp BETWEEN 5000 AND 9990 AND review_days BETWEEN 7 AND 182", "ordering"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    rated: Mapped[str] = mapped_column(String(3), default="CNY")
    service_bp: Mapped[int] = mapped_column(default=9500)
    review_days: Mapped[int] = mapped_column(default=28)

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class NonProduct(Model):
    """Codes of this form are no products: postage, fees, gifts. `pattern` in capitals; * stands for anything."""

    __tablename__ = "non_product"
    __table_args__ = (UniqueConstraint("brand_id", "pattern"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    pattern: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class StaleWeek(Model):
    """A week of a brand whose roll-up is older than its lines; the job computes it anew and takes the row away."""

    __tablename__ = "stale_week"
    __table_args__ = (UniqueConstraint("brand_id", "week"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    week: Mapped[date] = mapped_column(Date)
    marked_at: Mapped[datetime]
