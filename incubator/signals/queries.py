"""Reads of voices and topics for pages, always scoped; lists select columns and page by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.signals.models import BUYER_KINDS, CHANNELS, LANGUAGES, MOODS, SignalSource, Topic, Voice, VoiceTopic
from incubator.signals.segment_models import Segment, SegmentVoice

LATEST = paging.Order(Voice.said_key, "said_key", descending=True)
LONGEST_TEXT = 80
LARGEST_ID = 2**62
ROW = (
    Voice.id, Voice.text, Voice.category, Voice.product, Voice.channel, Voice.buyer_kind, Voice.language, Voice.mood, Voice.score,
    Voice.said_on, Voice.said_key, Voice.source_id, SignalSource.name.label("source"),
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What a list of voices is narrowed to; whatever the address says otherwise is ignored."""

    q: str = ""
    topic: tuple[int, ...] = ()
    mood: str = ""
    source: int = 0
    channel: str = ""
    buyer_kind: str = ""
    language: str = ""
    month: str = ""

    @classmethod
    def read(cls, args: Any) -> "Filters":
        """From request arguments; `topic` may stand several times."""
        given = {name: str(args.get(name) or "").replace("\x00", "").strip() for name in cls.__dataclass_fields__}
        known = {"mood": MOODS, "channel": CHANNELS, "buyer_kind": BUYER_KINDS, "language": LANGUAGES}
        topics = args.getlist("topic") if hasattr(args, "getlist") else ()
        return cls(
            q=given["q"][:LONGEST_TEXT],
            topic=tuple(dict.fromkeys(i for value in topics[:10] if (i := _id(value)))),
            source=_id(given["source"]),
            month=given["month"] if _first_day(given["month"]) else "",
            **{name: given[name] if given[name] in values else "" for name, values in known.items()},
        )

    def given(self) -> dict[str, Any]:
        """What narrows, for addresses."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items() if value}

    def without(self, name: str) -> dict[str, Any]:
        return {key: value for key, value in self.given().items() if key != name}


def _id(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) < LARGEST_ID else 0


def _first_day(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return None


def narrow(query: Select[Any], filters: Filters, actor: Actor) -> Select[Any]:
    """`query` over Voice with the criteria of `filters`."""
    for name, column in (
        ("mood", Voice.mood), ("source", Voice.source_id), ("channel", Voice.channel), ("buyer_kind", Voice.buyer_kind), ("language", Voice.language),
    ):  # fmt: skip
        if value := getattr(filters, name):
            query = query.where(column == value)
    for topic_id in filters.topic:
        heard = access.select_visible(VoiceTopic, actor, VoiceTopic.voice_id).where(VoiceTopic.topic_id == topic_id)
        query = query.where(Voice.id.in_(heard))
    if first := _first_day(filters.month):
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        query = query.where(Voice.said_key >= first, Voice.said_key < following)
    return query.where(contains(Voice.text, filters.q) | contains(Voice.product, filters.q)) if filters.q else query


def listing(actor: Actor, filters: Filters, cursor: str | None, size: int = paging.PAGE_SIZE, *, count: bool = True) -> paging.Page:
    """One page of voices, what was said last first."""
    rows = narrow(access.select_visible(Voice, actor, *ROW).join(SignalSource, SignalSource.id == Voice.source_id), filters, actor)
    total = narrow(access.select_visible(Voice, actor, Voice.id), filters, actor) if count else None
    return paging.fetch(rows, Voice.id, LATEST, cursor, size, total)


def topics_of(voice_ids: Sequence[int], actor: Actor) -> dict[int, list[Any]]:
    """Voice → the topics it speaks of, in one query."""
    if not voice_ids:
        return {}
    query = access.select_visible(VoiceTopic, actor, VoiceTopic.voice_id, Topic.id, Topic.name_zh, Topic.name_en)
    query = query.join(Topic, Topic.id == VoiceTopic.topic_id).where(VoiceTopic.voice_id.in_(id_set(voice_ids))).order_by(Topic.id)
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.voice_id, []).append(row)
    return found


def voice(voice_id: int, actor: Actor) -> Voice:
    """One voice with its source."""
    found: Voice = access.get_visible(Voice, voice_id, actor, joinedload(Voice.source))
    return found


def segments_of(voice_id: int, actor: Actor) -> list[Any]:
    """The segments for which the voice is evidence."""
    query = access.select_visible(SegmentVoice, actor, Segment.id, Segment.name).join(Segment, Segment.id == SegmentVoice.segment_id)
    return list(db.session.execute(query.where(SegmentVoice.voice_id == voice_id).order_by(Segment.name)))


def topics(actor: Actor, *, retired: bool = False) -> list[Any]:
    """(id, names, words, version, retired_at) of the brand's topics, in the order in which they came."""
    query = access.select_visible(Topic, actor, Topic.id, Topic.name_zh, Topic.name_en, Topic.words_zh, Topic.words_en, Topic.retired_at)
    return list(db.session.execute((query if retired else query.where(Topic.retired_at.is_(None))).order_by(Topic.id)))


def sources(actor: Actor) -> list[tuple[int, str]]:
    query = access.select_visible(SignalSource, actor, SignalSource.id, SignalSource.name).order_by(SignalSource.name)
    return [(i, name) for i, name in db.session.execute(query)]


def counts_by_topic(actor: Actor) -> dict[int, dict[str, int]]:
    """Topic → mood → number of voices, of all voices."""
    query = access.select_visible(VoiceTopic, actor, VoiceTopic.topic_id, VoiceTopic.mood, func.count())
    found: dict[int, dict[str, int]] = {}
    for topic_id, mood, number in db.session.execute(query.group_by(VoiceTopic.topic_id, VoiceTopic.mood)):
        found.setdefault(topic_id, {})[mood] = number
    return found


def by_month(topic_id: int, actor: Actor, since: str) -> Mapping[tuple[str, str], int]:
    """(month, mood) → number of voices that speak of a topic, from the month `since` on; undated voices are left out."""
    query = access.select_visible(VoiceTopic, actor, VoiceTopic.month, VoiceTopic.mood, func.count())
    query = query.where(VoiceTopic.topic_id == topic_id, VoiceTopic.month >= since).group_by(VoiceTopic.month, VoiceTopic.mood)
    return {(month, mood): number for month, mood, number in db.session.execute(query)}


def latest_month(actor: Actor, topic_id: int) -> str:
    """The last month in which somebody spoke of the topic, or nothing."""
    query = access.select_visible(VoiceTopic, actor, func.max(VoiceTopic.month)).where(VoiceTopic.topic_id == topic_id)
    return db.session.scalar(query) or ""


def totals(actor: Actor) -> Any:
    """How many voices there are, how many with a date, and how many sources."""
    dated = access.select_visible(Voice, actor, func.count(Voice.id)).where(Voice.said_key > date(1970, 1, 1))
    parts = {
        "voices": access.select_visible(Voice, actor, func.count(Voice.id)),
        "dated": dated,
        "sources": access.select_visible(SignalSource, actor, func.count(SignalSource.id)),
    }
    return db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
