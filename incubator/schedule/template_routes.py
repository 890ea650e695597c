"""The plan templates of a brand, beside those of the platform."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, acts, clock, i18n, web
from incubator.kernel.forms import Confirmation
from incubator.products import words
from incubator.schedule import template_service
from incubator.schedule.blueprint import blueprint
from incubator.schedule.defaults import TEMPLATES
from incubator.schedule.plan_forms import CopyForm, TemplateForm, TemplateRow, filled_from
from incubator.schedule.plan_models import PlanTemplate


@blueprint.get("/plan-templates", endpoint="templates")
@web.allow("brand")
def list_templates() -> Any:
    """Every template that the brand may use: its own, then the platform's."""
    return render_template(
        "schedule/templates.html", rows=template_service.offered(web.actor()), words=words, platform=TEMPLATES, language=i18n.language()
    )


@blueprint.route("/plan-templates/<key>/copy", methods=["GET", "POST"])
@web.allow("brand")
def copy_template(key: str) -> Any:
    """Make a template one's own: see its rows, and give it a name."""
    template = template_service.find(key, web.actor())
    language = i18n.language()
    form = CopyForm(name=_("%(name)s (ours)", name=template.name(language)))
    if form.validate_on_submit():
        with form.shows_refusals():
            made = template_service.copy(template, form.name.data, web.actor(), clock.now())
            return redirect(url_for("schedule.edit_template", template_id=made.id))
        template = template_service.find(key, web.actor())
    names = {row.code: row.name(language) for row in template.rows}
    return render_template(
        "schedule/template_copy.html", form=form, template=template, words=words, language=language, names=names
    ), 422 if form.is_submitted() else 200  # fmt: skip


@blueprint.route("/plan-templates/<int:template_id>", methods=["GET", "POST"])
@web.allow("brand")
def edit_template(template_id: int) -> Any:
    """Name and rows of the brand's own template."""
    found = access.get_visible(PlanTemplate, template_id, web.actor())
    form = TemplateForm() if request.method == "POST" else TemplateForm(data=filled_from(found))
    if form.validate_on_submit():
        with form.shows_refusals():
            template_service.save(found, form.name.data, form.data_rows(), form.version.data, web.actor(), clock.now())
            flash(_("Saved. Plans that were made from it stay as they are."), "success")
            return redirect(url_for("schedule.edit_template", template_id=template_id))
        found = access.get_visible(PlanTemplate, template_id, web.actor())
    form.add_blank_rows()
    blank = TemplateRow(prefix="rows-__n__-")
    return render_template(
        "schedule/template_edit.html", form=form, blank=blank, template=found, words=words
    ), 422 if form.is_submitted() else 200


@blueprint.post("/plan-templates/<int:template_id>/delete")
@web.allow("brand")
def delete_template(template_id: int) -> Any:
    Confirmation().require()
    found = access.get_visible(PlanTemplate, template_id, web.actor())
    template_service.delete(found, web.actor(), clock.now())
    flash(_("“%(name)s” has been deleted.", name=found.name), "success")
    return redirect(url_for("schedule.templates"))


acts.register(
    {
        "plan_template.copy": _l("made the plan template %(name)s"),
        "plan_template.edit": _l("changed the plan template %(name)s"),
        "plan_template.delete": _l("deleted the plan template %(name)s"),
        "reminders.edit": _l("changed when %(name)s reminds"),
        "closure.add": _l("noted closing days: %(name)s, from %(starts)s to %(ends)s"),
        "closure.delete": _l("took back closing days: %(name)s"),
        "calendar_feed.make": _l("made a calendar link"),
        "calendar_feed.revoke": _l("revoked the calendar link"),
    },
    {},
)
