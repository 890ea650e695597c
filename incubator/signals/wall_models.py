"""The complaint wall (吐槽板): a voice that ages in public until an executive owner closes it with proof. Nobody edits it, people reply.

The words themselves are a Voice, which nothing can change. A closed complaint stays closed; a new one may follow it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Versioned, append_only
from incubator.kernel.file_table import StoredFile
from incubator.signals.models import Voice

COMPLAINT_STATES = ("open", "in_hand", "closed")
PROVEN = "state <> 'closed' OR (proof_note <> '' AND (proof_url <> '' OR proof_file_id IS NOT NULL))"


class Complaint(Versioned, Model):
    """One voice on the wall, about a record (`subject_type`, `subject_id`) or about nothing in particular."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(one_of("state", COMPLAINT_STATES), "state"),
        CheckConstraint(PROVEN, "proven"),
        Index("ix_complaint_age", "brand_id", "opened_at", "id"),
        Index("ix_complaint_state", "brand_id", "state", "opened_at", "id"),
        Index("ix_complaint_owner", "owner_id", "state", "opened_at"),
        Index("ix_complaint_subject", "subject_type", "subject_id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    subject_type: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    subject_name: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    state_since: Mapped[datetime]
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime]
    promised_on: Mapped[date | None] = mapped_column(Date)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    proof_note: Mapped[str] = mapped_column(Text, default="")
    proof_url: Mapped[str] = mapped_column(String(500), default="")
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None] = mapped_column(Date)

    voice: Mapped[Voice] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    proof_file: Mapped[StoredFile | None] = relationship()

    @property
    def audit_scope(self) -> tuple[int | None, int]:
        return self.product_id, self.brand_id


class ComplaintReply(Model):
    """An answer on the wall. Without an audience only the brand reads it; with one, that organisation does, too."""

    __tablename__ = "complaint_reply"
    __table_args__ = (Index("ix_complaint_reply_thread", "complaint_id", "id"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    author: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    audience: Mapped[Organisation | None] = relationship(foreign_keys=[audience_id])


class ComplaintShare(Model):
    """That the brand has shown a complaint to an organisation that takes part in its product."""

    __tablename__ = "complaint_share"
    __table_args__ = (UniqueConstraint("complaint_id", "organisation_id"), Index("ix_complaint_share_with", "organisation_id"))

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


append_only(ComplaintReply.__table__)
