"""Feedback packs as JSON under /api/v1, for the factory's own system: the forms and services of the pages, bearer tokens only."""

from datetime import date
from typing import Any

from apiflask import fields
from apiflask.schemas import FileSchema
from apiflask.validators import OneOf, Range
from flask import Response
from flask_babel import gettext
from marshmallow import RAISE

from incubator.feedback import api_repeats, forms, json_views, photo_api, printing, promise_api, queries, service
from incubator.feedback.api_blueprint import blueprint
from incubator.feedback.json_schemas import FeedbackPackOut, FeedbackPackPageOut
from incubator.feedback.models import STATES
from incubator.kernel import clock, exports, json_edge, paging, web
from incubator.kernel.errors import Invalid

__all__ = ["blueprint", "photo_api", "promise_api"]
AnswersIn = json_edge.schema_of(forms.AnswersForm, "FeedbackAnswersIn", drafts=json_edge.StrictInteger(required=True))


class PackQuery(json_edge.Strict):
    state = fields.String(validate=OneOf(["waiting", "asked", *STATES]))
    week = fields.Date()
    since = fields.Date(metadata={"description": "Weeks that begin on this day or later."})
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


class SinceQuery(json_edge.Strict):
    since = fields.Date(load_default=date(2000, 1, 1), metadata={"description": "Weeks that begin on this day or later; all without it."})


def _whole(pack_id: int) -> dict[str, Any]:
    return json_views.whole(queries.whole(pack_id, web.actor()), web.actor())


@blueprint.get("/feedback-packs")
@blueprint.input(PackQuery, location="query", unknown=RAISE)
@blueprint.output(FeedbackPackPageOut)
@web.allow("brand", "factory")
def list_packs(query_data: dict[str, Any]) -> Any:
    """The feedback packs that you may see, the latest week first."""
    page = queries.listing(web.actor(), query_data, query_data.get("cursor"), query_data["limit"])
    return {"items": [json_views.row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/feedback-packs/skus.csv")
@blueprint.input(SinceQuery, location="query", unknown=RAISE)
@blueprint.output(FileSchema(type="string", format="binary"), content_type="text/csv", description="A line per pack and SKU")
@web.allow("brand", "factory")
def get_all_rows(query_data: dict[str, Any]) -> Response:
    """A line per SKU of every pack since a day, as CSV, the latest week first; the last eight weeks stand as columns."""
    return exports.download(printing.all_heads(), printing.all_rows(query_data["since"], web.actor()), "csv", "feedback")


@blueprint.get("/feedback-packs/<int:pack_id>")
@blueprint.output(FeedbackPackOut)
@web.allow("brand", "factory")
def get_pack(pack_id: int) -> Any:
    """One pack with its SKUs, figures, suggestions and answers."""
    return _whole(pack_id)


@blueprint.get("/feedback-packs/<int:pack_id>/skus.csv")
@blueprint.output(FileSchema(type="string", format="binary"), content_type="text/csv", description="A line per SKU")
@web.allow("brand", "factory")
def get_rows(pack_id: int) -> Response:
    """A line per SKU as CSV."""
    pack = queries.whole(pack_id, web.actor())
    return exports.download(printing.heads(pack), printing.rows(pack, web.actor()), "csv", f"feedback-{pack.week.isoformat()}")


@blueprint.put("/feedback-packs/<int:pack_id>/answers")
@blueprint.input(AnswersIn)
@blueprint.output(FeedbackPackOut)
@web.allow("factory")
def put_answers(pack_id: int, json_data: dict[str, Any]) -> Any:
    """Save answers as a draft; what is not named stays. `drafts` is the number that you read.

    Sending what stands already changes nothing and is no conflict, so that a request whose answer was lost can be repeated.
    """
    pack = queries.whole(pack_id, web.actor())
    if not json_data.get("answers"):
        raise Invalid({"answers": [gettext("Send at least one answer.")]})
    form = json_edge.fill(forms.AnswersForm, json_data)
    if api_repeats.answers_stand(pack, form.by_section, web.actor()):
        return _whole(pack_id)
    service.answer(pack, form.by_section, web.actor(), clock.now(), form.drafts.data)
    return _whole(pack_id)


@blueprint.post("/feedback-packs/<int:pack_id>/acknowledge")
@blueprint.output(FeedbackPackOut)
@web.allow("factory")
def acknowledge(pack_id: int) -> Any:
    """Turn the saved answers into promises; refused while a SKU has none. Done twice by the same person is done once."""
    pack = queries.whole(pack_id, web.actor())
    if not api_repeats.is_acknowledged_by(pack, web.actor()):
        service.acknowledge(pack, web.actor(), clock.now())
    return _whole(pack_id)
