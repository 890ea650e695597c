"""The pre-production review of a product: what is stated for it, its criteria, the verdict."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import clock, web
from incubator.launches import checks, forms, gate_service, launch_tab, words
from incubator.launches.blueprint import blueprint
from incubator.products import frame, readiness
from incubator.products.models import Product

BLANK_CONDITIONS = 1


@blueprint.get("/products/<int:product_id>/launch/gate")
@web.allow("brand")
def gate(product_id: int) -> Any:
    return _page(frame.find(product_id, web.actor()))


def _page(product: Product, **wrong: Any) -> Any:
    """The review's page; `wrong` holds a form that came back, by its name."""
    actor = web.actor()
    brief, plan, proofs = checks.brief_of(product.id), checks.plan_of(product.id), checks.proofs_of(product.id)
    needs = checks.needs_of(brief)
    given = wrong or {}
    page = render_template(
        "launches/gate.html", criteria=gate_service.criteria(product, actor), reviews=gate_service.reviews_of(product.id, actor), words=words,
        needs=needs, proofs=proofs, brief=brief, labels={check.key: check.label for check in readiness.checks()},
        today=clock.today(actor.timezone), volumes_form=given.get("volumes_form") or forms.VolumesForm(formdata=None, obj=plan),
        proof_form=given.get("proof_form") or _proof_form(needs, proofs), decide_form=given.get("decide_form") or _blank_decision(product),
        blank_condition=forms.ConditionForm(prefix="conditions-__n__-"), **launch_tab.context(product, actor, "gate"),
    )  # fmt: skip
    return page, 422 if wrong else 200


def _proof_form(needs: list[str], proofs: dict[str, Any], **options: Any) -> forms.ProofForm:
    """The needs that are not proved yet come first."""
    form = forms.ProofForm(**options)
    form.need.choices = sorted(((need, need) for need in needs), key=lambda choice: choice[0] in proofs)
    return form


def _blank_decision(product: Product) -> forms.DecideForm:
    form = forms.DecideForm(formdata=None, data={"version": product.version})
    for _ in range(BLANK_CONDITIONS):
        form.conditions.append_entry()
    return form


@blueprint.post("/products/<int:product_id>/launch/gate/volumes")
@web.allow("brand")
def state_volumes(product_id: int) -> Any:
    product, form = frame.find(product_id, web.actor()), forms.VolumesForm()
    if not form.validate():
        return _page(product, volumes_form=form)
    first, capacity = form.first_order_quantity.data or 0, form.capacity_per_week.data or 0
    gate_service.state_volumes(product, first, capacity, form.capacity_note.data or "", web.actor(), clock.now())
    flash(gettext("Saved."), "success")
    return redirect(url_for("launches.gate", product_id=product.id))


@blueprint.post("/products/<int:product_id>/launch/gate/proofs")
@web.allow("brand")
def prove(product_id: int) -> Any:
    product = frame.find(product_id, web.actor())
    form = _proof_form(checks.needs_of(checks.brief_of(product.id)), {})
    upload = request.files.get("file")
    if form.validate():
        with form.shows_refusals():
            gate_service.prove(
                product, form.need.data, form.reference.data, form.valid_until.data, web.actor(), clock.now(),
                upload if upload and upload.filename else None,
            )  # fmt: skip
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.gate", product_id=product.id))
    return _page(frame.find(product_id, web.actor()), proof_form=form)


@blueprint.post("/products/<int:product_id>/launch/gate/decide")
@web.allow("brand")
def decide(product_id: int) -> Any:
    product, form = frame.find(product_id, web.actor()), forms.DecideForm()
    if form.validate():
        with form.shows_refusals():
            gate_service.decide(product, form.outcome.data, form.reason.data, form.dated(), web.actor(), clock.now(), form.version.data)
            flash(gettext("The verdict is recorded."), "success")
            return redirect(url_for("launches.gate", product_id=product.id))
    return _page(frame.find(product_id, web.actor()), decide_form=form)
