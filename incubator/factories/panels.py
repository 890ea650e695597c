"""The card on a product's overview that names its factories and what is to be known of them. It shows a party only what it may see."""

from typing import Any

from incubator.factories import queries, words
from incubator.factories.guards import ZONE
from incubator.factories.models import Factory
from incubator.kernel import clock, workflow
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.products import frame
from incubator.products.models import Product


def makers(product: Product, actor: Actor) -> dict[str, Any] | None:
    """The factories of the product with state, tier and certificates; no card where there is none."""
    rows = queries.of_product(product, actor)
    if not rows:
        return None
    certificates = queries.beside(rows, actor)["certificates"]
    return {
        "makers": rows,
        "maker_certificates": certificates,
        "machine": workflow.machines[Factory],
        "tier_words": words.TIERS,
        "day": clock.today(ZONE),
    }


frame.register_panel("factories", "factories/_panel.html", 30, makers, tuple(kind for kind in ORGANISATION_KINDS if kind != "factory"))
