"""What briefs do when a product moves: development starts, the launch happens, or the product stops."""

from incubator.briefs.gate_models import GateReview
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.events import Event, Reaction

FOLLOWS = {"product.award": "start_development", "product.launch": "launch", "product.stop": "stop"}


def follow_the_product(event: Event) -> None:
    """Move the product's brief along when its own table allows it."""
    brief = db.session.scalar(access.select_visible(ProductBrief, SYSTEM).where(ProductBrief.product_id == event.record.id))
    step = FOLLOWS[event.name]
    if brief is None or workflow.machine_of(brief).find(brief.state, step) is None:
        return
    workflow.fire(brief, step, SYSTEM, note=event.data.get("note"), now=event.at)


def kill_open_reviews(event: Event) -> None:
    """A stopped product leaves no review waiting for signatures."""
    reviews = access.select_visible(GateReview, SYSTEM).join(ProductBrief).where(ProductBrief.product_id == event.record.id)
    for review in db.session.scalars(reviews.where(GateReview.state == "open")):
        workflow.fire(review, "kill", SYSTEM, note=event.data.get("note"), now=event.at)


REACTIONS: dict[str, list[Reaction]] = {
    "product.award": [follow_the_product],
    "product.launch": [follow_the_product],
    "product.stop": [follow_the_product, kill_open_reviews],
}
