"""What an investor committed to a programme, the tranches in which it comes, and how each of them ended.

A tranche that was released or withheld is sealed: neither it, its conditions nor its proposal can be changed, not even by hand.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only, seal
from incubator.kernel.money import Money
from incubator.products.models import STAGES, Product, Programme

TRANCHE_STATES = ("planned", "due", "released", "withheld")
ENDS = ("released", "withheld")
CONDITION_KINDS = ("gate", "stage", "date")
THRESHOLDS = ("", "soon", "due", "late")


class Commitment(Versioned, Stamped, Model):
    """One signed promise of money (出资承诺) by an investor to a programme. The brand and that investor read it, nobody else."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("brand_id", "reference"),
        CheckConstraint("amount_minor > 0", "amount"),
        Index("ix_commitment_brand", "brand_id", "signed_on", "id"),
        Index("ix_commitment_investor", "investor_id", "signed_on", "id"),
        Index("ix_commitment_programme", "programme_id", "signed_on", "id"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    investor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(60))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    signed_on: Mapped[date] = mapped_column(Date)
    contact: Mapped[str] = mapped_column(String(200), default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))

    programme: Mapped[Programme] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    investor: Mapped[Organisation] = relationship(foreign_keys=[investor_id])
    tranches: Mapped[list["Tranche"]] = relationship(order_by="(Tranche.due_on, Tranche.id)", back_populates="commitment")

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class Tranche(Versioned, Stamped, Model):
    """A part of a commitment (分期) that may be released only when its conditions hold. `due_on` is when it is expected.

    `reminded_for` is the last threshold told of: "", "soon", "due" or "late".
    """

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("commitment_id", "name"),
        CheckConstraint(one_of("state", TRANCHE_STATES), "state"),
        CheckConstraint(one_of("reminded_for", THRESHOLDS), "reminded_for"),
        CheckConstraint("amount_minor > 0", "amount"),
        Index("ix_tranche_brand", "brand_id", "due_on", "id"),
        Index("ix_tranche_investor", "investor_id", "due_on", "id"),
        Index("ix_tranche_open", "state", "due_on"),
    )

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    investor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    state_since: Mapped[datetime]
    reminded_for: Mapped[str] = mapped_column(String(4), default="")

    commitment: Mapped[Commitment] = relationship(back_populates="tranches")
    conditions: Mapped[list["TrancheCondition"]] = relationship(
        order_by="TrancheCondition.id", cascade="all, delete-orphan", back_populates="tranche"
    )
    proposal: Mapped["TrancheProposal | None"] = relationship(back_populates="tranche")
    outcome: Mapped["TrancheOutcome | None"] = relationship(back_populates="tranche")

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.commitment.currency)

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class TrancheCondition(Model):
    """What must hold: a product's value gate passed with "go", a stage reached, or a day come. `met_at` is when it was seen to hold."""

    __tablename__ = "tranche_condition"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'gate' AND product_id IS NOT NULL) OR (kind = 'stage' AND product_id IS NOT NULL AND stage IS NOT NULL) "
            "OR (kind = 'date' AND on_date IS NOT NULL)",
            "kind",
        ),
        CheckConstraint(f"stage IS NULL OR {one_of('stage', STAGES)}", "stage"),
    )

    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), index=True)
    kind: Mapped[str] = mapped_column(String(5))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    stage: Mapped[str | None] = mapped_column(String(20))
    on_date: Mapped[date | None] = mapped_column(Date)
    met_at: Mapped[datetime | None]

    tranche: Mapped[Tranche] = relationship(back_populates="conditions")
    product: Mapped[Product | None] = relationship()


class TrancheProposal(Model):
    """The payment that one person of the brand found in the bank, for another one to release. The brand's alone."""

    __tablename__ = "tranche_proposal"
    __table_args__ = (CheckConstraint("amount_minor > 0", "amount"),)

    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), unique=True)
    paid_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    bank_reference: Mapped[str] = mapped_column(String(80))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_at: Mapped[datetime]

    tranche: Mapped[Tranche] = relationship(back_populates="proposal")
    proposed_by: Mapped[User] = relationship()


class TrancheOutcome(Model):
    """How a tranche ended, once: released by two people with a payment, or withheld with a reason; and the conditions as they stood."""

    __tablename__ = "tranche_outcome"
    __table_args__ = (
        CheckConstraint(
            "(outcome = 'released' AND paid_on IS NOT NULL AND amount_minor > 0 AND bank_reference <> '' "
            "AND proposed_by_id IS NOT NULL AND proposed_by_id <> decided_by_id) "
            "OR (outcome = 'withheld' AND reason <> '' AND amount_minor = 0)",
            "outcome",
        ),
    )

    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    paid_on: Mapped[date | None] = mapped_column(Date)
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    bank_reference: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    tranche: Mapped[Tranche] = relationship(back_populates="outcome")
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User] = relationship(foreign_keys=[decided_by_id])


def _of_ended(row: str) -> str:
    """SQL: the tranche of the row has ended."""
    return f"EXISTS (SELECT 1 FROM tranche WHERE tranche.id = {row}.tranche_id AND {one_of('tranche.state', ENDS)})"  # noqa: S608 - of our own names


append_only(TrancheOutcome.__table__)
seal(Tranche.__table__, UPDATE=one_of("OLD.state", ENDS), DELETE=one_of("OLD.state", ENDS))
for _table in (TrancheCondition.__table__, TrancheProposal.__table__):
    seal(_table, INSERT=_of_ended("NEW"), UPDATE=_of_ended("OLD"), DELETE=_of_ended("OLD"))
