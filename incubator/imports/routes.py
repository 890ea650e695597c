"""Pages of imports: the list of one's own, upload, headings, result, refusals. Every view only parses, asks a service or query, and draws."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.imports import forms, kinds, mapping_routes, preview, queries, reading, service  # noqa: F401 - gathered here
from incubator.imports.blueprint import blueprint
from incubator.imports.models import STATUSES, DataImport
from incubator.imports.words import OUTCOMES, STATUS
from incubator.kernel import access, clock, exports, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation

ADDRESS = "/imports/<int:import_id>"


@blueprint.get("/imports")
@web.allow("brand", "administrator")
def index() -> str:
    actor = web.actor()
    asked = {"kind": request.args.get("kind", ""), "status": request.args.get("status", "")}
    known = {"kind": kinds.declared(), "status": STATUSES}
    filters = {name: value for name, value in asked.items() if value in known[name]}
    allowed = kinds.open_to(actor)
    page = queries.listing(actor, filters.get("kind", ""), filters.get("status", ""), request.args.get("cursor"))
    return render_template(
        "imports/index.html", page=page, filters=filters, kinds=allowed, all_kinds=kinds.declared(), words=STATUS,
        has_feeds=bool(allowed and actor.organisation_id),
    )  # fmt: skip


@blueprint.route("/imports/new/<kind>", methods=["GET", "POST"])
@web.signed_in
def upload(kind: str) -> Any:
    actor = web.actor()
    chosen = kinds.allowed(kind, actor)
    form = forms.options_form(chosen, actor)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            made = service.start(chosen, _file(), actor, clock.now(), preset=form.preset.data or "", options=form.values())
            return redirect(url_for("imports.show", import_id=made.id))
    page = render_template("imports/upload.html", kind=chosen, form=form, imports=queries.latest(actor, chosen.name), words=STATUS)
    return page, 422 if form.errors else 200


def _file() -> Any:
    found = request.files.get("file")
    if found is None or not found.filename:
        raise Invalid({"file": [gettext("Choose a CSV or XLSX file.")]})
    return found


@blueprint.get("/imports/new/<kind>/example.<any(csv, xlsx):fmt>")
@web.signed_in
def example(kind: str, fmt: str) -> Response:
    chosen = kinds.allowed(kind, web.actor())
    row = [column.example for column in chosen.columns]
    return exports.download([str(column.label) for column in chosen.columns], [row], fmt, f"{chosen.name}-{gettext('example')}")


@blueprint.get(ADDRESS)
@web.signed_in
def show(import_id: int) -> Any:
    actor = web.actor()
    made: DataImport = access.get_visible(DataImport, import_id, actor)
    if made.status == "mapping":
        return redirect(url_for("imports.headings", import_id=made.id))
    kind = kinds.find(made.kind)
    advice = kind.advised(kind.preset(made.preset), made.mapping) if made.mapping and made.status == "checked" else None
    return render_template(
        "imports/show.html", made=made, kind=kind, advice=advice, words=STATUS, outcomes=OUTCOMES, run=queries.run_of(made, actor),
        earlier=queries.earlier(made, actor), known=queries.read_by(made, actor), page=queries.refusals(made, actor, request.args.get("cursor")),
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/headings", methods=["GET", "POST"])
@web.signed_in
def headings(import_id: int) -> Any:
    """Which heading is which, with the first lines as they would be read. "preview" only looks, anything else begins the check."""
    actor = web.actor()
    source = reading.opened(access.get_visible(DataImport, import_id, actor), actor)
    made: DataImport = access.get_visible(DataImport, import_id, actor)
    given = frozenset(source.preset.defaults if source.preset else ())
    form = forms.mapping_form(source.kind, source.headings, source.guess.mapping, given)
    looks = request.form.get("step") == "preview"
    if request.method == "POST" and not looks and form.validate():
        service.set_mapping(made, source.headings, forms.chosen(source.kind, form), actor, clock.now())
        return redirect(url_for("imports.show", import_id=made.id))
    rows, chosen = source.first(reading.SHOWN), forms.chosen(source.kind, form, among=source.headings)
    page = render_template(
        "imports/headings.html", made=made, kind=source.kind, form=form, source=source, rows=rows, chosen=chosen, field_of=forms.column_field,
        advice=source.kind.advised(source.preset, chosen),
        shown=preview.shown(source, rows, chosen, made, actor), missing=[c for c in source.kind.columns if c.required and c.name not in {*chosen, *given}],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post(f"{ADDRESS}/apply")
@web.signed_in
def apply(import_id: int) -> Any:
    Confirmation().require()
    made: DataImport = access.get_visible(DataImport, import_id, web.actor())
    service.ask_to_apply(made, web.actor(), clock.now())
    return redirect(url_for("imports.show", import_id=made.id))


@blueprint.get(f"{ADDRESS}/refusals.<any(csv, xlsx):fmt>")
@web.signed_in
def refusals(import_id: int, fmt: str) -> Response:
    made: DataImport = access.get_visible(DataImport, import_id, web.actor())
    columns = (_l("Line"), _l("Column"), _l("Value"), _l("What would be right"))
    return exports.download(columns, queries.every_refusal(made, web.actor()), fmt, gettext("import-errors"))
