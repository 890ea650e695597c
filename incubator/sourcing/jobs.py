"""The clock of sourcing: closing at the deadline, reminders before it, offers whose validity is over."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.sourcing import sweep


def close_due(run: Any, now: datetime) -> dict[str, int]:
    """Close every enquiry whose deadline has come, one transaction each."""
    closed = 0
    while sweep.close_next(now):
        db.session.commit()
        closed += 1
        run.progress(closed)
    return {"closed": closed}


def remind(run: Any, now: datetime) -> dict[str, int]:
    """Remind the factories that have not answered yet. Twice in a row does nothing."""
    return {"reminded": _in_batches(run, sweep.remind_batch, now)}


def expire(run: Any, now: datetime) -> dict[str, int]:
    """Let offers expire whose validity is over."""
    return {"expired": _in_batches(run, sweep.expire_batch, now)}


def _in_batches(run: Any, step: Any, now: datetime) -> int:
    done = 0
    while batch := step(now):
        db.session.commit()
        done += batch
        run.progress(done)
    return done


JOBS = (
    Job("sourcing.close", "* * * * *", close_due, title=_l("Close enquiries at their deadline")),
    Job("sourcing.remind", "25 * * * *", remind, title=_l("Remind factories of enquiries")),
    Job("sourcing.expire", "40 0 * * *", expire, title=_l("Let quotations expire")),
)
