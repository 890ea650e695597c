"""A quotation (报价单) in its envelopes: who was asked and how it stands; the draft; the technical part; the offer with its prices.

Each envelope is a table of its own with its own rule of who reads it, so that no query can fetch a price along with something else.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.money import Money
from incubator.sourcing.models import INCOTERMS, REMINDERS, Rfq, RfqRequirement

QUOTATION_STATES = ("invited", "draft", "declined", "submitted", "revised", "won", "lost", "expired")
SUBMITTED = ("submitted", "revised")
VERDICTS = ("meets", "deviates")
MOULD_OWNERS = ("brand", "factory", "shared")
PAYMENT_TERMS = ("prepaid", "deposit_30", "deposit_50", "on_delivery", "net_30", "net_60", "net_90", "letter_of_credit")
PRICE_BANDS = ("lowest", "under_5", "under_10", "under_20", "over_20", "none")


class Quotation(Versioned, Stamped, Model):
    """One factory's place in an RFQ. `issue_seen` is the issue that its offer answers; `is_received` that it stood at the closing."""

    __tablename__ = "quotation"
    __table_args__ = (
        UniqueConstraint("rfq_id", "organisation_id"),
        CheckConstraint(one_of("state", QUOTATION_STATES), "state"),
        CheckConstraint(one_of("reminded_for", REMINDERS), "reminded_for"),
        Index("ix_quotation_organisation", "organisation_id", "updated_at", "id"),
        Index("ix_quotation_state", "state", "rfq_id"),
    )

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(12), default="invited")
    state_since: Mapped[datetime]
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(default=0)
    issue_seen: Mapped[int] = mapped_column(default=0)
    is_received: Mapped[bool] = mapped_column(default=False)
    declined_reason: Mapped[str] = mapped_column(Text, default="")
    reminded_for: Mapped[str] = mapped_column(String(4), default="")

    rfq: Mapped[Rfq] = relationship(back_populates="quotations")
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.rfq.product_id, self.brand_id

    @property
    def is_submitted(self) -> bool:
        return self.state in SUBMITTED

    @property
    def answers_the_latest(self) -> bool:
        return self.issue_seen >= self.rfq.issue_number


class QuotationDraft(Model):
    """What the factory has typed, as typed: field name → text. Nobody else ever reads it."""

    __tablename__ = "quotation_draft"

    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id", ondelete="CASCADE"), unique=True)
    typed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime]


class QuotationTechnical(Model):
    """The first envelope: what is offered, without a price. Quantities in pieces, times in calendar days."""

    __tablename__ = "quotation_technical"
    __table_args__ = (
        CheckConstraint("lead_days > 0 AND sample_days > 0 AND tooling_days >= 0", "days"),
        CheckConstraint("moq > 0 AND monthly_capacity > 0", "quantities"),
    )

    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"), unique=True)
    lead_days: Mapped[int]
    sample_days: Mapped[int]
    tooling_days: Mapped[int] = mapped_column(default=0)
    moq: Mapped[int]
    monthly_capacity: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")

    answers: Mapped[list["RequirementAnswer"]] = relationship(order_by="RequirementAnswer.id", cascade="all, delete-orphan")


class RequirementAnswer(Model):
    """Whether the factory meets one requirement; a deviation says which."""

    __tablename__ = "requirement_answer"
    __table_args__ = (UniqueConstraint("technical_id", "requirement_id"), CheckConstraint(one_of("verdict", VERDICTS), "verdict"))

    technical_id: Mapped[int] = mapped_column(ForeignKey("quotation_technical.id", ondelete="CASCADE"))
    requirement_id: Mapped[int] = mapped_column(ForeignKey("rfq_requirement.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")

    requirement: Mapped[RfqRequirement] = relationship()


class QuotationOffer(Model):
    """The second envelope, sealed until the opening: prices, tooling and terms, in one currency."""

    __tablename__ = "quotation_offer"
    __table_args__ = (
        CheckConstraint(one_of("incoterm", INCOTERMS), "incoterm"),
        CheckConstraint(one_of("mould_owner", MOULD_OWNERS), "mould_owner"),
        CheckConstraint(one_of("payment_terms", PAYMENT_TERMS), "payment_terms"),
        CheckConstraint("tooling_minor >= 0", "tooling"),
    )

    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    incoterm: Mapped[str] = mapped_column(String(3))
    place: Mapped[str] = mapped_column(String(120), default="")
    tooling_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    mould_owner: Mapped[str] = mapped_column(String(10), default="brand")
    payment_terms: Mapped[str] = mapped_column(String(20))
    valid_until: Mapped[date] = mapped_column(Date, index=True)
    note: Mapped[str] = mapped_column(Text, default="")

    breaks: Mapped[list["PriceBreak"]] = relationship(
        order_by="PriceBreak.quantity_from", cascade="all, delete-orphan", back_populates="offer"
    )

    @property
    def tooling(self) -> Money:
        return Money(self.tooling_minor, self.currency)


class PriceBreak(Model):
    """The unit price from a quantity on (阶梯价), in minor units of the offer's currency."""

    __tablename__ = "price_break"
    __table_args__ = (
        UniqueConstraint("offer_id", "quantity_from"),
        CheckConstraint("quantity_from > 0 AND unit_minor > 0", "amounts"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("quotation_offer.id", ondelete="CASCADE"))
    quantity_from: Mapped[int]
    unit_minor: Mapped[int] = mapped_column(BigInteger)

    offer: Mapped[QuotationOffer] = relationship(back_populates="breaks")

    @property
    def unit(self) -> Money:
        return Money(self.unit_minor, self.offer.currency)


class QuotationOutcome(Model):
    """What one factory learns about its own quotation after the decision: bands and its own points, nothing of anybody else."""

    __tablename__ = "quotation_outcome"
    __table_args__ = (CheckConstraint(one_of("price_band", PRICE_BANDS), "price_band"), CheckConstraint("share BETWEEN 0 AND 100", "share"))

    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"), unique=True)
    at: Mapped[datetime]
    share: Mapped[int] = mapped_column(default=0)
    price_band: Mapped[str] = mapped_column(String(10))
    technical_points: Mapped[int]
    technical_met: Mapped[bool]


def technical_columns(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of QuotationTechnical out of what a form gave."""
    return {name: values[name] for name in ("lead_days", "sample_days", "tooling_days", "moq", "monthly_capacity")} | {
        "note": values["technical_note"]
    }


def offer_columns(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of QuotationOffer out of what a form gave; `tooling` is Money."""
    plain = {name: values[name] for name in ("currency", "incoterm", "place", "mould_owner", "payment_terms", "valid_until")}
    return {**plain, "tooling_minor": values["tooling"].minor, "note": values["commercial_note"]}
