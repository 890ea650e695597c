"""The long work of imports: checking and applying, committed piece by piece. Commands do it the same way."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.imports import queries, work
from incubator.imports.models import DataImport
from incubator.imports.reading import Progress
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import AppError
from incubator.kernel.jobs import Job

notices.register(
    {
        "import.applied": _l("The import of “%(name)s” is applied."),
        "import.failed": _l("“%(name)s” was not imported: it has errors."),
    }
)


def check(run: Any, now: datetime, import_id: int) -> dict[str, int]:
    """Check one import; an unreadable file is an error of the import, not of the job."""
    return check_now(import_id, run.actor, run.progress).counts


def apply(run: Any, now: datetime, import_id: int) -> dict[str, int]:
    """Apply one import; when it was applied before, its counts."""
    made = apply_now(import_id, run.actor, now, run.progress)
    notices.notify(queries.owner(made), f"import.{made.status}", f"/imports/{made.id}", now, made.organisation_id, False, name=made.name)
    db.session.commit()
    return made.counts


def check_now(import_id: int, actor: Actor, progress: Progress, *, ask: bool = True) -> DataImport:
    """Check an import to its end."""
    made: DataImport = access.get_visible(DataImport, import_id, actor)
    if made.status == "checking":
        _to_the_end(made, work.check(made, actor, progress, ask=ask), actor)
    return made


def apply_now(import_id: int, actor: Actor, now: datetime, progress: Progress) -> DataImport:
    """Apply an import to its end."""
    made: DataImport = access.get_visible(DataImport, import_id, actor)
    if made.status == "applying":
        _to_the_end(made, work.apply(made, actor, now, progress), actor)
    return made


def _to_the_end(made: DataImport, steps: Iterator[None], actor: Actor) -> None:
    import_id = made.id
    try:
        for _ in steps:
            db.session.commit()
    except AppError as error:
        db.session.rollback()
        work.fail(access.get_visible(DataImport, import_id, actor), error.message, actor)
    db.session.commit()


JOBS = (
    Job("imports.check", None, check, _l("Check an import"), watched=True),
    Job("imports.apply", None, apply, _l("Apply an import"), watched=True),
)
