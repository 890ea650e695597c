"""The card of production lots on a SKU's page: what each sold and had back, with its interval, and which lot was sold when."""

from typing import Any

from incubator.kernel import charts
from incubator.kernel.actor import Actor
from incubator.launches import panels
from incubator.sales import lot_charts, lot_queries, words

DRAWN = 8  # lots whose turns are drawn, the latest


def card(sku_id: int, actor: Actor) -> dict[str, Any] | None:
    """Nothing for a SKU without lots."""
    rows, weeks, waits = lot_queries.of_sku(sku_id, actor)
    if not rows:
        return None
    orders, back = (sum(getattr(told, name) for _, told in rows) for name in ("orders", "returned_orders"))
    usual = back / orders if orders else None
    drawn = {(lot.id if lot else None): (lot.code if lot else str(words.NO_LOT)) for lot, told in rows if told.sold}
    drawn = dict(list(drawn.items())[-DRAWN:])
    weeks = [week for week in weeks if week.lot_id in drawn]
    return {
        "rows": rows, "usual": usual, "words": words, "reasons": lot_queries.reasons_of_sku(sku_id, actor), "sku_id": sku_id,
        "waits": waits, "rates": charts.payload(lot_charts.rates(rows, usual)) if _any_rate(rows) else None,
        "turns": charts.payload(lot_charts.turns(weeks, drawn)) if weeks else None, "weeks": weeks, "codes": drawn,
        "worse": {lot.id for lot, told in rows if lot and _is_worse(told, orders - told.orders, back - told.returned_orders)},
    }  # fmt: skip


def _any_rate(rows: Any) -> bool:
    return any(lot is not None and told.rate for lot, told in rows)


def _is_worse(told: lot_queries.Told, orders: int, back: int) -> bool:
    """Whether the whole interval lies above the rate of the other lots, of whose `orders` so many came `back`."""
    return bool(told.rate and orders and told.rate[1] > back / orders)


panels.register_panel("lots", "sales/_lots.html", 12, card)
