"""Pages of feeds: the list, one feed with its files, and what people do with it. Setting up is in `setup_routes`."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.feeds import forms, owners, panel, queries, service, setup_routes, taking, words  # noqa: F401 - setup_routes is gathered here
from incubator.feeds.blueprint import blueprint
from incubator.feeds.models import STATES, TRANSPORTS, Feed
from incubator.imports import kinds
from incubator.kernel import access, clock, exports, web, workflow
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation

ADDRESS = "/feeds/<int:feed_id>"


def _feed(feed_id: int) -> Feed:
    feed: Feed = access.get_visible(Feed, feed_id, web.actor())
    return feed


def _filters() -> dict[str, str]:
    known = {"kind": kinds.declared(), "transport": TRANSPORTS, "state": STATES}
    found = {name: text for name in known if (text := request.args.get(name, "")) in known[name]}
    if text := request.args.get("q", "").replace("\x00", "").strip()[:80]:
        found["q"] = text
    return found


@blueprint.get("/feeds")
@web.allow("brand")
def index() -> str:
    actor, filters = web.actor(), _filters()
    allowed = owners.kinds_for(actor)
    page = queries.listing(actor, filters, request.args.get("cursor"))
    return render_template(
        "feeds/index.html", page=page, filters=filters, last=queries.last_files([r.id for r in page.rows], actor), words=words, panel=panel,
        machine=workflow.machines[Feed], kinds=allowed, all_kinds=kinds.declared(), place_of=_shown_place,
    )  # fmt: skip


def _shown_place(row: Any) -> str:
    return str(row.place.partition("?")[0] + ("?…" if "?" in row.place else ""))


@blueprint.get("/feeds/export.<any(csv, xlsx):fmt>")
@web.signed_in
def export(fmt: str) -> Response:
    heads = (_l("Name"), _l("What"), _l("Way in"), _l("Where"), _l("State"), _l("Next look"), _l("Error"), _l("In whose name"))
    machine, actor, filters = workflow.machines[Feed], web.actor(), _filters()
    rows = (
        [r.name, str(kinds.find(r.kind).title), str(words.TRANSPORTS[r.transport][0]), _shown_place(r), str(machine.state(r.state).label), r.next_at,
         r.error, r.owner]
        for r in queries.every(lambda cursor, size: queries.listing(actor, filters, cursor, size))
    )  # fmt: skip
    return exports.download([str(h) for h in heads], rows, fmt, gettext("feeds"))


@blueprint.get(ADDRESS)
@web.signed_in
def show(feed_id: int) -> str:
    return _page(_feed(feed_id))


def _page(feed: Feed, **more: Any) -> str:
    actor = web.actor()
    service.know_owner(feed)
    page = queries.files(feed, actor, request.args.get("cursor"))
    return render_template(
        "feeds/show.html", feed=feed, kind=kinds.find(feed.kind), page=page, words=words, panel=panel, state=workflow.state_of(feed),
        offers=workflow.available(feed, actor), mine=feed.owner_id == actor.user_id, me=actor.user_id, **{"tested": None, **more},
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/files.<any(csv, xlsx):fmt>")
@web.signed_in
def export_files(feed_id: int, fmt: str) -> Response:
    feed, actor = _feed(feed_id), web.actor()
    rows = (panel.row_cells(row) for row in queries.every(lambda cursor, size: queries.files(feed, actor, cursor, size)))
    return exports.download([str(h) for h in panel.HEADS], rows, fmt, feed.name)


@blueprint.post(f"{ADDRESS}/fire")
@web.signed_in
def fire(feed_id: int) -> Any:
    feed, form = _feed(feed_id), forms.EventForm()
    form.require()
    service.fire(feed, form.event.data, form.version.data, web.actor(), clock.now())
    return redirect(url_for("feeds.show", feed_id=feed_id))


@blueprint.post(f"{ADDRESS}/take-over")
@web.signed_in
def take_over(feed_id: int) -> Any:
    Confirmation().require()
    service.take_over(_feed(feed_id), web.actor(), clock.now())
    flash(gettext("The feed now imports in your name."), "success")
    return redirect(url_for("feeds.show", feed_id=feed_id))


@blueprint.post(f"{ADDRESS}/look")
@web.signed_in
def look(feed_id: int) -> Any:
    Confirmation().require()
    service.look_now(_feed(feed_id), web.actor(), clock.now())
    flash(gettext("It is being looked at. What is new appears below."), "success")
    return redirect(url_for("feeds.show", feed_id=feed_id))


@blueprint.post(f"{ADDRESS}/upload")
@web.signed_in
def upload(feed_id: int) -> Any:
    """A file by hand."""
    feed, given = _feed(feed_id), request.files.get("file")
    Confirmation().require()
    if given is None or not given.filename:
        raise Invalid({"file": [gettext("Choose a CSV or XLSX file.")]})
    taking.upload(feed, given.filename, taking.checked_bytes(given), web.actor(), clock.now())
    return redirect(url_for("feeds.show", feed_id=feed_id))


@blueprint.post(f"{ADDRESS}/files/<int:file_id>/retry")
@web.signed_in
def retry(feed_id: int, file_id: int) -> Any:
    Confirmation().require()
    taking.retry(queries.of_feed(_feed(feed_id), file_id, web.actor()), web.actor(), clock.now())
    return redirect(url_for("feeds.show", feed_id=feed_id))
