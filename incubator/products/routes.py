"""The pages of one product: its frame, edit, stage buttons, stop. Lists are in `list_routes`, programmes in `programme_routes`."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import access, clock, web, workflow
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import Forbidden, Invalid
from incubator.products import (  # noqa: F401 - they add their views
    comment_routes,
    comments,
    file_routes,
    frame,
    list_routes,
    people,
    people_routes,
    programme_routes,
    programmes,
    service,
)
from incubator.products.blueprint import blueprint
from incubator.products.forms import EditProductForm, MoveForm, NewProductForm
from incubator.products.models import Programme

EDITED = ("name", "code", "type", "category", "programme_id", "owner_id", "launch_on")


@blueprint.get("/products/<int:product_id>")
@web.allow(*ORGANISATION_KINDS)
def show(product_id: int) -> Any:
    """The overview: what happens next, panels of other packages, and the talk about the product."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    return render_template(
        "products/overview.html",
        **frame.frame_context(product, actor, "overview"),
        panels=frame.panels(product, actor),
        thread=comments.thread_context(product, product, actor),
    )


@blueprint.route("/products/new", methods=["GET", "POST"])
@web.allow("brand")
def new() -> Any:
    actor = web.actor()
    form = NewProductForm()
    form.offer(programmes.choices(actor), people.colleagues(actor.organisation_id or 0))
    if request.method == "GET":
        form.owner_id.data = actor.user_id
        form.programme_id.data = request.args.get("programme", type=int) or form.programme_id.data
        return render_template("products/new.html", form=form)
    if form.validate_on_submit():
        try:
            return redirect(url_for("products.show", product_id=_create(form, actor).id))
        except Invalid as error:
            show_errors(form, error)
    return render_template("products/new.html", form=form), 422


def _create(form: NewProductForm, actor: Any) -> Any:
    programme = access.get_visible(Programme, form.programme_id.data, actor)
    product = service.create(
        programme, form.name.data, form.type.data, actor, clock.now(), code=form.code.data or None, category=form.category.data,
        owner_id=form.owner_id.data, start=form.start.data, launch_on=form.launch_on.data,
    )  # fmt: skip
    flash(_("“%(name)s” has been created.", name=product.name), "success")
    return product


def show_errors(form: Any, error: Invalid) -> None:
    """Put what a service refused beside the fields that it refused."""
    for name, messages in error.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, *(str(m) for m in messages)]


@blueprint.route("/products/<int:product_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = EditProductForm(obj=product)
    form.offer(_programmes_with(product, actor), people.colleagues(product.brand_id))
    if request.method == "GET":
        return render_template("products/edit.html", form=form, **frame.frame_context(product, actor, "overview"))
    if form.validate_on_submit():
        try:
            service.edit(product, {k: form[k].data for k in EDITED}, form.version.data, actor, clock.now())
            flash(_("Saved."), "success")
            return redirect(url_for("products.show", product_id=product.id))
        except Invalid as error:
            show_errors(form, error)
    return render_template("products/edit.html", form=form, **frame.frame_context(product, actor, "overview")), 422


def _programmes_with(product: Any, actor: Any) -> list[tuple[int, str]]:
    """The open programmes, and the present one even when it is closed."""
    offered = programmes.choices(actor)
    return offered if product.programme_id in dict(offered) else [(product.programme_id, product.programme.name), *offered]


@blueprint.post("/products/<int:product_id>/stage/<event>")
@web.allow("brand")
def move(product_id: int, event: str) -> Any:
    """A stage button. Stopping has its own page, because it tells others and cannot be undone."""
    form = MoveForm()
    form.require()
    product = frame.find(product_id, web.actor())
    service.move(product, event, web.actor(), clock.now(), form.note.data, form.version.data)
    flash(_("The product is now at “%(stage)s”.", stage=workflow.state_of(product).label), "success")
    return redirect(url_for("products.show", product_id=product.id))


@blueprint.route("/products/<int:product_id>/stop", methods=["GET", "POST"])
@web.allow("brand")
def stop(product_id: int) -> Any:
    """Say what stopping does and to whom, ask for the reason, then stop."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    if not any(offer.event == "stop" for offer in workflow.available(product, actor)) and request.method == "GET":
        raise Forbidden(_("This product has already ended."))
    form = MoveForm(data={"version": product.version})
    if form.is_submitted():
        form.require()
        if form.note.data:
            service.move(product, "stop", actor, clock.now(), form.note.data, form.version.data)
            flash(_("The product has been stopped, and those who take part have been told."), "success")
            return redirect(url_for("products.show", product_id=product.id))
        form.note.errors = [_("Say why; this goes on the record.")]
    context = frame.frame_context(product, actor, "overview")
    told = comments.audiences(product, actor)
    return render_template("products/stop.html", form=form, told=told, **context), 422 if form.is_submitted() else 200
