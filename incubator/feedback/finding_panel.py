"""The card of findings on a SKU's page, for the brand: what more comes back than chance explains, and how it stands."""

from typing import Any

from incubator.feedback import finding_queries, finding_words
from incubator.feedback.finding_models import Finding
from incubator.kernel import workflow
from incubator.kernel.actor import Actor
from incubator.launches import panels


def card(sku_id: int, actor: Actor) -> dict[str, Any] | None:
    """Nothing where nothing was ever found."""
    rows = finding_queries.of_sku(sku_id, actor)
    return {"rows": rows, "said": finding_words, "machine": workflow.machines[Finding]} if rows else None


panels.register_panel("findings", "feedback/_sku_findings.html", 15, card)
