"""Pages of the value gate: send to review, read, sign, decide."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.briefs import criteria, gate_forms, gate_service, intake, json_views, queries, value, words, workflow
from incubator.briefs.blueprint import blueprint
from incubator.briefs.gate_models import GateReview
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, clock, paging, web
from incubator.kernel import workflow as engine
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.products import frame

BLANK_CONDITIONS = 2


def review_link(review_id: int) -> Any:
    return redirect(url_for("briefs.review", review_id=review_id))


def warnings(brief: ProductBrief) -> Any:
    """Why the brief could not pass as it stands, in words, before anybody is asked to sign."""
    return value.refusal(value.claims_of(brief), [r.id for r in brief.references], {r.id: r.name for r in brief.references})


@blueprint.route("/briefs/<int:brief_id>/submit", methods=["GET", "POST"])
@web.allow("brand")
def submit(brief_id: int) -> Any:
    actor = web.actor()
    brief = queries.whole(brief_id, actor)
    form = gate_forms.SubmitForm(version=brief.version)
    partners = queries.partners_of(brief.product_id, actor)
    form.signatories.choices = partners
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            review = gate_service.submit(
                brief,
                form.signatories.data or [],
                actor,
                clock.now(),
                due_on=form.due_on.data,
                note=form.note.data,
                expected=form.version.data,
            )
            flash(gettext("Sent. Everyone who signs has been told."), "success")
            return review_link(review.id)
    page = render_template(
        "briefs/submit.html", form=form, brief=brief, partners=partners, warning=warnings(brief), missing=workflow.says_what_it_needs_to(brief, actor),
        **frame.frame_context(brief.product, actor, "brief"),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.get("/reviews")
@web.allow(*ORGANISATION_KINDS)
def reviews() -> str:
    """The gate's queue: reviews that wait for the actor first, then all of them."""
    actor, machine = web.actor(), engine.machines[GateReview]
    state = next((s.name for s in machine.states if s.name == request.args.get("state")), None)
    page = queries.review_listing(actor, state, request.args.get("cursor"), paging.PAGE_SIZE)
    return render_template(
        "briefs/reviews.html",
        page=page,
        waiting=queries.decisions_for(actor, 50),
        machine=machine,
        state=state,
    )


@blueprint.get("/reviews/<int:review_id>")
@web.allow(*ORGANISATION_KINDS)
def review(review_id: int) -> Any:
    return _review_page(_load(review_id))


def _load(review_id: int) -> GateReview:
    found: GateReview = access.get_visible(GateReview, review_id, web.actor())
    queries.whole(found.brief_id, web.actor())
    return found


def _review_page(found: GateReview, sign_form: Any = None, decide_form: Any = None) -> Any:
    actor = web.actor()
    figures, frozen = gate_service.figures(found), queries.confidential_figures(found, actor)
    names = criteria.CRITERIA[found.brief.type]
    decide_form = decide_form or _blank_decision(found)
    page = render_template(
        "briefs/review.html", review=found, brief=found.brief, words=words, is_brand=actor.role == "brand", why_not=criteria.why_not,
        seen=json_views.criteria_of(found, figures, frozen, actor),
        confidential=criteria.CONFIDENTIAL, frozen=frozen, criteria_names=names, labels=criteria.LABELS,
        display=criteria.display, seats=queries.seats(found, actor), may_sign=access.may("gate.sign", actor, found), offers=engine.available(found, actor),
        refusal=warnings(found.brief), sign_form=sign_form or gate_forms.SignForm(), decide_form=decide_form,
        blank_condition=gate_forms.ConditionForm(prefix="conditions-__n__-"), state=engine.state_of(found), reviews=queries.reviews_of(found.brief, actor),
        **frame.frame_context(found.brief.product, actor, "brief"),
    )  # fmt: skip
    wrong = any(f is not None and f.errors for f in (sign_form, decide_form))
    return page, 422 if wrong else 200


def _blank_decision(found: GateReview) -> gate_forms.DecideForm:
    form = gate_forms.DecideForm(formdata=None, version=found.version)
    for _ in range(BLANK_CONDITIONS):
        form.conditions.append_entry()
    return form


@blueprint.post("/reviews/<int:review_id>/sign")
@web.allow(*ORGANISATION_KINDS)
def sign(review_id: int) -> Any:
    found, form = _load(review_id), gate_forms.SignForm()
    if not form.validate():
        return _review_page(found, sign_form=form)
    names = criteria.CRITERIA[found.brief.type]
    scores = dict(zip(names, (form.first.data, form.second.data), strict=True))
    gate_service.sign(found, scores, form.statement.data, web.actor(), clock.now())
    flash(gettext("Signed."), "success")
    return review_link(found.id)


@blueprint.post("/reviews/<int:review_id>/decide")
@web.allow("brand")
def decide(review_id: int) -> Any:
    found, form = _load(review_id), gate_forms.DecideForm()
    if not form.validate():
        return _review_page(found, decide_form=form)
    with form.shows_refusals():
        gate_service.decide(
            found, form.outcome.data, form.reason.data, intake.condition_data(form), web.actor(), clock.now(), form.version.data
        )
        flash(gettext("The verdict is recorded."), "success")
        return review_link(found.id)
    return _review_page(found, decide_form=form)
