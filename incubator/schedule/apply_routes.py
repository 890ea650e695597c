"""A template laid over a product: what it would create is shown by GET, and created by POST with the same fields."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import clock, i18n, web
from incubator.kernel.actor import Actor
from incubator.products import frame, words
from incubator.schedule import apply_service, plan_view, template_service
from incubator.schedule.blueprint import blueprint
from incubator.schedule.plan_forms import ApplyForm


@blueprint.route("/products/<int:product_id>/plan/template", methods=["GET", "POST"])
@web.allow("brand")
def apply_template(product_id: int) -> Any:
    """Choose a template and a day; see every date; create all of it, or nothing."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = _form(product, actor)
    asked = request.method == "POST" or "day" in request.args
    if asked and form.validate():
        template = template_service.find(form.template.data, actor)
        if request.method == "POST":
            with form.shows_refusals():
                made = apply_service.apply(product, template, form.wish(), actor, clock.now())
                flash(_("Milestones planned: %(n)s.", n=len(made)), "success")
                return redirect(url_for("schedule.plan", product_id=product_id))
            return _page(frame.find(product_id, actor), form, None, 422)
        with form.shows_refusals():
            return _page(product, form, apply_service.propose(product, template, form.wish()))
        product = frame.find(product_id, actor)
    return _page(product, form, None, 422 if asked else 200)


def _form(product: Any, actor: Actor) -> ApplyForm:
    given = request.form if request.method == "POST" else request.args if "day" in request.args else None
    meta = {} if request.method == "POST" else {"csrf": False}
    language = i18n.language()
    form = ApplyForm(given, meta=meta, direction="launch" if product.launch_on else "start", language=language)
    form.offer(template_service.offered(actor), apply_service.partners(product, actor), language)
    if given is None:
        form.template.data = next(t.key for t in template_service.offered(actor, product.type))
        form.day.data = product.launch_on or clock.today(actor.timezone)
    return form


def _page(product: Any, form: ApplyForm, proposal: Any, status: int = 200) -> Any:
    actor = web.actor()
    context = frame.frame_context(product, actor, "plan")
    today = clock.today(actor.timezone)
    return render_template(
        "schedule/apply.html", form=form, proposal=proposal, words=words, today=today, said=plan_view.said,
        late=proposal.began_before(today) if proposal else [], **context,
    ), status  # fmt: skip
