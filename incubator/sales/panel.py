"""The card of sales on a SKU's page: its weeks, its grade with the figures that it follows from, channels, and reasons of returns."""

from datetime import timedelta
from typing import Any

from incubator.kernel import charts
from incubator.kernel.actor import Actor
from incubator.launches import panels
from incubator.sales import charts as drawings
from incubator.sales import queries, words

SHOWN = timedelta(weeks=8)


def card(sku_id: int, actor: Actor) -> dict[str, Any] | None:
    """Nothing before the first line was rolled up."""
    weeks = queries.weeks_of(sku_id, actor)
    if not weeks:
        return None
    since = weeks[-1].week - SHOWN + timedelta(weeks=1)
    return {
        "weeks": weeks, "data": charts.payload(drawings.weekly(weeks)), "grade": queries.grade_of(sku_id, actor), "words": words, "since": since,
        "channels": queries.by_channel(sku_id, since, actor), "reasons": queries.reasons_of(sku_id, since, actor),
    }  # fmt: skip


panels.register_panel("sales", "sales/_sku.html", 10, card)
