"""A question of a factory about a SKU of a pack, until the brand has answered it. The words are remarks of the section; nothing here repeats them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.feedback.models import PackSection
from incubator.kernel.db import Model, Versioned
from incubator.products.models import Comment

QUESTION_STATES = ("open", "answered", "settled")


class FeedbackQuestion(Versioned, Model):
    """Opened by a remark of the factory, answered by the next one of the brand; settled when nobody needs an answer any more."""

    __tablename__ = "feedback_question"
    __table_args__ = (
        CheckConstraint(one_of("state", QUESTION_STATES), "state"),
        Index("ix_feedback_question_brand", "brand_id", "state", "asked_at", "id"),
        Index("ix_feedback_question_factory", "factory_id", "state", "asked_at", "id"),
        Index("ix_feedback_question_section", "section_id", "id"),
        Index("ix_feedback_question_pack", "pack_id", "state"),
    )

    section_id: Mapped[int] = mapped_column(ForeignKey("feedback_section.id"))
    pack_id: Mapped[int] = mapped_column(ForeignKey("feedback_pack.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    factory_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    state: Mapped[str] = mapped_column(String(8), default="open")
    state_since: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    section: Mapped[PackSection] = relationship()
    comment: Mapped[Comment] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id
