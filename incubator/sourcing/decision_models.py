"""What the brand alone knows: who reviews and how they scored, the rates of landed cost, the opening, the award."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.kernel.db import Model, Stamped, append_only
from incubator.kernel.money import Money
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation

DUTY_BASES = ("cif", "fob")


class RfqReviewer(Model):
    """A person of the brand who scores the technical part."""

    __tablename__ = "rfq_reviewer"
    __table_args__ = (UniqueConstraint("rfq_id", "user_id"),)

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))

    user: Mapped[User] = relationship()


class TechnicalSheet(Stamped, Model):
    """One reviewer's scores of one quotation: criterion id → 0–5. A colleague reads it only after the opening."""

    __tablename__ = "technical_sheet"
    __table_args__ = (UniqueConstraint("quotation_id", "user_id"),)

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"), index=True)
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    comment: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship()


class CostBasis(Stamped, Model):
    """The rates by which the landed cost of an RFQ is computed. Amounts are minor units of `currency`; rates are basis points."""

    __tablename__ = "rfq_cost_basis"
    __table_args__ = (
        CheckConstraint(one_of("duty_on", DUTY_BASES), "duty_on"),
        CheckConstraint("amortise_over > 0", "amortise_over"),
        CheckConstraint("insurance_bp BETWEEN 0 AND 5000 AND duty_bp BETWEEN 0 AND 50000", "rates"),
    )

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    amortise_over: Mapped[int]
    origin_shipment_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    origin_unit_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    carriage_shipment_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    carriage_unit_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_shipment_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_unit_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    insurance_bp: Mapped[int] = mapped_column(default=0)
    duty_bp: Mapped[int] = mapped_column(default=0)
    duty_on: Mapped[str] = mapped_column(String(3), default="cif")

    def amount(self, name: str) -> Decimal:
        """The amount of a leg, like "origin_unit", in major units."""
        return Money(getattr(self, f"{name}_minor"), self.currency).major


class RfqOpening(Model):
    """The moment when the prices were opened: by whom, the technical points until then, and the exchange rates of that day."""

    __tablename__ = "rfq_opening"

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"), unique=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    points: Mapped[dict[str, Any]] = mapped_column(JSON)
    rates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    opened_by: Mapped[User] = relationship()


class RfqAward(Model):
    """The decision (定标): to whom, with which share, at which quantity, why, and the comparison it rests on."""

    __tablename__ = "rfq_award"
    __table_args__ = (
        CheckConstraint("share BETWEEN 1 AND 100", "share"),
        CheckConstraint("(second_id IS NULL AND share = 100) OR (second_id IS NOT NULL AND share < 100)", "second"),
    )

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"), unique=True)
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"))
    share: Mapped[int] = mapped_column(default=100)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("quotation.id"))
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)

    rfq: Mapped[Rfq] = relationship()
    decided_by: Mapped[User] = relationship()
    winner: Mapped[Quotation] = relationship(foreign_keys=[quotation_id])
    second: Mapped[Quotation | None] = relationship(foreign_keys=[second_id])


# The second line behind the services: what was opened and decided cannot be edited even by hand.
for _table in (RfqOpening.__table__, RfqAward.__table__):
    append_only(_table)
