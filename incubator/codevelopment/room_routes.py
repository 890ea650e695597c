"""The data room: folders, files, shares. A download is asked for by a form, because it is written down."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.codevelopment import room_forms, room_queries, room_service, service, words
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.deliverable_routes import ROLES, picked
from incubator.codevelopment.room_models import RoomFolder, RoomShare
from incubator.kernel import access, clock, exports, files, names, web
from incubator.kernel.errors import NotFound
from incubator.kernel.forms import Confirmation
from incubator.products import frame

HEADS = (
    _l("Folder"), _l("File"), _l("Size in bytes"), "SHA-256", _l("Organisation"), _l("Added by"), _l("Added"), _l("Downloads")
)  # fmt: skip


def to(folder: RoomFolder) -> Any:
    return redirect(url_for("codevelopment.folder", folder_id=folder.id))


@blueprint.route("/products/<int:product_id>/room", methods=["GET", "POST"])
@web.allow(*ROLES)
def room(product_id: int) -> Any:
    """The folders that the reader may open; for the brand the form for another."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = room_forms.FolderForm()
    if form.is_submitted():
        access.require("codevelopment.lead", actor, product)
    if form.validate_on_submit():
        with form.shows_refusals():
            made = room_service.create_folder(product, form.name.data, form.note.data, actor, clock.now())
            return to(made)
    page = render_template(
        "codevelopment/room.html", folders=room_queries.folders(product, actor), form=form, leads=access.may("codevelopment.lead", actor, product),
        **frame.frame_context(product, actor, "codevelopment"),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.get("/room/<int:folder_id>")
@web.allow(*ROLES)
def folder(folder_id: int) -> Any:
    return _folder_page(room_queries.folder(folder_id, web.actor()))


def _folder_page(found: RoomFolder, share_form: Any = None) -> Any:
    actor = web.actor()
    leads = access.may("codevelopment.lead", actor, found)
    page = render_template(
        "codevelopment/folder.html", folder=found, page=room_queries.files_of(found, actor, request.args.get("cursor")), words=words,
        shares=room_queries.shares(found, actor), downloads=room_queries.downloads(found, actor) if leads else [], leads=leads,
        share_form=(share_form or _share_form(found, formdata=None)) if leads else None, may_upload=room_service.may_upload(found, actor),
        upload_form=room_forms.RoomUploadForm(formdata=None), today=clock.today(), **frame.frame_context(found.product, actor, "codevelopment"),
    )  # fmt: skip
    return page, 422 if share_form is not None else 200


def _share_form(found: RoomFolder, **options: Any) -> room_forms.RoomShareForm:
    form = room_forms.RoomShareForm(**options)
    form.organisation_id.choices = [("", gettext("Choose…")), *((p.id, p.name) for p in service.partners(found.product))]
    return form


@blueprint.post("/room/<int:folder_id>/files")
@web.allow(*ROLES)
def add_to_room(folder_id: int) -> Any:
    found = room_queries.folder(folder_id, web.actor())
    room_forms.RoomUploadForm().require()
    for upload in picked("files"):
        room_service.upload(found, upload, web.actor(), clock.now())
    flash(gettext("Added."), "success")
    return to(found)


@blueprint.post("/room/files/<int:room_file_id>/download")
@web.allow(*ROLES)
def download(room_file_id: int) -> Response:
    """The file, after its taking was written down; always as a download, never shown."""
    kept = room_queries.file(room_file_id, web.actor())
    Confirmation().require()
    try:
        data = files.read(kept.file)
    except FileNotFoundError as error:
        raise NotFound() from error
    stored = room_service.download(kept, web.actor(), clock.now())
    response = Response(data, mimetype=stored.content_type)
    response.headers["Content-Disposition"] = names.disposition(stored.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/room/files/<int:room_file_id>/remove")
@web.allow(*ROLES)
def remove_from_room(room_file_id: int) -> Any:
    kept = room_queries.file(room_file_id, web.actor())
    Confirmation().require()
    found = kept.folder
    room_service.remove(kept, web.actor(), clock.now())
    flash(gettext("The file has been removed."), "success")
    return to(found)


@blueprint.post("/room/<int:folder_id>/shares")
@web.allow("brand")
def share_folder(folder_id: int) -> Any:
    found = room_queries.folder(folder_id, web.actor())
    form = _share_form(found)
    if form.validate():
        with form.shows_refusals():
            given = room_service.share(
                found, form.organisation_id.data, form.access.data, form.expires_on.data, web.actor(), clock.now()
            )  # fmt: skip
            flash(gettext("%(name)s may open the folder now and has been told.", name=given.organisation.label), "success")
            return to(found)
    return _folder_page(room_queries.folder(folder_id, web.actor()), form)


@blueprint.post("/room/shares/<int:room_share_id>/end")
@web.allow("brand")
def end_share(room_share_id: int) -> Any:
    given = access.get_visible(RoomShare, room_share_id, web.actor())
    Confirmation().require()
    room_service.revoke(given, web.actor(), clock.now())
    return to(given.folder)


@blueprint.get("/products/<int:product_id>/room/index.<any(csv, xlsx):fmt>")
@web.allow("brand")
def room_index(product_id: int, fmt: str) -> Response:
    """Everything in the room: what, how large, whose, and how often it was taken."""
    product = frame.find(product_id, web.actor())
    rows = (
        (r.folder, r.name, r.size, r.sha256, r.organisation, r.uploader, r.created_at, r.downloads)
        for r in room_queries.index(product, web.actor())
    )
    return exports.download(HEADS, rows, fmt, gettext("data room"))
