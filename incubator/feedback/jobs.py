"""What feedback does by the clock: compile and send the week that is over, remind, and measure what came of promises.

Every pack is one transaction: a process that is killed leaves whole packs or none, and the next run makes those that are missing.
"""

from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.feedback import compiling, finding_service, measuring, reminders, score_service, service, window
from incubator.feedback import digest as digests
from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.sales import grading, queries

SCORES = 200  # rows in one transaction


def compile_and_send(run: Any, now: datetime) -> dict[str, int]:
    """The last complete week of every brand and factory; brands whose sales are being rolled up come with the next run."""
    week, sent, left = grading.last_complete_week(now.date()), 0, 0
    for brand_id in queries.selling_brands():
        if not window.is_rolled_up(brand_id, week):
            left += 1
            continue
        finding_service.look_if_new(brand_id, week, now)
        drafts = compiling.drafts(brand_id, week)
        db.session.commit()
        for draft in drafts.values():
            sent += service.send_all(brand_id, week, draft, now)
            db.session.commit()
            run.progress(sent)
    return {"sent": sent, "left": left}


def find(run: Any, now: datetime) -> dict[str, int]:
    """What of the returns of the last complete week is more than chance, brand by brand; once per week, again when its lines changed."""
    week, looked = grading.last_complete_week(now.date()), 0
    for brand_id in queries.selling_brands():
        if window.is_rolled_up(brand_id, week):
            looked += finding_service.look_if_new(brand_id, week, now)
            db.session.commit()
            run.progress(looked)
    return {"looked": looked}


def remind(run: Any, now: datetime) -> dict[str, int]:
    """The day before and the day after; twice in a row does nothing."""
    told = 0
    last: int | None = 0
    while last is not None:
        more, last = reminders.remind_batch(now, last)
        told += more
        db.session.commit()
        run.progress(told)
    return {"reminded": told}


def digest(run: Any, now: datetime) -> dict[str, int]:
    """Everybody whose Monday morning has come; a person at a time is committed, so that nobody gets two."""
    sent = 0
    for monday, zones in digests.zones(now).items():
        last = 0
        while batch := digests.readers(monday, zones, last):
            waits = digests.waiting({r.organisation.id: r.organisation for r in batch}.values(), monday, now)
            for user, mine in groupby(batch, key=lambda r: r.user):
                sent += digests.tell(user, [(r.organisation, waits[r.organisation.id]) for r in mine], monday, now)
                last = user.id
                db.session.commit()
                run.progress(sent)
    return {"sent": sent}


def measure(run: Any, now: datetime) -> dict[str, int]:
    """Every promise that was done long enough ago, then the packs of which nothing is left to measure."""
    measured = closed = last = 0
    while actions := measuring.waiting(now, last):
        for action in actions:
            last = action.id
            measured += measuring.measure(action, now) is not None
            db.session.commit()
            run.progress(measured)
    while packs := measuring.finished(now):
        for pack in packs:
            measuring.close(pack, now)
            closed += 1
        db.session.commit()
    return {"measured": measured, "closed": closed}


def score(run: Any, now: datetime) -> dict[str, int]:
    """The capability scores of this Monday, a batch at a time; those that stand already are left alone."""
    on, kept = score_service.monday_of(now), 0
    for number, (factory_id, found) in enumerate(score_service.due(on), 1):
        kept += score_service.keep(factory_id, found, on, now)
        if number % SCORES == 0:
            db.session.commit()
            run.progress(kept)
    db.session.commit()
    return {"scored": kept}


JOBS = (
    Job("feedback.find", "20 1-12 * * *", find, title=_l("Look for what comes back too often")),
    Job("feedback.send", "30 1-12 * * *", compile_and_send, title=_l("Compile and send feedback packs")),
    Job("feedback.remind", "20 * * * *", remind, title=_l("Remind of feedback packs")),
    Job("feedback.digest", "*/30 * * * *", digest, title=_l("Send the weekly digest")),
    Job("feedback.score", "30 3 * * mon", score, title=_l("Score the capabilities of factories")),
    Job("feedback.measure", "50 2 * * mon", measure, title=_l("Measure the effect of feedback")),
)
