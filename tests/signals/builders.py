"""Voices, topics, segments and complaints for tests. Builders flush."""

from datetime import date
from typing import Any

from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.products.models import Product
from incubator.signals import import_service, reading, segment_service, service, subjects, tagging, wall_service
from incubator.signals.models import Topic, Voice
from incubator.signals.segment_models import Segment
from incubator.signals.wall_models import Complaint
from tests.builders import _numbers, put


def a_voice(actor: Actor, text: str | None = None, **values: Any) -> Voice:
    """What somebody said, written down by `actor`."""
    said = {
        "text": text or f"坐了八小时腰很酸，第 {next(_numbers)} 次了",
        "channel": "chat_group",
        "buyer_kind": "consumer",
        "mood": "bad",
        **values,
    }
    return service.add_voice(said, actor, clock.now())


def voices_of(actor: Actor, rows: list[tuple[str, str, date, str]]) -> None:
    """Imported reviews: (product number, words, day, mood)."""
    source = service.source_named("评价", "shop_review", actor, clock.now())
    found = [
        {"digest": reading.digest(source.id, *row), "text": text, "category": "", "product": "", "product_ref": ref, "channel": "shop_review",
         "buyer_kind": "consumer", "language": "zh", "mood": mood, "score": None, "said_on": day.isoformat(), "bought_on": None, "line": None}
        for row in rows for ref, text, day, mood in [row]
    ]  # fmt: skip
    import_service.write(found, source.id, actor, clock.now())


def a_topic(actor: Actor, words: str = "腰酸", name: str = "腰酸") -> Topic:
    """A topic of the brand's own, and none of the curated ones."""
    return put(Topic(brand_id=actor.organisation_id, code=f"t{next(_numbers)}", name_zh=name, name_en=name, words_zh=words, words_en=""))


def a_segment(actor: Actor, voices: int = 0, name: str | None = None, **values: Any) -> Segment:
    """A draft; with `voices`, one requirement and so many voices that ask for it."""
    data = {"name": name or f"久坐腰酸的人 {next(_numbers)}", "need": "坐满八小时腰不酸", "buyer_kind": "consumer", "owner_id": None, "topic_ids": [],
            "mood": "bad", "q": "腰", **values}  # fmt: skip
    segment = segment_service.create(data, actor, clock.now())
    if voices:
        row = {"attribute": "腰托支撑力", "operator": "ge", "target": "180", "unit": "N", "priority": "must"}
        requirement = segment_service.add_requirement(segment, row, actor, clock.now())
        ids = [a_voice(actor).id for _ in range(voices)]
        segment_service.choose(segment, ids, requirement.id, actor, clock.now())
    return segment


def a_complaint(actor: Actor, product: Product | None = None, voice: Voice | None = None, owner_id: int | None = None) -> Complaint:
    subject = subjects.find("product", product.id, actor) if product else None
    return wall_service.open_complaint(voice or a_voice(actor), owner_id or actor.user_id, subject, actor, clock.now())


def topics_heard(actor: Actor) -> None:
    tagging.ensure_topics(actor.organisation_id, actor)


DAY = date(2026, 3, 5)
