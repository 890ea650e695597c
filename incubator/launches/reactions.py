"""What follows when a product stops: nothing of it goes on sale any more."""

from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.events import Event, Reaction
from incubator.launches.launch_models import Launch


def cancel_planned_launches(event: Event) -> None:
    """The parties learn of the stop from the product itself."""
    planned = access.select_visible(Launch, SYSTEM).where(Launch.product_id == event.record.id, Launch.state == "planned")
    for launch in db.session.scalars(planned):
        workflow.fire(launch, "cancel", SYSTEM, note=event.data.get("note"), now=event.at)


REACTIONS: dict[str, list[Reaction]] = {"product.stop": [cancel_planned_launches]}
