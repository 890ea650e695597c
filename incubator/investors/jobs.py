"""The regular work of investors: tranches fall due and are reminded of; documents of frozen reports are made."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.investors import printing, sweep
from incubator.kernel.db import db
from incubator.kernel.jobs import Job


def sweep_tranches(run: Any, now: datetime) -> dict[str, int]:
    """Each open tranche in a transaction of its own."""
    ids, changed = sweep.open_ids(), 0
    db.session.rollback()
    for number, tranche_id in enumerate(ids, 1):
        changed += sweep.look_at(tranche_id, now)
        db.session.commit()
        run.progress(number, len(ids))
    return {"looked": len(ids), "changed": changed}


def print_reports(run: Any, now: datetime, report_id: int | None = None) -> dict[str, int]:
    """Make what documents are missing, of one report or of all, one by one; one that exists is never made again."""
    missing, made = printing.missing(report_id), 0
    db.session.rollback()
    for number, wanted in enumerate(missing, 1):
        made += printing.make(wanted, now)
        db.session.commit()
        run.progress(number, len(missing))
    return {"made": made}


JOBS = (
    Job("tranches.sweep", "20 * * * *", sweep_tranches, _l("Let tranches fall due and remind of them")),
    Job(
        "reports.print",
        "*/5 * * * *",
        print_reports,
        _l("Make the documents of frozen reports"),
        due=lambda _now: bool(printing.missing(limit=1)),
    ),
)
