"""The technical review: who scores, the score sheet of each quotation, and the opening of the prices."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.sourcing import comparison_queries, forms, page, queries, quotation_queries, review_service
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation


def to_review(rfq: Rfq) -> Any:
    return redirect(url_for("sourcing.review", rfq_id=rfq.id))


@blueprint.get("/rfqs/<int:rfq_id>/review")
@web.allow("brand")
def review(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    around = page.context(rfq, actor, "review")
    received = [q for q in queries.asked(rfq, actor) if q.is_received]
    reviewers = queries.reviewers(rfq, actor)
    missing = set(review_service.measure(rfq)) if rfq.state == "technical_review" else set()
    return render_template(
        "sourcing/review.html", received=received, reviewers=reviewers, missing=missing, colleagues=queries.colleagues(actor),
        technical={t.quotation_id: t for t in comparison_queries.technicals(rfq, actor)}, opening=comparison_queries.opening(rfq, actor),
        may_appoint=access.may("rfq.appoint", actor, rfq), me=actor.user_id, **around,
    )  # fmt: skip


@blueprint.post("/rfqs/<int:rfq_id>/review/start")
@web.allow("brand")
def start_review(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.ReviewersForm()
    form.require()
    review_service.start(rfq, form.reviewers.data or [], web.actor(), clock.now(), form.version.data)
    flash(gettext("The technical review is on. Prices stay sealed until every score is in."), "success")
    return to_review(rfq)


@blueprint.post("/rfqs/<int:rfq_id>/reviewers")
@web.allow("brand")
def appoint(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.ReviewersForm()
    form.require()
    review_service.appoint(rfq, form.reviewers.data or [], web.actor(), clock.now())
    flash(gettext("Saved."), "success")
    return to_review(rfq)


@blueprint.route("/rfqs/<int:rfq_id>/review/<int:quotation_id>", methods=["GET", "POST"])
@web.allow("brand")
def score(rfq_id: int, quotation_id: int) -> Any:
    """The score sheet of one quotation; after the opening, what everybody scored."""
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    quotation = quotation_queries.of_rfq(rfq, quotation_id, actor)
    sheets = [s for s in comparison_queries.sheets(rfq, actor) if s.quotation_id == quotation.id]
    mine = next((s for s in sheets if s.user_id == actor.user_id), None)
    values = {f"c{c}": n for c, n in mine.scores.items()} | {"comment": mine.comment} if mine else {}
    form = forms.score_form(rfq.criteria)(data=values)
    if request.method == "POST" and form.validate():
        given = {c.id: form[f"c{c.id}"].data for c in rfq.criteria}
        review_service.score(rfq, quotation, given, form.comment.data, actor, clock.now())
        flash(gettext("Scored."), "success")
        return _next(rfq, actor)
    return _sheet_page(rfq, quotation, form, sheets)


def _next(rfq: Rfq, actor: Any) -> Any:
    """The next quotation that waits for this reviewer, else the overview."""
    waiting = [q for q, user in review_service.measure(rfq) if user == actor.user_id]
    return redirect(url_for("sourcing.score", rfq_id=rfq.id, quotation_id=waiting[0])) if waiting else to_review(rfq)


def _sheet_page(rfq: Rfq, quotation: Quotation, form: Any, sheets: list[Any]) -> Any:
    actor = web.actor()
    technical = quotation_queries.technical(quotation, actor)
    if technical is None:
        return to_review(rfq)
    reviewers = dict(queries.reviewers(rfq, actor))
    may_score = access.may("rfq.score", actor, rfq) and actor.user_id in reviewers
    drawn = render_template(
        "sourcing/score.html", quotation=quotation, technical=technical, form=form, sheets=sheets, may_score=may_score,
        files=quotation_queries.files(quotation, actor)["quotation_technical"], **page.context(rfq, actor, "review"),
    )  # fmt: skip
    return drawn, 422 if form.errors else 200


@blueprint.post("/rfqs/<int:rfq_id>/open")
@web.allow("brand")
def open_prices(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.StepForm()
    form.require()
    review_service.open_prices(rfq, web.actor(), clock.now(), form.version.data)
    flash(gettext("The prices are open."), "success")
    return redirect(url_for("sourcing.comparison", rfq_id=rfq.id))
