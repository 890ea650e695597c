"""The long work of signals: hearing all voices anew for a topic, and reminding of complaints that grow old."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel import access, exclusive
from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.signals import tagging, wall_queries, wall_reminders
from incubator.signals.models import Topic


def listen(run: Any, now: datetime, topic_id: int) -> dict[str, int]:
    """Tag all voices of a brand for one topic anew, while no import of voices is applied."""
    topic: Topic = access.get_visible(Topic, topic_id, run.actor)
    counts = {"found": 0}
    with exclusive.turn(f"import:signals.voices:{topic.brand_id}"):
        for found in tagging.retag(topic, run.actor, run.progress):
            db.session.commit()
            counts["found"] = found
    return counts


def remind(run: Any, now: datetime) -> dict[str, int]:
    """One message per owner of complaints that have waited for a week."""
    reminded = 0
    for owner_id, number, oldest in wall_queries.waiting_long(now, now.date(), wall_reminders.DAYS):
        wall_reminders.remind_one(owner_id, number, oldest, now, now.date())
        db.session.commit()
        reminded += 1
        run.progress(reminded)
    return {"reminded": reminded}


JOBS = (
    Job("signals.listen", None, listen, _l("Hear all voices for a topic")),
    Job("signals.remind", "30 0 * * *", remind, _l("Remind of old complaints"), due=wall_reminders.is_due),
)
