"""The comparison side by side, the rates behind it, and what can be taken away of it."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.sourcing import basis_service, comparison_queries, exporting, forms, intake, landed_cost, page, printing, queries
from incubator.sourcing.blueprint import blueprint


@blueprint.get("/rfqs/<int:rfq_id>/comparison")
@web.allow("brand")
def comparison(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    opening = comparison_queries.opening(rfq, actor)
    return render_template(
        "sourcing/comparison.html", compared=comparison_queries.compare(rfq, actor), opening=opening, basis=comparison_queries.cost_basis(rfq, actor),
        target=comparison_queries.target_of(rfq, opening, actor), parts=landed_cost.PARTS, may_change=access.may("rfq.basis", actor, rfq),
        part_words=exporting.PART_WORDS, rounded=landed_cost.rounded, **page.context(rfq, actor, "comparison"),
    )  # fmt: skip


@blueprint.get("/rfqs/<int:rfq_id>/comparison.<any(csv, xlsx):fmt>")
@web.allow("brand")
def comparison_sheet(rfq_id: int, fmt: str) -> Any:
    rfq = queries.whole(rfq_id, web.actor())
    compared = comparison_queries.compare(rfq, web.actor())
    if compared is None:
        return redirect(url_for("sourcing.comparison", rfq_id=rfq.id))
    return exporting.download(rfq, compared, fmt)


@blueprint.get("/rfqs/<int:rfq_id>/comparison-<any(zh, en):language>.pdf")
@web.allow("brand")
def comparison_pdf(rfq_id: int, language: str) -> Any:
    rfq = queries.whole(rfq_id, web.actor())
    if rfq.opened_at is None:
        return redirect(url_for("sourcing.comparison", rfq_id=rfq.id))
    return printing.comparison(rfq, language, web.actor())


@blueprint.get("/rfqs/<int:rfq_id>/enquiry-<any(zh, en):language>.pdf")
@web.allow("brand", "factory")
def enquiry_pdf(rfq_id: int, language: str) -> Response:
    """The enquiry as every invited factory reads it."""
    return printing.enquiry(queries.whole(rfq_id, web.actor()), language, web.actor())


@blueprint.route("/rfqs/<int:rfq_id>/rates", methods=["GET", "POST"])
@web.allow("brand")
def cost_rates(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    form = forms.BasisForm(data=intake.basis_values(comparison_queries.cost_basis(rfq, actor)))
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            basis_service.save(rfq, intake.basis_data(form), actor, clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("sourcing.comparison", rfq_id=rfq.id))
        rfq = queries.whole(rfq_id, actor)
    drawn = render_template(
        "sourcing/rates.html", form=form, may_change=access.may("rfq.basis", actor, rfq), **page.context(rfq, actor, "comparison")
    )
    return drawn, 422 if form.is_submitted() else 200
