"""Pages of the complaint wall: what is open, oldest first; one complaint with its answers; putting one up, taking it, closing it with proof."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.products import frame, people
from incubator.signals import forms, queries, service, subjects, wall_queries, wall_service, words
from incubator.signals.blueprint import blueprint
from incubator.signals.wall_models import COMPLAINT_STATES, Complaint

ADDRESS = "/wall/<int:complaint_id>"
COLUMNS = (_l("Complaint"), _l("State"), _l("Open since"), _l("Closed"), _l("Executive owner"), _l("About"), _l("Channel"))


def _filters() -> dict[str, Any]:
    args = request.args
    found: dict[str, Any] = {}
    if args.get("state") in COMPLAINT_STATES:
        found["state"] = args["state"]
    if args.get("owner_id", "").isdecimal():
        found["owner_id"] = int(args["owner_id"][:15])
    return found


@blueprint.get("/wall")
@web.allow(*ORGANISATION_KINDS)
def wall() -> str:
    actor, filters, now = web.actor(), _filters(), clock.now()
    owners = people.colleagues(actor.organisation_id or 0) if actor.role == "brand" else []
    return render_template(
        "signals/wall.html", page=wall_queries.listing(actor, filters, request.args.get("cursor")), filters=filters, owners=owners, words=words,
        machine=workflow.machines[Complaint], ages=wall_queries.ages(actor, now), now=now, days_open=wall_queries.days_open, subjects=subjects,
    )  # fmt: skip


@blueprint.get("/wall/export.<any(csv, xlsx):fmt>")
@web.allow(*ORGANISATION_KINDS)
def export_wall(fmt: str) -> Response:
    machine = workflow.machines[Complaint]
    rows = (
        [r.text, str(machine.state(r.state).label), r.opened_at, r.closed_at, r.owner, r.subject_name, str(words.CHANNELS[r.channel])]
        for r in _every_row(_filters())
    )
    return exports.download(COLUMNS, rows, fmt, gettext("complaints"))


def _every_row(filters: dict[str, Any]) -> Any:
    cursor, actor = None, web.actor()
    while True:
        page = wall_queries.listing(actor, filters, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.get(ADDRESS)
@web.allow(*ORGANISATION_KINDS)
def complaint(complaint_id: int) -> str:
    return _page(wall_queries.whole(complaint_id, web.actor()))


def _page(found: Complaint, close: forms.CloseForm | None = None, reply: forms.ReplyForm | None = None) -> str:
    actor, now = web.actor(), clock.now()
    shared = wall_queries.shared_with(found, actor)
    known = dict(shared)
    to_share = [(i, name) for i, name in wall_queries.may_be_shared_with(found, actor) if i not in known] if actor.role == "brand" else []
    return render_template(
        "signals/complaint.html", complaint=found, state=workflow.state_of(found), words=words, replies=wall_queries.replies(found, actor),
        offers={offer.event: offer for offer in workflow.available(found, actor)}, shared=shared, to_share=to_share,
        days=wall_queries.days_open(found.opened_at, found.closed_at or now), close=close or forms.CloseForm(data={"version": found.version}),
        reply=reply or _reply_form(found), may_close=actor.role == "brand" and (actor.is_manager or actor.user_id == found.owner_id),
        subject_page=subjects.page(found.subject_type, found.subject_id), subject_label=subjects.label(found.subject_type),
        subject_name=wall_queries.subject_name(found, actor), may_share=actor.role == "brand",
    )  # fmt: skip


def _reply_form(found: Complaint) -> forms.ReplyForm:
    form = forms.ReplyForm()
    shared = wall_queries.shared_with(found, web.actor())
    form.audience_id.choices = [("", gettext("Only us")), *((i, gettext("We and %(name)s", name=name)) for i, name in shared)]
    return form


@blueprint.route("/wall/new", methods=["GET", "POST"])
@web.allow("brand")
def new_complaint() -> Any:
    actor, follows = web.actor(), _followed()
    voice, subject = (
        (follows.voice, _subject_of(follows)) if follows else (_voice_asked(), subjects.parse(request.args.get("subject", ""), actor))
    )
    form = forms.ComplaintForm()
    form.owner_id.choices = [("", gettext("Choose a colleague")), *people.colleagues(actor.organisation_id or 0)]
    form.subject.choices = [("", gettext("Nothing in particular"))]
    if subject:
        form.subject.choices.append((f"{subject.kind}:{subject.id}", f"{subjects.label(subject.kind)}: {subject.name}"))
        form.subject.data = form.subject.data or f"{subject.kind}:{subject.id}"
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            said, about = (
                voice or service.add_voice(form.data | {"mood": "bad"}, actor, clock.now()),
                subjects.parse(form.subject.data, actor),
            )
            made = wall_service.open_complaint(said, form.owner_id.data, about, actor, clock.now(), follows)
            return redirect(url_for("signals.complaint", complaint_id=made.id))
    return render_template("signals/complaint_new.html", form=form, voice=voice, subject=subject), 422 if form.errors else 200


def _asked(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text[:15]) if text.isascii() and text.isdigit() else None


def _followed() -> Complaint | None:
    """The closed complaint that came back."""
    number = _asked("follows")
    return wall_queries.whole(number, web.actor()) if number else None


def _subject_of(found: Complaint) -> subjects.Subject | None:
    return subjects.find(found.subject_type, found.subject_id, web.actor()) if found.subject_id else None


def _voice_asked() -> Any:
    number = _asked("voice_id")
    return queries.voice(number, web.actor()) if number else None


@blueprint.post(f"{ADDRESS}/take")
@web.allow("brand")
def take_complaint(complaint_id: int) -> Any:
    found, form = wall_queries.whole(complaint_id, web.actor()), forms.TakeForm()
    form.require()
    wall_service.take(found, form.promised_on.data, form.version.data, web.actor(), clock.now())
    return redirect(url_for("signals.complaint", complaint_id=complaint_id))


@blueprint.post(f"{ADDRESS}/close")
@web.allow("brand")
def close_complaint(complaint_id: int) -> Any:
    found, form = wall_queries.whole(complaint_id, web.actor()), forms.CloseForm()
    if not form.validate():
        return _page(found, close=form), 422
    upload = request.files.get("file")
    wall_service.close(found, form.note.data, form.url.data, upload, form.version.data, web.actor(), clock.now())
    return redirect(url_for("signals.complaint", complaint_id=complaint_id))


@blueprint.post(f"{ADDRESS}/replies")
@web.allow(*ORGANISATION_KINDS)
def reply_to_complaint(complaint_id: int) -> Any:
    found = wall_queries.whole(complaint_id, web.actor())
    form = _reply_form(found)
    if not form.validate():
        return _page(found, reply=form), 422
    wall_service.reply(found, form.body.data, form.audience_id.data, web.actor(), clock.now())
    return redirect(url_for("signals.complaint", complaint_id=complaint_id, _anchor="replies"))


@blueprint.post(f"{ADDRESS}/share")
@web.allow("brand")
def share_complaint(complaint_id: int) -> Any:
    found, form = wall_queries.whole(complaint_id, web.actor()), forms.ShareForm()
    form.organisation_id.choices = wall_queries.may_be_shared_with(found, web.actor())
    form.require()
    wall_service.share(found, form.organisation_id.data, web.actor(), clock.now())
    return redirect(url_for("signals.complaint", complaint_id=complaint_id))


@blueprint.get("/products/<int:product_id>/wall")
@web.allow(*ORGANISATION_KINDS)
def of_product(product_id: int) -> str:
    actor = web.actor()
    product = frame.find(product_id, actor)
    page = wall_queries.listing(actor, {"product_id": product.id, "all": True}, request.args.get("cursor"))
    return render_template(
        "signals/of_product.html", page=page, words=words, machine=workflow.machines[Complaint], now=clock.now(), days_open=wall_queries.days_open,
        may_open=access.may("wall.open", actor), **frame.frame_context(product, actor, "wall"),
    )  # fmt: skip


frame.register_tab(
    "wall", _l("Complaints"), "signals.of_product", 75, count=lambda product, actor: wall_queries.of_product(product.id, actor)
)
