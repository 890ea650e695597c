"""Test launches (新品测款): what we believe, the small sale that tests it, what was measured, and the verdict that nothing updates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.kernel.money import Money
from incubator.launches.models import Channel
from incubator.products.models import Product

METRICS = ("units_per_week", "conversion", "return_rate", "price_accepted", "review_score")
DIRECTIONS = ("at_least", "at_most")
VERDICTS = ("supported", "refuted", "inconclusive")
PROBE_STATES = ("planned", "running", *VERDICTS)
NEXT_STEPS = ("continue", "pivot", "stop")
SCALE = 100


class Probe(Versioned, Stamped, Model):
    """One test launch: the hypothesis with its threshold, and the experiment. Threshold and readings are hundredths of the metric."""

    __tablename__ = "probe"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        CheckConstraint(one_of("state", PROBE_STATES), "state"),
        CheckConstraint(one_of("metric", METRICS), "metric"),
        CheckConstraint(one_of("direction", DIRECTIONS), "direction"),
        CheckConstraint("to_on >= from_on", "period"),
        CheckConstraint("threshold_x100 >= 0 AND units >= 0 AND price_minor >= 0 AND budget_minor >= 0", "amounts"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="planned")
    state_since: Mapped[datetime]
    belief: Mapped[str] = mapped_column(Text)
    metric: Mapped[str] = mapped_column(String(16))
    direction: Mapped[str] = mapped_column(String(8), default="at_least")
    threshold_x100: Mapped[int] = mapped_column(BigInteger)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    units: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    price_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    budget_minor: Mapped[int] = mapped_column(BigInteger, default=0)

    product: Mapped[Product] = relationship()
    channels: Mapped[list["ProbeChannel"]] = relationship(cascade="all, delete-orphan", order_by="ProbeChannel.id")
    readings: Mapped[list["ProbeReading"]] = relationship(order_by="ProbeReading.on_date, ProbeReading.id", back_populates="probe")
    verdict: Mapped["ProbeVerdict | None"] = relationship(back_populates="probe")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def budget(self) -> Money:
        return Money(self.budget_minor, self.currency)

    def is_met_by(self, value_x100: int) -> bool:
        """Whether a reading is on the side of the threshold that the hypothesis expects."""
        return value_x100 >= self.threshold_x100 if self.direction == "at_least" else value_x100 <= self.threshold_x100


class ProbeChannel(Model):
    """A channel on which a test launch sells."""

    __tablename__ = "probe_channel"
    __table_args__ = (UniqueConstraint("probe_id", "channel_id"),)

    probe_id: Mapped[int] = mapped_column(ForeignKey("probe.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))

    channel: Mapped[Channel] = relationship()


class ProbeReading(Model):
    """What was measured on a day, and where the figure comes from. The same source on the same day corrects itself."""

    __tablename__ = "probe_reading"
    __table_args__ = (UniqueConstraint("probe_id", "on_date", "source"), Index("ix_probe_reading_day", "probe_id", "on_date"))

    probe_id: Mapped[int] = mapped_column(ForeignKey("probe.id"))
    on_date: Mapped[date] = mapped_column(Date)
    value_x100: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200))
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    probe: Mapped[Probe] = relationship(back_populates="readings")
    noted_by: Mapped[User | None] = relationship()


class ProbeVerdict(Model):
    """What the test launch showed, why, and what follows: continue, pivot or stop, to be judged again on `review_on`."""

    __tablename__ = "probe_verdict"
    __table_args__ = (
        CheckConstraint(one_of("verdict", VERDICTS), "verdict"),
        CheckConstraint(one_of("next_step", NEXT_STEPS), "next_step"),
    )

    probe_id: Mapped[int] = mapped_column(ForeignKey("probe.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(String(10))
    review_on: Mapped[date] = mapped_column(Date)
    readings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]

    probe: Mapped[Probe] = relationship(back_populates="verdict")
    decided_by: Mapped[User] = relationship()


# The second line behind the services: a verdict cannot be edited even by hand.
append_only(ProbeVerdict.__table__)
