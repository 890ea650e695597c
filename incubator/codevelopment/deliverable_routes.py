"""One deliverable: its page, planning and changing it, submitting a revision, sharing it."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.codevelopment import forms, page_queries, revision_service, service, viewer, words
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.models import PARTIES, Deliverable, DeliverableRevision, DeliverableShare
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.products import comments, frame
from incubator.products.models import Product

ROLES = ("brand", *PARTIES)


def to(deliverable: Any, **more: Any) -> Any:
    return redirect(url_for("codevelopment.show", deliverable_id=deliverable.id, **more))


def owners(product: Product) -> list[tuple[int, str]]:
    return [(product.brand_id, product.brand.name), *((p.id, p.name) for p in service.partners(product))]


@blueprint.route("/products/<int:product_id>/deliverables/new", methods=["GET", "POST"])
@web.allow("brand")
def plan(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = forms.DeliverableForm()
    form.owner_id.choices = [("", gettext("Choose…")), *owners(product)]
    if form.validate_on_submit():
        with form.shows_refusals():
            deliverable = service.plan(product, _data(form), actor, clock.now())
            flash(gettext("Planned. Its owner has been told, and it stands in the plan."), "success")
            return to(deliverable)
    page = render_template("codevelopment/plan.html", form=form, deliverable=None, **frame.frame_context(product, actor, "codevelopment"))
    return page, 422 if form.errors else 200


def _data(form: forms.DeliverableForm) -> dict[str, Any]:
    return {name: form[name].data for name in service.LABELS}


@blueprint.route("/deliverables/<int:deliverable_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit(deliverable_id: int) -> Any:
    actor = web.actor()
    deliverable = page_queries.whole(deliverable_id, actor)
    form = forms.EditDeliverableForm(obj=deliverable)
    form.owner_id.choices = owners(deliverable.product)
    if deliverable.owner_id not in dict(form.owner_id.choices):
        form.owner_id.choices.append((deliverable.owner_id, deliverable.owner.name))
    if form.validate_on_submit():
        with form.shows_refusals():
            service.edit(deliverable, _data(form), form.version.data, actor, clock.now())
            flash(gettext("Saved."), "success")
            return to(deliverable)
    context = frame.frame_context(deliverable.product, actor, "codevelopment")
    return render_template("codevelopment/plan.html", form=form, deliverable=deliverable, **context), 422 if form.errors else 200


@blueprint.get("/deliverables/<int:deliverable_id>")
@web.allow(*ROLES)
def show(deliverable_id: int) -> Any:
    return deliverable_page(page_queries.whole(deliverable_id, web.actor()))


def deliverable_page(deliverable: Deliverable, **shown: Any) -> Any:
    """The page, with the form that came back (`revision_form`, `decide_form`, `annotation_form`) in place of a blank one."""
    actor = web.actor()
    revisions = page_queries.revisions(deliverable, actor)
    seen = viewer.build(
        revisions, page_queries.annotations(deliverable, actor), request.args.get("revision", type=int), request.args.get("file", type=int)
    )
    page = render_template(
        "codevelopment/show.html", deliverable=deliverable, revisions=revisions, view=seen, words=words,
        decisions=page_queries.decisions(deliverable, actor), shares=page_queries.shares(deliverable, actor),
        state=workflow.state_of(deliverable), today=clock.today(actor.timezone), is_mine=actor.organisation_id == deliverable.owner_id,
        thread=_thread(deliverable, actor), rich=comments.render_body,
        **_forms(deliverable, revisions, actor, shown), **frame.frame_context(deliverable.product, actor, "codevelopment"),
    )  # fmt: skip
    return page, 422 if any(form.errors for form in shown.values()) else 200


def _thread(deliverable: Deliverable, actor: Any) -> Any:
    """The brand writes to itself or to the owner; whoever reads along has its own thread with the brand."""
    thread = comments.thread_context(deliverable.product, deliverable, actor)
    readers = {deliverable.owner_id, *(s.organisation_id for s in page_queries.shares(deliverable, actor))}
    return replace(thread, audiences=[option for option in thread.audiences if option[0] in readers])


def _forms(deliverable: Deliverable, revisions: list[DeliverableRevision], actor: Any, shown: dict[str, Any]) -> dict[str, Any]:
    """What this actor may do on the page: blank forms, or None where it is not its to do."""
    offers = {offer.event: offer for offer in workflow.available(deliverable, actor)}
    may = {
        "revision_form": "submit" in offers and offers["submit"].reason is None,
        "decide_form": "accept" in offers,
        "annotation_form": access.may("deliverable.annotate", actor, deliverable),
        "share_form": access.may("codevelopment.lead", actor, deliverable),
    }
    made = {name: (shown.get(name) or _blank(name, deliverable, revisions)) if may[name] else None for name in may}
    return {**made, "offers": offers, "leads": may["share_form"], "answers": access.may("annotation.answer", actor, deliverable)}


def _blank(name: str, deliverable: Deliverable, revisions: list[DeliverableRevision]) -> Any:
    if name == "revision_form":
        return _revision_form(deliverable, revisions, formdata=None)
    if name == "share_form":
        return _share_form(deliverable, formdata=None)
    values = {"version": deliverable.version, "number": deliverable.current_number}
    return forms.DecideForm(formdata=None, data=values) if name == "decide_form" else forms.AnnotationForm(formdata=None)


def _revision_form(deliverable: Deliverable, revisions: list[DeliverableRevision], **options: Any) -> forms.RevisionForm:
    form = forms.RevisionForm(**options, data={"version": deliverable.version})
    form.keep.choices = [(row.file_id, row.name) for row in (revisions[-1].files if revisions else [])]
    return form


def _share_form(deliverable: Deliverable, **options: Any) -> forms.ShareForm:
    form = forms.ShareForm(**options)
    others = [(p.id, p.name) for p in service.partners(deliverable.product) if p.id != deliverable.owner_id]
    form.organisation_id.choices = [("", gettext("Choose…")), *others]
    return form


@blueprint.post("/deliverables/<int:deliverable_id>/revisions")
@web.allow(*ROLES)
def submit(deliverable_id: int) -> Any:
    """A new revision from the owner."""
    actor = web.actor()
    deliverable = page_queries.whole(deliverable_id, actor)
    form = _revision_form(deliverable, page_queries.revisions(deliverable, actor))
    uploads = [f for f in request.files.getlist("files") if f.filename]
    if form.validate():
        with form.shows_refusals():
            revision_service.submit(deliverable, form.note.data, uploads, form.keep.data or [], actor, clock.now(), form.version.data)
            flash(gettext("Submitted. The brand has been told."), "success")
            return to(deliverable)
    return deliverable_page(deliverable, revision_form=form)


@blueprint.post("/deliverables/<int:deliverable_id>/shares")
@web.allow("brand")
def share(deliverable_id: int) -> Any:
    deliverable = page_queries.whole(deliverable_id, web.actor())
    form = _share_form(deliverable)
    form.require()
    given = service.share(deliverable, form.organisation_id.data, web.actor(), clock.now())
    flash(gettext("%(name)s may read it now and has been told.", name=given.organisation.label), "success")
    return to(deliverable, _anchor="shares")


@blueprint.post("/deliverables/<int:deliverable_id>/shares/<int:share_id>/remove")
@web.allow("brand")
def unshare(deliverable_id: int, share_id: int) -> Any:
    Confirmation().require()
    deliverable = page_queries.whole(deliverable_id, web.actor())
    given = access.get_visible(DeliverableShare, share_id, web.actor())
    service.unshare(deliverable, given, web.actor(), clock.now())
    return to(deliverable, _anchor="shares")


def picked(name: str) -> Any:
    """The files of the field `name` that hold something."""
    found = [upload for upload in request.files.getlist(name) if upload.filename]
    if not found:
        raise Invalid({name: [gettext("Choose at least one file.")]})
    return found
