"""A product brief: what buyers lack, what the product must be, and against which products it is compared.

What only the brand may know (target price, cost, margin) lives in a table of its own, so that nobody else's query can fetch it.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.money import Money
from incubator.products.models import PRODUCT_TYPES, Product
from incubator.signals.models import BUYER_KINDS
from incubator.signals.segment_models import OPERATORS, PRIORITIES

if TYPE_CHECKING:
    from incubator.briefs.gate_models import GateReview, ValueClaim

BRIEF_STATES = ("draft", "submitted", "accepted", "returned", "in_development", "launched", "reviewed", "closed")
SCENARIOS = ("dropship", "small_wholesale", "bulk", "light_customisation", "test_launch")
CUSTOMISATIONS = ("none", "logo", "packaging", "logo_and_packaging", "full")


class ProductBrief(Versioned, Stamped, Model):
    """The brief (产品企划书) of one product."""

    __tablename__ = "product_brief"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        CheckConstraint(one_of("type", PRODUCT_TYPES), "type"),
        CheckConstraint(one_of("state", BRIEF_STATES), "state"),
        CheckConstraint(one_of("scenario", SCENARIOS), "scenario"),
        CheckConstraint(one_of("buyer_kind", BUYER_KINDS), "buyer_kind"),
        CheckConstraint(one_of("customisation", CUSTOMISATIONS), "customisation"),
        CheckConstraint("first_order_quantity >= 0 AND annual_quantity >= 0 AND moq >= 0", "quantities"),
        CheckConstraint("launch_to IS NULL OR launch_from IS NULL OR launch_to >= launch_from", "launch_window"),
        Index("ix_product_brief_recent", "brand_id", "updated_at", "id"),
        Index("ix_product_brief_state", "brand_id", "state", "updated_at", "id"),
        Index("ix_product_brief_title", "brand_id", "title", "id", "code"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    state_since: Mapped[datetime]
    segment: Mapped[str] = mapped_column(String(200), default="")
    buyer_kind: Mapped[str] = mapped_column(String(20), default="consumer")
    scenario: Mapped[str] = mapped_column(String(20), default="small_wholesale")
    need: Mapped[str] = mapped_column(Text, default="")
    reason_to_choose: Mapped[str] = mapped_column(Text, default="")
    customisation: Mapped[str] = mapped_column(String(20), default="none")
    customisation_notes: Mapped[str] = mapped_column(Text, default="")
    compliance: Mapped[str] = mapped_column(Text, default="")
    first_order_quantity: Mapped[int] = mapped_column(default=0)
    annual_quantity: Mapped[int] = mapped_column(default=0)
    moq: Mapped[int] = mapped_column(default=0)
    launch_from: Mapped[date | None] = mapped_column(Date)
    launch_to: Mapped[date | None] = mapped_column(Date)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    revision: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    requirements: Mapped[list["Requirement"]] = relationship(order_by="Requirement.position", cascade="all, delete-orphan")
    references: Mapped[list["ReferenceProduct"]] = relationship(order_by="ReferenceProduct.id", cascade="all, delete-orphan")
    claims: Mapped[list["ValueClaim"]] = relationship(order_by="ValueClaim.id", cascade="all, delete-orphan")
    reviews: Mapped[list["GateReview"]] = relationship(order_by="GateReview.number", back_populates="brief")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def is_editable(self) -> bool:
        return self.state in ("draft", "returned")

    def is_work_of(self, user_id: int | None) -> bool:
        """Whether the person wrote or submitted it, and so may neither sign nor pass it."""
        return user_id in (self.author_id, self.submitted_by_id)


class BriefTarget(Model):
    """What the brand wants to earn, in one currency. Hidden from all but the brand: no other query may join it."""

    __tablename__ = "brief_target"
    __table_args__ = (
        UniqueConstraint("brief_id", "currency"),
        CheckConstraint("price_minor > 0 AND cost_minor >= 0", "amounts"),
        CheckConstraint("margin_bp BETWEEN 0 AND 9999", "margin"),
    )

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id", ondelete="CASCADE"))
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    margin_bp: Mapped[int]

    brief: Mapped[ProductBrief] = relationship()

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)

    @property
    def implied_margin_bp(self) -> int:
        """Margin that price and cost leave, in basis points of the price."""
        return (self.price_minor - self.cost_minor) * 10_000 // self.price_minor


class Requirement(Model):
    """One thing the product must do: attribute, operator, target, unit, tolerance; and the evidence that buyers want it."""

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint(one_of("operator", OPERATORS), "operator"),
        CheckConstraint(one_of("priority", PRIORITIES), "priority"),
    )

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    attribute: Mapped[str] = mapped_column(String(120))
    operator: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(30), default="")
    tolerance: Mapped[str] = mapped_column(String(30), default="")
    priority: Mapped[str] = mapped_column(String(10), default="must")
    evidence: Mapped[str] = mapped_column(Text, default="")


class ReferenceProduct(Model):
    """A named product on the market against which ours is compared; its photo is a stored file of this row."""

    __tablename__ = "reference_product"
    __table_args__ = (CheckConstraint("price_minor > 0", "price"),)

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    maker: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    notes: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    brief: Mapped[ProductBrief] = relationship(overlaps="references")

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class BriefRevision(Model):
    """What the brief said after one save; nothing updates it. It never holds the targets."""

    __tablename__ = "brief_revision"
    __table_args__ = (UniqueConstraint("brief_id", "number"),)

    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    what: Mapped[str] = mapped_column(String(40), default="save")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    author: Mapped[User | None] = relationship()
