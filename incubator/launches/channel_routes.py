"""The brand's settings of its channels, and the calendar of launches that everyone concerned may read."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.briefs import words as brief_words
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.launches import channel_service, launch_queries, words
from incubator.launches.blueprint import blueprint
from incubator.launches.launch_models import Launch
from incubator.launches.models import Channel
from incubator.launches.sku_forms import ChannelForm
from incubator.launches.sku_routes import READERS


@blueprint.get("/channels")
@web.allow("brand")
def channels() -> str:
    actor = web.actor()
    return render_template(
        "launches/channels.html", rows=launch_queries.channels(actor), counts=launch_queries.skus_by_channel(actor), words=words,
        buyers=brief_words.BUYER_KINDS,
    )  # fmt: skip


@blueprint.route("/channels/new", methods=["GET", "POST"])
@web.allow("brand")
def new_channel() -> Any:
    form = ChannelForm()
    if form.validate_on_submit():
        with form.shows_refusals():
            channel_service.create({name: form[name].data for name in channel_service.FIELDS}, web.actor(), clock.now())
            flash(gettext("The channel is open."), "success")
            return redirect(url_for("launches.channels"))
    return render_template("launches/channel_form.html", form=form, channel=None), 422 if form.errors else 200


@blueprint.route("/channels/<int:channel_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_channel(channel_id: int) -> Any:
    actor = web.actor()
    channel = access.get_visible(Channel, channel_id, actor)
    form = ChannelForm(obj=channel)
    if form.validate_on_submit():
        with form.shows_refusals():
            values = {name: form[name].data for name in channel_service.FIELDS}
            channel_service.edit(channel, values, form.version.data, actor, clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.channels"))
    return render_template("launches/channel_form.html", form=form, channel=channel), 422 if form.errors else 200


@blueprint.post("/channels/<int:channel_id>/<any(close, reopen):act>")
@web.allow("brand")
def switch_channel(channel_id: int, act: str) -> Any:
    Confirmation().require()
    channel = access.get_visible(Channel, channel_id, web.actor())
    {"close": channel_service.close, "reopen": channel_service.reopen}[act](channel, web.actor(), clock.now())
    return redirect(url_for("launches.channels"))


@blueprint.get("/launches")
@web.allow(*READERS)
def calendar() -> str:
    """What goes on sale next, and what went on sale; a factory reads the days of its own SKUs only."""
    actor = web.actor()
    which = "past" if request.args.get("show") == "past" else "coming"
    today = clock.today(actor.timezone)
    page = launch_queries.calendar(actor, which, today, request.args.get("cursor"))
    ids = [row.id for row in page.rows]
    return render_template(
        "launches/calendar.html", page=page, which=which, today=today, words=words, machine=workflow.machines[Launch], role=actor.role,
        channels=launch_queries.channels_by_launch(ids, actor), skus=launch_queries.skus_by_launch(ids, actor),
    )  # fmt: skip
