"""The hourly look at rounds that are to be shipped: who has not been told yet that the day is near, here or past."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.samples import reminders


def remind(run: Any, now: datetime) -> dict[str, int]:
    """One notice and one mail per round and threshold; twice in a row does nothing."""
    told = 0
    last: int | None = 0
    while last is not None:
        more, last = reminders.remind_batch(now, last)
        told += more
        db.session.commit()
        run.progress(told)
    return {"reminded": told}


JOBS = (Job("samples.remind", "10 * * * *", remind, title=_l("Remind of samples that are to be shipped")),)
