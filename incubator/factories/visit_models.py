"""Visits by field agents (上门拜访): each solves one problem on the spot and brings one back (现场解决一个问题,带回一个问题)."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User
from incubator.factories.models import Factory
from incubator.kernel.db import Model, Stamped


class FieldVisit(Stamped, Model):
    """One visit, numbered by the factory's own; nothing edits it."""

    __tablename__ = "field_visit"
    __table_args__ = (UniqueConstraint("factory_id", "number"), Index("ix_field_visit_day", "factory_id", "visited_on", "id"))

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    number: Mapped[int]
    visited_on: Mapped[date] = mapped_column(Date)
    agent_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    factory: Mapped[Factory] = relationship()
    agent: Mapped[User] = relationship()
    solved: Mapped["FactoryProblem"] = relationship(foreign_keys="FactoryProblem.solved_visit_id", uselist=False, viewonly=True)
    brought: Mapped["FactoryProblem"] = relationship(foreign_keys="FactoryProblem.brought_visit_id", uselist=False, viewonly=True)

    @property
    def audit_scope(self) -> tuple[None, None]:
        return None, None


class FactoryProblem(Model):
    """What a visit brought back, until a later visit solves it; or what a visit found and solved at once."""

    __tablename__ = "factory_problem"
    __table_args__ = (
        UniqueConstraint("brought_visit_id"),
        UniqueConstraint("solved_visit_id"),
        CheckConstraint("brought_visit_id IS NOT NULL OR solved_visit_id IS NOT NULL", "visited"),
        CheckConstraint("solved_visit_id IS NULL OR how <> ''", "how"),
        Index("ix_factory_problem_open", "factory_id", "solved_visit_id", "id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    text: Mapped[str] = mapped_column(Text)
    brought_visit_id: Mapped[int | None] = mapped_column(ForeignKey("field_visit.id"))
    solved_visit_id: Mapped[int | None] = mapped_column(ForeignKey("field_visit.id"))
    how: Mapped[str] = mapped_column(Text, default="")

    brought_by: Mapped[FieldVisit | None] = relationship(foreign_keys=[brought_visit_id])
