"""Playbooks: the list, one of them as everybody sees it, writing and publishing one's own, and taking one for a SKU."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.feedback import answer_service, playbook_forms, playbook_queries, playbook_service, queries, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.playbook_models import Playbook
from incubator.kernel import access, clock, web, workflow
from incubator.launches import words as launch_words
from incubator.sales.models import REASONS

SIDES = ("brand", "factory")
READERS = (*SIDES, "field_agent", "administrator")


def book_filters() -> dict[str, Any]:
    args = request.args
    found: dict[str, Any] = {name: args[name].replace("\x00", "").strip()[:100] for name in ("q", "category") if args.get(name, "").strip()}
    if args.get("reason") in REASONS:
        found["reason"] = args["reason"]
    return {**found, "mine": "1"} if args.get("mine") and web.actor().role in SIDES else found


@blueprint.get("/playbooks")
@web.allow(*READERS)
def playbooks() -> str:
    """What was published, or with `mine` what the actor's side has proposed and published."""
    actor, filters = web.actor(), book_filters()
    page = playbook_queries.listing(actor, filters, request.args.get("cursor"))
    return render_template(
        "feedback/playbooks.html", page=page, filters=filters, words=words, counts=playbook_queries.counts([r.id for r in page.rows]),
        categories=playbook_queries.categories(actor), reasons=REASONS, machine=workflow.machines[Playbook], may_own=actor.role in SIDES,
    )  # fmt: skip


@blueprint.get("/playbooks/<int:playbook_id>")
@web.allow(*READERS)
def playbook(playbook_id: int) -> str:
    """One as others see it; its two sides find beside it what they may do, and what still names somebody."""
    actor = web.actor()
    row = playbook_queries.public(playbook_id, actor)
    own = access.get_visible(Playbook, playbook_id, actor) if row.is_own else None
    return render_template(
        "feedback/playbook.html", book=row, own=own, words=words, counts=playbook_queries.counts([row.id]).get(row.id),
        offers=workflow.available(own, actor) if own else [], names=playbook_service.still_named(own) if own and row.state == "proposed" else [],
        state=workflow.machines[Playbook].state(row.state), uses=playbook_queries.own_uses(row.id, actor), named=launch_words.named,
        places=playbook_queries.places(row.id, actor) if actor.role == "factory" and row.state == "published" else [],
        may_edit=own is not None and access.may("playbook.edit", actor, own),
    )  # fmt: skip


@blueprint.route("/feedback/actions/<int:action_id>/playbook", methods=["GET", "POST"])
@web.allow(*SIDES)
def propose_playbook(action_id: int) -> Any:
    """Write down what an improvement was made with, so that others can do it."""
    actor = web.actor()
    action = queries.action(action_id, actor)
    reasons = [r["reason"] for r in action.section.reasons]
    form = playbook_forms.PlaybookForm(what=action.what, reason=reasons[0] if reasons else "other", days=_days(action))
    if form.validate_on_submit():
        with form.shows_refusals():
            made = playbook_service.propose(action, form.as_data(), actor, clock.now())
            flash(gettext("Proposed. Read it as others would, then publish it."), "success")
            return redirect(url_for("feedback.playbook", playbook_id=made.id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "feedback/playbook_form.html", form=form, back=url_for("feedback.action", action_id=action_id), words=words
    ), status


def _days(action: Any) -> int | None:
    return max(0, (action.done_on - action.created_at.date()).days) if action.done_on else None


@blueprint.route("/playbooks/<int:playbook_id>/edit", methods=["GET", "POST"])
@web.allow(*SIDES)
def edit_playbook(playbook_id: int) -> Any:
    actor = web.actor()
    found = access.get_visible(Playbook, playbook_id, actor)
    access.require("playbook.edit", actor, found)
    form = playbook_forms.PlaybookForm(obj=found)
    if form.validate_on_submit():
        with form.shows_refusals():
            playbook_service.edit(found, form.as_data(), actor, clock.now(), form.version.data)
            return redirect(url_for("feedback.playbook", playbook_id=playbook_id))
    status = 422 if form.is_submitted() else 200
    back = url_for("feedback.playbook", playbook_id=playbook_id)
    return render_template("feedback/playbook_form.html", form=form, back=back, words=words), status


@blueprint.post("/playbooks/<int:playbook_id>/<any(decline, publish, withdraw):event>")
@web.allow(*SIDES)
def move_playbook(playbook_id: int, event: str) -> Any:
    actor, form = web.actor(), playbook_forms.NoteForm()
    found = access.get_visible(Playbook, playbook_id, actor)
    form.require()
    if event == "publish":
        playbook_service.publish(found, actor, clock.now(), form.version.data)
    else:
        playbook_service.move(found, event, form.note.data or "", actor, clock.now(), form.version.data)
    flash(gettext("The playbook now is “%(state)s”.", state=workflow.state_of(found).label), "success")
    return redirect(url_for("feedback.playbook", playbook_id=playbook_id))


@blueprint.post("/playbooks/<int:playbook_id>/use")
@web.allow("factory")
def use_playbook(playbook_id: int) -> Any:
    """Take it for a SKU of a waiting pack, and go to its screen with the answer prepared."""
    actor, form = web.actor(), playbook_forms.UseForm()
    found = playbook_queries.public(playbook_id, actor)
    form.require()
    section = queries.section(form.section_id.data, actor)
    answer_service.take(section, found, actor, clock.now())
    flash(gettext("Taken. Look at the day, then confirm."), "success")
    return redirect(url_for("feedback.sku", pack_id=section.pack_id, number=section.position + 1))
