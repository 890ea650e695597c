"""The checklists of a product by channel, and one task: who does it, until when, and the proof that it is done."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.kernel.forms import Confirmation
from incubator.launches import checklist_service, forms, launch_queries, launch_tab, words
from incubator.launches.blueprint import blueprint
from incubator.launches.launch_models import ChecklistItem
from incubator.launches.models import Channel
from incubator.products import frame, people
from incubator.products.models import Product

DOERS = ("brand", "launch_partner")


@blueprint.get("/products/<int:product_id>/launch/checklist")
@web.allow("brand")
def checklist(product_id: int) -> Any:
    return _page(frame.find(product_id, web.actor()))


def _page(product: Product, **wrong: Any) -> Any:
    actor = web.actor()
    groups = launch_queries.by_channel(launch_queries.items_of(product, actor))
    channels = [(c.id, words.named(c)) for c in launch_queries.channels(actor, only_open=True)]
    started = {channel.id for channel, _items in groups}
    start_form = wrong.get("start_form") or forms.ChecklistForm(formdata=None)
    start_form.channel_id.choices = [c for c in channels if c[0] not in started]
    task_form = wrong.get("task_form") or forms.TaskForm(formdata=None)
    task_form.channel_id.choices = [(channel.id, words.named(channel)) for channel, _items in groups]
    page = render_template(
        "launches/checklist.html", groups=groups, words=words, title_of=checklist_service.title_of, today=clock.today(actor.timezone),
        start_form=start_form, task_form=task_form, has_channels=bool(channels), **launch_tab.context(product, actor, "checklist"),
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.post("/products/<int:product_id>/launch/checklist/start")
@web.allow("brand")
def start_checklist(product_id: int) -> Any:
    product, form = frame.find(product_id, web.actor()), forms.ChecklistForm()
    form.channel_id.choices = [(c.id, words.named(c)) for c in launch_queries.channels(web.actor(), only_open=True)]
    if not form.validate():
        return _page(product, start_form=form)
    channel = access.get_visible(Channel, form.channel_id.data, web.actor())
    checklist_service.start(product, channel, form.launch_on.data or product.launch_on, web.actor(), clock.now())
    return redirect(url_for("launches.checklist", product_id=product.id, _anchor=f"channel-{channel.id}"))


@blueprint.post("/products/<int:product_id>/launch/checklist/add")
@web.allow("brand")
def add_task(product_id: int) -> Any:
    product, form = frame.find(product_id, web.actor()), forms.TaskForm()
    form.channel_id.choices = [(c.id, words.named(c)) for c in launch_queries.channels(web.actor())]
    if not form.validate():
        return _page(product, task_form=form)
    channel = access.get_visible(Channel, form.channel_id.data, web.actor())
    checklist_service.add(product, channel, form.title.data, form.is_required.data, form.due_on.data, web.actor(), clock.now())
    return redirect(url_for("launches.checklist", product_id=product.id, _anchor=f"channel-{channel.id}"))


@blueprint.get("/checklist/<int:item_id>")
@web.allow(*DOERS)
def task(item_id: int) -> Any:
    return _task_page(access.get_visible(ChecklistItem, item_id, web.actor()))


def _task_page(item: ChecklistItem, **wrong: Any) -> Any:
    """One task: the brand may give it to somebody, whoever may do it says what proves it."""
    actor = web.actor()
    may_edit = access.may("checklist.edit", actor, item)
    page = render_template(
        "launches/task.html", item=item, title=checklist_service.title_of(item), words=words, today=clock.today(actor.timezone),
        may_do=access.may("checklist.do", actor, item), is_brand=actor.role == "brand", done_form=wrong.get("done_form") or forms.DoneForm(formdata=None),
        assign_form=wrong.get("assign_form") or (_assign_form(item, formdata=None) if may_edit else None),
    )  # fmt: skip
    return page, 422 if wrong else 200


def _assign_form(item: ChecklistItem, **options: Any) -> forms.AssignForm:
    form = forms.AssignForm(obj=item, **options)
    form.owner_id.choices = [("", gettext("Nobody yet")), *people.colleagues(item.brand_id)]
    form.organisation_id.choices = [("", gettext("We do it ourselves")), *checklist_service.partners_of(item.product_id)]
    return form


@blueprint.post("/checklist/<int:item_id>/do")
@web.allow(*DOERS)
def do_task(item_id: int) -> Any:
    item, form = access.get_visible(ChecklistItem, item_id, web.actor()), forms.DoneForm()
    upload = request.files.get("file")
    if form.validate():
        with form.shows_refusals():
            checklist_service.do(item, form.proof.data or "", web.actor(), clock.now(), upload if upload and upload.filename else None)
            flash(gettext("Done."), "success")
            return _after(item)
    return _task_page(access.get_visible(ChecklistItem, item_id, web.actor()), done_form=form)


def _after(item: ChecklistItem) -> Any:
    """The brand goes back to the checklist, a partner to its home, where the next task stands."""
    if web.actor().role == "brand":
        return redirect(url_for("launches.checklist", product_id=item.product_id, _anchor=f"channel-{item.channel_id}"))
    return redirect(url_for("launches.tab", product_id=item.product_id))


@blueprint.post("/checklist/<int:item_id>/reopen")
@web.allow("brand")
def reopen_task(item_id: int) -> Any:
    Confirmation().require()
    item = access.get_visible(ChecklistItem, item_id, web.actor())
    checklist_service.reopen(item, web.actor(), clock.now())
    return redirect(url_for("launches.task", item_id=item.id))


@blueprint.post("/checklist/<int:item_id>/assign")
@web.allow("brand")
def assign_task(item_id: int) -> Any:
    item = access.get_visible(ChecklistItem, item_id, web.actor())
    form = _assign_form(item)
    if form.validate():
        with form.shows_refusals():
            checklist_service.assign(item, form.owner_id.data, form.organisation_id.data, form.due_on.data, web.actor(), clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.checklist", product_id=item.product_id, _anchor=f"channel-{item.channel_id}"))
    return _task_page(access.get_visible(ChecklistItem, item_id, web.actor()), assign_form=form)
