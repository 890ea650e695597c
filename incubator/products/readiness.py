"""What is asked before series production: a registry of checks to which every package adds its own. It decides nothing.

A check is asked about a product and gives the reason why it is not met, or None. Stages that are later ask them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from incubator.kernel.actor import Actor
from incubator.products.models import Product

Ask = Callable[[Product, Actor], Any]


@dataclass(frozen=True)
class Check:
    """A criterion by its key, its words and its question."""

    key: str
    label: Any
    ask: Ask
    order: int


_checks: dict[str, Check] = {}


def register_check(key: str, label: Any, ask: Ask, order: int = 50) -> None:
    """Add a criterion; registering a key again replaces it. `ask(product, actor)` gives the reason against, or None."""
    _checks[key] = Check(key, label, ask, order)


def checks() -> list[Check]:
    return sorted(_checks.values(), key=lambda check: check.order)
