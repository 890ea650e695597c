"""What the kernel does for itself by night: forget old runs, walk the audit chain, count for the query planner.

It deletes no run that a person asked for.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, text

from incubator.kernel import audit
from incubator.kernel.db import db, is_sqlite, read_only
from incubator.kernel.errors import Refused
from incubator.kernel.job_table import JobRun

KEEP = timedelta(days=30)
BATCH = 5000


def has_old_runs(now: datetime) -> bool:
    return db.session.scalar(_old(now).limit(1)) is not None


def prune(_run: Any, now: datetime) -> dict[str, int]:
    """Delete the history of ticks that were done more than 30 days ago."""
    ids = db.session.scalars(_old(now).limit(BATCH)).all()
    db.session.execute(delete(JobRun).where(JobRun.id.in_(ids)))
    db.session.commit()
    return {"deleted": len(ids)}


def _old(now: datetime) -> Any:
    return select(JobRun.id).where(JobRun.fire_at < now - KEEP, JobRun.status == "done")


def verify_audit(_run: Any, _now: datetime) -> dict[str, int]:
    """Walk the whole chain; Refused, naming the first row that does not fit, so that the run stands out as failed."""
    with read_only():
        broken, rows = audit.first_broken(), audit.length()
        db.session.rollback()
    if broken is not None:
        raise Refused(_l("The audit chain is broken at row %(id)s (%(event)s).", id=broken.id, event=broken.event))
    return {"rows": rows}


def analyse(_run: Any, _now: datetime) -> dict[str, int]:
    """Let SQLite look at a sample of each index: without figures its planner takes the brand's index where the product's is meant.

    PostgreSQL does so by itself.
    """
    if is_sqlite():
        db.session.execute(text("PRAGMA analysis_limit = 1000"))
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return {}
