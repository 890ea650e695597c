"""The card of sales on a SKU's page: its weeks, its grade with the figures that it follows from, channels, and reasons of returns."""

from datetime import date, timedelta
from typing import Any

from incubator.kernel import charts
from incubator.kernel.actor import Actor
from incubator.launches import panels
from incubator.sales import charts as drawings
from incubator.sales import outlook_charts, outlook_queries, queries, words

SHOWN = timedelta(weeks=8)
ENDS = ("low80", "high80", "low95", "high95")


def _mondays(last: date) -> list[date]:
    return [last + timedelta(weeks=n) for n in range(1, 14)]


def card(sku_id: int, actor: Actor) -> dict[str, Any] | None:
    """Nothing before the first line was rolled up."""
    weeks = queries.weeks_of(sku_id, actor)
    if not weeks:
        return None
    since = weeks[-1].week - SHOWN + timedelta(weeks=1)
    found, grades = outlook_queries.outlook_of(sku_id, actor), outlook_queries.grades_of(sku_id, actor)
    ahead = [] if found is None else list(zip(_mondays(found.week), found.expected, *(found.bands.get(n, []) for n in ENDS), strict=False))
    drawn = outlook_charts.outlook(weeks, [row[1] for row in ahead], found.bands if found else {}, weeks[-1].week, grades)
    return {
        "weeks": weeks, "data": charts.payload(drawings.weekly(weeks)), "grade": grades[-1] if grades else None, "words": words, "since": since,
        "outlook": found, "ahead": ahead, "drawn": charts.payload(drawn), "measures": [g.SkuMeasure for g in reversed(grades) if g.SkuMeasure][:8],
        "channels": queries.by_channel(sku_id, since, actor), "reasons": queries.reasons_of(sku_id, since, actor),
    }  # fmt: skip


panels.register_panel("sales", "sales/_sku.html", 10, card)
