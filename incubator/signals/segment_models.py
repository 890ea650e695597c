"""A segment: a named need that nobody meets, the question that finds its voices, the voices chosen as evidence, and what follows from them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.products.models import Product
from incubator.signals.models import BUYER_KINDS, Voice

SEGMENT_STATES = ("draft", "named", "briefed", "dropped")
OPERATORS = ("eq", "le", "ge", "between", "is")
PRIORITIES = ("must", "should", "could")


class Segment(Versioned, Stamped, Model):
    """A need (细分需求) of one kind of buyer. `topic_ids`, `mood` and `q` are the question that finds more of its voices."""

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("brand_id", "name"),
        CheckConstraint(one_of("state", SEGMENT_STATES), "state"),
        CheckConstraint(one_of("buyer_kind", BUYER_KINDS), "buyer_kind"),
        Index("ix_segment_recent", "brand_id", "updated_at", "id"),
        Index("ix_segment_state", "brand_id", "state", "updated_at", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    need: Mapped[str] = mapped_column(Text, default="")
    buyer_kind: Mapped[str] = mapped_column(String(20), default="consumer")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    state_since: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    topic_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    mood: Mapped[str] = mapped_column(String(7), default="")
    q: Mapped[str] = mapped_column(String(80), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))

    owner: Mapped[User | None] = relationship()
    product: Mapped[Product | None] = relationship()
    requirements: Mapped[list["SegmentRequirement"]] = relationship(order_by="SegmentRequirement.id", cascade="all, delete-orphan")
    evidence: Mapped[list["SegmentVoice"]] = relationship(order_by="SegmentVoice.id", cascade="all, delete-orphan")

    @property
    def audit_scope(self) -> tuple[int | None, int]:
        return self.product_id, self.brand_id

    @property
    def is_editable(self) -> bool:
        return self.state in ("draft", "named")


class SegmentRequirement(Model):
    """What a product for this segment must do."""

    __tablename__ = "segment_requirement"
    __table_args__ = (
        CheckConstraint(one_of("operator", OPERATORS), "operator"),
        CheckConstraint(one_of("priority", PRIORITIES), "priority"),
    )

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"), index=True)
    attribute: Mapped[str] = mapped_column(String(120))
    operator: Mapped[str] = mapped_column(String(10), default="is")
    target: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(30), default="")
    priority: Mapped[str] = mapped_column(String(10), default="must")


class SegmentVoice(Model):
    """A voice chosen as evidence, for one requirement or for the segment as a whole."""

    __tablename__ = "segment_voice"
    __table_args__ = (UniqueConstraint("segment_id", "voice_id"), Index("ix_segment_voice_voice", "voice_id"))

    segment_id: Mapped[int] = mapped_column(ForeignKey("segment.id", ondelete="CASCADE"))
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("segment_requirement.id", ondelete="SET NULL"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    voice: Mapped[Voice] = relationship()
    requirement: Mapped[SegmentRequirement | None] = relationship(overlaps="requirements")
