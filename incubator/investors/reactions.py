"""What investors' tranches do when a product moves or a gate decides: whatever waits for it is looked at in the same transaction."""

from incubator.investors import sweep
from incubator.kernel.events import Event, Reaction
from incubator.products.workflow import PRODUCT


def product_moved(event: Event) -> None:
    sweep.follow_product(event.record.id, event.at)


def gate_decided(event: Event) -> None:
    sweep.follow_product(event.record.brief.product_id, event.at)


REACTIONS: dict[str, list[Reaction]] = {
    **{f"product.{name}": [product_moved] for name in sorted({t.event for t in PRODUCT.transitions})},
    **{f"gate.{name}": [gate_decided] for name in ("go", "conditional", "hold", "kill")},
}
