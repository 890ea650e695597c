"""What is expected of SKUs, and what a brand has settled for it: forecasts, hit probabilities, reorder proposals, supply, thresholds of heroes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.launches.models import Sku
from incubator.products.models import Programme

WHYS = ("", "young", "few", "quiet")
MEASURES = ("units", "revenue")


class SkuOutlook(Model):
    """What was expected of a SKU at the end of a week.

    `expected` has thirteen weeks in units, `bands` their middle and ends (`forecast.Outlook`); both are empty where `why` says why. `next4` is the
    sum of the first four, `cover` for how many weeks what is at hand lasts. `hit` is the probability of becoming a hit (`early`), only while the SKU
    is young. `reorder` is a `reorder.Proposal`; quantity, day and due stand in columns too, for lists to sort by.
    """

    __tablename__ = "sku_outlook"
    __table_args__ = (
        UniqueConstraint("sku_id", "week"),
        CheckConstraint(one_of("why", WHYS), "why"),
        CheckConstraint("hit BETWEEN 0 AND 1", "hit"),
        Index("ix_sku_outlook_brand", "brand_id", "week", "sku_id"),
        Index("ix_sku_outlook_order", "brand_id", "week", "order_on", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    week: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(String(5), default="")
    model: Mapped[str] = mapped_column(String(8), default="")
    expected: Mapped[list[float]] = mapped_column(JSON)
    bands: Mapped[dict[str, Any]] = mapped_column(JSON)
    next4: Mapped[float | None]
    cover: Mapped[float | None]
    hit: Mapped[float | None]
    reorder: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    order_on: Mapped[date | None] = mapped_column(Date)
    ready_on: Mapped[date | None] = mapped_column(Date)

    sku: Mapped[Sku] = relationship()


class Learning(Model):
    """What a brand's forecasts of a week rest on: the hit model with its score, and how the forecasts of earlier weeks came true."""

    __tablename__ = "sales_learning"
    __table_args__ = (UniqueConstraint("brand_id", "week"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    week: Mapped[date] = mapped_column(Date)
    skus: Mapped[int]
    forecasts: Mapped[int]
    errors: Mapped[int]
    hit_model: Mapped[dict[str, Any]] = mapped_column(JSON)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class SkuSupply(Versioned, Stamped, Model):
    """What holds for ordering a SKU again; what is None is as the awarded quotation, the carton or the brand's setting says."""

    __tablename__ = "sku_supply"
    __table_args__ = (
        CheckConstraint("moq > 0 AND multiple > 0", "quantities"),
        CheckConstraint("lead_days BETWEEN 1 AND 365", "lead_days"),
        CheckConstraint("service_bp BETWEEN 5000 AND 9990", "service"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), unique=True)
    moq: Mapped[int | None]
    lead_days: Mapped[int | None]
    multiple: Mapped[int | None]
    service_bp: Mapped[int | None]

    sku: Mapped[Sku] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.sku.product_id, self.brand_id


class HeroRule(Model):
    """From how many units or how much revenue a week, for how many weeks running, a SKU is a hero; of a programme, a category, both or all.

    `scope` is the programme's number and the category, so that two rules for one and the same cannot stand. Revenue is in minor units of the
    brand's reporting currency.
    """

    __tablename__ = "hero_rule"
    __table_args__ = (
        UniqueConstraint("brand_id", "scope"),
        CheckConstraint(one_of("measure", MEASURES), "measure"),
        CheckConstraint("least > 0 AND weeks BETWEEN 1 AND 52", "amounts"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    category: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(String(120))
    measure: Mapped[str] = mapped_column(String(7))
    least: Mapped[int] = mapped_column(BigInteger)
    weeks: Mapped[int]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    programme: Mapped[Programme | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id
