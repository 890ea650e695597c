"""What factories do by the clock: certificates and tiers that run out, and the search for duplicates."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.factories import duplicate_service, expiry
from incubator.factories.guards import ZONE
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.jobs import Job


def run_out(run: Any, now: datetime) -> dict[str, int]:
    """Remind of certificates, expire certificates and tiers; each in a transaction of its own."""
    today, found = clock.today(ZONE), []
    while batch := expiry.due_certificates(today):
        for certificate in batch:
            found.append(expiry.settle(certificate, today, now))
            db.session.commit()
        run.progress(len(found))
    for award in expiry.due_tiers(today):
        expiry.end_tier(award, now)
        found.append("tiers")
        db.session.commit()
    return expiry.counts(found)


def find_duplicates(run: Any, now: datetime) -> dict[str, int]:
    """Suggest pairs that may be one factory, in one transaction; what was decided is not asked again."""
    counts = duplicate_service.search(now)
    db.session.commit()
    return counts


JOBS = (
    Job("factories.expiry", "20 0 * * *", run_out, _l("Remind of certificates, and expire them")),
    Job("factories.duplicates", "40 17 * * *", find_duplicates, _l("Search for duplicate factories")),
)
