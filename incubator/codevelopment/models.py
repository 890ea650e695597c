"""Who develops along (Engagement), what they owe (Deliverable), and what they sent (revisions, files, the brand's decisions).

A revision, its files and a decision are written once: nothing updates or removes them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Product

PARTIES = ("factory", "design_firm", "mould_factory", "brand_company", "launch_partner")
ENGAGEMENT_STATES = ("invited", "active", "ended", "declined", "withdrawn")
DELIVERABLE_STATES = ("planned", "submitted", "in_review", "accepted", "changes_asked", "dropped")
KINDS = (
    "concept", "industrial_design", "cmf", "structure", "tech_pack", "specification", "bom", "mould_drawing",
    "mould_trial_t0", "mould_trial_t1", "mould_trial_t2", "packaging", "artwork", "other",
)  # fmt: skip
OUTCOMES = ("accept", "ask_changes")


class Engagement(Versioned, Stamped, Model):
    """A brand's invitation of one organisation to develop a product along, and what came of it.

    `brought_in` says that accepting it made the organisation a participant: then its end ends that, too.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint(one_of("state", ENGAGEMENT_STATES), "state"),
        CheckConstraint(one_of("part", PARTIES), "part"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", "period"),
        Index("ix_engagement_organisation", "organisation_id", "state", "id"),
        Index("ix_engagement_product", "product_id", "id"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    part: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="invited")
    state_since: Mapped[datetime]
    scope: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    brought_in: Mapped[bool] = mapped_column(default=False)

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class Deliverable(Versioned, Stamped, Model):
    """One thing that `owner` owes by `due_on`; `current_number` is its latest revision, 0 before the first.

    `reminded_for` is the last threshold told of: "", "soon", "late" or "review".
    """

    __tablename__ = "deliverable"
    __table_args__ = (
        CheckConstraint(one_of("state", DELIVERABLE_STATES), "state"),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint("review_days BETWEEN 1 AND 60", "review_days"),
        Index("ix_deliverable_product", "product_id", "due_on", "id"),
        Index("ix_deliverable_due", "brand_id", "due_on", "id"),
        Index("ix_deliverable_state", "brand_id", "state", "due_on", "id"),
        Index("ix_deliverable_recent", "brand_id", "updated_at", "id"),
        Index("ix_deliverable_owner", "owner_id", "state", "due_on", "id"),
        Index("ix_deliverable_open", "state", "due_on"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(16), default="planned")
    state_since: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    description: Mapped[str] = mapped_column(Text, default="")
    acceptance: Mapped[str] = mapped_column(Text, default="")
    review_days: Mapped[int] = mapped_column(default=5)
    review_due_on: Mapped[date | None] = mapped_column(Date)
    current_number: Mapped[int] = mapped_column(default=0)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reminded_for: Mapped[str] = mapped_column(String(6), default="")

    product: Mapped[Product] = relationship()
    brand: Mapped[Organisation] = relationship(foreign_keys=[brand_id])
    owner: Mapped[Organisation] = relationship(foreign_keys=[owner_id])

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id

    @property
    def is_open(self) -> bool:
        return self.state not in ("accepted", "dropped")


class DeliverableShare(Model):
    """An organisation that may read the revisions of another's deliverable. Taking it back removes the row; the audit keeps both."""

    __tablename__ = "deliverable_share"
    __table_args__ = (UniqueConstraint("deliverable_id", "organisation_id"),)

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverable.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class DeliverableRevision(Model):
    """One submission (版本): number, note, who and when. The next one supersedes it; it stays readable."""

    __tablename__ = "deliverable_revision"
    __table_args__ = (UniqueConstraint("deliverable_id", "number"),)

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverable.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime]

    submitted_by: Mapped[User] = relationship()
    files: Mapped[list["RevisionFile"]] = relationship(order_by="RevisionFile.id")
    decision: Mapped["DeliverableDecision | None"] = relationship(back_populates="revision")


class RevisionFile(Model):
    """A file of a revision, with the name and digest by which revisions are compared. A file that did not change is listed again."""

    __tablename__ = "revision_file"
    __table_args__ = (UniqueConstraint("revision_id", "file_id"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("deliverable_revision.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))

    file: Mapped[StoredFile] = relationship()


class DeliverableDecision(Model):
    """What the brand decided on one revision, and why."""

    __tablename__ = "deliverable_decision"
    __table_args__ = (CheckConstraint(one_of("outcome", OUTCOMES), "outcome"),)

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverable.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("deliverable_revision.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]

    revision: Mapped[DeliverableRevision] = relationship(back_populates="decision")
    decided_by: Mapped[User] = relationship()


for _table in (DeliverableRevision.__table__, RevisionFile.__table__, DeliverableDecision.__table__):
    append_only(_table)
