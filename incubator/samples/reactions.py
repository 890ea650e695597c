"""What follows from a sealed sample: a product that stood at sampling goes on to co-development, in the name of whoever sealed."""

from incubator.kernel import workflow
from incubator.kernel.events import Event, Reaction
from incubator.samples.models import SampleRound


def lead_the_product_on(event: Event) -> None:
    """Beyond sampling a later seal changes the reference, not the stage."""
    round: SampleRound = event.record
    if round.product.state == "sampling":
        workflow.fire(round.product, "seal", event.actor, note=event.data.get("note"), now=event.at)


REACTIONS: dict[str, list[Reaction]] = {"sample.seal": [lead_the_product_on]}
