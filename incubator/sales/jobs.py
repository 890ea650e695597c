"""What sales do by the clock: roll up the weeks whose lines changed, grade every Monday, and keep the table in few files."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.sales import grading, lake, queries, service


def roll_up(run: Any, now: datetime) -> dict[str, int]:
    """Weeks whose lines changed, then the grades of the brands they belong to. Doing it twice does nothing."""
    rolled = graded = 0
    for brand_id in service.stale_brands():
        while done := service.roll_up(brand_id):
            rolled += done
            db.session.commit()
            run.progress(rolled)
        graded += grading.grade(brand_id, grading.last_complete_week(now.date()))
        db.session.commit()
    return {"weeks": rolled, "grades": graded}


def grade(run: Any, now: datetime) -> dict[str, int]:
    """Every brand that sold anything, at the end of the week that is over."""
    graded = 0
    for brand_id in queries.selling_brands():
        graded += grading.grade(brand_id, grading.last_complete_week(now.date()))
        db.session.commit()
        run.progress(graded)
    return {"grades": graded}


def compact(_run: Any, _now: datetime) -> dict[str, int]:
    return lake.compact()


JOBS = (
    Job("sales.roll_up", "* * * * *", roll_up, _l("Roll up weeks of sales"), due=lambda _now: bool(service.stale_brands())),
    Job("sales.grade", "10 1 * * mon", grade, _l("Grade SKUs")),
    Job("sales.compact", "40 3 * * *", compact, _l("Tidy the sales table")),
)
