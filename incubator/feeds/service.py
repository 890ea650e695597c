"""What people do with feeds: set up, change, pause and resume, take over, close; and look now. Secrets are sealed here and shown by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select, update

from incubator.feeds import bucket, folder, owners, places, taking, timing, words
from incubator.feeds.models import Feed, FeedFile
from incubator.imports.kinds import Kind
from incubator.imports.models import ColumnMapping, DataImport
from incubator.kernel import access, audit, jobs, outbound, sealing, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.file_table import StoredFile


@dataclass(frozen=True)
class Wish:
    """What somebody fills in about a feed. `secret` is what they typed: blank keeps the one that is there."""

    name: str
    preset: str = ""
    mapping_id: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    proof: str = "none"
    proof_user: str = ""
    secret: str = ""
    rhythm: str = "hour"
    hour: int = 8
    timezone: str = "Asia/Shanghai"


def create(kind: Kind, transport: str, wish: Wish, actor: Actor, now: datetime) -> Feed:
    """A running feed in the actor's name. Invalid with the messages by field."""
    access.require(kind.rule, actor)
    if actor.organisation_id is None:
        raise Refused(gettext("A feed belongs to an organisation; you act for none."))
    feed = Feed(organisation_id=actor.organisation_id, owner_id=actor.user_id, kind=kind.name, transport=transport, created_at=now)
    _fill(feed, wish, actor)
    feed.next_at = now if feed.looks else None
    db.session.add(feed)
    db.session.flush()
    audit.record("feed.create", feed, actor, now, name=feed.name, kind=kind.name, transport=transport)
    return feed


def edit(feed: Feed, wish: Wish, version: int, actor: Actor, now: datetime) -> None:
    """Change what differs; Conflict when somebody else was first. Another machine never gets the secret that was meant for the first."""
    access.require("feed.run", actor, feed)
    if version != feed.version or feed.state == "closed":
        raise Conflict()
    before, sealed = _plain(feed), feed.secret
    _fill(feed, wish, actor)
    after = _plain(feed)
    changed = [name for name in after if after[name] != before[name]] + (["secret"] if feed.secret != sealed else [])
    if "place" in changed:
        feed.etag = feed.last_modified = ""
    if feed.state == "active" and feed.looks and {"place", "rhythm", "hour", "timezone", "secret", "proof"} & set(changed):
        feed.next_at = now
    if {"place", "secret", "proof", "proof_user"} & set(changed):
        feed.looked_at, feed.failures, feed.error = None, 0, ""
    if changed:
        audit.record("feed.edit", feed, actor, now, name=feed.name, changed=changed)


def _plain(feed: Feed) -> dict[str, Any]:
    names = ("name", "preset", "mapping_id", "options", "place", "proof", "proof_user", "rhythm", "hour", "timezone")
    return {name: getattr(feed, name) for name in names}


def _fill(feed: Feed, wish: Wish, actor: Actor) -> None:
    place = checked_place(feed.transport, wish.place, feed.organisation_id)
    feed.secret = _secret(feed, wish, place)
    feed.name, feed.preset, feed.options, feed.place = _name(feed, wish.name), wish.preset, dict(wish.options), place
    feed.mapping_id = access.get_visible(ColumnMapping, wish.mapping_id, actor).id if wish.mapping_id else None
    feed.proof, feed.proof_user = (wish.proof, wish.proof_user) if feed.transport == "pull" else ("none", "")
    feed.rhythm, feed.hour, feed.timezone = wish.rhythm, wish.hour, wish.timezone


def checked_place(transport: str, place: str, organisation_id: int) -> str:
    """The place as it is kept; Invalid where it cannot be one. A folder is made, so that there is where to put the first file."""
    if transport == "pull":
        return _checked_address(place.strip())
    if transport not in ("folder", "s3"):
        return ""
    below = places.below_root(place)
    if transport == "folder":
        folder.make(places.Place(0, organisation_id, transport, below))
    elif not bucket.is_set_up():
        raise Invalid({"place": [gettext("FEEDS_S3_URL is not set, so there is no store to look into. Ask who runs this server.")]})
    return below


def _checked_address(url: str) -> str:
    try:
        outbound.parse(url)
    except Invalid as refused:
        raise Invalid({"place": refused.fields["url"]}) from refused
    return url


def _name(feed: Feed, name: str) -> str:
    with db.session.no_autoflush:
        query = access.select_visible(Feed, SYSTEM, Feed.id).where(Feed.organisation_id == feed.organisation_id, Feed.name == name)
        if db.session.scalar(query.where(Feed.id != (feed.id or 0)).limit(1)):
            raise Invalid({"name": [gettext("A feed of this name is there already.")]})
    return name


def _secret(feed: Feed, wish: Wish, place: str) -> str:
    """The sealed secret; Invalid where one is needed and none was typed, also when the address now leads to another machine."""
    if feed.transport != "pull" or wish.proof == "none":
        return ""
    if wish.secret:
        return sealing.seal(wish.secret)
    if not feed.secret:
        raise Invalid({"secret": [gettext("Enter the token or password.")]})
    if not (kept := kept_secret(feed, wish, place)):
        raise Invalid({"secret": [gettext("Enter the secret again: it was meant for another machine.")]})
    return kept


def kept_secret(feed: Feed, wish: Wish, place: str) -> str:
    """The feed's sealed secret, if what was typed leads to the machine that it is meant for and proves itself in the same way; else blank."""
    if feed.transport != "pull" or wish.proof != feed.proof or wish.proof_user != feed.proof_user:
        return ""
    return feed.secret if outbound.parse(place).origin == outbound.parse(feed.place).origin else ""


def fire(feed: Feed, event: str, version: int, actor: Actor, now: datetime) -> None:
    """Pause, resume or close, as the workflow allows."""
    access.require("feed.run", actor, feed)
    know_owner(feed)
    workflow.fire(feed, event, actor, now=now, expected=version)
    if event == "resume":
        feed.failures, feed.error, feed.reason = 0, "", ""
    if event == "close":
        feed.secret = ""
    feed.next_at = now if event == "resume" and feed.looks else None


def know_owner(feed: Feed) -> None:
    """Find out whether the owner still may import, for the guard and for the page."""
    feed.is_answered = owners.actor_of(feed) is not None


def halt(feed: Feed, reason: str, now: datetime) -> None:
    """The feed stops by itself and says why, to its owner too."""
    if feed.state != "active":
        return
    db.session.flush()
    workflow.fire(feed, "halt", SYSTEM, now=now, reason=reason)
    feed.reason, feed.next_at = reason, None
    taking.tell(feed, "feed.halted", now, error=feed.error if reason == "failures" and feed.error else str(words.REASONS[reason]))


def take_over(feed: Feed, actor: Actor, now: datetime) -> None:
    """The feed imports in the actor's name from now on; what still waits for somebody is theirs, too."""
    access.require("feed.run", actor, feed)
    if feed.state == "closed" or feed.owner_id == actor.user_id:
        raise Refused(gettext("There is nothing to take over."))
    feed.owner_id = int(actor.user_id or 0)
    came = select(FeedFile.import_id).where(FeedFile.feed_id == feed.id, access.visible(FeedFile, SYSTEM))
    waiting = DataImport.id.in_(came) & (DataImport.status != "applied") & access.visible(DataImport, SYSTEM)
    kept = StoredFile.id.in_(select(DataImport.file_id).where(waiting)) & access.visible(StoredFile, SYSTEM)
    db.session.execute(update(StoredFile).where(kept).values(uploaded_by=actor.user_id))
    db.session.execute(update(DataImport).where(waiting).values(user_id=actor.user_id))
    audit.record("feed.take_over", feed, actor, now, name=feed.name)


def look_now(feed: Feed, actor: Actor, now: datetime) -> jobs.JobRun:
    """Queue a look; twice within a second is once. Refused while the feed does not run, or has nowhere to look."""
    access.require("feed.run", actor, feed)
    if feed.state != "active" or not feed.looks:
        raise Refused(gettext("This feed is not running."))
    audit.record("feed.look", feed, actor, now, name=feed.name)
    return jobs.enqueue("feeds.look", actor, now, key=f"feed:{feed.id}:now:{now:%Y%m%d%H%M%S}", feed_id=feed.id)


def due(now: datetime, limit: int = 500) -> list[Feed]:
    """Feeds whose look is due, the longest due first."""
    query = access.select_visible(Feed, SYSTEM).where(Feed.state == "active", Feed.next_at <= now).order_by(Feed.next_at).limit(limit)
    return list(db.session.scalars(query))


def queue_look(feed: Feed, now: datetime) -> jobs.JobRun | None:
    """Queue the look that is due, once however many ask at once, and say when the next one is; None when another was first."""
    following = timing.next_after(feed.rhythm, feed.hour, feed.timezone, now)
    mine = (Feed.id == feed.id) & (Feed.next_at == feed.next_at) & access.visible(Feed, SYSTEM)
    slot = feed.next_at
    claimed = db.session.scalar(update(Feed).where(mine).values(next_at=following).returning(Feed.id))
    if claimed is None or slot is None:
        return None
    return jobs.enqueue("feeds.look", SYSTEM, now, key=f"feed:{feed.id}:{slot.isoformat()}", feed_id=feed.id)
