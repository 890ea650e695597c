"""The plan of a product, and the milestones of the whole portfolio. The brand's own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.products import activity, frame, people
from incubator.products.filters import Filters
from incubator.schedule import (
    queries,
    service,
    timeline_routes,  # noqa: F401 - adds its view
)
from incubator.schedule.blueprint import blueprint
from incubator.schedule.forms import EditMilestoneForm, MilestoneForm
from incubator.schedule.models import Milestone


@blueprint.get("/milestones", endpoint="milestones")
@web.allow("brand")
def list_milestones() -> Any:
    """Late, at risk, open or done, across every product; the most urgent first."""
    actor = web.actor()
    which = request.args.get("show", "")
    which = which if which in queries.WHICH else "risk"
    given = Filters.read(request.args)
    today = clock.today(actor.timezone)
    page = queries.listing(actor, which, given.owner, given.programme, today, request.args.get("cursor"))
    return render_template(
        "schedule/milestones.html",
        page=page,
        which=which,
        owner=given.owner,
        programme=given.programme,
        today=today,
        people=people.colleagues(actor.organisation_id or 0),
        programmes=queries.programmes(actor),
    )


@blueprint.route("/products/<int:product_id>/plan", methods=["GET", "POST"])
@web.allow("brand")
def plan(product_id: int) -> Any:
    """The milestones of a product, and the form for another."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = MilestoneForm()
    form.owner_id.choices = [("", _("The product’s owner")), *people.colleagues(product.brand_id)]
    if form.validate_on_submit():
        service.add(product, form.name.data, form.due_on.data, actor, clock.now(), owner_id=form.owner_id.data)
        flash(_("“%(name)s” is planned.", name=form.name.data), "success")
        return redirect(url_for("schedule.plan", product_id=product.id))
    rows = queries.of_product(product, actor)
    context = frame.frame_context(product, actor, "plan")
    today = clock.today(actor.timezone)
    return render_template("schedule/plan.html", rows=rows, form=form, today=today, **context), 422 if form.is_submitted() else 200


def _found(milestone_id: int) -> tuple[Milestone, Any]:
    milestone = access.get_visible(Milestone, milestone_id, web.actor())
    return milestone, frame.find(milestone.product_id, web.actor())


@blueprint.route("/milestones/<int:milestone_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(milestone_id: int) -> Any:
    milestone, product = _found(milestone_id)
    form = EditMilestoneForm(obj=milestone)
    form.owner_id.choices = [("", _("The product’s owner")), *people.colleagues(product.brand_id)]
    if form.validate_on_submit():
        values = {"name": form.name.data, "due_on": form.due_on.data, "owner_id": form.owner_id.data}
        try:
            service.edit(milestone, values, form.version.data, web.actor(), clock.now())
            return redirect(url_for("schedule.plan", product_id=product.id))
        except Invalid as error:
            form.owner_id.errors = [str(m) for messages in error.fields.values() for m in messages]
    status = 422 if form.is_submitted() else 200
    return render_template(
        "schedule/edit.html", form=form, milestone=milestone, **frame.frame_context(product, web.actor(), "plan")
    ), status


@blueprint.post("/milestones/<int:milestone_id>/<any(done,undo,delete):act>")
@web.allow("brand")
def act(milestone_id: int, act: str) -> Any:
    """Met, not met after all, or not needed any more."""
    Confirmation().require()
    milestone, product = _found(milestone_id)
    {"done": service.finish, "undo": service.reopen, "delete": service.delete}[act](milestone, web.actor(), clock.now())
    if act == "delete":
        flash(_("“%(name)s” has been deleted.", name=milestone.name), "success")
    return redirect(web.local_path(request.form.get("next"), url_for("schedule.plan", product_id=product.id)))


def _panel(product: Any, actor: Any) -> dict[str, Any] | None:
    rows = [m for m in queries.of_product(product, actor) if m.done_at is None][:4]
    return {"rows": rows, "today": clock.today(actor.timezone), "product": product}


frame.register_tab("plan", _l("Plan"), "schedule.plan", 80, ("brand",))
frame.register_panel("next", "schedule/_next.html", 10, _panel)
activity.register(
    {
        "milestone.add": _l("planned “%(name)s” for %(due)s"),
        "milestone.edit": _l("changed the milestone “%(name)s”"),
        "milestone.forecast": _l("moved “%(name)s” to %(due)s"),
        "milestone.done": _l("met “%(name)s”"),
        "milestone.undo": _l("reopened “%(name)s”"),
        "milestone.delete": _l("deleted the milestone “%(name)s”"),
    }
)
