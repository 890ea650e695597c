"""Photos that a factory's own system sent, by their idempotency keys: what came once is not kept twice."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model

SUBJECTS = ("feedback_section", "feedback_action")


class PhotoUpload(Model):
    """One photo under one key of a factory. `key` is a digest of the key, `sha256` of the bytes as they were sent; `file_id` is None once it was removed."""

    __tablename__ = "feedback_upload"
    __table_args__ = (UniqueConstraint("factory_id", "key"), CheckConstraint(one_of("subject_type", SUBJECTS), "subject_type"))

    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
