"""Sample rounds as JSON under /api/v1: the forms and services of the pages, bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from flask_babel import gettext
from marshmallow import RAISE

from incubator.kernel import clock, json_edge, paging, web
from incubator.kernel.errors import Invalid
from incubator.samples import forms, json_views, measure_service, queries, words
from incubator.samples.json_schemas import SampleRoundOut, SampleRoundPageOut
from incubator.samples.models import STATES

blueprint = APIBlueprint("samples_api", __name__, url_prefix="/api/v1", tag="Samples")
MeasurementsIn = json_edge.schema_of(forms.MeasureForm, "MeasurementsIn", version=json_edge.StrictInteger(required=True))


class RoundQuery(json_edge.Strict):
    state = fields.String(validate=OneOf(["open", *STATES]))
    kind = fields.String(validate=OneOf(list(words.KINDS)))
    product_id = fields.Integer(validate=Range(min=1, max=json_edge.LARGEST_INTEGER))
    q = fields.String(validate=json_edge.LongAtMost(max=100))
    sort = fields.String(load_default="due", validate=OneOf(list(queries.SORTS)))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


def _whole(round_id: int) -> dict[str, Any]:
    round = queries.whole(round_id, web.actor())
    return json_views.whole(round, queries.previous(round, web.actor()), web.actor())


@blueprint.get("/sample-rounds")
@blueprint.input(RoundQuery, location="query", unknown=RAISE)
@blueprint.output(SampleRoundPageOut)
@web.allow("brand", "factory")
def list_rounds(query_data: dict[str, Any]) -> Any:
    """The sample rounds that you may see, page by page."""
    page = queries.listing(web.actor(), query_data, query_data["sort"], query_data.get("cursor"), query_data["limit"])
    return {"items": [json_views.row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/sample-rounds/<int:round_id>")
@blueprint.output(SampleRoundOut)
@web.allow("brand", "factory")
def get_round(round_id: int) -> Any:
    """One round with its requirements, readings, verdicts and decision."""
    return _whole(round_id)


@blueprint.put("/sample-rounds/<int:round_id>/measurements")
@blueprint.input(MeasurementsIn)
@blueprint.output(SampleRoundOut)
@web.allow("brand")
def put_measurements(round_id: int, json_data: dict[str, Any]) -> Any:
    """Write down readings, cell by cell; values are decimals as text. A blank cell takes a reading away, what is not named stays."""
    round = queries.whole(round_id, web.actor())
    if not json_data.get("readings"):
        raise Invalid({"readings": [gettext("Send at least one reading.")]})
    form = json_edge.fill(forms.MeasureForm, json_data, lambda form: form.measures(round.requirements, round.pieces))
    measure_service.read(round, form.cells, web.actor(), clock.now(), form.version.data)
    return _whole(round.id)
