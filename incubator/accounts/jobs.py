"""What accounts do by the clock: messages go to webhooks, and what has ended long ago and tells nothing any more is deleted. The audit trail stays."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import housekeeping, webhook_sender
from incubator.kernel.db import db
from incubator.kernel.jobs import Job


def prune(_run: Any, now: datetime) -> dict[str, int]:
    """Delete old counters, links and sessions; counts by table."""
    counts = housekeeping.prune(now)
    db.session.commit()
    return counts


JOBS = (
    Job("accounts.prune", "41 3 * * *", prune, title=_l("Delete ended sessions and links"), retries=1),
    Job(
        "webhooks.deliver",
        "*/10 * * * * *",
        webhook_sender.deliver,
        _l("Send messages to webhooks"),
        retries=0,
        due=webhook_sender.has_waiting,
    ),
)
