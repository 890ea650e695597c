"""The steps of a round: request, change, start, ship, receive, decide, seal; and its photos. Every view parses, asks a service, and answers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import Confirmation
from incubator.products import frame
from incubator.samples import decision_service, forms, queries, round_page, service
from incubator.samples.blueprint import blueprint
from incubator.samples.models import SampleRound


def to_round(round_id: int) -> Any:
    return redirect(url_for("samples.show", round_id=round_id))


def data_of(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name not in ("csrf_token", "version")}


@blueprint.route("/products/<int:product_id>/samples/new", methods=["GET", "POST"])
@web.allow("brand")
def create(product_id: int) -> Any:
    """Ask a factory for samples; `?after=` names the round whose comments are carried on."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    follows = _followed(request.args.get("after", ""))
    given = {"factory_id": follows.factory_id, "kind": follows.kind, "quantity": follows.quantity} if follows else {}
    form = forms.RequestForm(data=given)
    form.factory_id.choices = queries.askable_factories(product, actor)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            round = service.request(product, form.factory_id.data, data_of(form), actor, clock.now(), follows)
            flash(gettext("Asked. The factory has been told."), "success")
            return to_round(round.id)
    page = render_template(
        "samples/request.html", form=form, follows=follows, round=None, factories=form.factory_id.choices,
        not_yet=service.why_not_yet(product, actor), brief=service.brief_of(product, actor), **frame.frame_context(product, actor, "samples"),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _followed(text: str) -> SampleRound | None:
    return queries.whole(int(text[:15]), web.actor()) if text.isdecimal() else None


@blueprint.route("/samples/<int:round_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(round_id: int) -> Any:
    actor = web.actor()
    round = queries.whole(round_id, actor)
    if not access.may("sample.change", actor, round) and request.method == "GET":
        flash(gettext("The factory has begun; what was asked for stays."), "info")
        return to_round(round.id)
    form = forms.RequestForm(obj=round)
    form.factory_id.choices = [(round.factory_id, round.factory.name)]
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            service.change(round, data_of(form), actor, clock.now(), form.version.data)
            flash(gettext("Saved. The factory has been told."), "success")
            return to_round(round.id)
    page = render_template(
        "samples/request.html", form=form, follows=None, round=round, factories=form.factory_id.choices, not_yet=None, brief=None,
        **frame.frame_context(round.product, actor, "samples"),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/samples/<int:round_id>/start")
@web.allow("factory")
def start(round_id: int) -> Any:
    round = queries.whole(round_id, web.actor())
    form = forms.VersionForm()
    form.require()
    service.start(round, web.actor(), clock.now(), form.version.data)
    flash(gettext("The brand sees that you have begun."), "success")
    return to_round(round.id)


@blueprint.post("/samples/<int:round_id>/ship")
@web.allow("factory")
def ship(round_id: int) -> Any:
    round, form = queries.whole(round_id, web.actor()), forms.ShipForm()
    if form.validate():
        with form.shows_refusals():
            service.ship(round, data_of(form), web.actor(), clock.now(), form.version.data)
            flash(gettext("The brand has been told that the samples are on their way."), "success")
            return to_round(round.id)
    return round_page.render(queries.whole(round_id, web.actor()), web.actor(), ship=form)


@blueprint.post("/samples/<int:round_id>/receive")
@web.allow("brand")
def receive(round_id: int) -> Any:
    round, form = queries.whole(round_id, web.actor()), forms.ReceiveForm()
    if form.validate():
        with form.shows_refusals():
            service.receive(round, data_of(form), web.actor(), clock.now(), form.version.data)
            flash(gettext("Received. Measure them now, or later and part by part."), "success")
            return redirect(url_for("samples.measure", round_id=round.id))
    return round_page.render(queries.whole(round_id, web.actor()), web.actor(), receive=form)


@blueprint.post("/samples/<int:round_id>/decide")
@web.allow("brand")
def decide(round_id: int) -> Any:
    round, form = queries.whole(round_id, web.actor()), forms.DecideForm()
    if form.validate():
        with form.shows_refusals():
            decision_service.decide(round, form.outcome.data, form.reason.data, form.remarks, web.actor(), clock.now(), form.version.data)
            flash(gettext("The decision is recorded, and the factory has been told."), "success")
            return to_round(round.id)
    return round_page.render(queries.whole(round_id, web.actor()), web.actor(), decide=form)


@blueprint.post("/samples/<int:round_id>/seal")
@web.allow("brand")
def seal(round_id: int) -> Any:
    round, form = queries.whole(round_id, web.actor()), forms.SealForm()
    kept_by = [who for who, kept in (("brand", form.kept_by_brand.data), ("factory", form.kept_by_factory.data)) if kept]
    if form.validate():
        with form.shows_refusals():
            golden = decision_service.seal(
                round, form.storage_place.data, kept_by, form.photos.data or (), web.actor(), clock.now(), form.version.data
            )
            flash(gettext("Sealed as %(number)s.", number=golden.number), "success")
            return redirect(url_for("samples.golden", golden_id=golden.id))
    return round_page.render(queries.whole(round_id, web.actor()), web.actor(), seal=form)


@blueprint.post("/samples/<int:round_id>/photos")
@web.allow("brand", "factory")
def add_photos(round_id: int) -> Any:
    round, form = queries.whole(round_id, web.actor()), forms.PhotoForm()
    form.requirement_id.choices = [(0, ""), *((r.id, r.attribute) for r in round.requirements)]
    form.require()
    kept = service.photograph(round, form.photos.data or (), form.requirement_id.data or 0, web.actor(), clock.now())
    if kept:
        flash(gettext("Added."), "success")
    else:
        flash(gettext("Choose at least one photo."), "warning")
    return redirect(url_for("samples.show", round_id=round.id, _anchor="photos"))


@blueprint.post("/samples/<int:round_id>/photos/<int:file_id>/remove")
@web.allow("brand", "factory")
def remove_photo(round_id: int, file_id: int) -> Any:
    round = queries.whole(round_id, web.actor())
    file = access.get_visible(StoredFile, file_id, web.actor())
    general, by_requirement = queries.photos(round, web.actor())
    if file.id not in {p.id for found in (general, *by_requirement.values()) for p in found}:
        raise NotFound()
    Confirmation().require()
    service.remove_photo(round, file, web.actor(), clock.now())
    return redirect(url_for("samples.show", round_id=round.id, _anchor="photos"))
