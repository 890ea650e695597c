"""Pages of segments: the list, one with its voices, requirements and trend, and what may be done with it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from incubator.kernel import access, charts, clock, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.products import people
from incubator.signals import forms, offers, queries, segment_queries, segment_service, trend, words
from incubator.signals.blueprint import blueprint
from incubator.signals.segment_models import Segment

ADDRESS = "/signals/segments/<int:segment_id>"


@blueprint.get("/signals/segments")
@web.allow("brand")
def segments() -> str:
    machine = workflow.machines[Segment]
    state = request.args.get("state", "")
    state = state if state in {s.name for s in machine.states} else ""
    q = request.args.get("q", "").replace("\x00", "").strip()[:80]
    page = segment_queries.listing(web.actor(), state, q, request.args.get("cursor"))
    filters = {name: value for name, value in (("state", state), ("q", q)) if value}
    return render_template("signals/segments.html", page=page, filters=filters, machine=machine, words=words)


def _form(data: dict[str, Any] | None = None) -> forms.SegmentForm:
    actor = web.actor()
    form = forms.SegmentForm(data=data)
    form.owner_id.choices = [("", gettext("Nobody yet")), *people.colleagues(actor.organisation_id or 0)]
    names = ((t.id, t.name_zh if actor.locale.startswith("zh") else t.name_en) for t in queries.topics(actor))
    form.topic_ids.choices = list(names)
    return form


@blueprint.route("/signals/segments/new", methods=["GET", "POST"])
@web.allow("brand")
def new_segment() -> Any:
    asked = queries.Filters.read(request.args)
    form = _form({"version": 0, "owner_id": web.actor().user_id, "topic_ids": list(asked.topic), "mood": asked.mood, "q": asked.q})
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            made = segment_service.create(form.data, web.actor(), clock.now())
            return redirect(url_for("signals.segment", segment_id=made.id))
    return render_template("signals/segment_form.html", form=form, segment=None), 422 if form.errors else 200


@blueprint.get(ADDRESS)
@web.allow("brand")
def segment(segment_id: int) -> str:
    return _page(segment_queries.whole(segment_id, web.actor()))


def _page(found: Segment, form: forms.RequirementForm | None = None) -> str:
    actor = web.actor()
    counts = segment_queries.by_month(found, actor)
    rows = trend.table(counts, trend.months_until(max(month for month, _ in counts))) if counts else []
    candidates = segment_queries.candidates(found, actor)
    topics = {t.id: t for t in queries.topics(actor, retired=True)}
    return render_template(
        "signals/segment.html", segment=found, state=workflow.state_of(found), offers=workflow.available(found, actor), words=words,
        later=offers.for_segment(found.state), rows=rows, chart=charts.payload(trend.spec(rows)) if rows else None,
        candidates=candidates, topics=[topics[i] for i in found.topic_ids if i in topics], form=form or forms.RequirementForm(),
        may_edit=access.may("segment.edit", actor, found), asked=segment_queries.question(found).given(),
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_segment(segment_id: int) -> Any:
    found = segment_queries.whole(segment_id, web.actor())
    access.require("segment.edit", web.actor(), found)
    form = _form({name: getattr(found, name) for name in (*segment_service.FIELDS, "version")})
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            segment_service.edit(found, form.data, form.version.data, web.actor(), clock.now())
            return redirect(url_for("signals.segment", segment_id=segment_id))
    return render_template("signals/segment_form.html", form=form, segment=found), 422 if form.errors else 200


@blueprint.post(f"{ADDRESS}/requirements")
@web.allow("brand")
def add_requirement(segment_id: int) -> Any:
    found, form = segment_queries.whole(segment_id, web.actor()), forms.RequirementForm()
    if not form.validate():
        return _page(found, form), 422
    segment_service.add_requirement(found, form.data, web.actor(), clock.now())
    return redirect(url_for("signals.segment", segment_id=segment_id, _anchor="requirements"))


@blueprint.post(f"{ADDRESS}/requirements/<int:requirement_id>/remove")
@web.allow("brand")
def remove_requirement(segment_id: int, requirement_id: int) -> Any:
    Confirmation().require()
    found = segment_queries.whole(segment_id, web.actor())
    segment_service.remove_requirement(found, requirement_id, web.actor(), clock.now())
    return redirect(url_for("signals.segment", segment_id=segment_id, _anchor="requirements"))


@blueprint.post(f"{ADDRESS}/voices")
@web.allow("brand")
def choose_voices(segment_id: int) -> Any:
    found, form = segment_queries.whole(segment_id, web.actor()), forms.EvidenceForm()
    form.requirement_id.choices = [("", ""), *((r.id, r.attribute) for r in found.requirements)]
    form.require()
    number = segment_service.choose(found, form.voice_id.data or [], form.requirement_id.data, web.actor(), clock.now())
    flash(ngettext("%(num)s voice chosen as evidence.", "%(num)s voices chosen as evidence.", number), "success")
    return redirect(url_for("signals.segment", segment_id=segment_id, _anchor="evidence"))


@blueprint.post("/signals/voices/<int:voice_id>/choose")
@web.allow("brand")
def choose_voice(voice_id: int) -> Any:
    """From the voice's own page: the segment is chosen in the form."""
    Confirmation().require()
    found = queries.voice(voice_id, web.actor())
    chosen = segment_queries.whole(request.form.get("segment_id", 0, type=int), web.actor())
    segment_service.choose(chosen, [found.id], None, web.actor(), clock.now())
    return redirect(url_for("signals.segment", segment_id=chosen.id, _anchor="evidence"))


@blueprint.post(f"{ADDRESS}/voices/<int:voice_id>/remove")
@web.allow("brand")
def unchoose_voice(segment_id: int, voice_id: int) -> Any:
    Confirmation().require()
    found = segment_queries.whole(segment_id, web.actor())
    segment_service.unchoose(found, voice_id, web.actor(), clock.now())
    return redirect(url_for("signals.segment", segment_id=segment_id, _anchor="evidence"))


@blueprint.post(f"{ADDRESS}/move/<any(name, rethink, drop):event>")
@web.allow("brand")
def move_segment(segment_id: int, event: str) -> Any:
    found, form = segment_queries.whole(segment_id, web.actor()), forms.MoveForm()
    form.require()
    workflow.fire(found, event, web.actor(), note=form.note.data, now=clock.now(), expected=form.version.data)
    return redirect(url_for("signals.segment", segment_id=segment_id))
