"""Pages of commitments: the list of the brand or of one investor, a programme's investors, one commitment."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.accounts import queries as accounts
from incubator.investors import conditions, forms, intake, queries, report_queries, service
from incubator.investors.blueprint import blueprint
from incubator.investors.models import Commitment, Tranche
from incubator.kernel import access, clock, exports, web, workflow
from incubator.kernel.money import Money
from incubator.products import programme_frame, programmes

BOTH = ("brand", "investor")
programme_frame.register_tab("investors", _l("Investors"), "investors.programme", 10)


def context() -> dict[str, Any]:
    """What every page of money knows: which side reads it, and the words of the tranche's states."""
    return {"is_brand": web.actor().role == "brand", "tranche_states": {s.name: s for s in workflow.machines[Tranche].states}}


@blueprint.get("/investors")
@web.allow(*BOTH)
def index() -> Any:
    """Every commitment that the reader may know."""
    actor, filters = web.actor(), intake.filters(request.args)
    page = queries.commitments(actor, filters, request.args.get("cursor"))
    return render_template(
        "investors/index.html", page=page, filters=filters, options=queries.options(actor), sums=queries.sums(actor),
        drawn=queries.drawn(actor, [r.id for r in page.rows]), money=Money, **context(),
    )  # fmt: skip


@blueprint.get("/investors/export.<any(csv,xlsx):fmt>")
@web.allow(*BOTH)
def export(fmt: str) -> Any:
    actor = web.actor()
    rows = queries.commitments_export(actor, intake.filters(request.args))
    drawn = queries.drawn(actor, [r.id for r in rows])
    other = _("Investor") if actor.role == "brand" else _("Brand")
    heads = [_("Contract number"), _("Programme"), other, _("Signed on"), _("Currency"), _("Amount"), _("Drawn"), _("Contact")]
    cells = (
        (
            r.reference,
            r.programme,
            r.other,
            r.signed_on,
            r.currency,
            Money(r.amount_minor, r.currency),
            Money(drawn.get(r.id, 0), r.currency),
            r.contact,
        )
        for r in rows
    )
    return exports.download(heads, cells, fmt, "commitments")


@blueprint.get("/programmes/<int:programme_id>/investors")
@web.allow("brand")
def programme(programme_id: int) -> Any:
    """Who committed what to the programme, which tranches come next, and the latest reports."""
    actor = web.actor()
    found = programmes.find(programme_id, actor)
    page = queries.commitments(actor, {"programme": found.id}, request.args.get("cursor"))
    upcoming = queries.tranches(actor, {"programme": found.id, "state": "open"}, None, 8).rows
    return render_template(
        "investors/programme.html", programme=found, tabs=programme_frame.tabs(found, "investors"), page=page,
        sums=queries.sums(actor, found.id), drawn=queries.drawn(actor, [r.id for r in page.rows]), upcoming=upcoming,
        waits=queries.waits_of([t.id for t in upcoming], actor), reports=report_queries.latest(actor, 5, found.id), label=report_queries.period_label,
        report_states=report_states(), money=Money, **context(),
    )  # fmt: skip


def report_states() -> dict[str, Any]:
    return {s.name: s for machine in workflow.machines.values() if machine.name == "report" for s in machine.states}


@blueprint.route("/programmes/<int:programme_id>/commitments/new", methods=["GET", "POST"])
@web.allow("brand")
def commit(programme_id: int) -> Any:
    actor = web.actor()
    found = programmes.find(programme_id, actor)
    form = forms.CommitmentForm(currency=found.currency) if request.method == "GET" else forms.CommitmentForm()
    form.investor_id.choices = [forms.CHOOSE, *((r.id, r.name) for r in accounts.directory_rows(actor, ("investor",)))]
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            made = service.commit(found, form.investor_id.data, _values(form), actor, clock.now())
            flash(_("Recorded. Plan its tranches now."), "success")
            return redirect(url_for("investors.commitment", commitment_id=made.id))
    return _form_page(form, None, programmes.find(programme_id, actor))


@blueprint.get("/commitments/<int:commitment_id>")
@web.allow(*BOTH)
def commitment(commitment_id: int) -> Any:
    actor = web.actor()
    found = queries.commitment(commitment_id, actor)
    return render_template(
        "investors/commitment.html", commitment=found, drawn=Money(queries.drawn(actor, [found.id]).get(found.id, 0), found.currency),
        planned=Money(service.planned_of(found), found.currency), waits=queries.waits_of([t.id for t in found.tranches], actor),
        may_edit=access.may("commitment.edit", actor, found), sentence=conditions.sentence, money=Money, **context(),
    )  # fmt: skip


@blueprint.route("/commitments/<int:commitment_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def amend(commitment_id: int) -> Any:
    actor = web.actor()
    found = queries.commitment(commitment_id, actor)
    names = ("reference", "currency", "signed_on", "contact", "terms", "version")
    given = {**{n: getattr(found, n) for n in names}, "amount": str(found.amount.major)}
    form = forms.EditCommitmentForm(data=given) if request.method == "GET" else forms.EditCommitmentForm()
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            service.amend(found, _values(form), form.version.data, actor, clock.now())
            flash(_("Saved."), "success")
            return redirect(url_for("investors.commitment", commitment_id=commitment_id))
    found = queries.commitment(commitment_id, actor)
    return _form_page(form, found, found.programme)


def _values(form: forms.CommitmentForm) -> dict[str, Any]:
    plain = {name: form[name].data for name in ("reference", "signed_on", "contact", "terms")}
    return {**plain, "amount": intake.amount(form.amount, form.currency.data)}


def _form_page(form: Any, found: Commitment | None, programme: Any) -> Any:
    sealed = found is not None and service.has_ended_tranches(found)
    page = render_template("investors/commitment_form.html", form=form, commitment=found, programme=programme, sealed=sealed)
    return page, 422 if form.errors else 200
