"""Setting a feed up and changing it: what and how first, then the details, with a look at the place before anything is kept."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for

from incubator.accounts import throttle
from incubator.feeds import bucket, collecting, forms, owners, places, pulling, service, taking, words
from incubator.feeds.blueprint import blueprint
from incubator.feeds.models import Feed
from incubator.feeds.service import Wish
from incubator.imports import kinds, mapping_queries
from incubator.imports.kinds import Kind
from incubator.kernel import access, clock, sealing, web
from incubator.kernel.db import release
from incubator.kernel.errors import AppError

SHOWN = 5
USUAL = "sales.lines"  # what most feeds bring
PATIENCE = 8.0  # seconds for an address that is only tried, while somebody waits
TRIES = "20 per minute"  # of one organisation


def _of_organisation() -> str:
    return f"feed-try:{web.actor().organisation_id}"


tries = throttle.limiter.shared_limit(
    TRIES, scope="feed-tries", key_func=_of_organisation, methods=["POST"], exempt_when=lambda: request.form.get("step") != "test"
)


@blueprint.get("/feeds/new")
@web.allow("brand")
def choose() -> str:
    """What comes in, and how."""
    allowed = {kind.name: kind for kind in owners.kinds_for(web.actor())}
    asked = (request.args.get("kind", ""), USUAL, *allowed)
    chosen = next(allowed[name] for name in asked if name in allowed)
    return render_template(
        "feeds/choose.html", kinds=allowed.values(), chosen=chosen, transports=words.TRANSPORTS, mapping=request.args.get("mapping", type=int),
        has_store=bucket.is_set_up(),
    )  # fmt: skip


@blueprint.route("/feeds/new/<any(upload, folder, s3, push, pull):transport>/<kind>", methods=["GET", "POST"])
@tries
@web.signed_in
def create(transport: str, kind: str) -> Any:
    actor, chosen = web.actor(), kinds.allowed(kind, web.actor())
    owners.kinds_for(actor)
    options = forms.options_of(chosen, actor)
    given = {"timezone": actor.timezone, "mapping_id": request.args.get("mapping", 0, type=int)}
    form = forms.of_transport(transport, mapping_queries.choices(kind, actor), options, data=given)
    if (done := _saved(form, options, lambda wish: service.create(chosen, transport, wish, actor, clock.now()))) is not None:
        return redirect(url_for("feeds.show", feed_id=done.id))
    return _details(chosen, transport, form, options, None)


@blueprint.route("/feeds/<int:feed_id>/edit", methods=["GET", "POST"])
@tries
@web.signed_in
def edit(feed_id: int) -> Any:
    actor = web.actor()
    feed: Feed = access.get_visible(Feed, feed_id, actor)
    chosen = kinds.allowed(feed.kind, actor)
    options = forms.options_of(chosen, actor, {**feed.options, "preset": feed.preset})
    given = {name: getattr(feed, name) for name in ("name", "place", "proof", "proof_user", "rhythm", "hour", "timezone", "version")}
    mappings = mapping_queries.choices(feed.kind, actor)
    form = forms.of_transport(feed.transport, mappings, options, data={**given, "mapping_id": feed.mapping_id or 0})
    if (done := _saved(form, options, lambda wish: _edited(feed, wish, form), feed.place)) is not None:
        return redirect(url_for("feeds.show", feed_id=done.id))
    return _details(chosen, feed.transport, form, options, access.get_visible(Feed, feed_id, actor))


def _edited(feed: Feed, wish: Wish, form: Any) -> Feed:
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    service.edit(feed, wish, version, web.actor(), clock.now())
    return feed


def _saved(form: Any, options: Any, save: Any, known: str = "") -> Feed | None:
    """The feed once both forms are right and nobody only wanted to try; None where the page is to be shown again.

    A web address other than the one that is `known` must be one that may be asked; nobody waits for the name server with the database in hand.
    """
    if request.method != "POST" or not (form.validate() & options.validate()) or request.form.get("step") == "test":
        return None
    found: Feed | None = None
    with form.shows_refusals():
        if "secret" in form and form.place.data.strip() != known:
            release()
            pulling.require_askable(form.place.data.strip())
        found = save(_wish(form, options))
    return found if not form.errors else None


def _wish(form: Any, options: Any) -> Wish:
    data = {name: value for name, value in form.data.items() if name in Wish.__dataclass_fields__}
    return Wish(**{**data, "preset": options.preset.data or "", "options": options.values()})


def _details(kind: Kind, transport: str, form: Any, options: Any, feed: Feed | None) -> Any:
    wrong = bool(form.errors or options.errors)
    tested = None
    if request.method == "POST" and request.form.get("step") == "test" and not wrong:
        with form.shows_refusals():
            tested = try_out(transport, _wish(form, options), feed, web.actor(), clock.now())
    page = render_template(
        "feeds/details.html", kind=kind, transport=transport, form=form, options=options, feed=feed, words=words, tested=tested,
        zones=forms.COMMON, fields=forms.FIELDS.get(transport, ()), organisation_id=web.actor().organisation_id,
    )  # fmt: skip
    return page, 422 if wrong or form.errors else 200


def try_out(transport: str, wish: Wish, feed: Feed | None, actor: Any, now: datetime) -> dict[str, Any]:
    """What a look would find at the place that was typed: {"files": …, "names": …}, or {"error": …}. Nothing is taken or kept."""
    place = _typed(transport, wish, feed, actor)
    release()
    try:
        found = collecting.look(place, frozenset(), now)
        names = [one.name for one in found.found]
    except AppError as error:
        return {"error": taking.reason(error)}
    return {"names": names[:SHOWN], "files": len(names), "more": found.again}


def _typed(transport: str, wish: Wish, feed: Feed | None, actor: Any) -> places.Place:
    """The place as typed; with the kept secret where it is meant for the very same machine."""
    place = service.checked_place(transport, wish.place, actor.organisation_id)
    secret = sealing.seal(wish.secret) if wish.secret else service.kept_secret(feed, wish, place) if feed else ""
    typed = places.Place(feed.id if feed else 0, actor.organisation_id, transport, place)
    return replace(typed, proof=wish.proof if secret else "none", proof_user=wish.proof_user, secret=secret, seconds=PATIENCE)
