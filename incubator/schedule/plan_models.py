"""A brand's own plan templates, and its programmes' rules of reminding. (The platform's templates are data in `defaults`.)"""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Stamped, Versioned
from incubator.products.models import PARTS, PRODUCT_TYPES, STAGES


class PlanTemplate(Versioned, Stamped, Model):
    """The milestones that a brand plans for a product of `type`; `copied_from` is the key of the platform's template, if it began as one."""

    __tablename__ = "plan_template"
    __table_args__ = (
        UniqueConstraint("brand_id", "name"),
        CheckConstraint(one_of("type", PRODUCT_TYPES), "type"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(10))
    copied_from: Mapped[str | None] = mapped_column(String(40))

    rows: Mapped[list["PlanTemplateRow"]] = relationship(order_by="PlanTemplateRow.position", cascade="all, delete-orphan")

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class PlanTemplateRow(Model):
    """One milestone of a template: `duration_days` working days after the rows whose codes `after` holds; owed by `owner_part` or the brand."""

    __tablename__ = "plan_template_row"
    __table_args__ = (
        UniqueConstraint("template_id", "code"),
        CheckConstraint(f"stage IS NULL OR {one_of('stage', STAGES)}", "stage"),
        CheckConstraint(f"owner_part IS NULL OR {one_of('owner_part', PARTS)}", "owner_part"),
        CheckConstraint("duration_days BETWEEN 0 AND 1000", "duration"),
        Index("ix_plan_template_row_template", "template_id", "position"),
    )

    template_id: Mapped[int] = mapped_column(ForeignKey("plan_template.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(30))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str | None] = mapped_column(String(20))
    duration_days: Mapped[int] = mapped_column(default=0)
    owner_part: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[list[Any]] = mapped_column(JSON, default=list)


class ReminderSetting(Versioned, Stamped, Model):
    """How a programme reminds: `soon_days` days before; so many working days late, the product's owner, then the programme's, is told. 0 is never."""

    __tablename__ = "reminder_setting"
    __table_args__ = (
        CheckConstraint("soon_days BETWEEN 0 AND 30", "soon"),
        CheckConstraint("owner_after BETWEEN 0 AND 60", "owner_after"),
        CheckConstraint("programme_after BETWEEN 0 AND 60", "programme_after"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    soon_days: Mapped[int] = mapped_column(default=3)
    owner_after: Mapped[int] = mapped_column(default=3)
    programme_after: Mapped[int] = mapped_column(default=6)

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id
