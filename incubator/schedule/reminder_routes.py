"""When each programme reminds, and whom it tells when a milestone stays late."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from incubator.kernel import access, clock, web
from incubator.products.models import Programme
from incubator.schedule import reminder_service
from incubator.schedule.blueprint import blueprint
from incubator.schedule.plan_forms import ReminderForm


@blueprint.get("/milestones/reminders")
@web.allow("brand")
def reminders() -> Any:
    """The rules of every open programme."""
    return render_template("schedule/reminders.html", rows=reminder_service.listing(web.actor()))


@blueprint.route("/programmes/<int:programme_id>/reminders", methods=["GET", "POST"])
@web.allow("brand")
def edit_reminders(programme_id: int) -> Any:
    programme = access.get_visible(Programme, programme_id, web.actor())
    present = reminder_service.values_of(reminder_service.find(programme, web.actor()))
    form = ReminderForm(data=present)
    if form.validate_on_submit():
        values = {name: form[name].data for name in reminder_service.FIELDS}
        reminder_service.save(programme, values, form.version.data, web.actor(), clock.now())
        flash(_("Saved."), "success")
        return redirect(url_for("schedule.reminders"))
    status = 422 if form.is_submitted() else 200
    return render_template("schedule/reminders_edit.html", form=form, programme=programme, defaults=reminder_service.DEFAULTS), status
