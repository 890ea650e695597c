"""Promises as JSON under /api/v1: what was promised, finishing and dropping; and questions. The forms and services of the pages."""

from typing import Any

from apiflask import fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.feedback import action_service, api_repeats, forms, json_views, promise_schemas, queries, question_service, sku_forms
from incubator.feedback.api_blueprint import blueprint
from incubator.feedback.models import ACTION_STATES, KINDS
from incubator.kernel import clock, json_edge, paging, web

FinishIn = json_edge.schema_of(forms.DoneForm, "FeedbackFinishIn")
DropIn = json_edge.schema_of(forms.DropForm, "FeedbackDropIn")
QuestionIn = json_edge.schema_of(sku_forms.QuestionForm, "FeedbackQuestionIn")


class PromiseQuery(json_edge.Strict):
    state = fields.String(validate=OneOf(ACTION_STATES))
    kind = fields.String(validate=OneOf(KINDS))
    since = fields.Date(metadata={"description": "Due on this day or later."})
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


def _whole(action_id: int) -> dict[str, Any]:
    return json_views.promise(queries.action(action_id, web.actor()))


@blueprint.get("/feedback-promises")
@blueprint.input(PromiseQuery, location="query", unknown=RAISE)
@blueprint.output(promise_schemas.FeedbackPromisePageOut)
@web.allow("brand", "factory")
def list_promises(query_data: dict[str, Any]) -> Any:
    """The promises that you may see, the first due first."""
    page = queries.actions(web.actor(), query_data, query_data.get("cursor"), query_data["limit"])
    return {"items": [json_views.promise_row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/feedback-promises/<int:action_id>")
@blueprint.output(promise_schemas.FeedbackPromiseOut)
@web.allow("brand", "factory")
def get_promise(action_id: int) -> Any:
    """One promise, with what was measured of it."""
    return _whole(action_id)


@blueprint.post("/feedback-promises/<int:action_id>/finish")
@blueprint.input(FinishIn)
@blueprint.output(promise_schemas.FeedbackPromiseOut)
@web.allow("factory")
def finish_promise(action_id: int, json_data: dict[str, Any]) -> Any:
    """Say that it is done, on which day, and what was done. Sent twice is done once."""
    action, form = queries.action(action_id, web.actor()), json_edge.fill(forms.DoneForm, json_data)
    if not api_repeats.is_finished_so(action, form.done_on.data, web.actor()):
        said = (form.done_on.data, form.note.data or "", ())
        action_service.finish(action, *said, web.actor(), clock.now(), form.version.data, form.lot.data or "")
    return _whole(action_id)


@blueprint.post("/feedback-promises/<int:action_id>/drop")
@blueprint.input(DropIn)
@blueprint.output(promise_schemas.FeedbackPromiseOut)
@web.allow("brand", "factory")
def drop_promise(action_id: int, json_data: dict[str, Any]) -> Any:
    """Say that it will not be done, and why. Sent twice is dropped once."""
    action, form = queries.action(action_id, web.actor()), json_edge.fill(forms.DropForm, json_data)
    if not api_repeats.is_dropped_so(action, form.note.data, web.actor()):
        action_service.drop(action, form.note.data, web.actor(), clock.now(), form.version.data)
    return _whole(action_id)


@blueprint.post("/feedback-sections/<int:section_id>/questions")
@blueprint.input(QuestionIn)
@blueprint.output(promise_schemas.FeedbackAskedOut, status_code=201)
@web.allow("factory")
def ask_question(section_id: int, json_data: dict[str, Any]) -> Any:
    """Ask the brand about a SKU of a pack; it is told, and answers on the page."""
    section, form = queries.section(section_id, web.actor()), json_edge.fill(sku_forms.QuestionForm, json_data)
    question_service.ask(section, form.body.data, web.actor(), clock.now())
    return {"section_id": section_id, "pack_id": section.pack_id}
