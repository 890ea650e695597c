"""Pages of voices: the list, one voice, writing one down, the export. Every view only parses, asks a service or query, and draws."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web
from incubator.products import activity
from incubator.signals import queries, segment_queries, segment_routes, service, topic_routes, wall_queries, wall_routes, words
from incubator.signals.blueprint import blueprint
from incubator.signals.forms import VoiceForm
from incubator.signals.queries import Filters

__all__ = ["blueprint", "segment_routes", "topic_routes", "wall_routes"]
EXPORT_LIMIT = 100_000
COLUMNS = (
    ("text", _l("Text")), ("source", _l("Source")), ("channel", _l("Channel")), ("buyer_kind", _l("Buyers")), ("mood", _l("Mood")),
    ("score", _l("Score")), ("said_on", _l("Said on")), ("product", _l("Product")), ("category", _l("Category")), ("language", _l("Language")),
)  # fmt: skip
TABLES: dict[str, Any] = {"channel": words.CHANNELS, "buyer_kind": words.BUYER_KINDS, "mood": words.MOODS, "language": words.LANGUAGES}


@blueprint.get("/signals/voices")
@web.allow("brand")
def voices() -> str:
    actor, filters = web.actor(), Filters.read(request.args)
    page = queries.listing(actor, filters, request.args.get("cursor"))
    return render_template(
        "signals/voices.html", page=page, filters=filters, topics=queries.topics(actor), sources=queries.sources(actor), words=words,
        heard=queries.topics_of([row.id for row in page.rows], actor),
    )  # fmt: skip


@blueprint.get("/signals/voices/export.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_voices(fmt: str) -> Response:
    rows = ([_cell(row, name) for name, _ in COLUMNS] for row in _every_row(Filters.read(request.args)))
    return exports.download([label for _, label in COLUMNS], rows, fmt, gettext("voices"))


def _every_row(filters: Filters) -> Any:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, cursor, paging.LARGEST_PAGE, count=False)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return str(TABLES[name][value]) if name in TABLES else value


@blueprint.get("/signals/voices/<int:voice_id>")
@web.allow("brand")
def voice(voice_id: int) -> str:
    actor = web.actor()
    found = queries.voice(voice_id, actor)
    return render_template(
        "signals/voice.html", voice=found, words=words, heard=queries.topics_of([found.id], actor).get(found.id, []),
        segments=queries.segments_of(found.id, actor), open_segments=segment_queries.open_ones(actor), complaints=wall_queries.of_voice(found.id, actor),
    )  # fmt: skip


@blueprint.route("/signals/voices/new", methods=["GET", "POST"])
@web.allow("brand")
def new_voice() -> Any:
    form = VoiceForm()
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            made = service.add_voice(form.data, web.actor(), clock.now())
            flash(gettext("Written down, word for word."), "success")
            return redirect(url_for("signals.voice", voice_id=made.id))
    page = render_template("signals/voice_new.html", form=form, may_edit=access.may("signals.edit", web.actor()))
    return page, 422 if form.errors else 200


activity.register(words.ACTS)
