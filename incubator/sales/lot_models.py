"""Production lots, and what was sold and came back of each: rows that are made again from the sales table whenever a lot or a line changes."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Computed, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.launches.models import Sku
from incubator.sales.models import REASONS

MOST_UNITS = 100_000_000


class ProductionLot(Versioned, Stamped, Model):
    """A lot of a SKU: who made it, when, how many units, and from which day they could be sold.

    `used_at` is when a measurement first rested on it; from then on only the brand corrects it. Its code is in capitals.
    """

    __tablename__ = "production_lot"
    __table_args__ = (
        UniqueConstraint("sku_id", "code"),
        CheckConstraint(f"units BETWEEN 1 AND {MOST_UNITS}", "units"),
        CheckConstraint("made_on IS NULL OR made_on <= available_on", "dates"),
        Index("ix_production_lot_brand", "brand_id", "available_on", "id"),
        Index("ix_production_lot_factory", "factory_organisation_id", "available_on", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    factory_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(60))
    made_on: Mapped[date | None] = mapped_column(Date)
    available_on: Mapped[date] = mapped_column(Date)
    units: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    used_at: Mapped[datetime | None]

    sku: Mapped[Sku] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    factory: Mapped[Organisation | None] = relationship(foreign_keys=[factory_organisation_id])
    entered_by: Mapped[User | None] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.sku.product_id, self.brand_id


class SkuLotWeek(Model):
    """One lot in the ISO week from `week` over all channels; without a lot, what exceeds the lots. The lots of a week add up to the SKU's week.

    Returns stand in the week in which they came. Of `units` and `returned_units`, the estimated ones were laid to the lot by its turn
    (`lots`), the others by a code or by their own order. An order counts once, for the lot of its first unit.
    """

    __tablename__ = "sku_lot_week"
    __table_args__ = (
        UniqueConstraint("sku_id", "week", "lot_key"),
        CheckConstraint("units >= estimated_units AND estimated_units >= 0 AND orders >= 0", "sold"),
        CheckConstraint(
            "returned_units >= estimated_returned_units AND estimated_returned_units >= 0 AND returned_orders >= 0", "returned"
        ),
        Index("ix_sku_lot_week_brand", "brand_id", "week", "sku_id"),
        Index("ix_sku_lot_week_lot", "lot_id", "week"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("production_lot.id"))
    week: Mapped[date] = mapped_column(Date)
    units: Mapped[int] = mapped_column(BigInteger, default=0)
    orders: Mapped[int] = mapped_column(BigInteger, default=0)
    estimated_units: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_units: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_orders: Mapped[int] = mapped_column(BigInteger, default=0)
    estimated_returned_units: Mapped[int] = mapped_column(BigInteger, default=0)
    table_version: Mapped[int] = mapped_column(BigInteger)
    # A unique key takes NULLs for different, so that "no lot" needs a value of its own.
    lot_key: Mapped[int] = mapped_column(BigInteger, Computed("coalesce(lot_id, 0)", persisted=True))


class SkuLotReason(Model):
    """Why units of a lot came back in a week. The reasons of a lot's week add up to its returned units."""

    __tablename__ = "sku_lot_reason"
    __table_args__ = (
        UniqueConstraint("sku_id", "week", "lot_key", "reason", "topic"),
        CheckConstraint(one_of("reason", REASONS), "reason"),
        Index("ix_sku_lot_reason_lot", "lot_id", "week"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("production_lot.id"))
    week: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(24), default="")
    units: Mapped[int] = mapped_column(BigInteger)
    orders: Mapped[int] = mapped_column(BigInteger)
    lot_key: Mapped[int] = mapped_column(BigInteger, Computed("coalesce(lot_id, 0)", persisted=True))


class StaleLots(Model):
    """A SKU whose lots are to be laid out anew, because a lot or one of its weeks changed; the job takes the row away."""

    __tablename__ = "stale_lots"
    __table_args__ = (UniqueConstraint("sku_id"), Index("ix_stale_lots_brand", "brand_id", "id"))

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
