"""What proves that a factory is what it says: certificates that expire, tiers that need evidence; and changes, duplicates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.factories.models import Factory
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.kernel.file_table import StoredFile

CERTIFICATE_KINDS = (
    "iso_9001", "iso_14001", "iso_45001", "iatf_16949", "iso_13485", "bsci", "sedex_smeta", "sa_8000", "oeko_tex", "gots",
    "grs", "fsc", "ccc", "ce", "fda", "production_licence", "fire_safety", "environment", "other",
)  # fmt: skip
CERTIFICATE_STATES = ("proposed", "valid", "rejected", "expired")
TIERS = ("super", "treasure", "gold")
TIER_STATES = ("active", "revoked", "expired")
MEASURES = (
    "valid_certificates", "audit_score", "checked_clients", "capabilities", "staff_count", "years", "open_serious_findings", "export_share",
)  # fmt: skip
CHANGE_STATES = ("proposed", "approved", "returned", "withdrawn")
PAIR_STATES = ("open", "merged", "different")


class Certificate(Versioned, Stamped, Model):
    """A certificate, valid through `expires_on`. It counts while it was accepted and has not expired, on the day that one asks."""

    __tablename__ = "factory_certificate"
    __table_args__ = (
        CheckConstraint(one_of("kind", CERTIFICATE_KINDS), "kind"),
        CheckConstraint(one_of("state", CERTIFICATE_STATES), "state"),
        CheckConstraint("valid_from IS NULL OR valid_from <= expires_on", "span"),
        Index("ix_factory_certificate_factory", "factory_id", "state", "expires_on"),
        Index("ix_factory_certificate_expiry", "state", "expires_on", "id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    state_since: Mapped[datetime]
    reminded_for: Mapped[int | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    factory: Mapped[Factory] = relationship(back_populates="certificates")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return self.factory.audit_scope

    def counts_on(self, day: date) -> bool:
        return self.state == "valid" and (self.valid_from is None or self.valid_from <= day) and day <= self.expires_on


class TierCriterion(Model):
    """What a tier asks for: `measure` at least `threshold` (at most, where `at_most`). Data, so that a standard can rise."""

    __tablename__ = "factory_tier_criterion"
    __table_args__ = (
        UniqueConstraint("tier", "measure"),
        CheckConstraint(one_of("tier", TIERS), "tier"),
        CheckConstraint(one_of("measure", MEASURES), "measure"),
    )

    tier: Mapped[str] = mapped_column(String(10))
    measure: Mapped[str] = mapped_column(String(24))
    threshold: Mapped[int]
    at_most: Mapped[bool] = mapped_column(default=False)
    why_zh: Mapped[str] = mapped_column(String(200))
    why_en: Mapped[str] = mapped_column(String(200))


class TierAward(Versioned, Model):
    """A tier that a factory was given on the evidence of that day, until `expires_on`."""

    __tablename__ = "factory_tier_award"
    __table_args__ = (
        CheckConstraint(one_of("tier", TIERS), "tier"),
        CheckConstraint(one_of("state", TIER_STATES), "state"),
        Index("ix_factory_tier_award_factory", "factory_id", "id"),
        Index("ix_factory_tier_award_expiry", "state", "expires_on"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    tier: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="active")
    state_since: Mapped[datetime]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    expires_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    factory: Mapped[Factory] = relationship(back_populates="tiers")
    granted_by: Mapped[User | None] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return self.factory.audit_scope


class FactoryChange(Versioned, Stamped, Model):
    """A change of a profile: what it said before and what it shall say. The published profile stays until it is approved."""

    __tablename__ = "factory_change"
    __table_args__ = (
        UniqueConstraint("factory_id", "number"),
        CheckConstraint(one_of("state", CHANGE_STATES), "state"),
        Index("ix_factory_change_state", "state", "created_at", "id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    state_since: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    factory: Mapped[Factory] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return self.factory.audit_scope


class DuplicatePair(Versioned, Stamped, Model):
    """Two rows that may be one factory, `first_id` < `second_id`, with the probability in per cent and the reasons. A verdict is remembered."""

    __tablename__ = "factory_duplicate"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", "ordered"),
        CheckConstraint("probability BETWEEN 0 AND 100", "probability"),
        CheckConstraint(one_of("state", PAIR_STATES), "state"),
        Index("ix_factory_duplicate_open", "state", "probability", "id"),
        Index("ix_factory_duplicate_second", "second_id"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    probability: Mapped[int]
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="open")
    state_since: Mapped[datetime]
    kept_id: Mapped[int | None] = mapped_column(ForeignKey("factory.id"))

    first: Mapped[Factory] = relationship(foreign_keys=[first_id])
    second: Mapped[Factory] = relationship(foreign_keys=[second_id])

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.first.brought_by_id if self.first.brought_by_id == self.second.brought_by_id else None
