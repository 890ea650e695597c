"""Which voices speak of which topics, written set by set: for new voices as they come, for all of them when the words change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db, read_only, release
from incubator.signals import curated, lexicon
from incubator.signals.models import Topic, Voice, VoiceTopic

PIECE = 5000


def ensure_topics(brand_id: int | None, actor: Actor) -> None:
    """A brand without topics takes over the curated ones."""
    mine = access.select_visible(Topic, actor, Topic.id).where(Topic.brand_id == brand_id)
    if db.session.scalar(mine.limit(1)) is None:
        db.session.add_all(
            Topic(
                brand_id=brand_id, code=code, name_zh=zh, name_en=en,
                words_zh=lexicon.joined(curated.words_of(words_zh)), words_en=lexicon.joined(curated.words_of(words_en)),
            )
            for code, (zh, en, words_zh, words_en) in curated.TOPICS.items()
        )  # fmt: skip
        db.session.flush()


def ear_of(brand_id: int | None, actor: Actor, only: int | None = None) -> lexicon.Ear:
    """The words of the brand's topics in use, or of one of them."""
    query = access.select_visible(Topic, actor, Topic.id, Topic.words_zh, Topic.words_en)
    query = query.where(Topic.brand_id == brand_id, Topic.retired_at.is_(None))
    if only is not None:
        query = query.where(Topic.id == only)
    return lexicon.ear({row.id: (row.words_zh, row.words_en) for row in db.session.execute(query)})


def tag_new(rows: Sequence[Mapping[str, Any]], ids: Mapping[str, int], brand_id: int | None, actor: Actor) -> None:
    """Tag voices that have just been written: rows with digest, text, said_on (ISO) and mood."""
    if rows:
        ensure_topics(brand_id, actor)
        ear = ear_of(brand_id, actor)
        _write(ear, ((ids[row["digest"]], row["text"], row["said_on"], row["mood"]) for row in rows), brand_id)


def _write(ear: lexicon.Ear, voices: Any, brand_id: int | None) -> int:
    found = [
        {"topic_id": topic, "voice_id": voice_id, "month": (said_on or "")[:7], "mood": mood}
        for voice_id, text, said_on, mood in voices
        for topic in sorted(ear.topics(text))
    ]
    insert_many(VoiceTopic, found, brand_id=brand_id)
    return len(found)


def retag(topic: Topic, actor: Actor, progress: Any) -> Iterator[int]:
    """Hear all voices of the brand anew for one topic; gives the number found whenever it may be committed."""
    topic_id, brand_id, after, done, found = topic.id, topic.brand_id, 0, 0, 0
    mine = access.visible(VoiceTopic, actor)
    db.session.execute(delete(VoiceTopic).where(VoiceTopic.topic_id == topic_id, mine).execution_options(synchronize_session=False))
    yield found
    while True:
        release()
        with read_only():
            ear = ear_of(brand_id, actor, topic_id)
            piece = _piece(brand_id, after, actor)
            release()
        if not piece:
            return
        after, done = piece[-1].id, done + len(piece)
        found += _write(ear, ((v.id, v.text, v.said_on and v.said_on.isoformat(), v.mood) for v in piece), brand_id)
        progress(done, max(done, 1))
        yield found


def _piece(brand_id: int, after: int, actor: Actor) -> list[Any]:
    query = access.select_visible(Voice, actor, Voice.id, Voice.text, Voice.said_on, Voice.mood)
    return list(db.session.execute(query.where(Voice.brand_id == brand_id, Voice.id > after).order_by(Voice.id).limit(PIECE)))
