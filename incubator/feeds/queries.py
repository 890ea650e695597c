"""Reads of feeds for pages and JSON: the list with each feed's last file, a feed's files with what became of them, and refusals."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func

from incubator.accounts.models import User
from incubator.feeds.models import Feed, FeedFile
from incubator.imports.models import DataImport, ImportRefusal
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun

RECENT = paging.Order(Feed.created_at, "created_at", descending=True)
LATEST = paging.Order(FeedFile.taken_at, "taken_at", descending=True)
FILTERS = ("kind", "transport", "state")


def is_any_due(now: datetime) -> bool:
    query = access.select_visible(Feed, SYSTEM, Feed.id).where(Feed.state == "active", Feed.next_at <= now)
    return db.session.scalar(query.limit(1)) is not None


def listing(actor: Actor, filters: dict[str, str], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of feeds without their secrets, the youngest first. Closed ones only where they are asked for."""
    columns = (
        Feed.id, Feed.name, Feed.kind, Feed.transport, Feed.place, Feed.state, Feed.reason, Feed.error, Feed.failures, Feed.next_at,
        Feed.rhythm, Feed.hour, Feed.timezone, Feed.created_at, User.name.label("owner"),
    )  # fmt: skip
    query = access.select_visible(Feed, actor, *columns).join(User, User.id == Feed.owner_id)
    count = access.select_visible(Feed, actor, Feed.id)
    wanted = [getattr(Feed, name) == filters[name] for name in FILTERS if filters.get(name)]
    wanted += [] if filters.get("state") else [Feed.state != "closed"]
    if text := filters.get("q"):
        wanted.append(Feed.name.icontains(text, autoescape=True))
    return paging.fetch(query.where(*wanted), Feed.id, RECENT, cursor, size, count.where(*wanted))


def last_files(feed_ids: Sequence[int], actor: Actor) -> dict[int, Any]:
    """Feed → its last file with the status of its import."""
    ids = (
        access.select_visible(FeedFile, actor, func.max(FeedFile.id))
        .where(FeedFile.feed_id.in_(id_set(feed_ids)))
        .group_by(FeedFile.feed_id)
    )
    return {row.feed_id: row for row in db.session.execute(_files(actor).where(FeedFile.id.in_(ids)))}


def _files(actor: Actor) -> Any:
    columns = (
        FeedFile.id, FeedFile.feed_id, FeedFile.name, FeedFile.size, FeedFile.problem, FeedFile.taken_at, FeedFile.import_id,
        DataImport.status, DataImport.counts, DataImport.user_id, JobRun.status.label("run"), User.name.label("by"),
    )  # fmt: skip
    query = access.select_visible(FeedFile, actor, *columns).outerjoin(DataImport, DataImport.id == FeedFile.import_id)
    return query.outerjoin(JobRun, JobRun.id == DataImport.run_id).outerjoin(User, User.id == FeedFile.taken_by_id)


def files(feed: Feed, actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of what came by a feed, the latest first, with what became of it."""
    count = access.select_visible(FeedFile, actor, FeedFile.id).where(FeedFile.feed_id == feed.id)
    return paging.fetch(_files(actor).where(FeedFile.feed_id == feed.id), FeedFile.id, LATEST, cursor, size, count)


def every(page_of: Any) -> Iterator[Any]:
    """All rows of a list, page by page, for a download; `page_of(cursor, size)` gives a page."""
    cursor = None
    while True:
        page = page_of(cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def file(feed: Feed, file_id: int, actor: Actor) -> Any:
    """One file of a feed with what became of it; NotFound for another feed's."""
    taken = of_feed(feed, file_id, actor)
    return db.session.execute(_files(actor).where(FeedFile.id == taken.id)).one()


def of_feed(feed: Feed, file_id: int, actor: Actor) -> FeedFile:
    found: FeedFile = access.get_visible(FeedFile, file_id, actor)
    return found if found.feed_id == feed.id else access.get_visible(FeedFile, 0, actor)


def refusals(file_id: int, actor: Actor, limit: int) -> list[Any]:
    """The first lines of a file that were refused, with what would be right."""
    columns = (ImportRefusal.line, ImportRefusal.column, ImportRefusal.value, ImportRefusal.message)
    query = access.select_visible(FeedFile, actor, *columns).join(ImportRefusal, ImportRefusal.import_id == FeedFile.import_id)
    return list(db.session.execute(query.where(FeedFile.id == file_id).order_by(ImportRefusal.line, ImportRefusal.id).limit(limit)).all())


def waiting_runs(now: datetime) -> list[int]:
    """The queued runs that import files of feeds and are due, in the order in which they came."""
    due = (JobRun.job == "feeds.import") & (JobRun.status == "queued") & (JobRun.next_try_at <= now)
    return list(db.session.scalars(access.select_visible(JobRun, SYSTEM, JobRun.id).where(due).order_by(JobRun.id)))


def outcomes(run_ids: Sequence[int]) -> dict[str, int]:
    """How many of these runs are done, are to be tried again or are in other hands, and failed."""
    query = access.select_visible(JobRun, SYSTEM, JobRun.status, func.count(JobRun.id)).where(JobRun.id.in_(id_set(run_ids)))
    counted = {status: number for status, number in db.session.execute(query.group_by(JobRun.status))}
    done, failed = counted.get("done", 0), counted.get("failed", 0)
    return {"done": done, "waiting": sum(counted.values()) - done - failed, "failed": failed}
