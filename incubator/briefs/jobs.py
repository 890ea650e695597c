"""The long work of briefs: checking and applying an import."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs import import_service
from incubator.briefs.import_models import BriefImport
from incubator.kernel import access
from incubator.kernel.db import db, read_only
from incubator.kernel.errors import AppError
from incubator.kernel.jobs import Job


def check(run: Any, now: datetime, import_id: int) -> dict[str, int]:
    """Check one import; an unreadable sheet is an error of the import, not of the job."""
    return _work(run, import_id, lambda made, checked: import_service.check(made, run.actor, run.progress, checked))


def apply(run: Any, now: datetime, import_id: int) -> dict[str, int]:
    """Apply one import in one transaction; when it was applied before, its counts."""
    return _work(run, import_id, lambda made, checked: import_service.apply(made, run.actor, now, run.progress, checked))


def _work(run: Any, import_id: int, work: Any) -> dict[str, int]:
    """Read without the right to write: on SQLite a check of some seconds would keep every other writer waiting."""
    try:
        with read_only():
            made: BriefImport = access.get_visible(BriefImport, import_id, run.actor)
            if made.status == "applied":
                return made.counts
            checked = import_service.read(made, run.actor, run.progress)
            db.session.rollback()
        counts: dict[str, int] = work(made, checked)
    except AppError as error:
        db.session.rollback()
        made = access.get_visible(BriefImport, import_id, run.actor)
        made.status, made.counts = "failed", {"errors": 1}
        made.errors = [{"line": 0, "column": "", "value": made.name, "message": str(error.message)}]
        counts = made.counts
    db.session.commit()
    return counts


JOBS = (
    Job("briefs.import_check", None, check, _l("Check an import of briefs")),
    Job("briefs.import_apply", None, apply, _l("Apply an import of briefs")),
)
