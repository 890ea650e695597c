"""The page of a pack and what is done there: read, answer, acknowledge; for the brand compile anew and send; PDF and CSV."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.feedback import (
    action_service,
    drawing,
    forms,
    pack_page,
    printing,
    queries,
    screen_queries,
    service,
    sku_routes,
    words,
)
from incubator.feedback.blueprint import blueprint
from incubator.feedback.models import FeedbackPack
from incubator.feedback.workflow import every_sku_is_answered
from incubator.kernel import access, clock, exports, web, workflow
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import Confirmation
from incubator.launches import words as launch_words
from incubator.products import comments

SIDES = ("brand", "factory")


def to_pack(pack_id: int, **values: Any) -> Any:
    return redirect(url_for("feedback.pack", pack_id=pack_id, **values))


@blueprint.get("/feedback/packs/<int:pack_id>")
@web.allow(*SIDES)
def pack(pack_id: int) -> Any:
    """The whole pack. Who has something to answer is led to the first SKU that waits: by choice, else on a phone (its page does so where it is narrow)."""
    head, chosen = screen_queries.head(pack_id, web.actor()), sku_routes.chosen_view()
    if (moved := sku_routes.to_view(head)) is not None:
        return moved
    if request.args.get("view") == "next":
        return sku_routes.to_next(head)
    waits = "view" not in request.args and web.actor().role == "factory" and head.waits
    if waits and (chosen == "one" or (not chosen and sku_routes.is_phone())):
        return sku_routes.to_next(head)
    return pack_page.render(queries.whole(pack_id, web.actor()), web.actor(), by_width=waits and not chosen)


@blueprint.post("/feedback/packs/<int:pack_id>/read")
@web.allow("factory")
def read(pack_id: int) -> Any:
    """The receipt: the page sends it by itself, or the reader by a button."""
    found = queries.whole(pack_id, web.actor())
    Confirmation().require()
    service.read(found, web.actor(), clock.now())
    return to_pack(pack_id)


@blueprint.post("/feedback/packs/<int:pack_id>/answers")
@web.allow("factory")
def answer(pack_id: int) -> Any:
    """Save the draft; `step` may ask to take over the suggestions first, or to acknowledge after: while a SKU is open the draft is kept."""
    actor, now, form, step = web.actor(), clock.now(), forms.PackForm(), request.form.get("step", "")
    found = queries.whole(pack_id, actor)
    if form.validate():
        with form.shows_refusals():
            given = form.by_section
            if step == "suggest":
                given = pack_page.proposed(found, given, clock.today(actor.timezone))
            service.answer(found, given, actor, now, form.drafts.data)
            _keep_photos(found, form)
            return _next_step(found, step)
    return pack_page.render(queries.whole(pack_id, actor), actor, form)


def _keep_photos(found: FeedbackPack, form: forms.PackForm) -> None:
    sections = {section.id: section for section in found.sections}
    for row in form.answers:
        action_service.photograph(sections[row.form.section_id.data], row.form.photos.data or (), web.actor(), clock.now())


def _next_step(found: FeedbackPack, step: str) -> Any:
    if step != "acknowledge":
        flash(gettext("Saved."), "success")
        return to_pack(found.id, _anchor="finish" if step == "suggest" else None)
    if (open_yet := every_sku_is_answered(found, web.actor())) is not None:
        flash(gettext("Your answers are saved. %(why)s", why=open_yet), "warning")
        return to_pack(found.id, view="all", _anchor="finish")
    service.acknowledge(found, web.actor(), clock.now())
    flash(gettext("Thank you. The brand has been told, and your promises stand in your list."), "success")
    return to_pack(found.id)


@blueprint.post("/feedback/packs/<int:pack_id>/send")
@web.allow("brand")
def send(pack_id: int) -> Any:
    found, form = queries.whole(pack_id, web.actor()), forms.VersionForm()
    form.require()
    service.send(found, web.actor(), clock.now(), form.version.data)
    flash(gettext("Sent. %(factory)s has been told.", factory=found.factory.label), "success")
    return to_pack(pack_id)


@blueprint.post("/feedback/packs/<int:pack_id>/recompile")
@web.allow("brand")
def recompile(pack_id: int) -> Any:
    found, form = queries.whole(pack_id, web.actor()), forms.VersionForm()
    form.require()
    service.recompile(found, web.actor(), clock.now(), form.version.data)
    flash(gettext("Compiled anew from the latest sales."), "success")
    return to_pack(pack_id)


@blueprint.get("/feedback/packs/<int:pack_id>/pack-<any(zh, en):language>.pdf")
@web.allow(*SIDES)
def pdf(pack_id: int, language: str) -> Response:
    return printing.answer(queries.whole(pack_id, web.actor()), language, web.actor())


@blueprint.get("/feedback/packs/<int:pack_id>/skus.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def pack_rows(pack_id: int, fmt: str) -> Response:
    """A line per SKU, for the factory's own system."""
    found = queries.whole(pack_id, web.actor())
    return exports.download(printing.heads(found), printing.rows(found, web.actor()), fmt, f"feedback-{found.week.isoformat()}")


@blueprint.get("/feedback/sections/<int:section_id>")
@web.allow(*SIDES)
def section(section_id: int) -> Any:
    """One SKU of a pack with its photos and what both sides wrote about it."""
    actor = web.actor()
    found = queries.section(section_id, actor)
    own = queries.joined([found.product_id], actor)
    thread = comments.thread_context(found.product, found, actor) if own else None
    return render_template(
        "feedback/section.html", section=found, pack=found.pack, bars=drawing.bars(found.units, found.returned), words=words,
        named=launch_words.named, state=workflow.state_of(found.pack), thread=printing.between_two(thread, found.pack), height=drawing.HEIGHT,
        width=drawing.WIDTH, photos=queries.photos("feedback_section", [found.id], actor).get(found.id, []), weeks=pack_page.weeks(found.pack),
        may_answer=access.may("feedback.answer", actor, found.pack), is_brand=actor.role == "brand", form=forms.PhotosForm(formdata=None),
    )  # fmt: skip


@blueprint.post("/feedback/sections/<int:section_id>/photos")
@web.allow("factory")
def add_photos(section_id: int) -> Any:
    found, form = queries.section(section_id, web.actor()), forms.PhotosForm()
    form.require()
    kept = action_service.photograph(found, form.photos.data or (), web.actor(), clock.now())
    flash(gettext("Added.") if kept else gettext("Choose at least one photo."), "success" if kept else "warning")
    return redirect(url_for("feedback.section", section_id=section_id))


@blueprint.post("/feedback/sections/<int:section_id>/photos/<int:file_id>/remove")
@web.allow("factory")
def remove_photo(section_id: int, file_id: int) -> Any:
    found = queries.section(section_id, web.actor())
    file = access.get_visible(StoredFile, file_id, web.actor())
    if (file.subject_type, file.subject_id) != ("feedback_section", found.id):
        raise NotFound()
    Confirmation().require()
    action_service.remove_photo(found, file, web.actor(), clock.now())
    return redirect(url_for("feedback.section", section_id=section_id))
