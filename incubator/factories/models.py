"""A factory and what it says of itself: profile, people to reach, what it can make, whom it made things for.

What only some may know (contacts, confidential clients) stands in tables or columns of its own, so that a query can leave it out.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Computed, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned

if TYPE_CHECKING:
    from incubator.factories.audit_models import FactoryAudit
    from incubator.factories.evidence_models import Certificate, TierAward

FACTORY_STATES = ("prospect", "pending", "approved", "conditional", "suspended", "inactive")
CAPABILITY_KINDS = ("process", "material", "line")
UNITS = ("piece", "pair", "set", "metre", "square_metre", "kilogram", "tonne", "mould")
SOURCES = ("manual", "own", "import")


class IndustrialCluster(Model):
    """An industrial belt (产业带): a place known for making one kind of thing."""

    __tablename__ = "industrial_cluster"

    name_zh: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    region_zh: Mapped[str] = mapped_column(String(20))
    region_en: Mapped[str] = mapped_column(String(40))
    category_zh: Mapped[str] = mapped_column(String(40))
    category_en: Mapped[str] = mapped_column(String(60))


class Factory(Versioned, Stamped, Model):
    """A factory of the directory. A prospect may have no organisation yet; `brought_by_id` is the brand that entered it, none is the platform.

    A row that was merged into another keeps its history and points there; it is in no list.
    """

    __tablename__ = "factory"
    __table_args__ = (
        CheckConstraint(one_of("state", FACTORY_STATES), "state"),
        CheckConstraint(one_of("source", SOURCES), "source"),
        CheckConstraint("name_zh <> '' OR name_en <> ''", "named"),
        CheckConstraint("export_share BETWEEN 0 AND 100", "export_share"),
        CheckConstraint("staff_count >= 0 AND floor_area >= 0", "sizes"),
        CheckConstraint("merged_into_id IS NULL OR state = 'inactive'", "pointer"),
        Index("ix_factory_recent", "updated_at", "id"),
        Index("ix_factory_state", "state", "updated_at", "id"),
        Index("ix_factory_name", "name", "id"),
        Index("ix_factory_brought", "brought_by_id", "updated_at", "id"),
        Index("ix_factory_cluster", "cluster_id", "id"),
        Index("ix_factory_tier", "tier", "id"),
        Index("ix_factory_source_key", "source_key"),
        Index("ix_factory_uscc", "uscc"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), unique=True)
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(12), default="prospect")
    state_since: Mapped[datetime]
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(200), Computed("CASE WHEN name_zh <> '' THEN name_zh ELSE name_en END", persisted=True))
    uscc: Mapped[str] = mapped_column(String(18), default="")
    registration_number: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str] = mapped_column(String(2), default="CN")
    province: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("industrial_cluster.id"))
    founded_year: Mapped[int | None]
    staff_count: Mapped[int | None]
    floor_area: Mapped[int | None]
    export_share: Mapped[int | None]
    website: Mapped[str] = mapped_column(String(300), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    tier: Mapped[str] = mapped_column(String(10), default="")
    tier_until: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(10), default="manual")
    source_key: Mapped[str] = mapped_column(String(64), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("factory.id"))

    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    brought_by: Mapped[Organisation | None] = relationship(foreign_keys=[brought_by_id])
    cluster: Mapped[IndustrialCluster | None] = relationship()
    categories: Mapped[list["FactoryCategory"]] = relationship(order_by="FactoryCategory.id", cascade="all, delete-orphan")
    capabilities: Mapped[list["Capability"]] = relationship(order_by="Capability.position", cascade="all, delete-orphan")
    contacts: Mapped[list["FactoryContact"]] = relationship(order_by="FactoryContact.position", cascade="all, delete-orphan")
    certificates: Mapped[list["Certificate"]] = relationship(order_by="Certificate.expires_on", back_populates="factory")
    oem: Mapped[list["OemEntry"]] = relationship(order_by="OemEntry.from_year.desc()", back_populates="factory")
    audits: Mapped[list["FactoryAudit"]] = relationship(order_by="FactoryAudit.id.desc()", back_populates="factory")
    tiers: Mapped[list["TierAward"]] = relationship(order_by="TierAward.id.desc()", back_populates="factory")
    caseload: Mapped[list["Caseload"]] = relationship(order_by="Caseload.id", back_populates="factory")

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.brought_by_id

    @property
    def label(self) -> str:
        return self.short_name or self.name_zh or self.name_en


class FactoryCategory(Model):
    """One category of goods that the factory makes."""

    __tablename__ = "factory_category"
    __table_args__ = (UniqueConstraint("factory_id", "name"), Index("ix_factory_category_name", "name", "factory_id"))

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))


class FactoryContact(Model):
    """Whom to reach. Secret to rivals and to whoever only shares a product: no other query may join it."""

    __tablename__ = "factory_contact"

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    wechat: Mapped[str] = mapped_column(String(60), default="")


class Capability(Model):
    """A process, a material or a line, with what it yields a month in `unit`, from which quantity on, and in how many days."""

    __tablename__ = "factory_capability"
    __table_args__ = (
        CheckConstraint(one_of("kind", CAPABILITY_KINDS), "kind"),
        CheckConstraint(one_of("unit", UNITS), "unit"),
        CheckConstraint("monthly_capacity >= 0 AND moq >= 0 AND lead_days >= 0", "quantities"),
        Index("ix_factory_capability_factory", "factory_id", "kind"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))
    name_zh: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    monthly_capacity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(14), default="piece")
    moq: Mapped[int | None]
    lead_days: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")


class OemEntry(Stamped, Model):
    """For whom the factory made what, and when. The client of a confidential entry is for the factory and the platform's staff alone."""

    __tablename__ = "factory_oem"
    __table_args__ = (CheckConstraint("to_year IS NULL OR to_year >= from_year", "years"),)

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"), index=True)
    client: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(80), default="")
    from_year: Mapped[int]
    to_year: Mapped[int | None]
    is_confidential: Mapped[bool] = mapped_column(default=True)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    checked_at: Mapped[datetime | None]

    factory: Mapped[Factory] = relationship(back_populates="oem")

    @property
    def audit_scope(self) -> tuple[None, None]:
        """Nobody's eyes but the administrator's: who did something about whom is half the secret."""
        return None, None


class Caseload(Stamped, Model):
    """A factory in the care of a field agent (产地小二), while `ended_at` is none."""

    __tablename__ = "factory_caseload"
    __table_args__ = (
        UniqueConstraint("factory_id", "agent_user_id"),
        Index("ix_factory_caseload_agent", "agent_user_id", "ended_at", "factory_id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    agent_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]

    factory: Mapped[Factory] = relationship(back_populates="caseload")
    agent: Mapped[User] = relationship()
