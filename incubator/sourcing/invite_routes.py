"""Whom to ask: the candidates with what speaks for them, and those who were asked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

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
    text = request.args.get("q", "").replace("\x00", "").strip()[:80]
    may_invite = access.may("rfq.invite", actor, rfq)
    return render_template(
        "sourcing/invite.html", asked=queries.asked(rfq, actor), machine=workflow.machines[Quotation], q=text, may_invite=may_invite,
        found=candidates.of(rfq, actor, text) if may_invite else [], **page.context(rfq, actor, "invite"),
    )  # fmt: skip


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
