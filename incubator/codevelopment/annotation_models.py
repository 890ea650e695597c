"""Annotations (批注): a numbered place on a picture of a revision, and what was said about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.codevelopment.models import DeliverableRevision
from incubator.kernel.db import Model, Stamped, Versioned

SHAPES = ("pin", "rectangle")
WHOLE = 10_000  # hundredths of a percent of the picture's width or height


class Annotation(Versioned, Stamped, Model):
    """A pin (width and height 0) or rectangle, in hundredths of a percent from the left and the top of the picture `file_name`."""

    __tablename__ = "annotation"
    __table_args__ = (
        UniqueConstraint("deliverable_id", "number"),
        CheckConstraint(one_of("shape", SHAPES), "shape"),
        CheckConstraint(f"x >= 0 AND y >= 0 AND width >= 0 AND height >= 0 AND x + width <= {WHOLE} AND y + height <= {WHOLE}", "place"),
        Index("ix_annotation_revision", "revision_id", "id"),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverable.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("deliverable_revision.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    shape: Mapped[str] = mapped_column(String(10))
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    revision: Mapped[DeliverableRevision] = relationship()
    resolved_by: Mapped[User | None] = relationship()
    remarks: Mapped[list["AnnotationRemark"]] = relationship(order_by="AnnotationRemark.id", back_populates="annotation")

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class AnnotationRemark(Model):
    """One remark of an annotation's thread; the first says what it is about."""

    __tablename__ = "annotation_remark"

    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    annotation: Mapped[Annotation] = relationship(back_populates="remarks")
    author: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()
