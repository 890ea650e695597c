"""What follows when an organisation leaves a product, and when a product stops."""

from typing import Any

from incubator.codevelopment import leaving
from incubator.kernel.events import Event, Reaction


def close_behind_a_party(event: Event) -> None:
    """Its engagement ends, and what was shared with it is shared no longer, should it ever come back."""
    participant: Any = event.data["participant"]
    leaving.end_engagements(participant, event.at)
    leaving.take_back(participant, event.at)


def close_with_the_product(event: Event) -> None:
    leaving.drop_what_is_open(event.record, event.at)


REACTIONS: dict[str, list[Reaction]] = {"product.leave": [close_behind_a_party], "product.stop": [close_with_the_product]}
