"""The way to market: what pre-production needs and decides, the checklist of a channel, and the launch itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.kernel.file_table import StoredFile
from incubator.launches.models import Channel, Sku
from incubator.products.models import Product

GATE_OUTCOMES = ("go", "conditional", "stop")
LAUNCH_STATES = ("planned", "live", "cancelled")


class LaunchPlan(Versioned, Stamped, Model):
    """What the brand states before series production: the first order and what the factory can make, in units."""

    __tablename__ = "launch_plan"
    __table_args__ = (CheckConstraint("first_order_quantity >= 0 AND capacity_per_week >= 0", "quantities"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    first_order_quantity: Mapped[int] = mapped_column(default=0)
    capacity_per_week: Mapped[int] = mapped_column(default=0)
    capacity_note: Mapped[str] = mapped_column(Text, default="")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class ComplianceProof(Model):
    """The certificate or report that meets one compliance need of the brief (a line of it), and until when it is valid."""

    __tablename__ = "compliance_proof"
    __table_args__ = (UniqueConstraint("product_id", "need"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    need: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(200))
    valid_until: Mapped[date | None] = mapped_column(Date)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()


class PreproductionReview(Model):
    """One decision on series production, with the criteria as they stood. Nothing updates it; a later one may follow."""

    __tablename__ = "preproduction_review"
    __table_args__ = (UniqueConstraint("product_id", "number"), CheckConstraint(one_of("outcome", GATE_OUTCOMES), "outcome"))

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]

    product: Mapped[Product] = relationship()
    decided_by: Mapped[User] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class ChecklistItem(Stamped, Model):
    """One task before a product goes on sale on a channel. `key` names its template row; an item of one's own has a key of its own.

    It is done with proof (a note, a file, or both), by a colleague or by the launch partner that it is assigned to.
    """

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("product_id", "channel_id", "key"),
        Index("ix_checklist_item_owner", "owner_id", "done_at", "due_on"),
        Index("ix_checklist_item_organisation", "organisation_id", "done_at", "due_on"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_required: Mapped[bool] = mapped_column(default=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    proof: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    product: Mapped[Product] = relationship()
    channel: Mapped[Channel] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])
    file: Mapped[StoredFile | None] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class Launch(Versioned, Stamped, Model):
    """SKUs that go on sale on channels on a day. The first of a product brings it to its launch; later ones add channels."""

    __tablename__ = "launch"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        CheckConstraint(one_of("state", LAUNCH_STATES), "state"),
        Index("ix_launch_calendar", "brand_id", "launch_on", "id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    launch_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    state_since: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")

    product: Mapped[Product] = relationship()
    channels: Mapped[list["LaunchChannel"]] = relationship(cascade="all, delete-orphan", order_by="LaunchChannel.id")
    skus: Mapped[list["LaunchSku"]] = relationship(cascade="all, delete-orphan", order_by="LaunchSku.id")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class LaunchChannel(Model):
    """A channel of a launch."""

    __tablename__ = "launch_channel"
    __table_args__ = (UniqueConstraint("launch_id", "channel_id"), Index("ix_launch_channel_channel", "channel_id"))

    launch_id: Mapped[int] = mapped_column(ForeignKey("launch.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))

    channel: Mapped[Channel] = relationship()


class LaunchSku(Model):
    """A SKU of a launch."""

    __tablename__ = "launch_sku"
    __table_args__ = (UniqueConstraint("launch_id", "sku_id"), Index("ix_launch_sku_sku", "sku_id"))

    launch_id: Mapped[int] = mapped_column(ForeignKey("launch.id", ondelete="CASCADE"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))

    sku: Mapped[Sku] = relationship()


# The second line behind the services: a decision cannot be edited even by hand.
append_only(PreproductionReview.__table__)
