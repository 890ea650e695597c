"""What feeds do by the clock: look where a look is due, and import what came, one file at a time.

A tick only queues looks, so that one place that hangs keeps no other feed waiting; a look only takes files, each in a transaction of
its own; each file is then checked and applied by a run of its own, which is rescued when its process is killed.
"""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.feeds import collecting, owners, queries, service, taking
from incubator.feeds.models import Feed, FeedFile
from incubator.imports import jobs as imports
from incubator.imports import service as importing
from incubator.imports.models import DataImport
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.jobs import Job


def is_due(now: datetime) -> bool:
    return queries.is_any_due(now) or bool(owners.deserted(1))


def collect(run: Any, now: datetime) -> dict[str, int]:
    """Queue the looks that are due; stop the feeds in whose name nobody imports any more."""
    counts = {"looks": 0, "stopped": 0}
    for feed_id in owners.deserted():
        service.halt(access.get_visible(Feed, feed_id, SYSTEM), "owner", now)
        db.session.commit()
        counts["stopped"] += 1
    for feed in service.due(now):
        counts["looks"] += service.queue_look(feed, now) is not None
        db.session.commit()
    return counts


def look(run: Any, now: datetime, feed_id: int) -> dict[str, int]:
    """Take every new file of one feed, each committed by itself."""
    files = 0
    for taken in collecting.look_into(feed_id, now):
        db.session.commit()
        files += taken
        run.progress(files)
    return {"files": files}


def take_in(run: Any, now: datetime, file_id: int) -> dict[str, int]:
    """Check one file and apply it, without asking; headings that nobody knows wait for the owner, who is told of all that did not go in."""
    taken: FeedFile = access.get_visible(FeedFile, file_id, SYSTEM)
    owner = owners.actor_of(taken.feed)
    if owner is None:
        service.halt(taken.feed, "owner", now)
        db.session.commit()
        return {}
    made = import_now(int(taken.import_id or 0), owner, now, run.progress)
    taking.settle(access.get_visible(FeedFile, file_id, SYSTEM), made, now)
    db.session.commit()
    return dict(made.counts)


def import_now(import_id: int, owner: Actor, now: datetime, progress: Any) -> DataImport:
    """From wherever a killed run left it, to its end or to where a person must say something. Where no line is right, it waits, too."""
    made = imports.check_now(import_id, owner, progress)
    read, refused = (int(made.counts.get(name, 0)) for name in ("read", "refused"))
    if made.status == "checked" and (refused < read or not read):
        importing.ask_to_apply(made, owner, now, queue=False)
        db.session.commit()
    return imports.apply_now(import_id, owner, now, progress)


JOBS = (
    Job("feeds.collect", "* * * * *", collect, title=_l("Look where files may have come"), retries=0, due=is_due),
    Job("feeds.look", None, look, title=_l("Look into a feed")),
    Job("feeds.import", None, take_in, title=_l("Import a file of a feed")),
)
