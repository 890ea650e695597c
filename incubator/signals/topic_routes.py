"""Pages of topics: what buyers speak of, how often, and the words by which it is heard."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, charts, clock, web
from incubator.kernel.forms import Confirmation
from incubator.signals import queries, service, trend, words
from incubator.signals.blueprint import blueprint
from incubator.signals.forms import TopicForm
from incubator.signals.models import Topic
from incubator.signals.queries import Filters

ADDRESS = "/signals/topics/<int:topic_id>"
SHOWN = 10


@blueprint.get("/signals/topics")
@web.allow("brand")
def topics() -> str:
    actor = web.actor()
    counts = queries.counts_by_topic(actor)
    rows = sorted(queries.topics(actor, retired=True), key=lambda t: (t.retired_at is not None, -sum(counts.get(t.id, {}).values())))
    return render_template("signals/topics.html", topics=rows, counts=counts, totals=queries.totals(actor), words=words)


@blueprint.post("/signals/topics/start")
@web.allow("brand")
def start_topics() -> Any:
    Confirmation().require()
    service.start_topics(web.actor())
    return redirect(url_for("signals.topics"))


@blueprint.get(ADDRESS)
@web.allow("brand")
def topic(topic_id: int) -> str:
    actor = web.actor()
    found: Topic = access.get_visible(Topic, topic_id, actor)
    latest = queries.latest_month(actor, found.id)
    months = trend.months_until(latest) if latest else []
    rows = trend.table(queries.by_month(found.id, actor, months[0]), months) if months else []
    page = queries.listing(actor, Filters(topic=(found.id,)), None, SHOWN, count=False)
    return render_template(
        "signals/topic.html", topic=found, rows=rows, chart=charts.payload(trend.spec(rows)) if rows else None, words=words,
        counts=queries.counts_by_topic(actor).get(found.id, {}), voices=page.rows, heard=queries.topics_of([v.id for v in page.rows], actor),
    )  # fmt: skip


@blueprint.route("/signals/topics/new", methods=["GET", "POST"])
@web.allow("brand")
def new_topic() -> Any:
    form = TopicForm(data={"version": 0})
    if request.method == "POST" and form.validate():
        made = service.add_topic(form.data, web.actor(), clock.now())
        flash(gettext("All voices are being heard anew for this topic."), "success")
        return redirect(url_for("signals.topic", topic_id=made.id))
    return render_template("signals/topic_form.html", form=form, topic=None), 422 if form.errors else 200


@blueprint.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_topic(topic_id: int) -> Any:
    found: Topic = access.get_visible(Topic, topic_id, web.actor())
    form = TopicForm(obj=found)
    if request.method == "POST" and form.validate():
        service.edit_topic(found, form.data, form.version.data, web.actor(), clock.now())
        flash(gettext("All voices are being heard anew for this topic."), "success")
        return redirect(url_for("signals.topic", topic_id=found.id))
    return render_template("signals/topic_form.html", form=form, topic=found), 422 if form.errors else 200


@blueprint.post(f"{ADDRESS}/retire")
@web.allow("brand")
def retire_topic(topic_id: int) -> Any:
    Confirmation().require()
    found: Topic = access.get_visible(Topic, topic_id, web.actor())
    service.retire_topic(found, web.actor(), clock.now())
    return redirect(url_for("signals.topics"))
