"""Deliverables as JSON under /api/v1: the queries and services of the pages, bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.codevelopment import forms, json_views, page_queries, queries, revision_service
from incubator.codevelopment.deliverable_routes import ROLES
from incubator.codevelopment.json_schemas import DeliverableOut, DeliverablePageOut
from incubator.codevelopment.models import DELIVERABLE_STATES, KINDS
from incubator.kernel import clock, json_edge, paging, web

blueprint = APIBlueprint("codevelopment_api", __name__, url_prefix="/api/v1", tag="Deliverables")
RevisionIn = json_edge.schema_of(forms.RevisionJson, "RevisionIn")


class DeliverableQuery(json_edge.Strict):
    state = fields.String(validate=OneOf(list(DELIVERABLE_STATES)))
    kind = fields.String(validate=OneOf(list(KINDS)))
    show = fields.String(validate=OneOf(list(queries.WHICH)))
    product_id = fields.Integer(validate=Range(min=1, max=json_edge.LARGEST_INTEGER))
    q = fields.String(validate=json_edge.LongAtMost(max=100))
    sort = fields.String(load_default="due", validate=OneOf(list(queries.SORTS)))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


@blueprint.get("/deliverables")
@blueprint.input(DeliverableQuery, location="query", unknown=RAISE)
@blueprint.output(DeliverablePageOut)
@web.allow(*ROLES)
def list_deliverables(query_data: dict[str, Any]) -> Any:
    """The deliverables that you may see, page by page."""
    actor = web.actor()
    today = clock.today(actor.timezone)
    page = queries.listing(actor, query_data, query_data["sort"], query_data.get("cursor"), today, query_data["limit"])
    return {"items": [json_views.row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/deliverables/<int:deliverable_id>")
@blueprint.output(DeliverableOut)
@web.allow(*ROLES)
def get_deliverable(deliverable_id: int) -> Any:
    """One deliverable with its revisions, files and decisions."""
    return _whole(deliverable_id)


def _whole(deliverable_id: int) -> dict[str, Any]:
    actor = web.actor()
    found = page_queries.whole(deliverable_id, actor)
    return json_views.deliverable(found, page_queries.revisions(found, actor), page_queries.decisions(found, actor))


@blueprint.post("/deliverables/<int:deliverable_id>/revisions")
@blueprint.input(RevisionIn)
@blueprint.output(DeliverableOut, status_code=201)
@web.allow(*ROLES)
def submit_revision(deliverable_id: int, json_data: dict[str, Any]) -> Any:
    """Submit the next revision: a note, and in `keep` the ids of files that earlier revisions hold. New files are sent on the page."""
    actor = web.actor()
    found = page_queries.whole(deliverable_id, actor)
    form = json_edge.fill(forms.RevisionJson, json_data, lambda made: setattr(made.keep, "choices", []))
    revision_service.submit(found, form.note.data, [], form.keep.data or [], actor, clock.now(), form.version.data)
    return _whole(found.id)
