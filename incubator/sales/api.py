"""A SKU's sales as JSON under /api/v1, for its brand: weeks, grade, figures, forecast with its bands and what to order again. Bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint

from incubator.kernel import access, web
from incubator.launches.models import Sku
from incubator.sales import outlook_queries, queries
from incubator.sales.json_schemas import SkuSalesOut

blueprint = APIBlueprint("sales_api", __name__, url_prefix="/api/v1", tag="Sales")
MEASURES = (
    "sold",
    "on_hand",
    "on_order",
    "views",
    "visitors",
    "carts",
    "buyers",
    "sell_through",
    "conversion",
    "price_index",
    "price_against",
)
ENDS = ("low80", "high80", "low95", "high95")


@blueprint.get("/skus/<int:sku_id>/sales")
@blueprint.output(SkuSalesOut)
@web.allow("brand")
def get_sku_sales(sku_id: int) -> Any:
    """What a SKU sold, how it is graded, and what is expected of it."""
    actor = web.actor()
    sku = access.get_visible(Sku, sku_id, actor)
    grades = [
        {"week": g.week.isoformat(), "grade": g.grade, "is_hero": g.is_hero, "rule": g.rule}
        for g in outlook_queries.grades_of(sku_id, actor)
    ]
    weeks = [
        {"week": w.week.isoformat(), "units": int(w.units), "orders": int(w.orders), "returned": int(w.returned)}
        for w in queries.weeks_of(sku_id, actor)
    ]
    measures = [
        {"week": m.week.isoformat(), **{name: getattr(m, name) for name in MEASURES}}
        for m in outlook_queries.measures_of(sku_id, actor, 26)
    ]
    return {"sku_id": sku.id, "code": sku.code, "weeks": weeks, "grades": grades, "measures": measures, "outlook": _outlook(sku_id)}


def _outlook(sku_id: int) -> dict[str, Any] | None:
    found = outlook_queries.outlook_of(sku_id, web.actor())
    if found is None:
        return None
    bands = {name: found.bands.get(name, []) for name in ENDS}
    return {
        "week": found.week.isoformat(), "why_not": found.why, "expected": found.expected, **bands, "hit_probability": found.hit,
        "cover_weeks": found.cover, "reorder": found.reorder,
    }  # fmt: skip
