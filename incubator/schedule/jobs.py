"""The hourly sweep: whose milestone is due soon, today or overdue where they are, and has not been told so yet; and plans computed anew."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.schedule import closure_service, escalation, sweep


def sweep_milestones(run: Any, now: datetime) -> dict[str, int]:
    """One notice and one mail per milestone and threshold, then those above; then the risk of the products. Twice in a row does nothing."""
    told, due = 0, sweep.due_at(now)
    for tell in (lambda: sweep.remind_batch(now, due), lambda: escalation.escalate_batch(now)):
        while batch := tell():
            told += batch
            db.session.commit()
            run.progress(told)
    risen = sweep.raise_risks(now)
    db.session.commit()
    return {"reminded": told, "risks": risen}


def replan(run: Any, now: datetime, organisation_id: int | None = None, recorded_by_id: int | None = None) -> dict[str, int]:
    """Forecasts after a closure of an organisation, or of every plan (after the statutory days of a year became known). Product by product."""
    moved, plans = 0, closure_service.touched(organisation_id, recorded_by_id)
    db.session.commit()
    for number, (product_id, brand_id) in enumerate(plans, 1):
        moved += closure_service.replan(product_id, brand_id, now)
        db.session.commit()
        run.progress(number, len(plans))
    return {"plans": len(plans), "moved": moved}


JOBS = (
    Job("milestones.sweep", "5 * * * *", sweep_milestones, title=_l("Remind of milestones and rate risk")),
    Job("milestones.replan", None, replan, title=_l("Compute the forecasts of plans anew")),
)
