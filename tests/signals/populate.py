"""One of everything that signals have, for the sweeps."""

from typing import Any

from incubator.accounts.models import Organisation, User
from incubator.kernel import access, clock
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.signals import wall_service
from incubator.signals.models import Topic
from tests import world as worlds
from tests.signals.builders import DAY, a_complaint, a_segment, a_voice


def populate(world: Any, manager: User, partners: list[Organisation]) -> None:
    """A dated voice with topics, a segment with evidence, a complaint about A's product that the factory was shown."""
    actor = worlds.actor(manager)
    voice = a_voice(actor, "噪音太大，坐久了腰酸", said_on=DAY)
    segment = a_segment(actor, voices=3)
    product = access.get_visible(Product, world.values["product_id"], actor)
    complaint = a_complaint(actor, product, voice)
    factory = next(p for p in partners if p.kind == "factory")
    private = a_complaint(actor)
    wall_service.share(complaint, factory.id, actor, clock.now())
    wall_service.reply(complaint, "我们在看", factory.id, actor, clock.now())
    topic = db.session.scalars(access.select_visible(Topic, actor).where(Topic.brand_id == actor.organisation_id)).first()
    world.values |= {
        "voice_id": voice.id, "topic_id": topic.id, "segment_id": segment.id, "requirement_id": segment.requirements[0].id,
        "complaint_id": private.id, ("signals.unchoose_voice", "voice_id"): segment.evidence[0].voice_id,
    }  # fmt: skip
