"""Investors' money as JSON under /api/v1, to be read alone: commitments, tranches, released reports. Bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from flask import jsonify

from incubator.investors import json_views, queries, receipts, report_queries
from incubator.investors.json_schemas import CommitmentPageOut, ReportOut, ReportPageOut, TranchePageOut
from incubator.investors.models import TRANCHE_STATES
from incubator.investors.report_models import PERIODS, REPORT_STATES
from incubator.kernel import clock, json_edge, paging, web
from incubator.kernel.errors import NotFound

blueprint = APIBlueprint("investors_api", __name__, url_prefix="/api/v1", tag="Investors")
BOTH = ("brand", "investor")


class PageQuery(json_edge.Strict):
    programme = fields.Integer(validate=Range(min=1, max=2**53 - 1))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


class TrancheQuery(PageQuery):
    state = fields.String(validate=OneOf(["open", *TRANCHE_STATES]))


class ReportQuery(PageQuery):
    state = fields.String(validate=OneOf(list(REPORT_STATES)))
    period = fields.String(validate=OneOf(list(PERIODS)))


def _page(page: paging.Page, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/commitments")
@blueprint.input(PageQuery, location="query")
@blueprint.output(CommitmentPageOut)
@web.allow(*BOTH)
def list_commitments(query_data: dict[str, Any]) -> Any:
    """What was committed: your own, or as a brand all that was committed to you."""
    page = queries.commitments(web.actor(), query_data, query_data.get("cursor"), query_data["limit"])
    drawn = queries.drawn(web.actor(), [r.id for r in page.rows])
    return _page(page, [json_views.commitment(r, drawn.get(r.id, 0)) for r in page.rows])


@blueprint.get("/tranches")
@blueprint.input(TrancheQuery, location="query")
@blueprint.output(TranchePageOut)
@web.allow(*BOTH)
def list_tranches(query_data: dict[str, Any]) -> Any:
    """The tranches of those commitments by the day on which they are expected, with what each waits for."""
    page = queries.tranches(web.actor(), query_data, query_data.get("cursor"), query_data["limit"])
    waits = queries.waits_of([r.id for r in page.rows], web.actor())
    return _page(page, [json_views.tranche(r, waits[r.id]) for r in page.rows])


@blueprint.get("/reports")
@blueprint.input(ReportQuery, location="query")
@blueprint.output(ReportPageOut)
@web.allow(*BOTH)
def list_reports(query_data: dict[str, Any]) -> Any:
    """The reports that were released to you, page by page; as a brand all of yours."""
    page = report_queries.listing(web.actor(), query_data, query_data.get("cursor"), query_data["limit"])
    return _page(page, [json_views.report_row(r) for r in page.rows])


@blueprint.get("/reports/<int:report_id>")
@blueprint.output(ReportOut)
@web.allow(*BOTH)
def get_report(report_id: int) -> Any:
    """One frozen report with every figure that you may know, and the hashes of its documents."""
    actor = web.actor()
    found = report_queries.report(report_id, actor)
    if found.freeze is None:
        raise NotFound()
    lines = [line for group in report_queries.frozen(found, actor).values() for line in group]
    body = json_views.report(found, lines, report_queries.documents(found, actor), actor)
    return receipts.note(jsonify(body), found.id, "json", actor, clock.now())
