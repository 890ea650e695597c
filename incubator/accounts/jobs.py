"""What accounts do by the clock: messages go to webhooks, and what has ended long ago and tells nothing any more is deleted. The audit trail stays."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import housekeeping, webhook_sender
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.jobs import Job

MESSAGES = 100  # in one run


def prune(_run: Any, now: datetime) -> dict[str, int]:
    """Delete old counters, links and sessions, seal what is readable; counts by table."""
    counts = housekeeping.prune(now) | {"sealed": housekeeping.seal_factors()}
    db.session.commit()
    return counts


def deliver(run: Any, _now: datetime) -> dict[str, int]:
    """Send what is due to webhooks, one claim and one commit per message; how many arrived and how many did not."""
    counts = {"sent": 0, "failed": 0}
    for _ in range(MESSAGES):
        delivery = None if run.stopping else webhook_sender.claim(clock.now())
        db.session.commit()
        if delivery is None:
            break
        kind, asked = webhook_sender.prepared(delivery, clock.now())
        db.session.commit()
        refused = webhook_sender.post(kind, asked)
        webhook_sender.note(delivery, refused, clock.now())
        db.session.commit()
        counts["failed" if refused else "sent"] += 1
    return counts


JOBS = (
    Job("accounts.prune", "41 3 * * *", prune, title=_l("Delete ended sessions and links"), retries=1),
    Job(
        "webhooks.deliver",
        "*/10 * * * * *",
        deliver,
        _l("Send messages to webhooks"),
        retries=0,
        due=webhook_sender.has_waiting,
    ),
)
