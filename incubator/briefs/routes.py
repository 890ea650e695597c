"""Pages of a brief: list, page, editor, versions, files, remarks. Every view only parses, asks a service or query, and draws."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.briefs import comparison_routes, forms, gate_forms, gate_routes, intake, printing, queries, service, words
from incubator.briefs.blueprint import blueprint
from incubator.briefs.forms import BriefForm
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import Confirmation
from incubator.products import activity, comments, frame
from incubator.products.models import Product, Programme

__all__ = ["blueprint", "comparison_routes", "gate_routes"]
BLANK_ROWS = 3
EXPORT_LIMIT = 100_000
COLUMNS = (
    ("code", _l("Code")), ("title", _l("Title")), ("type", _l("Type")), ("state", _l("State")), ("segment", _l("Segment")),
    ("buyer_kind", _l("Buyers")), ("scenario", _l("Demand scenario")), ("first_order_quantity", _l("First order")),
    ("annual_quantity", _l("Volume per year")), ("moq", _l("MOQ")), ("launch_from", _l("Launch from")), ("launch_to", _l("Launch until")),
    ("author", _l("Author")),
)  # fmt: skip


def list_filters() -> dict[str, Any]:
    """The known filters of the list from the query string; unknown values are left out."""
    args = request.args
    known: dict[str, Any] = {
        "state": {s.name for s in workflow.machines[ProductBrief].states},
        "type": words.TYPES,
        "scenario": words.SCENARIOS,
        "buyer_kind": words.BUYER_KINDS,
    }
    found: dict[str, Any] = {name: args[name] for name, values in known.items() if args.get(name) in values}
    if args.get("programme_id", "").isdecimal():
        found["programme_id"] = int(args["programme_id"][:15])
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


@blueprint.get("/briefs")
@web.allow(*ORGANISATION_KINDS)
def index() -> str:
    actor, filters = web.actor(), list_filters()
    sort = request.args.get("sort", "recent")
    page = queries.listing(actor, filters, sort, request.args.get("cursor"))
    return render_template(
        "briefs/index.html", page=page, filters=filters, sort=sort, words=words, machine=workflow.machines[ProductBrief],
        programmes=queries.programmes(actor), may_create=access.may("brief.create", actor),
    )  # fmt: skip


@blueprint.get("/briefs/export.<any(csv, xlsx):fmt>")
@web.allow(*ORGANISATION_KINDS)
def export(fmt: str) -> Response:
    rows = _every_row(list_filters(), request.args.get("sort", "recent"))
    shown = ([_cell(row, name) for name, _ in COLUMNS] for row in rows)
    return exports.download([str(label) for _, label in COLUMNS], shown, fmt, gettext("briefs"))


def _every_row(filters: dict[str, Any], sort: str) -> Any:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, sort, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if name == "state":
        return str(workflow.machines[ProductBrief].state(value).label)
    return str(words.word(name, value)) if name in words.CODES else value


@blueprint.route("/briefs/new", methods=["GET", "POST"])
@web.allow("brand")
def create() -> Any:
    actor = web.actor()
    product = _product_to_start(actor)
    form = _editor_form(own_programme=product.programme_id if product else None)
    if request.method == "POST" and form.validate():
        data = intake.brief_data(form)
        if product:
            brief = service.start_for(product, data, actor, clock.now())
        else:
            brief = service.create(access.get_visible(Programme, form.programme_id.data, actor), data, actor, clock.now())
        flash(gettext("The brief is saved as a draft."), "success")
        return redirect(url_for("briefs.show", brief_id=brief.id))
    return _editor(form, None, product)


def _product_to_start(actor: Any) -> Product | None:
    product_id = request.args.get("product_id", "")
    return access.get_visible(Product, int(product_id[:15]), actor) if product_id.isdecimal() else None


def _editor_form(values: dict[str, Any] | None = None, own_programme: int | None = None) -> BriefForm:
    form = BriefForm(data=values)
    form.programme_id.choices = queries.programmes(web.actor(), own_programme)
    if request.method == "GET":
        for rows, blank in (
            (form.targets, 1 if not form.targets.entries else 0),
            (form.requirements, 1 if form.requirements.entries else BLANK_ROWS),
        ):
            for _ in range(blank):
                rows.append_entry()
    return form


def _editor(form: BriefForm, brief: ProductBrief | None, product: Product | None = None) -> Any:
    blanks = {"target": forms.TargetForm(prefix="targets-__n__-"), "requirement": forms.RequirementForm(prefix="requirements-__n__-")}
    page = render_template("briefs/edit.html", form=form, brief=brief, product=product, blanks=blanks)
    return page, 422 if form.errors else 200


@blueprint.route("/briefs/<int:brief_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(brief_id: int) -> Any:
    actor = web.actor()
    brief = queries.whole(brief_id, actor)
    if not brief.is_editable and request.method == "GET":
        flash(
            gettext("A brief is locked while it is in review and after it was accepted. Send it to review again to change the verdict."),
            "info",
        )
        return redirect(url_for("briefs.show", brief_id=brief.id))
    form = _editor_form(intake.editor_values(brief, service.targets_of(brief, actor)), brief.product.programme_id)
    if request.method == "POST" and form.validate():
        service.save(brief, intake.brief_data(form), actor, clock.now(), form.version.data)
        flash(gettext("Saved."), "success")
        return redirect(url_for("briefs.show", brief_id=brief.id))
    return _editor(form, brief)


@blueprint.get("/briefs/<int:brief_id>")
@web.allow(*ORGANISATION_KINDS)
def show(brief_id: int) -> str:
    actor = web.actor()
    brief = queries.whole(brief_id, actor)
    return render_template(
        "briefs/show.html", brief=brief, words=words, targets=service.targets_of(brief, actor), reviews=queries.reviews_of(brief, actor),
        state=workflow.state_of(brief), offers=workflow.available(brief, actor), may_edit=access.may("brief.edit", actor, brief),
        may_attach=access.may("brief.attach", actor, brief), may_clone=access.may("brief.clone", actor, brief),
        attachments=_attachments(brief), thread=comments.thread_context(brief.product, brief, actor),
        **frame.frame_context(brief.product, actor, "brief"),
    )  # fmt: skip


def _attachments(brief: ProductBrief) -> list[StoredFile]:
    query = access.select_visible(StoredFile, web.actor()).where(
        StoredFile.subject_type == "product_brief", StoredFile.subject_id == brief.id
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))


@blueprint.get("/products/<int:product_id>/brief")
@web.allow(*ORGANISATION_KINDS)
def of_product(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    if brief_id := queries.brief_of(product.id, actor):
        return redirect(url_for("briefs.show", brief_id=brief_id))
    return render_template(
        "briefs/none.html", may_create=access.may("brief.create", actor, product), **frame.frame_context(product, actor, "brief")
    )


@blueprint.post("/briefs/<int:brief_id>/clone")
@web.allow("brand")
def clone(brief_id: int) -> Any:
    Confirmation().require()
    brief = queries.whole(brief_id, web.actor())
    copy = service.clone(brief, gettext("%(title)s (copy)", title=brief.title)[:200], web.actor(), clock.now())
    flash(gettext("This is the copy. Rename it, then change what differs."), "success")
    return redirect(url_for("briefs.edit", brief_id=copy.id))


@blueprint.post("/briefs/<int:brief_id>/move/<any(review, close):event>")
@web.allow("brand")
def move(brief_id: int, event: str) -> Any:
    brief = access.get_visible(ProductBrief, brief_id, web.actor())
    form = gate_forms.MoveForm()
    form.require()
    workflow.fire(brief, event, web.actor(), note=form.note.data, now=clock.now(), expected=form.version.data)
    return redirect(url_for("briefs.show", brief_id=brief.id))


@blueprint.get("/briefs/<int:brief_id>/versions")
@web.allow("brand")
def versions(brief_id: int) -> str:
    actor = web.actor()
    brief = queries.whole(brief_id, actor)
    newer = _revision_asked("to", brief, brief.revision)
    older = _revision_asked("from", brief, max(1, newer - 1))
    return render_template(
        "briefs/versions.html", brief=brief, revisions=queries.revisions(brief, actor), older=older, newer=newer, words=words,
        changes=service.compare(brief, older, newer, actor), **frame.frame_context(brief.product, actor, "brief"),
    )  # fmt: skip


def _revision_asked(name: str, brief: ProductBrief, default: int) -> int:
    """The revision that the address names, if the brief has it."""
    number = request.args.get(name, default, type=int)
    return number if 0 < number <= brief.revision else default


@blueprint.post("/briefs/<int:brief_id>/files")
@web.allow("brand")
def attach(brief_id: int) -> Any:
    forms.UploadForm().require()
    brief = access.get_visible(ProductBrief, brief_id, web.actor())
    for upload in request.files.getlist("file"):
        if upload.filename:
            service.attach(brief, upload, web.actor(), clock.now())
    return redirect(url_for("briefs.show", brief_id=brief.id, _anchor="files"))


@blueprint.get("/briefs/<int:brief_id>/brief-<any(zh, en):language>.pdf")
@web.allow(*ORGANISATION_KINDS)
def pdf(brief_id: int, language: str) -> Response:
    brief = queries.whole(brief_id, web.actor())
    return printing.answer(brief, language, web.actor())


comments.register_subject(ProductBrief, lambda brief: f"/briefs/{brief.id}#comments")
frame.register_tab("brief", _l("Brief"), "briefs.of_product", 10)
activity.register(words.ACTS)
