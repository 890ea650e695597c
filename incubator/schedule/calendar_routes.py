"""The working calendar of a year: statutory holidays, make-up days and an organisation's closing days."""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import access, clock, i18n, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.forms import Confirmation
from incubator.schedule import closure_service, words, workdays, year
from incubator.schedule.blueprint import blueprint
from incubator.schedule.calendar_models import Closure
from incubator.schedule.plan_forms import ClosureForm

FIRST_YEAR, LAST_YEAR = 2000, 2100


@blueprint.app_template_filter("month_name")
def month_name(day: date) -> str:
    """The month of `day`, standing alone."""
    return format_date(day, "LLLL", locale=i18n.language())


@blueprint.app_template_filter("weekday_name")
def weekday_name(day: date) -> str:
    """The weekday of `day` in one letter or sign."""
    return format_date(day, "ccccc", locale=i18n.language())


@blueprint.route("/calendar", methods=["GET", "POST"])
@web.allow(*ORGANISATION_KINDS)
def calendar() -> Any:
    """One organisation's year, and the form for closing days. What the address asks for and is not there is left out."""
    actor = web.actor()
    form = ClosureForm()
    offered = closure_service.organisations(actor)
    form.organisation_id.choices = [(id_, name) for id_, name, _country in offered]
    if form.validate_on_submit():
        with form.shows_refusals():
            made = closure_service.add(
                form.organisation_id.data, form.name.data, form.starts_on.data, form.ends_on.data, actor, clock.now()
            )
            flash(_("Noted. Forecasts are computed anew in a moment."), "success")
            return redirect(url_for("schedule.calendar", year=made.starts_on.year, organisation=made.organisation_id))
        offered = closure_service.organisations(actor)
    return _page(form, offered), 422 if form.is_submitted() else 200


def _page(form: ClosureForm, offered: list[tuple[int, str, str]]) -> Any:
    actor = web.actor()
    wanted = request.args.get("organisation", type=int)
    organisation_id, name, country = next((o for o in offered if o[0] == wanted), offered[0])
    today = clock.today(actor.timezone)
    asked = request.args.get("year", type=int) or today.year
    shown = min(max(asked, FIRST_YEAR), LAST_YEAR)
    closures = closure_service.listing(actor, organisation_id, shown)
    if not form.is_submitted():
        form.organisation_id.data = organisation_id
    return render_template(
        "schedule/calendar.html",
        form=form, offered=offered, organisation_id=organisation_id, name=name, country=country, year=shown, today=today, closures=closures,
        months=year.months(shown, country, closures, i18n.language()), holidays=year.holidays(shown, country, i18n.language()),
        certainty=workdays.certainty(country, shown), words=words, actor=actor, first=FIRST_YEAR, last=LAST_YEAR,
    )  # fmt: skip


@blueprint.post("/calendar/closures/<int:closure_id>/delete")
@web.allow(*ORGANISATION_KINDS)
def delete_closure(closure_id: int) -> Any:
    Confirmation().require()
    found = access.get_visible(Closure, closure_id, web.actor())
    at = {"year": found.starts_on.year, "organisation": found.organisation_id}
    closure_service.delete(found, web.actor(), clock.now())
    flash(_("Taken back. Forecasts are computed anew in a moment."), "success")
    return redirect(url_for("schedule.calendar", **at))
