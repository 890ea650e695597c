"""Enquiries as JSON under /api/v1: the forms and services of the pages, bearer tokens only. A factory finds its own quotation in each."""

from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.kernel import clock, json_edge, paging, web
from incubator.sourcing import intake, json_views, queries, quotation_forms, quotation_queries, quotation_service, words
from incubator.sourcing.json_schemas import RfqOut, RfqPageOut
from incubator.sourcing.models import RFQ_STATES
from incubator.sourcing.quotation_models import QUOTATION_STATES
from incubator.sourcing.quotation_routes import prepare

blueprint = APIBlueprint("sourcing_api", __name__, url_prefix="/api/v1", tag="Sourcing")
QuotationIn = json_edge.schema_of(quotation_forms.QuotationForm, "QuotationIn")
DeclineIn = json_edge.schema_of(quotation_forms.DeclineForm, "DeclineIn")
StepIn = json_edge.schema_of(quotation_forms.QuotationStepForm, "QuotationStepIn")


class RfqListQuery(json_edge.Strict):
    """`state` narrows a brand's list, `standing` a factory's."""

    state = fields.String(validate=OneOf(RFQ_STATES))
    standing = fields.String(validate=OneOf(QUOTATION_STATES))
    scenario = fields.String(validate=OneOf(list(words.SCENARIOS)))
    q = fields.String(validate=json_edge.LongAtMost(max=100))
    sort = fields.String(load_default="deadline", validate=OneOf(["deadline", "latest", "title"]))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


@blueprint.get("/rfqs")
@blueprint.input(RfqListQuery, location="query", unknown=RAISE)
@blueprint.output(RfqPageOut)
@web.allow("brand", "factory")
def list_rfqs(query_data: dict[str, Any]) -> Any:
    """The enquiries of your brand, or those in which your factory was asked."""
    actor = web.actor()
    read = queries.listing if actor.role == "brand" else queries.own_listing
    if actor.role == "factory":
        query_data.pop("state", None)
    page = read(actor, query_data, query_data["sort"], query_data.get("cursor"), query_data["limit"])
    return {"items": [json_views.row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/rfqs/<int:rfq_id>")
@blueprint.output(RfqOut)
@web.allow("brand", "factory")
def get_rfq(rfq_id: int) -> Any:
    """One enquiry with your own quotation, or, for the brand, with all of them as far as they are open."""
    return json_views.rfq(queries.whole(rfq_id, web.actor()), web.actor())


@blueprint.post("/rfqs/<int:rfq_id>/quotation")
@blueprint.input(QuotationIn)
@blueprint.output(RfqOut)
@web.allow("factory")
def submit_quotation(rfq_id: int, json_data: dict[str, Any]) -> Any:
    """Submit your quotation, or its revision; `version` guards against submitting twice."""
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    quotation = quotation_queries.own(rfq, actor)
    form = json_edge.fill(quotation_forms.QuotationForm, json_data, lambda made: prepare(made, rfq))
    quotation_service.submit(quotation, intake.quotation_data(form), intake.typed(form), actor, clock.now(), form.version.data)
    return json_views.rfq(rfq, actor)


@blueprint.post("/rfqs/<int:rfq_id>/quotation/decline")
@blueprint.input(DeclineIn)
@blueprint.output(RfqOut)
@web.allow("factory")
def decline_rfq(rfq_id: int, json_data: dict[str, Any]) -> Any:
    """Say that you will not quote, and why."""
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    form = json_edge.fill(quotation_forms.DeclineForm, json_data)
    quotation_service.decline(quotation_queries.own(rfq, actor), form.note.data, actor, clock.now(), form.version.data)
    return json_views.rfq(rfq, actor)


@blueprint.post("/rfqs/<int:rfq_id>/quotation/confirm")
@blueprint.input(StepIn)
@blueprint.output(RfqOut)
@web.allow("factory")
def confirm_quotation(rfq_id: int, json_data: dict[str, Any]) -> Any:
    """Let your quotation stand for the latest issue."""
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    form = json_edge.fill(quotation_forms.QuotationStepForm, json_data)
    quotation_service.confirm(quotation_queries.own(rfq, actor), actor, clock.now(), form.version.data)
    return json_views.rfq(rfq, actor)
