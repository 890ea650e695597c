"""Where the work of a stage is done: a package says it once, and every page of a product at that stage leads its brand there.

Only for stages that an act of the package itself ends (an award, a seal, a verdict); moving the product on by hand then takes second place.
"""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from incubator.kernel.actor import Actor
from incubator.products.models import Product


@dataclass(frozen=True)
class Work:
    """What is to be done (a verb), the page that takes `product_id`, and the tab that the page belongs to."""

    label: Any
    endpoint: str
    tab: str


_work: dict[str, Work] = {}


def register_work(stage: str, label: Any, endpoint: str, tab: str) -> None:
    """Lead the brand to `endpoint` while the product is at `stage`; registering a stage again replaces it."""
    _work[stage] = Work(label, endpoint, tab)


def of(product: Product, actor: Actor) -> Work | None:
    """The work of the product's stage; None for everybody but its brand, and for stages that are ended by hand."""
    return _work.get(product.state) if actor.role == "brand" else None


def link(work: Work, product: Product) -> dict[str, Any]:
    return {"label": work.label, "url": url_for(work.endpoint, product_id=product.id)}
