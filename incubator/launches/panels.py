"""Cards of a SKU's page that later packages add (sales, feedback). It draws nothing by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from incubator.kernel.actor import Actor

Context = Callable[[int, Actor], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A card: `context(sku_id, actor)` gives the variables of `template` (as `panel`), or None to leave it out."""

    template: str
    order: int
    roles: tuple[str, ...]
    context: Context


_panels: dict[str, Panel] = {}


def register_panel(key: str, template: str, order: int, context: Context, roles: tuple[str, ...] = ("brand",)) -> None:
    """Add a card to the page of a SKU; registering a key again replaces it."""
    _panels[key] = Panel(template, order, roles, context)


def panels(sku_id: int, actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """(template, variables) of the cards that this actor sees, in order."""
    chosen = sorted((p for p in _panels.values() if actor.role in p.roles), key=lambda p: p.order)
    filled = ((p.template, p.context(sku_id, actor)) for p in chosen)
    return [(template, context) for template, context in filled if context is not None]
