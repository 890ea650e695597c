"""An import: which file, how its headings are read, what became of each line, which were refused and why; and mappings with their history."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Stamped, Versioned

STATUSES = ("checking", "mapping", "checked", "failed", "applying", "applied")
RUNNING = ("checking", "applying")


class DataImport(Versioned, Model):
    """One file of one person; nobody else sees it. `organisation_id` is none where staff of the platform import.

    `lines` is how many there are, `position` up to which of them it is applied: a run that was cut off goes on there.
    `mapping_version_id` is the remembered reading that it was asked to use, and after the check the one that it did use.
    """

    __tablename__ = "data_import"
    __table_args__ = (
        CheckConstraint(one_of("status", STATUSES), "status"),
        CheckConstraint("position >= 0 AND lines >= 0", "progress"),
        Index("ix_data_import_own", "user_id", "organisation_id", "created_at", "id"),
        Index("ix_data_import_file", "organisation_id", "kind", "sha256"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    preset: Mapped[str] = mapped_column(String(40), default="")
    mapping: Mapped[dict[str, str] | None] = mapped_column(JSON)
    mapping_version_id: Mapped[int | None] = mapped_column(ForeignKey("mapping_version.id"))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(10), default="checking")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    lines: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("job_run.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.organisation_id

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def is_balanced(self) -> bool:
        """Whether every line that was read has exactly one outcome."""
        counts = self.counts or {}
        return counts.get("read", 0) == sum(number for name, number in counts.items() if name != "read")


class ImportRefusal(Model):
    """What is wrong in one cell: the file's own line number, the column, the value, and what would be right."""

    __tablename__ = "import_refusal"
    __table_args__ = (Index("ix_import_refusal_line", "import_id", "line", "id"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("data_import.id", ondelete="CASCADE"))
    line: Mapped[int]
    column: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[str] = mapped_column(String(500), default="")
    message: Mapped[str] = mapped_column(Text)


class ColumnMapping(Versioned, Stamped, Model):
    """How an organisation reads files of such headings. What it says now is version `number` of it; earlier ones are kept."""

    __tablename__ = "column_mapping"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "signature"),
        CheckConstraint("number >= 1", "number"),
        Index("ix_column_mapping_recent", "organisation_id", "updated_at", "id"),
    )

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    signature: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120), default="")
    headings: Mapped[list[str]] = mapped_column(JSON, default=list)
    number: Mapped[int] = mapped_column(default=1)

    @property
    def audit_scope(self) -> tuple[None, int | None]:
        return None, self.organisation_id


class MappingVersion(Model):
    """One reading of such headings, column → heading, as somebody said it once; never changed. `again_of` is the earlier version that it repeats."""

    __tablename__ = "mapping_version"
    __table_args__ = (UniqueConstraint("mapping_id", "number"), CheckConstraint("number >= 1", "number"))

    mapping_id: Mapped[int] = mapped_column(ForeignKey("column_mapping.id"))
    number: Mapped[int]
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    again_of: Mapped[int | None]
