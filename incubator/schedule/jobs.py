"""The hourly sweep: whose milestone is due soon, today or overdue where they are, and has not been told so yet."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.schedule import sweep


def sweep_milestones(run: Any, now: datetime) -> dict[str, int]:
    """One notice and one mail per milestone and threshold; then the risk of the products. Twice in a row does nothing."""
    told = 0
    while batch := sweep.remind_batch(now):
        told += batch
        db.session.commit()
        run.progress(told)
    risen = sweep.raise_risks(now)
    db.session.commit()
    return {"reminded": told, "risks": risen}


JOBS = (Job("milestones.sweep", "5 * * * *", sweep_milestones, title=_l("Remind of milestones and rate risk")),)
