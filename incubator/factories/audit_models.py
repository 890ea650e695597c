"""An audit of a factory (验厂): a checklist with scores, findings with a day by which they are mended, and a decision that nothing edits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.factories.models import Factory
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.kernel.file_table import StoredFile

AUDIT_KINDS = ("quality", "social", "process", "safety")
AUDIT_STATES = ("planned", "passed", "conditional", "failed", "cancelled")
SEVERITIES = ("critical", "major", "minor")


class FactoryAudit(Versioned, Stamped, Model):
    """One audit. `ordered_by_id` is the brand that ordered it, none is the platform; another brand does not see it."""

    __tablename__ = "factory_audit"
    __table_args__ = (
        CheckConstraint(one_of("kind", AUDIT_KINDS), "kind"),
        CheckConstraint(one_of("state", AUDIT_STATES), "state"),
        Index("ix_factory_audit_factory", "factory_id", "id"),
    )

    factory_id: Mapped[int] = mapped_column(ForeignKey("factory.id"))
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(10))
    audited_on: Mapped[date] = mapped_column(Date)
    auditor: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12), default="planned")
    state_since: Mapped[datetime]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    factory: Mapped[Factory] = relationship(back_populates="audits")
    ordered_by: Mapped[Organisation | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    checks: Mapped[list["AuditCheck"]] = relationship(order_by="AuditCheck.id", cascade="all, delete-orphan")
    findings: Mapped[list["AuditFinding"]] = relationship(order_by="AuditFinding.id", back_populates="audit")
    decision: Mapped["AuditDecision | None"] = relationship(back_populates="audit")

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.ordered_by_id

    @property
    def is_decided(self) -> bool:
        return self.state != "planned"

    @property
    def score(self) -> int | None:
        """Points reached of those possible, in whole per cent; none while nothing is scored. A check that does not apply counts nowhere."""
        scored = [check.score for check in self.checks if check.score is not None]
        return round(sum(scored) * 100 / (5 * len(scored))) if scored else None


class AuditCheck(Model):
    """One line of the checklist: 0 (absent) to 5 (exemplary), or marked as not applicable."""

    __tablename__ = "factory_audit_check"
    __table_args__ = (UniqueConstraint("audit_id", "code"), CheckConstraint("score BETWEEN 0 AND 5", "score"))

    audit_id: Mapped[int] = mapped_column(ForeignKey("factory_audit.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(30))
    score: Mapped[int | None]
    does_not_apply: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")


class AuditFinding(Stamped, Model):
    """What is wrong, how badly, and by when it is mended; closing says how."""

    __tablename__ = "factory_audit_finding"
    __table_args__ = (
        CheckConstraint(one_of("severity", SEVERITIES), "severity"),
        Index("ix_factory_audit_finding_open", "closed_at", "due_on"),
    )

    audit_id: Mapped[int] = mapped_column(ForeignKey("factory_audit.id"), index=True)
    severity: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closing_note: Mapped[str] = mapped_column(Text, default="")

    audit: Mapped[FactoryAudit] = relationship(back_populates="findings")

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return self.audit.audit_scope


class AuditDecision(Model):
    """The outcome of an audit with the scores that it rests on; nothing updates it."""

    __tablename__ = "factory_audit_decision"

    audit_id: Mapped[int] = mapped_column(ForeignKey("factory_audit.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    score: Mapped[int | None]
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    audit: Mapped[FactoryAudit] = relationship(back_populates="decision")
    decided_by: Mapped[User | None] = relationship()


append_only(AuditDecision.__table__)
