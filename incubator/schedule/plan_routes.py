"""The plan of a product: its page, its milestones, what waits for what. A partner sees what it owes and what is shared with it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.products import activity, frame, people, words
from incubator.schedule import apply_service, link_service, plan_view, queries, service
from incubator.schedule.blueprint import blueprint
from incubator.schedule.forms import AssignForm, DoneForm, EditMilestoneForm, LinkedMilestoneForm, LinkForm, MilestoneForm, Seen, party_of
from incubator.schedule.models import Milestone, MilestoneLink


@blueprint.route("/products/<int:product_id>/plan", methods=["GET", "POST"])
@web.allow(*ORGANISATION_KINDS)
def plan(product_id: int) -> Any:
    """The milestones of a product as table and lanes, and the form for another; for a partner, its own."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    if actor.role != "brand":
        return _partners_plan(product)
    form = MilestoneForm()
    partners = apply_service.partners(product, actor)
    form.offer(people.colleagues(product.brand_id), partners)
    if form.validate_on_submit():
        with form.shows_refusals():
            service.add(product, due_on=form.due_on.data, actor=actor, now=clock.now(), **form.values())
            flash(_("“%(name)s” is planned.", name=form.name.data), "success")
            return redirect(url_for("schedule.plan", product_id=product_id))
        product = frame.find(product_id, actor)
    today = clock.today(actor.timezone)
    return render_template(
        "schedule/plan.html", shown=plan_view.of(product, actor, today), form=form, today=today, partners=partners, words=words,
        said=plan_view.said, **frame.frame_context(product, actor, "plan"),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _partners_plan(product: Any) -> Any:
    actor = web.actor()
    if request.method == "POST":
        access.require("milestone.edit", actor, None)
    rows = queries.of_product(product, actor)
    context = frame.frame_context(product, actor, "plan")
    return render_template("schedule/partner_plan.html", rows=rows, today=clock.today(actor.timezone), actor=actor, **context)


@blueprint.get("/products/<int:product_id>/plan.<any(csv,xlsx):kind>")
@web.allow(*ORGANISATION_KINDS)
def export_plan(product_id: int, kind: str) -> Any:
    """The plan as a table; floats and owners are the brand's."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    rows = queries.of_product(product, actor)
    heads = [_("Milestone"), _("Stage"), _("Forecast"), _("Met on")]
    cells: list[list[Any]] = [[r.name, words.STAGE[r.stage] if r.stage else "", r.due_on, r.actual_on] for r in rows]
    if actor.role == "brand":
        heads += [_("Promised"), _("Working days"), _("Owed by"), _("Owner"), _("On the critical path"), _("Float")]
        for cell, r in zip(cells, rows, strict=True):
            party = r.organisation.name if r.organisation else words.KINDS[r.owner_part or "brand"]
            critical = _("yes") if r.critical and not r.done_at else ""
            cell += [r.baseline_on, r.duration_days, party, r.owner.name if r.owner else "", critical, r.float_days]
    return exports.download(heads, cells, kind, f"plan {product.code if actor.role == 'brand' else product.name}")


def found(milestone_id: int) -> tuple[Milestone, Any]:
    milestone = access.get_visible(Milestone, milestone_id, web.actor())
    return milestone, frame.find(milestone.product_id, web.actor())


def _form_of(milestone: Milestone, product: Any) -> MilestoneForm:
    kind = LinkedMilestoneForm if service.waits(milestone) else EditMilestoneForm
    form = kind(obj=milestone, party=party_of(milestone))
    form.offer(people.colleagues(product.brand_id), apply_service.partners(product, web.actor()), milestone)
    return form


@blueprint.route("/milestones/<int:milestone_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(milestone_id: int) -> Any:
    """Change a milestone; what that pushes is shown before anything is saved."""
    milestone, product = found(milestone_id)
    form: Any = _form_of(milestone, product)
    if form.validate_on_submit():
        preview = link_service.preview_edit(milestone, form.values())
        if preview.moves and form.seen.data != preview.mark:
            return shown_first(preview, milestone, product)
        with form.shows_refusals():
            service.edit(milestone, form.values(), form.version.data, web.actor(), clock.now())
            return redirect(url_for("schedule.plan", product_id=product.id))
        milestone, product = found(milestone_id)
    return _edit_page(milestone, product, form, LinkForm(formdata=None)), 422 if form.is_submitted() else 200


def _edit_page(milestone: Milestone, product: Any, form: Any, link_form: LinkForm) -> Any:
    actor = web.actor()
    others = [m for m in queries.of_product(product, actor) if m.id != milestone.id]
    links = link_service.links_into(milestone, actor)
    taken = {link.before_id for link in links}
    link_form.before_id.choices = [("", _("Choose…")), *((m.id, m.name) for m in others if m.id not in taken)]
    names = {m.id: m for m in others}
    context = frame.frame_context(product, actor, "plan")
    return render_template("schedule/edit.html", form=form, link_form=link_form, links=links, names=names, milestone=milestone, **context)


def shown_first(preview: Any, milestone: Milestone, product: Any) -> Any:
    """The page that says what a change moves; its button sends the same once more, with the mark of what was shown."""
    given = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "seen")]
    context = frame.frame_context(product, web.actor(), "plan")
    return render_template(
        "schedule/confirm.html", preview=preview, said=plan_view.said(preview), moved=plan_view.days_moved, given=given, milestone=milestone,
        **context,
    )  # fmt: skip


@blueprint.post("/milestones/<int:milestone_id>/links")
@web.allow("brand")
def add_link(milestone_id: int) -> Any:
    """Let it wait for another; what that pushes is shown first, a circle is refused by name."""
    milestone, product = found(milestone_id)
    form: Any = LinkForm()
    form.before_id.choices = [(m.id, m.name) for m in queries.of_product(product, web.actor()) if m.id != milestone.id]
    if form.validate():
        with form.shows_refusals():
            before, lag = link_service.between(form.before_id.data, milestone), form.lag_days.data or 0
            preview = link_service.preview_link(before, milestone, lag)
            if preview.moves and form.seen.data != preview.mark:
                return shown_first(preview, milestone, product)
            link_service.link(before, milestone, lag, web.actor(), clock.now())
            flash(_("“%(name)s” now waits for “%(before)s”.", name=milestone.name, before=before.name), "success")
            return redirect(url_for("schedule.edit", milestone_id=milestone_id))
    milestone, product = found(milestone_id)
    bare = (LinkedMilestoneForm if service.waits(milestone) else EditMilestoneForm)(formdata=None, obj=milestone, party=party_of(milestone))
    bare.offer(people.colleagues(product.brand_id), apply_service.partners(product, web.actor()), milestone)
    return _edit_page(milestone, product, bare, form), 422


@blueprint.post("/milestones/links/<int:link_id>/remove")
@web.allow("brand")
def remove_link(link_id: int) -> Any:
    """It waits for that no longer; what that moves is shown first."""
    form = Seen()
    form.require()
    link = access.get_visible(MilestoneLink, link_id, web.actor())
    milestone_id, preview = link.after_id, link_service.preview_unlink(link)
    if preview.moves and form.seen.data != preview.mark:
        return shown_first(preview, *found(milestone_id))
    link_service.unlink(link, web.actor(), clock.now())
    return redirect(url_for("schedule.edit", milestone_id=milestone_id))


@blueprint.post("/milestones/<int:milestone_id>/<any(done,undo,delete):act>")
@web.allow(*ORGANISATION_KINDS)
def act(milestone_id: int, act: str) -> Any:
    """Met, not met after all, or not needed any more. A partner says that what it owes is met."""
    form = DoneForm()
    form.require()
    milestone, product = found(milestone_id)
    actor, now = web.actor(), clock.now()
    if act == "done":
        _say_what_moved(service.finish(milestone, actor, now, form.done_on.data))
    else:
        {"undo": service.reopen, "delete": service.delete}[act](milestone, actor, now)
    if act == "delete":
        flash(_("“%(name)s” has been deleted.", name=milestone.name), "success")
    return redirect(web.local_path(request.form.get("next"), url_for("schedule.plan", product_id=product.id)))


def _say_what_moved(preview: Any) -> None:
    """What being early or late moved: the brand's to know."""
    if preview.moves and web.actor().role == "brand":
        flash(plan_view.said(preview), "info")


@blueprint.post("/products/<int:product_id>/plan/assign")
@web.allow("brand")
def assign(product_id: int) -> Any:
    """Say who owes the milestones of a part."""
    form = AssignForm()
    product = frame.find(product_id, web.actor())
    form.require()
    number = apply_service.assign(product, form.part.data, form.organisation_id.data, web.actor(), clock.now())
    flash(_("Milestones given: %(n)s.", n=number), "success")
    return redirect(url_for("schedule.plan", product_id=product.id))


def _panel(product: Any, actor: Any) -> dict[str, Any] | None:
    rows = [m for m in queries.of_product(product, actor) if m.done_at is None][:4]
    return {"rows": rows, "today": clock.today(actor.timezone), "product": product}


frame.register_tab("plan", _l("Plan"), "schedule.plan", 80)
frame.register_panel("next", "schedule/_next.html", 10, _panel)
activity.register(
    {
        "milestone.add": _l("planned “%(name)s” for %(due)s"),
        "milestone.edit": _l("changed the milestone “%(name)s”"),
        "milestone.forecast": _l("moved “%(name)s” to %(due)s"),
        "milestone.done": _l("met “%(name)s”"),
        "milestone.undo": _l("reopened “%(name)s”"),
        "milestone.delete": _l("deleted the milestone “%(name)s”"),
        "milestone.link": _l("let “%(name)s” wait for “%(before)s”"),
        "milestone.unlink": _l("let “%(name)s” wait for “%(before)s” no longer"),
        "plan.pushed": _l("moved what waits for “%(because)s”: milestones: %(count)s"),
        "plan.recompute": _l("computed the forecasts anew: milestones moved: %(count)s"),
        "plan.apply": _l("planned by the template “%(name)s”: milestones: %(count)s"),
        "plan.assign": _l("said who owes milestones: %(count)s"),
    }
)
