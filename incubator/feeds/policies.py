"""A feed is seen by those of its organisation who may import its kind; what came by it, too. Nobody sees its secret."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from incubator.feeds.models import Feed, FeedFile
from incubator.imports import kinds
from incubator.kernel.access import within
from incubator.kernel.actor import Actor


def _kinds(actor: Actor) -> list[str]:
    """What the actor may import, also where a token only reads."""
    return [kind.name for kind in kinds.open_to(replace(actor, scope="write"))]


def _feeds(actor: Actor) -> ColumnElement[bool]:
    return and_(Feed.organisation_id == actor.organisation_id, Feed.kind.in_(_kinds(actor)))


VISIBLE = {Feed: _feeds, FeedFile: lambda actor: within(FeedFile.feed_id, select(Feed.id).where(_feeds(actor)))}


def _runs(actor: Actor, feed: Any) -> bool:
    return actor.organisation_id is not None and feed.organisation_id == actor.organisation_id and feed.kind in _kinds(actor)


RULES = {"feed.run": _runs}
