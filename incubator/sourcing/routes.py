"""Pages of an enquiry: lists, page, editor, documents. The other views stand in the files imported here; all only parse, ask and draw."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.briefs import queries as briefs
from incubator.briefs.forms import UploadForm
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.products import activity, frame, handover
from incubator.sourcing import (
    asking,
    award_routes,
    comparison_routes,
    forms,
    intake,
    invite_routes,
    page,
    queries,
    question_routes,
    quotation_pages,
    quotation_routes,
    review_routes,
    service,
    step_routes,
    words,
)
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation

__all__ = [
    "award_routes", "blueprint", "comparison_routes", "invite_routes", "question_routes", "quotation_routes", "review_routes", "step_routes",
]  # fmt: skip
READERS = ("brand", "factory")
MOST_EXPORTED = 100_000
CRITERIA = (
    (_l("Meets the requirements"), 40),
    (_l("Process and capacity"), 30),
    (_l("Quality assurance"), 20),
    (_l("Lead time and service"), 10),
)
BRAND_COLUMNS = (
    ("code", _l("Code")), ("title", _l("Title")), ("product", _l("Product")), ("state", _l("State")), ("scenario", _l("Scenario")),
    ("quantity_1", _l("Smallest quantity")), ("quantity_2", _l("Middle quantity")), ("quantity_3", _l("Largest quantity")),
    ("incoterm", _l("Target Incoterm")), ("destination", _l("Destination")), ("deadline", _l("Deadline")), ("asked", _l("Invited")),
    ("answered", _l("Answered")), ("owner", _l("Owner")),
)  # fmt: skip
FACTORY_COLUMNS = (
    ("code", _l("Code")), ("title", _l("Title")), ("brand", _l("Brand")), ("standing", _l("Our quotation")), ("scenario", _l("Scenario")),
    ("quantity_1", _l("Smallest quantity")), ("quantity_2", _l("Middle quantity")), ("quantity_3", _l("Largest quantity")),
    ("incoterm", _l("Target Incoterm")), ("destination", _l("Destination")), ("deadline", _l("Deadline")),
)  # fmt: skip


def list_filters() -> dict[str, Any]:
    """The known filters of the list from the query string; unknown values are left out."""
    args = request.args
    known: dict[str, Any] = {"scenario": words.SCENARIOS}
    if web.actor().role == "brand":
        known["state"] = {s.name for s in workflow.machines[Rfq].states}
    else:
        known["standing"] = {s.name for s in workflow.machines[Quotation].states}
    found: dict[str, Any] = {name: args[name] for name, values in known.items() if args.get(name) in values}
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


def _listing(cursor: str | None, size: int) -> paging.Page:
    actor = web.actor()
    read = queries.listing if actor.role == "brand" else queries.own_listing
    return read(actor, list_filters(), request.args.get("sort", "recent"), cursor, size)


@blueprint.get("/rfqs")
@web.allow(*READERS)
def index() -> str:
    actor = web.actor()
    template = "sourcing/index.html" if actor.role == "brand" else "sourcing/our_rfqs.html"
    return render_template(
        template, page=_listing(request.args.get("cursor"), paging.PAGE_SIZE), filters=list_filters(), sort=request.args.get("sort", "recent"),
        words=words, machine=workflow.machines[Rfq], standings=workflow.machines[Quotation], now=clock.now(),
    )  # fmt: skip


@blueprint.get("/rfqs/export.<any(csv, xlsx):fmt>")
@web.allow(*READERS)
def export(fmt: str) -> Response:
    columns = BRAND_COLUMNS if web.actor().role == "brand" else FACTORY_COLUMNS
    shown = ([_cell(row, name) for name, _ in columns] for row in _every_row())
    return exports.download([str(label) for _, label in columns], shown, fmt, gettext("enquiries"))


def _every_row() -> Any:
    cursor = None
    for _ in range(MOST_EXPORTED // paging.LARGEST_PAGE):
        found = _listing(cursor, paging.LARGEST_PAGE)
        yield from found.rows
        cursor = found.next
        if cursor is None:
            return


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if name == "state":
        return str(workflow.machines[Rfq].state(value).label)
    if name == "standing":
        return str(workflow.machines[Quotation].state(value).label)
    return str(words.SCENARIOS[value]) if name == "scenario" else value


@blueprint.route("/rfqs/new", methods=["GET", "POST"])
@web.allow("brand")
def create() -> Any:
    actor = web.actor()
    wanted = request.args.get("brief_id", "")
    if not wanted.isdecimal():
        return render_template("sourcing/choose_brief.html", briefs=queries.briefs_to_source(actor))
    brief: ProductBrief = briefs.whole(int(wanted[:15]), actor)
    form = editor_form(intake.values_for(brief, CRITERIA))
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            rfq = service.create(brief, intake.rfq_data(form), actor, clock.now())
            flash(gettext("The enquiry is saved as a draft. Now choose whom to ask."), "success")
            return redirect(url_for("sourcing.invite", rfq_id=rfq.id))
    return _editor(form, None, brief)


def editor_form(values: dict[str, Any], kind: type[forms.RfqForm] = forms.RfqForm) -> Any:
    form = kind(data=values)
    if request.method == "GET" and not form.criteria.entries:
        form.criteria.append_entry()
    return form


def _editor(form: forms.RfqForm, rfq: Rfq | None, brief: ProductBrief) -> Any:
    drawn = render_template(
        "sourcing/edit.html", form=form, rfq=rfq, brief=brief, blank=forms.CriterionForm(prefix="criteria-__n__-"), words=words
    )
    return drawn, 422 if form.is_submitted() else 200


@blueprint.route("/rfqs/<int:rfq_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    if rfq.state != "draft" and request.method == "GET":
        flash(gettext("An enquiry that was issued is changed by a re-issue, so that every factory is told."), "info")
        return redirect(url_for("sourcing.show", rfq_id=rfq.id))
    form = editor_form(intake.rfq_values(rfq))
    if request.method == "POST" and form.validate():
        service.save(rfq, intake.rfq_data(form), actor, clock.now(), form.version.data)
        flash(gettext("Saved."), "success")
        return redirect(url_for("sourcing.show", rfq_id=rfq.id))
    return _editor(form, rfq, rfq.brief)


@blueprint.get("/rfqs/<int:rfq_id>")
@web.allow(*READERS)
def show(rfq_id: int) -> Any:
    """The brand's page of the enquiry, or what a factory reads of it."""
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    if actor.role == "factory":
        return quotation_pages.read(rfq, actor)
    return render_template(
        "sourcing/show.html", asked=queries.asked(rfq, actor), documents=queries.documents(rfq, actor), machine=workflow.machines[Quotation],
        addenda=[(a, asking.rows(a.changes, rfq.deadline_zone)) for a in queries.addenda(rfq, actor)], step=forms.StepForm(formdata=None),
        extend_form=forms.ExtendForm(formdata=None, data=intake.rfq_values(rfq)), may_attach=access.may("rfq.attach", actor, rfq),
        **page.context(rfq, actor, "show"),
    )  # fmt: skip


@blueprint.get("/products/<int:product_id>/sourcing")
@web.allow(*READERS)
def of_product(product_id: int) -> str:
    actor = web.actor()
    product = frame.find(product_id, actor)
    return render_template(
        "sourcing/of_product.html", rfqs=queries.of_product(product.id, actor), words=words, machine=workflow.machines[Rfq],
        standings=workflow.machines[Quotation], brief_id=briefs.brief_of(product.id, actor) if actor.role == "brand" else None,
        **frame.frame_context(product, actor, "sourcing"),
    )  # fmt: skip


@blueprint.post("/rfqs/<int:rfq_id>/files")
@web.allow("brand")
def attach(rfq_id: int) -> Any:
    rfq = queries.whole(rfq_id, web.actor())
    UploadForm().require()
    for upload in request.files.getlist("file"):
        if upload.filename:
            service.attach(rfq, upload, web.actor(), clock.now())
    return redirect(url_for("sourcing.show", rfq_id=rfq.id, _anchor="files"))


handover.register_work("sourcing", _l("Ask factories"), "sourcing.of_product", "sourcing")
frame.register_tab("sourcing", _l("Sourcing"), "sourcing.of_product", 20, READERS, queries.count_of_product)
activity.register(words.ACTS)
