"""In whose name a feed imports, and whether that person still may: they act for the organisation, and their role imports the kind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists

from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, Organisation, User
from incubator.feeds.models import Feed
from incubator.imports import kinds
from incubator.imports.kinds import Kind
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound


def actor_of(feed: Feed) -> Actor | None:
    """The owner as they act now, or None when they may no longer import this kind for the organisation."""
    query = access.select_visible(Membership, SYSTEM).where(_live(feed.owner_id, feed.organisation_id))
    member: Membership | None = db.session.scalar(query.join(User, User.id == Membership.user_id).join(Organisation))
    kind = kinds.declared().get(feed.kind)
    if member is None or kind is None:
        return None
    actor = actor_for(member.user, member)
    return actor if access.may(kind.rule, actor) else None


def kinds_for(actor: Actor) -> list[Kind]:
    """What the actor may set feeds up for; NotFound for whoever imports nothing, or acts for no organisation: for them there are no feeds."""
    found = kinds.open_to(actor) if actor.organisation_id else []
    if not found:
        raise NotFound()
    return found


def _live(owner_id: Any, organisation_id: Any) -> ColumnElement[bool]:
    return and_(
        Membership.user_id == owner_id, Membership.organisation_id == organisation_id, Membership.ended_at.is_(None),
        User.disabled_at.is_(None), Organisation.disabled_at.is_(None),
    )  # fmt: skip


def deserted(limit: int = 100) -> Sequence[int]:
    """Running feeds whose owner can no longer act for the organisation at all."""
    member = exists().where(
        _live(Feed.owner_id, Feed.organisation_id), User.id == Membership.user_id, Organisation.id == Membership.organisation_id
    )
    query = access.select_visible(Feed, SYSTEM, Feed.id).where(Feed.state == "active", ~member)
    return list(db.session.scalars(query.limit(limit)))
