"""The hourly reminder of deliverables that are due, late, or wait for a review."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.codevelopment import reminders
from incubator.kernel.db import db
from incubator.kernel.jobs import Job


def remind(run: Any, now: datetime) -> dict[str, int]:
    """One notice and one mail per deliverable and threshold. Twice in a row does nothing."""
    told = 0
    while batch := reminders.batch(now):
        told += batch
        db.session.commit()
        run.progress(told)
    return {"reminded": told}


JOBS = (Job("codevelopment.remind", "20 * * * *", remind, title=_l("Remind of deliverables and reviews")),)
