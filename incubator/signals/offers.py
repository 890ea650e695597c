"""What later packages offer to do with a segment: a label and an endpoint that takes `segment_id`. Briefs offer to write the brief."""

from typing import Any, NamedTuple


class Offer(NamedTuple):
    label: Any
    endpoint: str


_offers: list[Offer] = []


def register(label: Any, endpoint: str) -> None:
    """Draw a button on every named segment."""
    if not any(offer.endpoint == endpoint for offer in _offers):
        _offers.append(Offer(label, endpoint))


def for_segment(state: str) -> list[Offer]:
    return list(_offers) if state == "named" else []
