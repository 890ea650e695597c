"""A look into one feed: what is found is taken, file by file, each in a transaction of its own; what goes wrong is counted and told once.

It gives the word whenever what it wrote may be committed, and holds no transaction while it reads disk or network.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from incubator.feeds import bucket, folder, owners, places, pulling, service, taking, timing
from incubator.feeds.models import Feed, FeedFile
from incubator.feeds.places import Found, Growing, Look, Marks, Place
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, read_only, release
from incubator.kernel.errors import AppError
from incubator.kernel.sealing import Unreadable

UNREADABLE = _l("What is there could not be read, or could not be kept here. Ask who runs this server.")


def look_into(feed_id: int, now: datetime) -> Iterator[int]:
    """Take what is there; gives how many files each step took. A feed that does not run is left alone."""
    with read_only():
        feed: Feed = access.get_visible(Feed, feed_id, SYSTEM)
        owner, place, known = owners.actor_of(feed), places.of(feed, previous(feed)), _known(feed)
        runs = feed.state == "active" and feed.looks
        release()
    if not runs:
        return
    if owner is None:
        service.halt(access.get_visible(Feed, feed_id, SYSTEM), "owner", now)
        yield 0
        return
    with force_locale(owner.locale):
        yield from _collected(feed_id, owner, place, known, now)


def _collected(feed_id: int, owner: Actor, place: Place, known: Marks, now: datetime) -> Iterator[int]:
    again = False
    try:
        found = look(place, known, now)
        for one in found.found:
            taken = _take(feed_id, owner, one, now)
            again |= taken is None
            yield taken or 0
    except (AppError, OSError) as error:
        db.session.rollback()
        _failed(feed_id, error if isinstance(error, AppError) else places.Unfit(UNREADABLE), now)
    else:
        _looked(feed_id, found, again, now)
    yield 0


def look(place: Place, known: Marks, now: datetime) -> Look:
    """What is there now and was not taken before; AppError when the place cannot be looked at."""
    if place.transport == "folder":
        return folder.look(place, known, now)
    return bucket.look(place, known) if place.transport == "s3" else pulling.look(place)


def previous(feed: Feed) -> tuple[int, str]:
    """(id, SHA-256) of the file that came last."""
    query = access.select_visible(FeedFile, SYSTEM, FeedFile.id, FeedFile.sha256).where(FeedFile.feed_id == feed.id)
    row = db.session.execute(query.order_by(FeedFile.id.desc()).limit(1)).first()
    return (row.id, row.sha256) if row else (0, "")


def _known(feed: Feed) -> set[tuple[str, str]]:
    """(name, mark) of every file that came; an address has but one."""
    if feed.transport == "pull":
        return set()
    query = access.select_visible(FeedFile, SYSTEM, FeedFile.source, FeedFile.mark).where(FeedFile.feed_id == feed.id)
    return {(source, mark) for source, mark in db.session.execute(query)}


def _take(feed_id: int, owner: Actor, found: Found, now: datetime) -> int | None:
    """1 when it was taken, 0 when it was known or cannot be taken, None when it is not ready."""
    release()
    try:
        data = found.load()
    except Growing:
        return None
    except places.Unfit:
        raise
    except AppError as error:
        return int(taking.put_aside(_running(feed_id), found, error, now) is not None)
    feed = _running(feed_id)
    key = found.key(places.content_digest(data))
    try:
        taken = taking.take(feed, owner, found.name, data, key, now, found=found)
    except AppError as error:
        return int(taking.put_aside(feed, found, error, now) is not None)
    if taken is None:
        taking.seen_again(feed, key, found)
    return int(taken is not None)


def _running(feed_id: int) -> Feed:
    feed: Feed = access.get_visible(Feed, feed_id, SYSTEM)
    return feed


def _looked(feed_id: int, found: Look, again: bool, now: datetime) -> None:
    """Note a look that went well; where something waits, the next one comes soon. Statements, so that nobody's edit of the feed collides."""
    values: dict[str, Any] = {"looked_at": now, "failures": 0, "error": "", **found.seen}
    mine = (Feed.id == feed_id) & access.visible(Feed, SYSTEM)
    db.session.execute(update(Feed).where(mine).values(values))
    if found.again or again:
        soon = now + timing.SOON
        db.session.execute(update(Feed).where(mine, Feed.state == "active", Feed.next_at > soon).values(next_at=soon))


def _failed(feed_id: int, error: AppError, now: datetime) -> None:
    """Note a look that failed, tell the first of a row, try again later and later, and stop in the end."""
    feed = _running(feed_id)
    db.session.refresh(feed, with_for_update=True)
    if feed.state != "active":
        return
    feed.failures, feed.error, feed.looked_at = feed.failures + 1, taking.reason(error), now
    if feed.failures >= timing.MOST_FAILURES or isinstance(error, Unreadable):
        service.halt(feed, "failures", now)
        return
    feed.next_at = now + timing.pause_after(feed.failures)
    if feed.failures == 1:
        taking.tell(feed, "feed.failing", now, error=feed.error)
