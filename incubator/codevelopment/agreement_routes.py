"""The consortium of a product: its versions, drafting, proposing, signing, printing."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.codevelopment import agreement_forms, agreement_queries, agreement_service, forms, printing, signing_service, words
from incubator.codevelopment.agreement_content import content_hash
from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.deliverable_routes import ROLES
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.ledger_service import is_party
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.forms import AppForm, Confirmation
from incubator.kernel.money import Money
from incubator.products import frame
from incubator.products.forms import text


class SignForm(AppForm):
    """The digest of what the page showed."""

    seen = text("", 64, required=True)


def machine() -> workflow.Machine:
    return workflow.machines[Agreement]


def to(agreement: Agreement) -> Any:
    return redirect(url_for("codevelopment.agreement", agreement_id=agreement.id))


@blueprint.get("/products/<int:product_id>/consortium")
@web.allow(*ROLES)
def consortium(product_id: int) -> str:
    """Versions of the agreement, and the ledger with its totals."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    versions = agreement_queries.versions(product, actor)
    totals = agreement_queries.totals(product, actor)
    return render_template(
        "codevelopment/consortium.html", versions=versions, machine=machine(), words=words, totals=totals, money=Money,
        currency=product.programme.currency, page=agreement_queries.ledger(product, actor, request.args.get("cursor")),
        ledger_machine=workflow.machines[Contribution], may_book=is_party(product, actor), today=clock.today(actor.timezone),
        may_draft=access.may("codevelopment.lead", actor, product) and not any(v.state in ("draft", "proposed") for v in versions),
        **frame.frame_context(product, actor, "codevelopment"),
    )  # fmt: skip


@blueprint.post("/products/<int:product_id>/agreements")
@web.allow("brand")
def draft(product_id: int) -> Any:
    product = frame.find(product_id, web.actor())
    Confirmation().require()
    made = agreement_service.draft(product, web.actor(), clock.now())
    return redirect(url_for("codevelopment.edit_agreement", agreement_id=made.id))


@blueprint.get("/agreements/<int:agreement_id>")
@web.allow(*ROLES)
def agreement(agreement_id: int) -> str:
    """One version as its reader may read it; the seat to sign; for the brand its next steps."""
    actor = web.actor()
    found = agreement_queries.whole(agreement_id, actor)
    seat = signing_service.seat_of(found, actor)
    return render_template(
        "codevelopment/agreement.html", agreement=found, promises=agreement_queries.promises(found, actor), words=words,
        state=workflow.state_of(found), offers=workflow.available(found, actor), may_edit=access.may("agreement.edit", actor, found),
        seen=content_hash(found, actor.organisation_id or 0) if seat else "", seat=seat,
        **frame.frame_context(found.product, actor, "codevelopment"),
    )  # fmt: skip


@blueprint.route("/agreements/<int:agreement_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_agreement(agreement_id: int) -> Any:
    actor = web.actor()
    found = agreement_queries.whole(agreement_id, actor)
    access.require("agreement.edit", actor, found)
    values = {"title": found.title, "text": found.text, "version": found.version, "parties": [p.organisation_id for p in found.parties]}
    form = agreement_forms.AgreementForm(data=values)
    form.parties.choices = agreement_service.candidates(found)
    if form.validate_on_submit():
        with form.shows_refusals():
            agreement_service.edit(
                found, form.title.data, form.text.data, form.parties.data or [], form.version.data, actor, clock.now()
            )  # fmt: skip
            return to(found)
    page = render_template(
        "codevelopment/agreement_edit.html", form=form, agreement=found, **frame.frame_context(found.product, actor, "codevelopment")
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post("/agreements/<int:agreement_id>/<any(propose, withdraw):event>")
@web.allow("brand")
def move_agreement(agreement_id: int, event: str) -> Any:
    found = agreement_queries.whole(agreement_id, web.actor())
    form = forms.StepForm()
    form.require()
    if event == "propose":
        signing_service.propose(found, web.actor(), clock.now(), form.version.data)
        flash(gettext("Proposed. Every party has been asked to sign."), "success")
    else:
        signing_service.withdraw(found, web.actor(), clock.now(), form.note.data, form.version.data)
    return to(found)


@blueprint.post("/agreements/<int:agreement_id>/sign")
@web.allow(*ROLES)
def sign_agreement(agreement_id: int) -> Any:
    found = agreement_queries.whole(agreement_id, web.actor())
    form = SignForm()
    form.require()
    signing_service.sign(found, form.seen.data, web.actor(), clock.now())
    flash(gettext("Signed."), "success")
    return to(found)


@blueprint.get("/agreements/<int:agreement_id>/agreement-<any(zh, en):language>.pdf")
@web.allow(*ROLES)
def agreement_pdf(agreement_id: int, language: str) -> Response:
    return printing.answer(agreement_queries.whole(agreement_id, web.actor()), language, web.actor())
