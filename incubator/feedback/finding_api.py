"""Findings as JSON under /api/v1, for the brand's own system: what the page shows, bearer tokens only."""

from typing import Any

from apiflask import Schema, fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.feedback import finding_queries, words
from incubator.feedback.api import blueprint
from incubator.feedback.finding_models import FINDING_STATES, KINDS
from incubator.kernel import json_edge, paging, web

FIELDS = (
    "id", "sku_id", "code", "reason", "topic", "kind", "state", "lot", "ratio", "low", "high", "p", "q", "orders", "returned", "step", "aside_note",
)  # fmt: skip
DAYS = ("first_week", "last_week", "since")
RUN = ("skus", "tested", "found", "too_few", "fdr", "keep", "delta", "kappa", "table_version")


class FindingQuery(json_edge.Strict):
    state = fields.String(validate=OneOf(["standing", *FINDING_STATES]))
    kind = fields.String(validate=OneOf(KINDS))
    reason = fields.String(validate=OneOf(["all", *words.REASONS]))
    q = fields.String(validate=json_edge.LongAtMost(max=80))
    sort = fields.String(load_default="new", validate=OneOf(list(finding_queries.SORTS)))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


class FindingOut(Schema):
    """More comes back than chance explains: `ratio` with its 95% interval, against its own earlier rate ("change") or comparable SKUs ("level").

    `p` is exact, `q` the false-discovery rate at which it is found; `returned` of `orders` came back since.
    """

    id = fields.Integer()
    sku_id = fields.Integer()
    code = fields.String()
    reason = fields.String()
    topic = fields.String()
    kind = fields.String()
    state = fields.String()
    lot = fields.String()
    ratio = fields.Float()
    low = fields.Float()
    high = fields.Float()
    p = fields.Float()
    q = fields.Float()
    orders = fields.Integer()
    returned = fields.Integer()
    step = fields.String()
    aside_note = fields.String(metadata={"description": "Why the brand set it aside; blank where it never did."})
    first_week = fields.String(metadata={"format": "date"})
    last_week = fields.String(metadata={"format": "date"})
    since = fields.String(allow_none=True, metadata={"format": "date"})


class FindingRunOut(Schema):
    """One week's look: `tested` questions about `skus`, `found` at the false-discovery rate `fdr`; φ = 1 + `delta` + `kappa` · returns a week."""

    week = fields.String(metadata={"format": "date"})
    skus = fields.Integer()
    tested = fields.Integer()
    found = fields.Integer()
    too_few = fields.Integer()
    fdr = fields.Float()
    keep = fields.Float()
    delta = fields.Float()
    kappa = fields.Float()
    table_version = fields.Integer()


class FindingPageOut(Schema):
    """One page with the latest looks; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(FindingOut))
    runs = fields.List(fields.Nested(FindingRunOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


@blueprint.get("/findings")
@blueprint.input(FindingQuery, location="query", unknown=RAISE)
@blueprint.output(FindingPageOut)
@web.allow("brand")
def list_findings(query_data: dict[str, Any]) -> Any:
    """What comes back more often than chance explains, with how many questions were asked of your SKUs each week."""
    actor, chosen = web.actor(), {name: query_data[name] for name in ("state", "kind", "reason", "q") if query_data.get(name)}
    page = finding_queries.listing(actor, chosen, query_data["sort"], query_data.get("cursor"), query_data["limit"])
    runs = [{"week": run.week.isoformat(), **{name: getattr(run, name) for name in RUN}} for run in finding_queries.runs(actor)]
    return {"items": [_item(row) for row in page.rows], "runs": runs, "next": page.next, "previous": page.previous, "total": page.total}


def _item(row: Any) -> dict[str, Any]:
    days = {name: value.isoformat() if (value := getattr(row, name)) else None for name in DAYS}
    return {**{name: getattr(row, name) for name in FIELDS}, **days}
