"""The programme pages. Only the brand comes here."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import clock, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.products import burn, people, programme_frame, programmes, words
from incubator.products.blueprint import blueprint
from incubator.products.hints import KPI_HINTS
from incubator.products.programme_forms import PLAIN, EditProgrammeForm, ProgrammeForm, burn_of, filled_from, rows_of


@blueprint.get("/programmes", endpoint="programmes")
@web.allow("brand")
def list_programmes() -> Any:
    return render_template("products/programmes.html", rows=programmes.overview(web.actor()), types=words.PROGRAMME_TYPE)


@blueprint.get("/programmes/<int:programme_id>")
@web.allow("brand")
def programme(programme_id: int) -> Any:
    """Objectives, money, and where the products of the programme stand."""
    found = programmes.find(programme_id, web.actor())
    return render_template(
        "products/programme.html",
        programme=found,
        stages=programmes.stage_counts(found, web.actor()),
        stage_words=words.STAGE,
        types=words.PROGRAMME_TYPE,
        hints=KPI_HINTS[found.type],
        burn=burn.table(found),
        totals=burn.totals(found),
        chart=burn.chart(found),
        tabs=programme_frame.tabs(found, "overview"),
    )


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@web.allow("brand")
def new_programme() -> Any:
    form = ProgrammeForm()
    _offer(form)
    if request.method == "GET":
        form.owner_id.data, form.starts_on.data = web.actor().user_id, clock.today(web.actor().timezone)
        return _form_page(form, None)
    if form.validate_on_submit():
        try:
            made = programmes.create(_values(form), rows_of(form), burn_of(form), form.spread.data, web.actor(), clock.now())
            flash(_("“%(name)s” has been created. Give it its first product.", name=made.name), "success")
            return redirect(url_for("products.programme", programme_id=made.id))
        except Invalid as error:
            _show(form, error)
    return _form_page(form, None, 422)


@blueprint.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_programme(programme_id: int) -> Any:
    found = programmes.find(programme_id, web.actor())
    form = EditProgrammeForm(data=filled_from(found)) if request.method == "GET" else EditProgrammeForm()
    _offer(form)
    if request.method == "GET":
        return _form_page(form, found)
    if form.validate_on_submit():
        try:
            programmes.edit(
                found, _values(form), rows_of(form), burn_of(form), form.spread.data, form.version.data, web.actor(), clock.now()
            )
            flash(_("Saved."), "success")
            return redirect(url_for("products.programme", programme_id=found.id))
        except Invalid as error:
            _show(form, error)
    return _form_page(form, found, 422)


@blueprint.post("/programmes/<int:programme_id>/<any(close,reopen):verb>")
@web.allow("brand")
def close_programme(programme_id: int, verb: str) -> Any:
    Confirmation().require()
    found = programmes.find(programme_id, web.actor())
    (programmes.close if verb == "close" else programmes.reopen)(found, web.actor(), clock.now())
    flash(_("The programme has been closed.") if verb == "close" else _("The programme is open again."), "success")
    return redirect(url_for("products.programme", programme_id=found.id))


def _offer(form: ProgrammeForm) -> None:
    form.owner_id.choices = [("", _("Nobody yet")), *people.colleagues(web.actor().organisation_id or 0)]


def _values(form: ProgrammeForm) -> dict[str, Any]:
    return {**{name: form[name].data for name in PLAIN}, "budget_minor": form.budget.minor(form.currency.data)}


def _show(form: ProgrammeForm, error: Invalid) -> None:
    for name, messages in error.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, *(str(m) for m in messages)]


def _form_page(form: ProgrammeForm, found: Any, status: int = 200) -> Any:
    form.add_blank_rows()
    return render_template("products/programme_form.html", form=form, programme=found, hints=KPI_HINTS, types=words.PROGRAMME_TYPE), status
