"""Inviting an organisation, its answer, and the end of an engagement."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from incubator.codevelopment import engagement_service, forms, page_queries
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.deliverable_routes import ROLES
from incubator.kernel import clock, web, workflow
from incubator.products import frame, words


@blueprint.route("/products/<int:product_id>/engagements/new", methods=["GET", "POST"])
@web.allow("brand")
def invite(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = forms.InviteForm()
    known = [(o.id, f"{o.name} · {words.KINDS[o.kind]}") for o in engagement_service.directory(actor)]
    form.organisation_id.choices = [("", gettext("Choose…")), *known]
    if form.validate_on_submit():
        with form.shows_refusals():
            data = {name: form[name].data for name in ("organisation_id", "scope", "terms", "starts_on", "ends_on")}
            engagement = engagement_service.invite(product, data, actor, clock.now())
            flash(gettext("Invited. %(name)s has been told and sees the product once it accepts.", name=engagement.organisation.label), "success")  # fmt: skip
            return redirect(url_for("codevelopment.of_product", product_id=product.id))
    page = render_template("codevelopment/invite.html", form=form, **frame.frame_context(product, actor, "codevelopment"))
    return page, 422 if form.errors else 200


@blueprint.get("/engagements/<int:engagement_id>")
@web.allow(*ROLES)
def engagement(engagement_id: int) -> str:
    """Scope and terms; for the invited organisation, the answer. It stands outside the product's frame, which it may not see yet."""
    actor = web.actor()
    found = page_queries.engagement(engagement_id, actor)
    return render_template(
        "codevelopment/engagement.html", engagement=found, state=workflow.state_of(found), offers=workflow.available(found, actor),
        kinds=words.KINDS, is_brand=actor.role == "brand",
    )  # fmt: skip


@blueprint.post("/engagements/<int:engagement_id>/<any(accept, decline, withdraw, end):event>")
@web.allow(*ROLES)
def answer_engagement(engagement_id: int, event: str) -> Any:
    actor = web.actor()
    found = page_queries.engagement(engagement_id, actor)
    form = forms.StepForm()
    form.require()
    engagement_service.move(found, event, actor, clock.now(), form.note.data, form.version.data)
    if event == "accept":
        flash(gettext("Welcome. The product and what you owe for it stand here."), "success")
        return redirect(url_for("codevelopment.of_product", product_id=found.product_id))
    return redirect(url_for("codevelopment.engagement", engagement_id=found.id))
