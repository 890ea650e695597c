"""Pages of tranches: the list, one tranche with what it waits for, planning it, and the steps by two people."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.investors import commitment_routes, conditions, forms, intake, queries, service, tranche_service
from incubator.investors.blueprint import blueprint
from incubator.investors.commitment_routes import BOTH, context
from incubator.investors.models import TRANCHE_STATES, Tranche
from incubator.kernel import access, clock, exports, web, workflow
from incubator.kernel.money import Money
from incubator.products import queries as products
from incubator.products.filters import Filters

STATES = ("open", *TRANCHE_STATES)
MOST_PRODUCTS = 500
NO_STEPS: dict[str, Any] = {"release": None, "withhold": None}


@blueprint.get("/tranches")
@web.allow(*BOTH)
def tranches() -> Any:
    """Every tranche that the reader may know, by the day on which it is expected."""
    actor, filters = web.actor(), intake.filters(request.args, state=STATES)
    page = queries.tranches(actor, filters, request.args.get("cursor"))
    return render_template(
        "investors/tranches.html", page=page, filters=filters, options=queries.options(actor), today=clock.today(actor.timezone),
        waits=queries.waits_of([r.id for r in page.rows], actor), money=Money, **context(),
    )  # fmt: skip


@blueprint.get("/tranches/export.<any(csv,xlsx):fmt>")
@web.allow(*BOTH)
def export_tranches(fmt: str) -> Any:
    actor = web.actor()
    states = {name: str(state.label) for name, state in commitment_routes.context()["tranche_states"].items()}
    other = _("Investor") if actor.role == "brand" else _("Brand")
    heads = [
        _("Tranche"), _("Contract number"), _("Programme"), other, _("State"), _("Expected on"), _("Currency"), _("Amount"),
        _("Paid on"), _("Paid"), _("Bank reference"), _("Reason"),
    ]  # fmt: skip
    cells = (
        (
            r.name, r.reference, r.programme, r.other, states[r.state], r.due_on, r.currency, Money(r.amount_minor, r.currency), r.paid_on,
            Money(r.paid_minor, r.currency) if r.paid_minor else None, r.bank_reference, r.reason,
        )
        for r in queries.tranches_export(actor, intake.filters(request.args, state=STATES))
    )  # fmt: skip
    return exports.download(heads, cells, fmt, "tranches")


@blueprint.get("/tranches/<int:tranche_id>")
@web.allow(*BOTH)
def tranche(tranche_id: int) -> Any:
    return _page(tranche_id)


def _page(tranche_id: int, propose_form: Any = None) -> Any:
    """For the brand what holds now and the steps; for the investor what the tranche says of itself."""
    actor = web.actor()
    found = queries.tranche(tranche_id, actor)
    shown: dict[str, Any] = {"proposal": None, "offers": NO_STEPS, "form": None}
    if actor.role == "brand":
        today = service.clock_day(actor, clock.now())
        waits = [(text, met) for _c, text, met in conditions.judge([found], today)[found.id]]
        given = {"paid_on": today, "amount": str(found.amount.major), "version": found.version}
        form = propose_form or forms.ProposalForm(formdata=None, data=given)
        shown = {
            "proposal": queries.proposal(found.id, actor),
            "offers": NO_STEPS | {o.event: o for o in workflow.available(found, actor)},
            "form": form,
        }
    else:
        waits = queries.waits_of([found.id], actor)[found.id]
    page = render_template(
        "investors/tranche.html", tranche=found, state=workflow.state_of(found), waits=waits, money=Money, **shown, **context(),
        may_edit=access.may("tranche.edit", actor, found), may_propose=access.may("tranche.propose", actor, found),
    )  # fmt: skip
    return page, 422 if propose_form is not None and propose_form.errors else 200


@blueprint.route("/commitments/<int:commitment_id>/tranches/new", methods=["GET", "POST"])
@web.allow("brand")
def plan(commitment_id: int) -> Any:
    actor = web.actor()
    found, offered = queries.commitment(commitment_id, actor), _products(commitment_id)
    form = forms.TrancheForm()
    form.offer(offered)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            tranche_service.plan(found, _values(form, found.currency), actor, clock.now())
            flash(_("Planned."), "success")
            return redirect(url_for("investors.commitment", commitment_id=commitment_id))
    return _form_page(form, offered, queries.commitment(commitment_id, actor), None)


@blueprint.route("/tranches/<int:tranche_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def replan(tranche_id: int) -> Any:
    actor = web.actor()
    found = queries.tranche(tranche_id, actor)
    access.require("tranche.edit", actor, found)
    offered = _products(found.commitment_id)
    rows = [{n: getattr(c, n) for n in ("kind", "product_id", "stage", "on_date")} for c in found.conditions]
    given = {"name": found.name, "amount": str(found.amount.major), "due_on": found.due_on, "version": found.version, "conditions": rows}
    form = forms.EditTrancheForm(data=given) if request.method == "GET" else forms.EditTrancheForm()
    form.offer(offered)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            tranche_service.replan(found, _values(form, found.commitment.currency), form.version.data, actor, clock.now())
            flash(_("Saved."), "success")
            return redirect(url_for("investors.tranche", tranche_id=tranche_id))
    return _form_page(form, offered, queries.commitment(found.commitment_id, actor), found)


def _products(commitment_id: int) -> list[tuple[int, str]]:
    """The products of the commitment's programme, by name."""
    found = queries.commitment(commitment_id, web.actor())
    rows = products.export(Filters(programme=found.programme_id, sort="name"), web.actor(), MOST_PRODUCTS)
    return [(r.id, f"{r.name} ({r.code})") for r in rows]


def _values(form: forms.TrancheForm, currency: str) -> dict[str, Any]:
    return {
        "name": form.name.data, "amount": intake.amount(form.amount, currency), "due_on": form.due_on.data, "conditions": form.condition_values,
    }  # fmt: skip


def _form_page(form: Any, offered: list[tuple[int, str]], commitment: Any, found: Tranche | None) -> Any:
    form.add_blank_rows(offered, 2 if not form.conditions.entries else 1)
    blank = forms.ConditionRow(prefix="conditions-__n__-")
    blank.product_id.choices = [forms.CHOOSE, *offered]
    page = render_template("investors/tranche_form.html", form=form, blank=blank, commitment=commitment, tranche=found)
    return page, 422 if form.errors else 200


@blueprint.post("/tranches/<int:tranche_id>/propose")
@web.allow("brand")
def propose(tranche_id: int) -> Any:
    """Record the payment, for a colleague to release."""
    actor, form = web.actor(), forms.ProposalForm()
    found = queries.tranche(tranche_id, actor)
    if form.validate():
        with form.shows_refusals():
            paid = intake.amount(form.amount, found.commitment.currency)
            tranche_service.propose(found, form.paid_on.data, paid, form.bank_reference.data, form.version.data, actor, clock.now())
            flash(_("Recorded. A colleague has been asked to release it."), "success")
            return redirect(url_for("investors.tranche", tranche_id=tranche_id))
    return _page(tranche_id, form)


@blueprint.post("/tranches/<int:tranche_id>/<any(release,withhold):step>")
@web.allow("brand")
def end(tranche_id: int, step: str) -> Any:
    """Release what a colleague recorded, or withhold with a reason."""
    actor = web.actor()
    found = queries.tranche(tranche_id, actor)
    form = forms.StepForm()
    form.require()
    if step == "release":
        tranche_service.release(found, form.version.data, actor, clock.now())
        flash(_("Released. The investor has been told."), "success")
    else:
        tranche_service.withhold(found, form.note.data or "", form.version.data, actor, clock.now())
        flash(_("Withheld. The investor has been told."), "success")
    return redirect(url_for("investors.tranche", tranche_id=tranche_id))
