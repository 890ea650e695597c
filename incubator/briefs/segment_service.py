"""A brief that begins with a segment. The segment is not changed but for learning what came of it."""

from datetime import datetime

from incubator.briefs import service
from incubator.briefs.models import ProductBrief
from incubator.briefs.service import Data
from incubator.kernel import access, workflow
from incubator.kernel.actor import Actor
from incubator.products import service as products
from incubator.products.models import Programme
from incubator.signals import segment_service
from incubator.signals.segment_models import Segment


def create(programme: Programme, segment: Segment, data: Data, actor: Actor, now: datetime) -> ProductBrief:
    """The brief of what a segment lacks: its product passes the stages of signal and segment, and the segment has its brief."""
    access.require("brief.create", actor)
    product = products.create(programme, data["title"], data["type"], actor, now, start="signal", owner_id=actor.user_id)
    workflow.fire(product, "segment", actor, now=now)
    brief = service.start_for(product, data, actor, now)
    product.launch_on = data.get("launch_from")
    segment_service.hand_over(segment, product, actor, now)
    return brief
