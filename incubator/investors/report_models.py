"""Progress reports: a text of the brand's, figures that are frozen once, whom they are for, and the documents made of them.

From freezing on the text is sealed and the figures are append-only. Corrections come as a new edition; the old one stays readable.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, Versioned, append_only, seal
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Programme

PERIODS = ("month", "quarter")
REPORT_STATES = ("draft", "frozen", "released", "withdrawn")
LANGUAGES = ("zh", "en")
WAYS = ("page", "pdf", "json")
TEXTS = ("title", "headline_zh", "headline_en", "risks_zh", "risks_en")


class ExactJSON(TypeDecorator[Any]):
    """JSON kept as the very text that was written: SQLite would turn a 12.0 in a JSON column into a 12, and its hash would not fit."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return json.loads(value)


class ProgressReport(Versioned, Stamped, Model):
    """What the brand reports on a programme for a month or a quarter. Investors see it from its release on, and only if it is addressed to them."""

    __tablename__ = "progress_report"
    __table_args__ = (
        UniqueConstraint("programme_id", "period", "starts_on", "edition"),
        CheckConstraint(one_of("period", PERIODS), "period"),
        CheckConstraint(one_of("state", REPORT_STATES), "state"),
        CheckConstraint("released_at IS NULL OR state IN ('released', 'withdrawn')", "released"),
        Index("ix_progress_report_brand", "brand_id", "starts_on", "id"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    period: Mapped[str] = mapped_column(String(7))
    starts_on: Mapped[date] = mapped_column(Date)
    edition: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200))
    headline_zh: Mapped[str] = mapped_column(Text, default="")
    headline_en: Mapped[str] = mapped_column(Text, default="")
    risks_zh: Mapped[str] = mapped_column(Text, default="")
    risks_en: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    state_since: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("progress_report.id"), unique=True)
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))

    programme: Mapped[Programme] = relationship()
    brand: Mapped[Organisation] = relationship()
    audience: Mapped[list["ReportAudience"]] = relationship(order_by="ReportAudience.id", cascade="all, delete-orphan")
    freeze: Mapped["ReportFreeze | None"] = relationship(back_populates="report")
    documents: Mapped[list["ReportDocument"]] = relationship(order_by="ReportDocument.id", viewonly=True)
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])

    @property
    def ends_on(self) -> date:
        """The last day of the period."""
        months = self.starts_on.year * 12 + self.starts_on.month - 1 + (3 if self.period == "quarter" else 1)
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def period_label(self) -> str:
        """Alike in both languages: 2026-Q3 or 2026-09."""
        if self.period == "quarter":
            return f"{self.starts_on.year}-Q{(self.starts_on.month + 2) // 3}"
        return f"{self.starts_on:%Y-%m}"

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class ReportAudience(Model):
    """An investor to whom the report is addressed. No investor learns of another one."""

    __tablename__ = "report_audience"
    __table_args__ = (UniqueConstraint("report_id", "organisation_id"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship()


class ReportFreeze(Model):
    """That the figures were computed, once: of which moment, when and by whom, and the hash over all of them."""

    __tablename__ = "report_freeze"

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"), unique=True)
    as_of: Mapped[datetime]
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    figures: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))

    report: Mapped[ProgressReport] = relationship(back_populates="freeze")
    frozen_by: Mapped[User] = relationship()


class ReportFigure(Model):
    """One frozen figure or line: what it is, what it says, of which moment, where it comes from, by which recipe, and the hash of all that.

    With an `audience_id` it is for that investor and the brand only (its own commitments and tranches).
    """

    __tablename__ = "report_figure"
    __table_args__ = (UniqueConstraint("report_id", "position"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    position: Mapped[int]
    section: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    label: Mapped[dict[str, str]] = mapped_column(JSON)
    value: Mapped[Any] = mapped_column(ExactJSON)
    unit: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(200))
    recipe: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class ReportInput(Model):
    """The rows that a figure was computed from, so that it can be rebuilt years later. The brand's alone."""

    __tablename__ = "report_input"

    figure_id: Mapped[int] = mapped_column(ForeignKey("report_figure.id"), unique=True)
    inputs: Mapped[Any] = mapped_column(ExactJSON)


class ReportDocument(Model):
    """The PDF for one investor in one language: made once from the frozen rows, kept, and served as it is for ever."""

    __tablename__ = "report_document"
    __table_args__ = (
        UniqueConstraint("report_id", "organisation_id", "language"),
        CheckConstraint(one_of("language", LANGUAGES), "language"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    language: Mapped[str] = mapped_column(String(2))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    made_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    file: Mapped[StoredFile] = relationship()


class ReportOpening(Model):
    """That a person of an investor opened the report: the first time and how. The brand's alone."""

    __tablename__ = "report_opening"
    __table_args__ = (UniqueConstraint("report_id", "user_id"), CheckConstraint(one_of("way", WAYS), "way"))

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    way: Mapped[str] = mapped_column(String(4))
    opened_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class ReportRemark(Model):
    """A question of one investor on a report, or the brand's answer to it: between these two alone."""

    __tablename__ = "report_remark"
    __table_args__ = (Index("ix_report_remark_thread", "report_id", "investor_id", "id"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("progress_report.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    investor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    author: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    investor: Mapped[Organisation] = relationship(foreign_keys=[investor_id])


_TOUCHED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ("programme_id", "brand_id", "period", "starts_on", "edition", *TEXTS))
_BACKWARDS = (
    "NEW.state = 'draft' OR (OLD.state <> 'frozen' AND NEW.state = 'frozen') OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn') "
    "OR (OLD.released_at IS NOT NULL AND (NEW.released_at IS NULL OR NEW.released_at <> OLD.released_at))"
)
_FROZEN = "EXISTS (SELECT 1 FROM progress_report AS r WHERE r.id = {}.report_id AND r.state <> 'draft')"

for _table in (ReportFreeze.__table__, ReportFigure.__table__, ReportInput.__table__, ReportDocument.__table__):
    append_only(_table)
seal(ProgressReport.__table__, UPDATE=f"OLD.state <> 'draft' AND ({_TOUCHED} OR {_BACKWARDS})", DELETE="OLD.state <> 'draft'")
seal(ReportAudience.__table__, **{verb: _FROZEN.format("NEW" if verb == "INSERT" else "OLD") for verb in ("INSERT", "UPDATE", "DELETE")})
seal(ReportFigure.__table__, INSERT="EXISTS (SELECT 1 FROM report_freeze AS f WHERE f.report_id = NEW.report_id)")
