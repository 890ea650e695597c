"""What the demo's buyers said in the past two years, the segments that came of it, and the complaints on the wall. Invented throughout."""

from datetime import date, datetime, timedelta
from typing import Any

from incubator.demo import voices as told
from incubator.kernel import access, workflow
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.signals import import_service, lexicon, reading, segment_queries, segment_service, service, subjects, tagging, wall_service
from incubator.signals.models import Topic

WEEKS = 104
PER_WEEK = 6


def tell(world: Any) -> None:
    """Two years of voices from four sources, three segments, and the wall with what is open, in hand and closed."""
    actor = world.actor("lin.xiao")
    tagging.ensure_topics(actor.organisation_id, actor)
    for name, channel in told.SOURCES:
        _voices(world, name, channel, actor)
    for row in told.SEGMENTS:
        _segment(world, *row)
    for complaint in told.COMPLAINTS:
        _complaint(world, *complaint)


def _voices(world: Any, name: str, channel: str, actor: Any) -> None:
    """The source's voices, a few each week; complaints about what the products later mend grow fewer."""
    source = service.source_named(name, channel, actor, world.ago(WEEKS))
    rows = [row for n in range(WEEKS * PER_WEEK) if (row := _row(world, name, channel, n))]
    import_service.write(list({row["digest"]: row for row in rows}.values()), source.id, actor, world.ago(1))


def _row(world: Any, name: str, channel: str, n: int) -> dict[str, Any] | None:
    turn = n * 7 + len(name) * 3 + n // 11
    texts = told.TEXTS[channel]
    text, mood, product = texts[turn % len(texts)]
    week = n // PER_WEEK
    if mood == "bad" and week > WEEKS * 2 // 3 and turn % 3 == 0:
        return None
    said = (world.ago(WEEKS - week) + timedelta(days=n % PER_WEEK)).date()
    said = min(said, world.now.date())
    opening, close = told.OPENINGS[turn % len(told.OPENINGS)], told.CLOSINGS[(turn // 5) % len(told.CLOSINGS)]
    words = f"{opening}{text}{close}"
    score = {"bad": 1 + turn % 2, "mixed": 3, "good": 4 + turn % 2}[mood] if channel == "shop_review" else None
    return {
        "digest": reading.digest(name, said, words), "text": words, "category": product, "product": told.SHOPPED.get(product, ""), "product_ref": "",
        "channel": channel, "buyer_kind": told.BUYERS[channel][turn % len(told.BUYERS[channel])], "language": lexicon.language(words), "mood": mood,
        "score": score, "said_on": said.isoformat(), "bought_on": None, "line": None,
    }  # fmt: skip


def _segment(world: Any, name: str, need: str, buyer_kind: str, code: str, q: str, requirements: Any, named: bool, weeks: int) -> None:
    actor, now = world.actor("zhou.heng"), world.ago(weeks)
    topic = db.session.scalars(access.select_visible(Topic, actor).where(Topic.code == code, Topic.brand_id == actor.organisation_id)).one()
    data = {
        "name": name, "need": need, "buyer_kind": buyer_kind, "owner_id": actor.user_id, "topic_ids": [topic.id], "mood": "bad", "q": q,
    }  # fmt: skip
    segment = segment_service.create(data, actor, now)
    for row in requirements:
        found = segment_service.add_requirement(
            segment, dict(zip(("attribute", "operator", "target", "unit", "priority"), row, strict=True)), actor, now
        )
        voices = [v.id for v in segment_queries.candidates(segment, actor, 4)]
        segment_service.choose(segment, voices, found.id, actor, now)
    if named and workflow.available(segment, actor)[0].reason is None:
        workflow.fire(segment, "name", actor, now=now + timedelta(days=4))


def _complaint(world: Any, text: str, buyer_kind: str, channel: str, product: str, owner: str, days: int, share: str, proof: str) -> None:
    now = world.now - timedelta(days=days)
    actor = world.actor("tang.yu")
    said = {"text": text, "channel": channel, "buyer_kind": buyer_kind, "mood": "bad", "said_on": now.date(), "product": product}
    voice = service.add_voice(said, actor, now)
    complaint = wall_service.open_complaint(voice, world.actor(owner).user_id, _about(product, actor), actor, now)
    answerer = world.actor(owner)
    if share:
        wall_service.share(complaint, world.organisations[share].id, answerer, now + timedelta(hours=5))
        wall_service.reply(complaint, told.ASK, world.organisations[share].id, answerer, now + timedelta(hours=6))
        if partner := world.actor_of(share):
            wall_service.reply(complaint, told.ANSWER, None, partner, now + timedelta(days=1))
    if proof:
        wall_service.close(complaint, proof, told.PROOF_LINK, None, None, answerer, now + timedelta(days=min(days, 9)))
    elif days % 2:
        wall_service.take(complaint, _promise(world.now, days), None, answerer, now + timedelta(days=1))


def _about(product: str, actor: Any) -> Any:
    query = access.select_visible(Product, actor, Product.id).where(Product.name == product)
    found = db.session.scalar(query)
    return subjects.find("product", found, actor) if found else None


def _promise(now: datetime, days: int) -> date:
    return (now + timedelta(days=6 - days // 4)).date()
