"""The tab “Launch” of a product: where it stands, its launches, and for partners what they may know of them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, web, workflow
from incubator.kernel.actor import Actor
from incubator.launches import checklist_service, forms, gate_service, launch_queries, launch_service, launch_tab, queries, words
from incubator.launches.blueprint import blueprint
from incubator.launches.launch_models import Launch
from incubator.launches.policies import PARTNERS
from incubator.launches.probe_models import Probe
from incubator.products import frame, handover
from incubator.products.models import Product


@blueprint.get("/products/<int:product_id>/launch")
@web.allow("brand", *PARTNERS)
def tab(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    return _overview(product, actor) if actor.role == "brand" else _for_partner(product, actor)


def _overview(product: Product, actor: Actor) -> str:
    """How far the product has come on its way to market, and its launches."""
    launches = launch_queries.launches_of(product, actor)
    for launch in launches:
        launch.product = product
    launch_service.look(launches)
    criteria = gate_service.criteria(product, actor)
    return render_template(
        "launches/tab.html", launches=launches, offers={launch.id: workflow.available(launch, actor) for launch in launches}, words=words,
        machine=workflow.machines[Launch], probe_machine=workflow.machines[Probe], met=sum(c.met for c in criteria), asked=len(criteria),
        reviews=gate_service.reviews_of(product.id, actor)[:1], probe=launch_queries.latest_probe(product, actor),
        tasks=launch_queries.progress(product, actor), today=clock.today(actor.timezone),
        may_plan=product.state in launch_service.PLANNED_FROM, **launch_tab.context(product, actor, "overview"),
    )  # fmt: skip


def _for_partner(product: Product, actor: Actor) -> str:
    """SKU names, channels and days; and the tasks that are the partner's own."""
    launches = launch_queries.for_partner(product, actor)
    ids = [launch.id for launch in launches]
    return render_template(
        "launches/tab_partner.html", launches=launches, channels=launch_queries.channels_by_launch(ids, actor),
        skus=launch_queries.skus_by_launch(ids, actor), machine=workflow.machines[Launch], words=words, today=clock.today(actor.timezone),
        items=launch_queries.items_of(product, actor), title_of=checklist_service.title_of, **frame.frame_context(product, actor, "launch"),
    )  # fmt: skip


def _launch_form(product: Product, launch: Launch | None = None) -> forms.LaunchForm:
    given: dict[str, Any] = {"launch_on": product.launch_on}
    rows = [row for row in queries.of_product(product, web.actor()) if row.state != "retired"]
    if launch:
        given = {"launch_on": launch.launch_on, "note": launch.note, "version": launch.version}
        given |= {"channels": [c.channel_id for c in launch.channels], "skus": [s.sku_id for s in launch.skus]}
    else:
        given |= {"skus": [row.id for row in rows]}
    form = forms.LaunchForm(data=given)
    form.channels.choices = [(c.id, words.named(c)) for c in launch_queries.channels(web.actor(), only_open=True)]
    form.skus.choices = [(row.id, f"{row.code} · {words.named(row)} {words.variant(row)}".strip()) for row in rows]
    return form


@blueprint.route("/products/<int:product_id>/launch/new", methods=["GET", "POST"])
@web.allow("brand")
def new_launch(product_id: int) -> Any:
    product = frame.find(product_id, web.actor())
    form = _launch_form(product)
    if form.validate_on_submit():
        with form.shows_refusals():
            chosen = (form.launch_on.data, form.channels.data or [], form.skus.data or [], form.note.data or "")
            launch_service.plan(product, *chosen, web.actor(), clock.now())
            flash(gettext("The launch is planned, and those who take part know the day."), "success")
            return redirect(url_for("launches.tab", product_id=product.id))
    return render_template("launches/launch_form.html", form=form, product=product, launch=None), 422 if form.errors else 200


@blueprint.route("/launches/<int:launch_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_launch(launch_id: int) -> Any:
    launch: Launch = access.get_visible(Launch, launch_id, web.actor())
    form = _launch_form(launch.product, launch)
    if form.validate_on_submit():
        with form.shows_refusals():
            chosen = (form.launch_on.data, form.channels.data or [], form.skus.data or [], form.note.data or "")
            launch_service.edit(launch, *chosen, form.version.data, web.actor(), clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.tab", product_id=launch.product_id))
    return render_template("launches/launch_form.html", form=form, product=launch.product, launch=launch), 422 if form.errors else 200


@blueprint.post("/launches/<int:launch_id>/<any(go, cancel):act>")
@web.allow("brand")
def decide_launch(launch_id: int, act: str) -> Any:
    """Launch now, or cancel with a reason."""
    launch, form = access.get_visible(Launch, launch_id, web.actor()), forms.MoveForm()
    form.require()
    if act == "go":
        launch_service.go_live(launch, web.actor(), clock.now(), form.version.data)
        flash(gettext("It is on sale. Everyone who takes part has been told."), "success")
    else:
        launch_service.cancel(launch, form.note.data or "", web.actor(), clock.now(), form.version.data)
    return redirect(url_for("launches.tab", product_id=launch.product_id))


handover.register_work("preproduction", _l("Review before production"), "launches.gate", "launch")
handover.register_work("test_launch", _l("Test it on the market"), "launches.tests", "launch")
frame.register_tab("launch", _l("Launch"), "launches.tab", 50, ("brand", *PARTNERS), launch_queries.open_count)
