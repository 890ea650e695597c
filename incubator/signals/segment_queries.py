"""Reads of segments for pages, always scoped."""

from typing import Any

from sqlalchemy import String, cast, func
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import User
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.signals import queries
from incubator.signals.models import Voice
from incubator.signals.segment_models import Segment, SegmentVoice

RECENT = paging.Order(Segment.updated_at, "updated_at", descending=True)
CANDIDATES = 20


def listing(actor: Actor, state: str, q: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of segments, the latest change first."""
    counted = access.select_visible(SegmentVoice, actor, func.count()).where(SegmentVoice.segment_id == Segment.id)
    chosen = counted.correlate(Segment).scalar_subquery()
    columns = (
        Segment.id, Segment.name, Segment.need, Segment.buyer_kind, Segment.state, Segment.product_id, Segment.updated_at,
        User.name.label("owner"), chosen.label("evidence"),
    )  # fmt: skip
    rows = access.select_visible(Segment, actor, *columns).outerjoin(User, User.id == Segment.owner_id)
    count = access.select_visible(Segment, actor, Segment.id)
    if state:
        rows, count = rows.where(Segment.state == state), count.where(Segment.state == state)
    if q:
        rows, count = rows.where(contains(Segment.name, q)), count.where(contains(Segment.name, q))
    return paging.fetch(rows, Segment.id, RECENT, cursor, size, count)


def whole(segment_id: int, actor: Actor) -> Segment:
    """A segment with its requirements, evidence and product, in a fixed number of queries."""
    found: Segment = access.get_visible(
        Segment,
        segment_id,
        actor,
        joinedload(Segment.owner),
        joinedload(Segment.product),
        selectinload(Segment.requirements),
        selectinload(Segment.evidence).joinedload(SegmentVoice.voice).joinedload(Voice.source),
    )
    return found


def question(segment: Segment) -> queries.Filters:
    """What the segment asks of voices."""
    return queries.Filters(q=segment.q, mood=segment.mood, topic=tuple(segment.topic_ids or ()))


def candidates(segment: Segment, actor: Actor, limit: int = CANDIDATES) -> list[Any]:
    """The latest voices that answer the segment's question and are not chosen yet."""
    asked = question(segment)
    if not asked.given():
        return []
    chosen = access.select_visible(SegmentVoice, actor, SegmentVoice.voice_id).where(SegmentVoice.segment_id == segment.id)
    rows = access.select_visible(Voice, actor, *queries.ROW).join(queries.SignalSource, queries.SignalSource.id == Voice.source_id)
    rows = queries.narrow(rows, asked, actor).where(Voice.id.not_in(chosen))
    return list(db.session.execute(rows.order_by(Voice.said_key.desc(), Voice.id.desc()).limit(limit)))


def by_month(segment: Segment, actor: Actor) -> dict[tuple[str, str], int]:
    """(month, mood) → how many voices answer the segment's question; undated ones are left out."""
    asked = question(segment)
    if not asked.given():
        return {}
    month = func.substr(cast(Voice.said_key, String), 1, 7)
    query = queries.narrow(access.select_visible(Voice, actor, month, Voice.mood, func.count()), asked, actor)
    query = query.where(Voice.said_on.is_not(None)).group_by(month, Voice.mood)
    return {(when, mood): number for when, mood, number in db.session.execute(query)}


def open_ones(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the segments that still take evidence."""
    query = access.select_visible(Segment, actor, Segment.id, Segment.name).where(Segment.state.in_(("draft", "named")))
    return [(i, name) for i, name in db.session.execute(query.order_by(Segment.name).limit(200))]


def find(actor: Actor, text: str, limit: int = 6) -> list[Any]:
    """Segments by name, for search."""
    query = access.select_visible(Segment, actor, Segment.id, Segment.name, Segment.state).where(contains(Segment.name, text))
    return list(db.session.execute(query.order_by(Segment.name).limit(limit)))
