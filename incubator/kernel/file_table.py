"""Stored files: who owns them, what they belong to, and the key of their bytes. The bytes are elsewhere (`files.py`)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel import clock
from incubator.kernel.db import Model

KINDS = ("photo", "attachment", "import", "export")
INLINE_TYPES = ("image/png", "image/jpeg", "image/webp")


class StoredFile(Model):
    """A file of `organisation_id`, seen by whoever sees its subject. `key` is random: no name of a visitor's reaches the disk.

    `subject_type` is the name given to `files.register_subject`; an import or export has none and is its uploader's alone.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("kind IN ('photo', 'attachment', 'import', 'export')", "kind_known"),
        CheckConstraint("size >= 0", "size_not_negative"),
        Index("ix_stored_file_subject", "subject_type", "subject_id"),
    )

    organisation_id: Mapped[int | None] = mapped_column(index=True)
    subject_type: Mapped[str | None]
    subject_id: Mapped[int | None]
    product_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def audit_scope(self) -> tuple[int | None, int | None]:
        return self.product_id, self.organisation_id

    @property
    def is_inline(self) -> bool:
        """Only a photo that we re-encoded ourselves is shown in a page; all else is downloaded."""
        return self.kind == "photo" and self.content_type in INLINE_TYPES

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}-640"
