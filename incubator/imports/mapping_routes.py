"""Pages of mappings: the list, one with its history, its name, and back to an earlier version."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.imports import forms, kinds, mapping_queries, mapping_service
from incubator.imports.blueprint import blueprint
from incubator.imports.models import ColumnMapping
from incubator.kernel import access, clock, exports, web

ADDRESS = "/imports/mappings/<int:mapping_id>"


def _kind() -> str:
    return found if (found := request.args.get("kind", "")) in kinds.declared() else ""


@blueprint.get("/imports/mappings")
@web.allow("brand", "administrator")
def mappings() -> str:
    allowed, page = kinds.open_to(web.actor()), mapping_queries.listing(web.actor(), _kind(), request.args.get("cursor"))
    return render_template("imports/mappings.html", page=page, kind=_kind(), kinds=allowed, all_kinds=kinds.declared())


@blueprint.get("/imports/mappings/export.<any(csv, xlsx):fmt>")
@web.signed_in
def export_mappings(fmt: str) -> Response:
    heads = (_l("Name"), _l("What"), _l("Version"), _l("Columns"), _l("Changed"), _l("By whom"))
    rows = (
        [r.name, str(kinds.find(r.kind).title) if r.kind in kinds.declared() else r.kind, r.number,
         _said(r), r.updated_at, r.who or ""]
        for r in mapping_queries.every(web.actor(), _kind())
    )  # fmt: skip
    return exports.download([str(h) for h in heads], rows, fmt, gettext("mappings"))


def _said(row: Any) -> str:
    """Each column by its label, and the heading it is read from."""
    kind = kinds.declared().get(row.kind)
    labels = {column.name: str(column.label) for column in kind.columns} if kind else {}
    return "; ".join(f"{labels.get(column, column)} = {heading}" for column, heading in row.mapping.items())


@blueprint.route(ADDRESS, methods=["GET", "POST"])
@web.signed_in
def mapping(mapping_id: int) -> Any:
    """One mapping with every version; posting renames it."""
    actor = web.actor()
    known: ColumnMapping = access.get_visible(ColumnMapping, mapping_id, actor)
    form = forms.NameForm(obj=known)
    if form.validate_on_submit():
        mapping_service.rename(known, form.name.data, actor, clock.now())
        flash(gettext("Saved."), "success")
        return redirect(url_for("imports.mapping", mapping_id=known.id))
    page = render_template(
        "imports/mapping.html", known=known, kind=kinds.declared().get(known.kind), form=form, versions=mapping_queries.history(known, actor),
        has_feeds=actor.organisation_id is not None, may_import=known.kind in {k.name for k in kinds.open_to(actor)},
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post(f"{ADDRESS}/restore")
@web.signed_in
def restore_mapping(mapping_id: int) -> Any:
    """An earlier version counts again."""
    known: ColumnMapping = access.get_visible(ColumnMapping, mapping_id, web.actor())
    form = forms.VersionForm()
    form.require()
    made = mapping_service.restore(known, form.number.data, web.actor(), clock.now())
    flash(gettext("Version %(number)s now says what version %(again_of)s said.", number=made.number, again_of=made.again_of), "success")
    return redirect(url_for("imports.mapping", mapping_id=known.id))
