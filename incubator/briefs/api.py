"""Briefs as JSON under /api/v1: the forms and services of the pages, bearer tokens only. OpenAPI is generated from the same forms."""

from functools import partial
from typing import Any

from apiflask import APIBlueprint, fields
from apiflask.validators import OneOf, Range
from flask_babel import gettext
from marshmallow import RAISE

from incubator.briefs import criteria, forms, gate_forms, gate_service, intake, json_views, queries, service, words
from incubator.briefs.gate_models import GateReview
from incubator.briefs.json_schemas import BriefOut, BriefPageOut, ReviewOut
from incubator.kernel import access, clock, json_edge, paging, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import Invalid, NotFound
from incubator.products.models import Programme

blueprint = APIBlueprint("briefs_api", __name__, url_prefix="/api/v1", tag="Briefs")
BriefIn = json_edge.schema_of(forms.BriefForm, "BriefIn", programme_id=json_edge.StrictInteger(required=True))
BriefPatch = json_edge.schema_of(forms.BriefForm, "BriefPatch", partial=True)
ReferenceIn = json_edge.schema_of(forms.ReferenceForm, "ReferenceIn")
ClaimIn = json_edge.schema_of(forms.ClaimForm, "ClaimIn")
SubmitIn = json_edge.schema_of(gate_forms.SubmitForm, "SubmitIn")
DecideIn = json_edge.schema_of(
    gate_forms.DecideForm, "DecideIn", outcome=fields.String(required=True, validate=OneOf(list(words.OUTCOMES)))
)


class ListQuery(json_edge.Strict):
    state = fields.String(
        validate=OneOf(["draft", "submitted", "accepted", "returned", "in_development", "launched", "reviewed", "closed"])
    )
    type = fields.String(validate=OneOf(list(words.TYPES)))
    q = fields.String(validate=json_edge.LongAtMost(max=100))
    sort = fields.String(load_default="recent", validate=OneOf(list(queries.SORTS)))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


class SignIn(json_edge.Strict):
    """Scores 1–5 for the two criteria of the brief's type."""

    scores = fields.Dict(
        keys=fields.String(validate=OneOf(list(criteria.LABELS))),
        values=json_edge.StrictInteger(validate=Range(min=1, max=5)),
        required=True,
    )
    statement = fields.String(required=True, validate=json_edge.LongAtMost(max=4000))


def _programmes(form: Any, own: int | None = None) -> None:
    form.programme_id.choices = queries.programmes(web.actor(), own)


def _whole(brief_id: int) -> dict[str, Any]:
    brief = queries.whole(brief_id, web.actor())
    return json_views.brief(brief, service.targets_of(brief, web.actor()), web.actor())


@blueprint.get("/briefs")
@blueprint.input(ListQuery, location="query", unknown=RAISE)
@blueprint.output(BriefPageOut)
@web.allow(*ORGANISATION_KINDS)
def list_briefs(query_data: dict[str, Any]) -> Any:
    """The briefs that you may see, page by page."""
    page = queries.listing(web.actor(), query_data, query_data["sort"], query_data.get("cursor"), query_data["limit"])
    return {"items": [json_views.row(r) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.post("/briefs")
@blueprint.input(BriefIn)
@blueprint.output(BriefOut, status_code=201)
@web.allow("brand")
def create_brief(json_data: dict[str, Any]) -> Any:
    """Start a product with its brief."""
    form = json_edge.fill(forms.BriefForm, json_data, _programmes)
    programme = access.get_visible(Programme, form.programme_id.data, web.actor())
    brief = service.create(programme, intake.brief_data(form), web.actor(), clock.now())
    return _whole(brief.id)


@blueprint.get("/briefs/<int:brief_id>")
@blueprint.output(BriefOut)
@web.allow(*ORGANISATION_KINDS)
def get_brief(brief_id: int) -> Any:
    """One brief with its requirements, references and claims; targets for its brand only."""
    return _whole(brief_id)


@blueprint.patch("/briefs/<int:brief_id>")
@blueprint.input(BriefPatch)
@blueprint.output(BriefOut)
@web.allow("brand")
def change_brief(brief_id: int, json_data: dict[str, Any]) -> Any:
    """Change what is given; `version` guards against overwriting somebody else's change."""
    brief = queries.whole(brief_id, web.actor())
    if "version" not in json_data:
        raise Invalid({"version": [gettext("Send the version that you read, so that nobody's change is overwritten.")]})
    if "programme_id" in json_data:
        raise Invalid({"programme_id": [gettext("A brief stays in its programme.")]})
    now = intake.editor_values(brief, service.targets_of(brief, web.actor()))
    form = json_edge.fill(forms.BriefForm, {**now, **json_data}, partial(_programmes, own=brief.product.programme_id))
    service.save(brief, intake.brief_data(form), web.actor(), clock.now(), json_data.get("version"))
    return _whole(brief.id)


@blueprint.post("/briefs/<int:brief_id>/references")
@blueprint.input(ReferenceIn)
@blueprint.output(BriefOut, status_code=201)
@web.allow("brand")
def add_reference(brief_id: int, json_data: dict[str, Any]) -> Any:
    """Name a reference product."""
    brief = queries.whole(brief_id, web.actor())
    service.add_reference(brief, intake.reference_data(json_edge.fill(forms.ReferenceForm, json_data)), web.actor(), clock.now())
    return _whole(brief.id)


@blueprint.delete("/briefs/<int:brief_id>/references/<int:reference_id>")
@blueprint.output(BriefOut)
@web.allow("brand")
def remove_reference(brief_id: int, reference_id: int) -> Any:
    """Take a reference product out, with every comparison against it."""
    brief = queries.whole(brief_id, web.actor())
    service.remove_reference(brief, _own(brief.references, reference_id), web.actor(), clock.now())
    return _whole(brief.id)


def _own(rows: list[Any], row_id: int) -> Any:
    found = next((r for r in rows if r.id == row_id), None)
    if found is None:
        raise NotFound()
    return found


@blueprint.post("/briefs/<int:brief_id>/claims")
@blueprint.input(ClaimIn)
@blueprint.output(BriefOut, status_code=201)
@web.allow("brand")
def add_claim(brief_id: int, json_data: dict[str, Any]) -> Any:
    """State a value claim, compared point by point."""
    brief = queries.whole(brief_id, web.actor())

    def prepare(form: Any) -> None:
        for point in form.points:
            point.form.reference_id.choices = [(r.id, r.name) for r in brief.references]

    service.add_claim(brief, intake.claim_data(json_edge.fill(forms.ClaimForm, json_data, prepare)), web.actor(), clock.now())
    return _whole(brief.id)


@blueprint.delete("/briefs/<int:brief_id>/claims/<int:claim_id>")
@blueprint.output(BriefOut)
@web.allow("brand")
def remove_claim(brief_id: int, claim_id: int) -> Any:
    """Take a claim out."""
    brief = queries.whole(brief_id, web.actor())
    service.remove_claim(brief, _own(brief.claims, claim_id), web.actor(), clock.now())
    return _whole(brief.id)


@blueprint.post("/briefs/<int:brief_id>/submit")
@blueprint.input(SubmitIn)
@blueprint.output(ReviewOut, status_code=201)
@web.allow("brand")
def submit_brief(brief_id: int, json_data: dict[str, Any]) -> Any:
    """Lock the brief and open its review."""
    brief = queries.whole(brief_id, web.actor())

    def prepare(form: Any) -> None:
        form.signatories.choices = queries.partners_of(brief.product_id, web.actor())

    form = json_edge.fill(gate_forms.SubmitForm, json_data, prepare)
    review = gate_service.submit(
        brief,
        form.signatories.data or [],
        web.actor(),
        clock.now(),
        due_on=form.due_on.data,
        note=form.note.data,
        expected=form.version.data,
    )
    return _review(review)


def _review(review: GateReview) -> dict[str, Any]:
    actor = web.actor()
    return json_views.review(
        review, gate_service.figures(review), queries.seats(review, actor), queries.confidential_figures(review, actor), actor
    )


@blueprint.get("/reviews/<int:review_id>")
@blueprint.output(ReviewOut)
@web.allow(*ORGANISATION_KINDS)
def get_review(review_id: int) -> Any:
    """One gate review: criteria, signatures that you may know, and the verdict."""
    return _review(access.get_visible(GateReview, review_id, web.actor()))


@blueprint.post("/reviews/<int:review_id>/sign")
@blueprint.input(SignIn)
@blueprint.output(ReviewOut)
@web.allow(*ORGANISATION_KINDS)
def sign_review(review_id: int, json_data: dict[str, Any]) -> Any:
    """Sign for your organisation."""
    review = access.get_visible(GateReview, review_id, web.actor())
    wanted = criteria.CRITERIA[review.brief.type]
    if set(json_data["scores"]) != set(wanted) or not json_data["statement"].strip():
        raise Invalid({"scores": [gettext("Score exactly these: %(names)s; and give a statement.", names=", ".join(wanted))]})
    gate_service.sign(review, json_data["scores"], json_data["statement"].strip(), web.actor(), clock.now())
    return _review(review)


@blueprint.post("/reviews/<int:review_id>/decide")
@blueprint.input(DecideIn)
@blueprint.output(ReviewOut)
@web.allow("brand")
def decide_review(review_id: int, json_data: dict[str, Any]) -> Any:
    """Give the verdict; it is final."""
    review = access.get_visible(GateReview, review_id, web.actor())
    form = json_edge.fill(gate_forms.DecideForm, json_data)
    gate_service.decide(
        review, form.outcome.data, form.reason.data, intake.condition_data(form), web.actor(), clock.now(), form.version.data
    )
    return _review(review)
