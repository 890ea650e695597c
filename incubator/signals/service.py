"""The verbs of listening: name a source, write down a voice, keep topics. No verb changes a voice."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.kernel import access, audit, jobs, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.kernel.upsert import insert_once
from incubator.signals import lexicon, reading, tagging
from incubator.signals.models import SignalSource, Topic, Voice
from incubator.signals.words import TYPED

TOPIC_FIELDS = ("name_zh", "name_en", "words_zh", "words_en")


def source_named(name: str, channel: str, actor: Actor, now: datetime) -> SignalSource:
    """The brand's source of that name, made when it is new."""
    insert_once(SignalSource, brand_id=actor.organisation_id, name=name[:120], channel=channel, created_at=now, updated_at=now)
    query = access.select_visible(SignalSource, actor).where(
        SignalSource.brand_id == actor.organisation_id, SignalSource.name == name[:120]
    )
    return db.session.scalars(query).one()


def add_voice(data: Mapping[str, Any], actor: Actor, now: datetime) -> Voice:
    """Write down what somebody said. Invalid without words, and when the same words of the same day are there already."""
    access.require("signals.edit", actor)
    if not reading.clean(data["text"]):
        raise Invalid({"text": [gettext("This cannot be empty.")]})
    source = source_named(TYPED, data["channel"], actor, now)
    said_on, words = data.get("said_on"), reading.clean(data["text"])
    key = reading.digest(source.id, data.get("product") or "", data.get("category") or "", said_on, words)
    voice_id = insert_once(
        Voice, brand_id=actor.organisation_id, source_id=source.id, digest=key, text=words, category=data.get("category") or "",
        product=data.get("product") or "", product_ref="", channel=data["channel"], buyer_kind=data["buyer_kind"], language=lexicon.language(words),
        mood=data.get("mood") or "bad", said_on=said_on, author_id=actor.user_id, created_at=now,
    )  # fmt: skip
    if voice_id is None:
        raise Invalid({"text": [gettext("These very words are there already.")]})
    voice: Voice = access.get_visible(Voice, voice_id, actor)
    row = {"digest": key, "text": words, "said_on": said_on and said_on.isoformat(), "mood": voice.mood}
    tagging.tag_new([row], {key: voice.id}, actor.organisation_id, actor)
    audit.record("voice.add", voice, actor, now)
    return voice


def start_topics(actor: Actor) -> None:
    """Take over the curated topics, where there are none."""
    access.require("signals.edit", actor)
    tagging.ensure_topics(actor.organisation_id, actor)


def add_topic(data: Mapping[str, Any], actor: Actor, now: datetime) -> Topic:
    """A topic of the brand's own; all voices are heard anew for it."""
    access.require("signals.edit", actor)
    tagging.ensure_topics(actor.organisation_id, actor)
    topic = Topic(brand_id=actor.organisation_id, code="", created_at=now, updated_at=now)
    _fill(topic, data)
    topic.code = f"own-{lexicon.plain_code(topic.name_en)}-{secrets.token_hex(5)}"
    db.session.add(topic)
    db.session.flush()
    audit.record("topic.add", topic, actor, now, name=topic.name_zh)
    _listen(topic, actor, now)
    return topic


def edit_topic(topic: Topic, data: Mapping[str, Any], expected: int, actor: Actor, now: datetime) -> Topic:
    """Change a topic's names and words; Conflict when somebody was faster. All voices are heard anew when the words change."""
    access.require("signals.edit", actor, topic)
    db.session.refresh(topic, with_for_update=True)
    if expected != topic.version:
        raise Conflict(what=workflow.last_act(topic, actor))
    before = (topic.words_zh, topic.words_en)
    _fill(topic, data)
    topic.updated_at = now
    audit.record("topic.edit", topic, actor, now, name=topic.name_zh)
    if before != (topic.words_zh, topic.words_en):
        _listen(topic, actor, now)
    return topic


def retire_topic(topic: Topic, actor: Actor, now: datetime) -> Topic:
    """Hear it no longer, or again; its voices lose or get its tag."""
    access.require("signals.edit", actor, topic)
    topic.retired_at = None if topic.retired_at else now
    audit.record("topic.retire" if topic.retired_at else "topic.restore", topic, actor, now, name=topic.name_zh)
    _listen(topic, actor, now)
    return topic


def _fill(topic: Topic, data: Mapping[str, Any]) -> None:
    topic.name_zh, topic.name_en = data["name_zh"], data["name_en"]
    topic.words_zh = lexicon.joined(lexicon.words(data["words_zh"] or ""))
    topic.words_en = lexicon.joined(lexicon.words(data["words_en"] or ""))


def _listen(topic: Topic, actor: Actor, now: datetime) -> None:
    db.session.flush()
    jobs.enqueue("signals.listen", actor, now, topic_id=topic.id)
