"""A request for quotation (询价单): what is asked, of which requirements, by when; its addenda, questions and clarifications.

It holds nothing that an invited factory may not read. What the brand alone knows (rates, scores, award) stands in `decision_models`.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.briefs.models import OPERATORS, PRIORITIES, SCENARIOS, ProductBrief
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.products.models import Product

if TYPE_CHECKING:
    from incubator.sourcing.quotation_models import Quotation

RFQ_STATES = ("draft", "issued", "reissued", "closed", "technical_review", "opened", "awarded", "cancelled")
ASKABLE_BRIEFS = ("accepted", "in_development", "launched", "reviewed")
ANSWERABLE = ("issued", "reissued")
# Incoterms® 2020, International Chamber of Commerce, publication 723.
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
ADDENDUM_KINDS = ("issue", "reissue", "extension")
REMINDERS = ("", "soon", "last")


class Rfq(Versioned, Stamped, Model):
    """What one brand asks of several factories for one product, at three quantities. A factory reads it from `issued_at` on."""

    __tablename__ = "rfq"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        CheckConstraint(one_of("state", RFQ_STATES), "state"),
        CheckConstraint(one_of("scenario", SCENARIOS), "scenario"),
        CheckConstraint(one_of("incoterm", INCOTERMS), "incoterm"),
        CheckConstraint("quantity_1 > 0 AND quantity_2 > quantity_1 AND quantity_3 > quantity_2", "quantities"),
        CheckConstraint("technical_threshold BETWEEN 0 AND 100", "technical_threshold"),
        Index("ix_rfq_recent", "brand_id", "updated_at", "id"),
        Index("ix_rfq_state", "brand_id", "state", "updated_at", "id"),
        Index("ix_rfq_deadline", "brand_id", "deadline", "id"),
        Index("ix_rfq_title", "brand_id", "title", "id"),
        Index("ix_rfq_open", "state", "deadline"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    state_since: Mapped[datetime]
    scenario: Mapped[str] = mapped_column(String(20))
    quantity_1: Mapped[int]
    quantity_2: Mapped[int]
    quantity_3: Mapped[int]
    incoterm: Mapped[str] = mapped_column(String(3))
    destination: Mapped[str] = mapped_column(String(120))
    tooling_wanted: Mapped[bool] = mapped_column(default=False)
    tooling_note: Mapped[str] = mapped_column(Text, default="")
    sample_due_on: Mapped[date | None] = mapped_column(Date)
    deadline: Mapped[datetime]
    deadline_zone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    currencies: Mapped[list[str]] = mapped_column(JSON, default=list)
    technical_threshold: Mapped[int] = mapped_column(default=60)
    note: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    issue_number: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship()
    brief: Mapped[ProductBrief] = relationship()
    owner: Mapped[User | None] = relationship()
    requirements: Mapped[list["RfqRequirement"]] = relationship(order_by="RfqRequirement.position", cascade="all, delete-orphan")
    criteria: Mapped[list["RfqCriterion"]] = relationship(order_by="RfqCriterion.position", cascade="all, delete-orphan")
    addenda: Mapped[list["RfqAddendum"]] = relationship(order_by="RfqAddendum.id")
    quotations: Mapped[list["Quotation"]] = relationship(order_by="Quotation.id", back_populates="rfq")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def quantities(self) -> tuple[int, int, int]:
        return self.quantity_1, self.quantity_2, self.quantity_3

    @property
    def takes_quotations(self) -> bool:
        """By its state; the clock has its own say."""
        return self.state in ANSWERABLE

    @property
    def was_closed(self) -> bool:
        return self.closed_at is not None


class RfqRequirement(Model):
    """One requirement of the brief as the factories read it: without the evidence, which is the brand's."""

    __tablename__ = "rfq_requirement"
    __table_args__ = (
        CheckConstraint(one_of("operator", OPERATORS), "operator"),
        CheckConstraint(one_of("priority", PRIORITIES), "priority"),
        Index("ix_rfq_requirement_place", "rfq_id", "position"),
    )

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id", ondelete="CASCADE"))
    position: Mapped[int]
    attribute: Mapped[str] = mapped_column(String(120))
    operator: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(30), default="")
    tolerance: Mapped[str] = mapped_column(String(30), default="")
    priority: Mapped[str] = mapped_column(String(10))


class RfqCriterion(Model):
    """One criterion of the technical review with its weight in percent; the factories read both."""

    __tablename__ = "rfq_criterion"
    __table_args__ = (UniqueConstraint("rfq_id", "position"), CheckConstraint("weight BETWEEN 1 AND 100", "weight"))

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int]


class RfqAddendum(Model):
    """The issue of an RFQ, a re-issue or an extension: what it said from then on, and what had changed. Nothing updates it."""

    __tablename__ = "rfq_addendum"
    __table_args__ = (UniqueConstraint("rfq_id", "number"), CheckConstraint(one_of("kind", ADDENDUM_KINDS), "kind"))

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class RfqQuestion(Model):
    """What one factory asks; it and the brand alone read the question and its answer."""

    __tablename__ = "rfq_question"
    __table_args__ = (Index("ix_rfq_question_asker", "rfq_id", "organisation_id"),)

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])


class RfqClarification(Model):
    """What every invited factory reads: a question in the brand's words and its answer. It names nobody and points to no question."""

    __tablename__ = "rfq_clarification"

    rfq_id: Mapped[int] = mapped_column(ForeignKey("rfq.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]


append_only(RfqAddendum.__table__)
