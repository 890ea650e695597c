"""The card of feedback on a SKU's page: its packs and what came of them, for the brand and for the factory's own packs."""

from typing import Any

from incubator.feedback import drawing, queries, words
from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.kernel import workflow
from incubator.kernel.actor import Actor
from incubator.launches import panels


def card(sku_id: int, actor: Actor) -> dict[str, Any] | None:
    """Nothing before the first pack."""
    rows = queries.of_sku(sku_id, actor)
    if not rows:
        return None
    machines = workflow.machines
    return {
        "rows": [(row, drawing.bars(row.units, row.returned)) for row in rows], "words": words, "height": drawing.HEIGHT,
        "width": drawing.WIDTH, "packs": machines[FeedbackPack], "actions": machines[FeedbackAction],
    }  # fmt: skip


panels.register_panel("feedback", "feedback/_sku.html", 20, card, ("brand", "factory"))
