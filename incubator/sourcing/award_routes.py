"""The award: what it will do is shown before it is asked for, once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import clock, web, workflow
from incubator.kernel.errors import Conflict
from incubator.sourcing import award_service, comparison_queries, forms, page, queries
from incubator.sourcing.award_service import Choice
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.comparison import Comparison
from incubator.sourcing.models import Rfq


@blueprint.route("/rfqs/<int:rfq_id>/award", methods=["GET", "POST"])
@web.allow("brand")
def award(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    compared = comparison_queries.compare(rfq, actor)
    form = _form(rfq, compared) if compared else None
    if request.method == "POST":
        if form is None or rfq.state != "opened":
            raise Conflict(what=workflow.last_act(rfq, actor))
        if form.validate() and (done := _decide(rfq, form)):
            return done
        rfq = queries.whole(rfq_id, actor)
        compared = comparison_queries.compare(rfq, actor)
    drawn = render_template(
        "sourcing/award.html", form=form, compared=compared, decision=comparison_queries.award(rfq, actor), today=clock.today(),
        **page.context(rfq, actor, "award"),
    )  # fmt: skip
    return drawn, 422 if form is not None and form.errors else 200


def _form(rfq: Rfq, compared: Comparison) -> forms.AwardForm:
    form = forms.AwardForm(data={"version": rfq.version, "quantity": rfq.quantity_2})
    named = [(c.entry.quotation_id, c.entry.name) for c in compared.columns]
    form.winner.choices = named
    form.second.choices = [(0, gettext("None")), *named]
    form.quantity.choices = [(q, str(q)) for q in rfq.quantities]
    return form


def _decide(rfq: Rfq, form: forms.AwardForm) -> Any:
    choice = Choice(form.winner.data, form.quantity.data, form.share.data, form.second.data or None)
    with form.shows_refusals():
        award_service.award(rfq, choice, form.reason.data, web.actor(), clock.now(), form.version.data)
        flash(gettext("Awarded. Every factory has been told about its own quotation."), "success")
        return redirect(url_for("sourcing.award", rfq_id=rfq.id))
    return None
