"""Whom to ask: the candidates with what speaks for them, and those who were asked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from incubator.factories import queries as factories
from incubator.factories.filters import Filters
from incubator.factories.models import Factory
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.sourcing import candidates, forms, invitation_service, page, queries, quotation_queries
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.quotation_models import Quotation


@blueprint.route("/rfqs/<int:rfq_id>/invite", methods=["GET", "POST"])
@web.allow("brand")
def invite(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    form = forms.InviteForm()
    if request.method == "POST" and form.validate():
        asked = invitation_service.invite(rfq, form.factories.data or [], actor, clock.now())
        flash(ngettext("%(num)s factory added.", "%(num)s factories added.", len(asked)), "success")
        return redirect(url_for("sourcing.invite", rfq_id=rfq.id))
    wanted = _wanted()
    may_invite = access.may("rfq.invite", actor, rfq)
    return render_template(
        "sourcing/invite.html", asked=queries.asked(rfq, actor), machine=workflow.machines[Quotation], wanted=wanted, may_invite=may_invite,
        found=candidates.of(rfq, actor, wanted, clock.today()) if may_invite else [], directory=workflow.machines[Factory],
        categories=factories.category_names(actor), processes=factories.capability_names(actor), **page.context(rfq, actor, "invite"),
    )  # fmt: skip


def _wanted() -> dict[str, Any]:
    """By what the candidates are narrowed, as the directory reads it."""
    given = Filters.read(request.args)
    return {name: value for name in ("q", "category", "process", "moq") if (value := getattr(given, name))}


@blueprint.post("/rfqs/<int:rfq_id>/invited/<int:quotation_id>/remove")
@web.allow("brand")
def uninvite(rfq_id: int, quotation_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    quotation = quotation_queries.of_rfq(rfq, quotation_id, actor)
    Confirmation().require()
    invitation_service.uninvite(rfq, quotation, actor, clock.now())
    flash(gettext("Taken off the list."), "success")
    return redirect(url_for("sourcing.invite", rfq_id=rfq.id))
