"""A sample round with what it was asked to meet, its readings and its decision; and the golden sample that it may become.

A round keeps its own copy of the brief's requirements, so that a later revision of the brief rewrites no history.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.briefs.models import OPERATORS, PRIORITIES, ProductBrief
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.products.models import Product

KINDS = ("development", "counter", "approval", "pre_production", "top_of_production", "shipment")
STATES = (
    "requested", "in_making", "shipped", "received", "measured", "approved", "approved_with_comments", "rejected", "sealed",
)  # fmt: skip
CONDITIONS = ("", "intact", "damaged", "incomplete")
OUTCOMES = ("approved", "approved_with_comments", "rejected")
THRESHOLDS = ("", "soon", "due", "late")
MOST_PIECES = 10


class SampleRound(Versioned, Stamped, Model):
    """One round of samples (打样轮次) of a product by one factory, numbered by the factory's own rounds of the product.

    `pieces` are measured of the `quantity` that was asked for; `follows_id` is the round whose comments it carries on.
    """

    __tablename__ = "sample_round"
    __table_args__ = (
        UniqueConstraint("product_id", "factory_id", "number"),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint(one_of("state", STATES), "state"),
        CheckConstraint(one_of("condition", CONDITIONS), "condition"),
        CheckConstraint(one_of("reminded_for", THRESHOLDS), "reminded_for"),
        CheckConstraint(f"number >= 1 AND quantity >= 1 AND pieces BETWEEN 1 AND {MOST_PIECES}", "quantities"),
        Index("ix_sample_round_brand_due", "brand_id", "due_on", "id"),
        Index("ix_sample_round_brand_since", "brand_id", "state_since", "id"),
        Index("ix_sample_round_brand_state", "brand_id", "state", "due_on", "id"),
        Index("ix_sample_round_factory_due", "factory_id", "due_on", "id"),
        Index("ix_sample_round_factory_since", "factory_id", "state_since", "id"),
        Index("ix_sample_round_open", "state", "due_on", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    brief_id: Mapped[int] = mapped_column(ForeignKey("product_brief.id"))
    brief_revision: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(24), default="requested")
    state_since: Mapped[datetime]
    quantity: Mapped[int]
    pieces: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date] = mapped_column(Date)
    instructions: Mapped[str] = mapped_column(Text, default="")
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("sample_round.id"))
    carried: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(80), default="")
    tracking_number: Mapped[str] = mapped_column(String(60), default="")
    shipped_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    condition: Mapped[str] = mapped_column(String(12), default="")
    condition_note: Mapped[str] = mapped_column(Text, default="")
    measured_at: Mapped[datetime | None]
    reminded_for: Mapped[str] = mapped_column(String(4), default="")

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    factory: Mapped[Organisation] = relationship(foreign_keys=[factory_id])
    brief: Mapped[ProductBrief] = relationship()
    requested_by: Mapped[User | None] = relationship()
    follows: Mapped["SampleRound | None"] = relationship(remote_side="SampleRound.id")
    requirements: Mapped[list["SampleRequirement"]] = relationship(order_by="SampleRequirement.position", back_populates="round")
    decision: Mapped["SampleDecision | None"] = relationship(back_populates="round")
    golden: Mapped["GoldenSample | None"] = relationship(back_populates="round", foreign_keys="GoldenSample.round_id")
    seals: Mapped[list["GoldenSample"]] = relationship(
        primaryjoin="and_(SampleRound.product_id == foreign(GoldenSample.product_id), SampleRound.factory_id == foreign(GoldenSample.factory_id))",
        order_by="GoldenSample.id",
        viewonly=True,
    )

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def takes_readings(self) -> bool:
        return self.state in ("received", "measured")

    @property
    def is_decided(self) -> bool:
        return self.state in (*OUTCOMES, "sealed")


class SampleRequirement(Model):
    """What the round must meet, word for word as the brief said when it was requested; `carried` is what the last round left open."""

    __tablename__ = "sample_requirement"
    __table_args__ = (
        CheckConstraint(one_of("operator", OPERATORS), "operator"),
        CheckConstraint(one_of("priority", PRIORITIES), "priority"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("sample_round.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    attribute: Mapped[str] = mapped_column(String(120))
    operator: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(30), default="")
    tolerance: Mapped[str] = mapped_column(String(30), default="")
    priority: Mapped[str] = mapped_column(String(10), default="must")
    carried: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[SampleRound] = relationship(back_populates="requirements")
    readings: Mapped[list["SampleReading"]] = relationship(order_by="SampleReading.piece", cascade="all, delete-orphan")


class SampleReading(Model):
    """What was read on one piece: an exact decimal as it was written (`value`), or a tick (`met`) where words are judged."""

    __tablename__ = "sample_reading"
    __table_args__ = (
        UniqueConstraint("requirement_id", "piece"),
        CheckConstraint(f"piece BETWEEN 1 AND {MOST_PIECES}", "piece"),
        CheckConstraint("(value IS NULL) <> (met IS NULL)", "one_kind"),
    )

    requirement_id: Mapped[int] = mapped_column(ForeignKey("sample_requirement.id"))
    piece: Mapped[int]
    value: Mapped[str | None] = mapped_column(String(24))
    met: Mapped[bool | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    read_at: Mapped[datetime]


class SampleDecision(Model):
    """The brand's verdict on a round with the results it rests on; nothing updates it.

    Design firms and mould factories read `kind`, `outcome` and `results` of an approval, never whose round it was.
    """

    __tablename__ = "sample_decision"
    __table_args__ = (
        CheckConstraint(one_of("outcome", OUTCOMES), "outcome"),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        Index("ix_sample_decision_product", "product_id", "decided_at", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("sample_round.id"), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text)
    comments: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    decided_at: Mapped[datetime]

    round: Mapped[SampleRound] = relationship(back_populates="decision")
    decided_by: Mapped[User] = relationship()


class GoldenSample(Versioned, Stamped, Model):
    """A sealed reference (封样) of one factory's product. It stands until a later round of the same factory is sealed; then both stay visible.

    `number` is drawn, not counted: from a counted one a factory would read how many others the brand has sealed.
    """

    __tablename__ = "golden_sample"
    __table_args__ = (
        UniqueConstraint("brand_id", "number"),
        CheckConstraint(one_of("state", ("valid", "superseded")), "state"),
        CheckConstraint("kept_by_brand OR kept_by_factory", "kept"),
        Index("ix_golden_sample_brand_sealed", "brand_id", "sealed_at", "id"),
        Index("ix_golden_sample_factory_sealed", "factory_id", "sealed_at", "id"),
        Index("ix_golden_sample_product", "product_id", "factory_id", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("sample_round.id"), unique=True)
    round_number: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="valid")
    state_since: Mapped[datetime]
    sealed_at: Mapped[datetime]
    sealed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    storage_place: Mapped[str] = mapped_column(String(200))
    kept_by_brand: Mapped[bool] = mapped_column(default=True)
    kept_by_factory: Mapped[bool] = mapped_column(default=False)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("golden_sample.id"))

    round: Mapped[SampleRound] = relationship(back_populates="golden", foreign_keys=[round_id])
    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    factory: Mapped[Organisation] = relationship(foreign_keys=[factory_id])
    sealed_by: Mapped[User] = relationship()
    superseded_by: Mapped["GoldenSample | None"] = relationship(remote_side="GoldenSample.id", foreign_keys=[superseded_by_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


append_only(SampleDecision.__table__)
