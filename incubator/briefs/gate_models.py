"""The value gate: claims compared point by point, signatures of two organisations, one decision that nothing updates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.briefs.models import ProductBrief, ReferenceProduct
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.schedule.models import Milestone

CLAIM_KINDS = ("function", "process", "material", "structure", "service")
ASPECTS = (*CLAIM_KINDS, "appearance", "label", "price")
VERDICTS = ("better", "same", "worse")
OUTCOMES = ("go", "conditional", "hold", "kill")


class ValueClaim(Stamped, Model):
    """One new function, process, material, structure or service that the product brings (价值主张)."""

    __tablename__ = "value_claim"
    __table_args__ = (CheckConstraint(one_of("kind", CLAIM_KINDS), "kind"),)

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    statement: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")

    points: Mapped[list["ComparisonPoint"]] = relationship(order_by="ComparisonPoint.id", cascade="all, delete-orphan")


class ComparisonPoint(Model):
    """One point of a claim against one reference product: their value, ours, and who is better on what evidence."""

    __tablename__ = "comparison_point"
    __table_args__ = (CheckConstraint(one_of("aspect", ASPECTS), "aspect"), CheckConstraint(one_of("verdict", VERDICTS), "verdict"))

    claim_id: Mapped[int] = mapped_column(ForeignKey("value_claim.id", ondelete="CASCADE"), index=True)
    reference_id: Mapped[int] = mapped_column(ForeignKey("reference_product.id", ondelete="CASCADE"))
    attribute: Mapped[str] = mapped_column(String(120))
    aspect: Mapped[str] = mapped_column(String(12))
    their_value: Mapped[str] = mapped_column(String(200))
    our_value: Mapped[str] = mapped_column(String(200))
    verdict: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str] = mapped_column(Text, default="")

    reference: Mapped[ReferenceProduct] = relationship()


class GateReview(Versioned, Stamped, Model):
    """One sitting of the value gate over one brief; a later review may follow, and both stay."""

    __tablename__ = "gate_review"
    __table_args__ = (
        UniqueConstraint("brief_id", "number"),
        CheckConstraint(one_of("state", ("open", *OUTCOMES)), "state"),
    )

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="open")
    state_since: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(Date)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    revision_number: Mapped[int]

    brief: Mapped[ProductBrief] = relationship(back_populates="reviews")
    opened_by: Mapped[User] = relationship()
    signatories: Mapped[list["GateSignatory"]] = relationship(order_by="GateSignatory.id", back_populates="review")
    decision: Mapped["GateDecision | None"] = relationship(back_populates="review")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.brief.product_id, self.brand_id


class GateSignatory(Model):
    """An organisation that was asked to sign a review."""

    __tablename__ = "gate_signatory"
    __table_args__ = (UniqueConstraint("review_id", "organisation_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("gate_review.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    review: Mapped[GateReview] = relationship(back_populates="signatories")
    organisation: Mapped[Organisation] = relationship()
    signature: Mapped["GateSignature | None"] = relationship(back_populates="signatory")


class GateSignature(Model):
    """What one organisation's person put their name to: two scores of 1–5 on the criteria, a statement, and the content's hash."""

    __tablename__ = "gate_signature"
    __table_args__ = (UniqueConstraint("review_id", "user_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("gate_review.id"))
    signatory_id: Mapped[int] = mapped_column(ForeignKey("gate_signatory.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime]
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    statement: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))

    signatory: Mapped[GateSignatory] = relationship(back_populates="signature")
    user: Mapped[User] = relationship()


class GateDecision(Model):
    """The verdict on a review, with the figures and exchange rates it rests on."""

    __tablename__ = "gate_decision"
    __table_args__ = (CheckConstraint(one_of("outcome", OUTCOMES), "outcome"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("gate_review.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    decided_at: Mapped[datetime]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))

    review: Mapped[GateReview] = relationship(back_populates="decision")
    decided_by: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
    conditions: Mapped[list["GateCondition"]] = relationship(order_by="GateCondition.id")


class GateFigure(Model):
    """The brand's own figures behind a decision (price index and the rates it froze); like the targets, the brand's alone."""

    __tablename__ = "gate_figure"

    decision_id: Mapped[int] = mapped_column(ForeignKey("gate_decision.id"), unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class GateCondition(Model):
    """A dated condition of a conditional pass; it stands in the plan as a milestone."""

    __tablename__ = "gate_condition"

    decision_id: Mapped[int] = mapped_column(ForeignKey("gate_decision.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date] = mapped_column(Date)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"))

    milestone: Mapped[Milestone | None] = relationship()


# The second line behind the services: a verdict and what it rests on cannot be edited even by hand.
for _table in (GateSignature.__table__, GateDecision.__table__, GateFigure.__table__):
    append_only(_table)
