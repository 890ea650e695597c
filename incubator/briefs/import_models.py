"""An import of briefs: which sheet, what it would do, and what is wrong with it, until it is applied."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.accounts.models import one_of
from incubator.kernel.db import Model, Versioned

STATUSES = ("checking", "checked", "failed", "applying", "applied")


class BriefImport(Versioned, Model):
    """One uploaded sheet of one person; nobody else sees it, because it holds targets."""

    __tablename__ = "brief_import"
    __table_args__ = (CheckConstraint(one_of("status", STATUSES), "status"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("job_run.id"))
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id

    @property
    def is_running(self) -> bool:
        return self.status in ("checking", "applying")
