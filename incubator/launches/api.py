"""SKUs as JSON under /api/v1, to be read: the same columns as the pages, by role; bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.kernel import json_edge, paging, web
from incubator.launches import queries
from incubator.launches.json_schemas import SkuOut, SkuPageOut
from incubator.launches.models import SKU_STATES
from incubator.launches.sku_routes import READERS

LARGEST = 2**62
blueprint = APIBlueprint("launches_api", __name__, url_prefix="/api/v1", tag="SKUs")
NAMES = (
    "id", "name_zh", "name_en", "product_id", "product_name", "code", "gtin", "colour", "size", "pack", "state", "currency", "retail_minor",
    "launch_price_minor", "units_per_carton", "planned_units_per_week", "is_legacy", "factory_organisation_id", "factory_name",
)  # fmt: skip


class SkuQuery(json_edge.Strict):
    """Filters that are not the caller's to use are ignored."""

    state = fields.String(validate=OneOf(SKU_STATES))
    product_id = fields.Integer(validate=Range(min=1, max=LARGEST))
    channel_id = fields.Integer(validate=Range(min=1, max=LARGEST))
    factory_id = fields.Integer(validate=Range(min=1, max=LARGEST))
    q = fields.String(validate=json_edge.LongAtMost(max=100))
    sort = fields.String(load_default="recent", validate=OneOf(list(queries.SORTS)))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


def _row(found: Any) -> dict[str, Any]:
    """What the caller's columns hold, and nothing else."""
    given = found._mapping
    return {**{name: given[name] for name in NAMES if name in given}, "launch_on": found.launch_on.isoformat() if found.launch_on else None}


@blueprint.get("/skus")
@blueprint.input(SkuQuery, location="query", unknown=RAISE)
@blueprint.output(SkuPageOut)
@web.allow(*READERS)
def list_skus(query_data: dict[str, Any]) -> Any:
    """The SKUs that you may see, page by page."""
    page = queries.listing(web.actor(), query_data, query_data["sort"], query_data.get("cursor"), query_data["limit"])
    return {"items": [_row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/skus/<int:sku_id>")
@blueprint.output(SkuOut)
@web.allow(*READERS)
def get_sku(sku_id: int) -> Any:
    """One SKU; for its brand with other codes, prices and the history of its factories."""
    actor = web.actor()
    body = _row(queries.row(sku_id, actor))
    if actor.role == "brand":
        sku = queries.whole(sku_id, actor)
        body["aliases"] = [{"code": a.code, "channel_id": a.channel_id} for a in queries.aliases_of(sku_id, actor)]
        body["prices"] = [_price(p) for p in queries.prices_of(sku_id, actor)]
        body["makers"] = [{"organisation_id": m.organisation_id, "from_on": m.from_on.isoformat()} for m in sku.makers]
    return body


def _price(row: Any) -> dict[str, Any]:
    days = {"valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None}
    return {"channel_id": row.channel_id, "price_minor": row.price_minor, "currency": row.currency, **days}
