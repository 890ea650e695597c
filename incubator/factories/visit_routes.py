"""The Visits tab of a factory: what is open, the form of a visit, and the visits so far."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.factories import frame, visit_queries, visit_service
from incubator.factories.blueprint import blueprint
from incubator.factories.evidence_forms import VisitForm
from incubator.kernel import access, clock, exports, web
from incubator.kernel.errors import Forbidden

WHO = ("administrator", "field_agent", "factory")
HEADINGS = (_l("Visit"), _l("Day"), _l("Field agent"), _l("Solved on the spot"), _l("How"), _l("Brought back"), _l("Note"))


@blueprint.route("/factories/<int:factory_id>/visits", methods=["GET", "POST"])
@web.allow(*WHO)
def visits(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    if not access.may("factory.visits", actor, factory):
        raise Forbidden()
    form, problems = VisitForm(), visit_queries.open_problems(factory, actor)
    form.problem_id.choices = [("", _("One that was found there")), *((p.id, p.text) for p in problems)]
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            visit_service.record(factory, form.values(), actor, clock.now())
            flash(_("The visit is recorded."), "success")
            return redirect(url_for("factories.visits", factory_id=factory.id))
    page = render_template(
        "factories/visits.html", **frame.context(factory, actor, "visits"), problems=problems, form=form,
        page=visit_queries.page(factory, actor, request.args.get("cursor")), may_visit=access.may("factory.visit", actor, factory),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get("/factories/<int:factory_id>/visits.<any(csv, xlsx):fmt>")
@web.allow(*WHO)
def export_visits(factory_id: int, fmt: str) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    if not access.may("factory.visits", actor, factory):
        raise Forbidden()
    return exports.download(HEADINGS, visit_queries.rows(factory, actor), fmt, _("Field visits"))
