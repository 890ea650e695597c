"""One file is taken: known by its key, kept, made an import of the feed's owner, and its work queued. All in the caller's transaction.

Whoever takes the same file at the same moment finds it taken: the key is unique within the feed.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.accounts import notices
from incubator.feeds import owners, places, words
from incubator.feeds.models import Feed, FeedFile
from incubator.feeds.places import Found
from incubator.imports import kinds, mapping_queries, service
from incubator.imports.models import DataImport
from incubator.kernel import access, audit, files, jobs, names, sniff
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, Invalid, Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from incubator.kernel.upsert import insert_once

RETRIED = ("mapping", "checked", "failed")


def take(
    feed: Feed, owner: Actor, name: str, data: bytes, key: str, now: datetime, *, by: Actor = SYSTEM, found: Found | None = None
) -> FeedFile | None:
    """The new file with its import queued, or None when this key was taken before. Invalid for what is no sheet of lines."""
    kind_of_content = content_type(data, name)
    label = names.with_suffix(names.clean_name(name), sniff.SUFFIXES[kind_of_content])
    taken = _insert(feed, key, label, len(data), now, by, found, sha256=places.content_digest(data))
    if taken is None:
        return None
    stored = files.keep(data, label, kind_of_content, owner, now, kind="import")
    _begin(taken, feed, stored, owner, now)
    audit.record("feed.receive", feed, by, now, name=feed.name, file=label, size=len(data))
    return taken


def content_type(data: bytes, name: str) -> str:
    """By its bytes; Invalid for what is neither text nor a workbook."""
    try:
        found = sniff.content_type(data, name)
    except sniff.Empty:
        raise
    except Invalid as error:
        raise sniff.NoSheet() from error
    if found not in sniff.SHEETS:
        raise sniff.NoSheet()
    return found


def put_aside(feed: Feed, found: Found, error: AppError, now: datetime) -> FeedFile | None:
    """A file that cannot be imported is remembered with the reason, so that it is told once and not read again."""
    key = places.digest("aside", found.name, found.mark)
    taken = _insert(feed, key, names.clean_name(found.name), found.size, now, SYSTEM, found, problem=reason(error))
    if taken is not None:
        tell(feed, "feed.strange", now, file=taken.name, error=taken.problem)
    return taken


def seen_again(feed: Feed, key: str, found: Found) -> None:
    """A file that was taken before bears another mark now, touched or written anew: with that it is not read again."""
    query = access.select_visible(FeedFile, SYSTEM).where(FeedFile.feed_id == feed.id, FeedFile.key == key)
    known: FeedFile = db.session.scalars(query).one()
    known.mark = found.mark[:200]


def reason(error: AppError) -> str:
    """What was wrong, in the present language."""
    said = [str(m) for messages in getattr(error, "fields", {}).values() for m in messages]
    return " ".join(said) or str(error.message)


def _insert(
    feed: Feed, key: str, name: str, size: int, now: datetime, by: Actor, found: Found | None, *, sha256: str = "", problem: str = ""
) -> FeedFile | None:
    made = insert_once(
        FeedFile, feed_id=feed.id, key=key, name=name[:200], source=found.name[:1100] if found else "", mark=found.mark[:200] if found else "",
        size=size, sha256=sha256, problem=problem, taken_at=now, taken_by_id=by.user_id,
    )  # fmt: skip
    return access.get_visible(FeedFile, made, SYSTEM) if made else None


def _begin(taken: FeedFile, feed: Feed, stored: Any, owner: Actor, now: datetime) -> None:
    version_id = mapping_queries.present_version(feed.mapping_id, owner)
    made = service.keep(kinds.find(feed.kind), stored, owner, now, preset=feed.preset, options=feed.options, mapping_version_id=version_id)
    made.run_id = jobs.enqueue("feeds.import", owner, now, key=f"feed:{taken.id}:{made.id}", file_id=taken.id).id
    taken.import_id, taken.settled_at = made.id, None


def push(feed: Feed, key: str, name: str, data: bytes, actor: Actor, now: datetime) -> FeedFile:
    """A file that was sent under an idempotency key: the first answer again for the same bytes, Refused for others under the same key."""
    access.require("feed.run", actor, feed)
    if feed.transport != "push":
        raise Refused(gettext("Files do not come by HTTP push into this feed."))
    digest = places.digest("push", key)
    if first := _first(feed, digest, data):
        return first
    owner = _owner(feed)
    taken = take(feed, owner, name, data, digest, now, by=actor) or _first(feed, digest, data)
    assert taken is not None
    return taken


def _first(feed: Feed, digest: str, data: bytes) -> FeedFile | None:
    query = access.select_visible(FeedFile, SYSTEM).where(FeedFile.feed_id == feed.id, FeedFile.key == digest)
    found: FeedFile | None = db.session.scalar(query)
    if found is not None and found.sha256 != places.content_digest(data):
        raise Refused(gettext("Another file was sent under this idempotency key. Use a new key for each file."))
    return found


def _owner(feed: Feed) -> Actor:
    if feed.state != "active":
        raise Refused(gettext("This feed is closed.") if feed.state == "closed" else gettext("This feed is not running."))
    owner = owners.actor_of(feed)
    if owner is None:
        raise Refused(str(words.REASONS["owner"]))
    return owner


def checked_bytes(upload: Any) -> bytes:
    """What was uploaded, checked before the view began; what was refused then is refused now."""
    found = vars(upload).get("checked")
    if isinstance(found, AppError):
        raise found
    return bytes(found.data) if found else bytes(upload.stream.read(files.MOST_BYTES))


def upload(feed: Feed, name: str, data: bytes, actor: Actor, now: datetime) -> FeedFile:
    """A file by hand, under a key that tells it by when it came: the same file may be handed in again."""
    access.require("feed.run", actor, feed)
    taken = take(feed, _owner(feed), name, data, places.digest("upload", actor.user_id, now.isoformat(), name), now, by=actor)
    if taken is None:
        raise Refused(gettext("This file was handed in a moment ago."))
    return taken


def retry(taken: FeedFile, actor: Actor, now: datetime) -> None:
    """Import the kept file again in the owner's name; Refused while it is worked on, and once it is applied."""
    feed = taken.feed
    access.require("feed.run", actor, feed)
    owner = owners.actor_of(feed)
    made, run = _import_of(taken)
    stuck = run is None or run.is_over
    if made is None or owner is None or not (made.status in RETRIED or (made.is_running and stuck)):
        raise Refused(gettext("This file is being worked on, or is imported already, or was never kept."))
    stored = access.get_visible(StoredFile, made.file_id, SYSTEM)
    stored.uploaded_by = owner.user_id
    _begin(taken, feed, stored, owner, now)
    audit.record("feed.retry", feed, actor, now, name=feed.name, file=taken.name)


def _import_of(taken: FeedFile) -> tuple[Any, Any]:
    query = access.select_visible(DataImport, SYSTEM, DataImport, JobRun)
    query = query.outerjoin(JobRun, JobRun.id == DataImport.run_id).where(DataImport.id == taken.import_id)
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else (None, None)


def settle(taken: FeedFile, made: DataImport, now: datetime) -> None:
    """Tell the owner of a file that did not go in whole; once, however often a killed run comes back to it."""
    if taken.settled_at is not None:
        return
    taken.settled_at = now
    refused = int(made.counts.get("refused", 0))
    text = {"mapping": "feed.mapping", "failed": "feed.failed"}.get(made.status, "feed.refused" if refused else "")
    if text:
        tell(taken.feed, text, now, f"/imports/{made.id}", by_mail=text != "feed.refused", file=taken.name, count=refused)


def tell(feed: Feed, text: str, now: datetime, url: str = "", *, by_mail: bool = True, **params: Any) -> None:
    """Tell the owner, in the app and by mail."""
    notices.notify([feed.owner], text, url or f"/feeds/{feed.id}", now, feed.organisation_id, by_mail, name=feed.name, **params)
