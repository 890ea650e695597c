"""Writing a report: the draft, freezing it, releasing it, a new edition. Only the brand comes here."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.accounts import queries as accounts
from incubator.investors import report_forms, report_queries, report_service
from incubator.investors.blueprint import blueprint
from incubator.investors.forms import StepForm
from incubator.investors.report_models import TEXTS, ProgressReport
from incubator.kernel import access, clock, web
from incubator.kernel.forms import Confirmation
from incubator.products import programmes


def _offer(form: Any, programme_id: int) -> None:
    """The investors with a commitment to the programme."""
    ids = set(report_service.investors_of(programme_id))
    form.audience.choices = [(r.id, r.name) for r in accounts.directory_rows(web.actor(), ("investor",)) if r.id in ids]


def _texts(form: Any) -> dict[str, str]:
    return {name: form[name].data or "" for name in TEXTS}


@blueprint.route("/programmes/<int:programme_id>/reports/new", methods=["GET", "POST"])
@web.allow("brand")
def write(programme_id: int) -> Any:
    actor = web.actor()
    found = programmes.find(programme_id, actor)
    form = report_forms.ReportForm()
    _offer(form, found.id)
    if request.method == "GET":
        form.audience.data, form.month.data = [i for i, _name in form.audience.choices], clock.today(actor.timezone).replace(day=1)
    elif form.validate():
        with form.shows_refusals():
            made = report_service.write(
                found, form.period.data, form.month.data, _texts(form), form.audience.data or [], actor, clock.now()
            )
            flash(_("The draft is there. Its figures are computed anew whenever you look, until you freeze them."), "success")
            return redirect(url_for("investors.report", report_id=made.id))
    return _form_page(form, programmes.find(programme_id, actor), None)


@blueprint.route("/reports/<int:report_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_report(report_id: int) -> Any:
    actor = web.actor()
    found = report_queries.report(report_id, actor)
    if request.method == "GET":
        access.require("report.edit", actor, found)
    given = {**{n: getattr(found, n) for n in TEXTS}, "version": found.version, "audience": [a.organisation_id for a in found.audience]}
    form = report_forms.EditReportForm(data=given) if request.method == "GET" else report_forms.EditReportForm()
    _offer(form, found.programme_id)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            report_service.edit(found, _texts(form), form.audience.data or [], form.version.data, actor, clock.now())
            flash(_("Saved."), "success")
            return redirect(url_for("investors.report", report_id=report_id))
    found = report_queries.report(report_id, actor)
    return _form_page(form, found.programme, found)


def _form_page(form: Any, programme: Any, found: ProgressReport | None) -> Any:
    page = render_template("investors/report_form.html", form=form, programme=programme, report=found)
    return page, 422 if form.errors else 200


@blueprint.post("/reports/<int:report_id>/<any(freeze,release):step>")
@web.allow("brand")
def move(report_id: int, step: str) -> Any:
    """Freeze the figures, or give the report to its readers."""
    actor = web.actor()
    found, form = report_queries.report(report_id, actor), StepForm()
    form.require()
    if step == "freeze":
        report_service.freeze(found, form.version.data, actor, clock.now())
        flash(_("Frozen. The documents are being made; read them, then release."), "success")
    else:
        report_service.release(found, form.version.data, actor, clock.now())
        flash(_("Released. Everyone to whom it is addressed has been told."), "success")
    return redirect(url_for("investors.report", report_id=report_id))


@blueprint.post("/reports/<int:report_id>/renew")
@web.allow("brand")
def renew(report_id: int) -> Any:
    """Begin the edition that will replace this one."""
    found = report_queries.report(report_id, web.actor())
    Confirmation().require()
    made = report_service.renew(found, web.actor(), clock.now())
    flash(_("This is the draft of edition %(n)s. The earlier one stays until you release it.", n=made.edition), "success")
    return redirect(url_for("investors.report", report_id=made.id))


@blueprint.post("/reports/<int:report_id>/discard")
@web.allow("brand")
def discard(report_id: int) -> Any:
    found = report_queries.report(report_id, web.actor())
    Confirmation().require()
    programme_id = found.programme_id
    report_service.discard(found, web.actor(), clock.now())
    flash(_("The draft has been discarded."), "success")
    return redirect(url_for("investors.programme_reports", programme_id=programme_id))
