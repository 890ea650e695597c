"""The list of promises with its exports, and the page of one: how it stands, done or dropped, and what came of it."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.feedback import (
    action_service,
    finding_lots,
    finding_queries,
    finding_words,
    forms,
    measuring,
    playbook_queries,
    queries,
    words,
)
from incubator.feedback.blueprint import blueprint
from incubator.feedback.models import ACTION_STATES, KINDS, FeedbackAction
from incubator.kernel import clock, exports, paging, web, workflow
from incubator.launches import words as launch_words

SIDES = ("brand", "factory")
EXPORT_LIMIT = 100_000


def action_filters() -> dict[str, Any]:
    args = request.args
    found: dict[str, Any] = {"kind": args["kind"]} if args.get("kind") in KINDS else {}
    if args.get("factory_id", "").isdecimal():
        found["factory_id"] = int(args["factory_id"][:15])
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    if "state" not in args:
        return {**found, "state": "promised"}
    return {**found, "state": args["state"]} if args["state"] in ACTION_STATES else found


@blueprint.get("/feedback/actions")
@web.allow(*SIDES)
def actions() -> str:
    actor, filters = web.actor(), action_filters()
    return render_template(
        "feedback/actions.html", page=queries.actions(actor, filters, request.args.get("cursor")), filters=filters, words=words,
        machine=workflow.machines[FeedbackAction], factories=queries.factories(actor), is_brand=actor.role == "brand",
        named=launch_words.named, today=clock.today(actor.timezone), kinds=KINDS,
        measured=measuring.MEASURED,
    )  # fmt: skip


@blueprint.get("/feedback/actions/export.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def export_actions(fmt: str) -> Response:
    actor, states = web.actor(), {s.name: str(s.label) for s in workflow.machines[FeedbackAction].states}
    heads = [
        gettext("SKU code"), gettext("Name"), gettext("Brand") if actor.role == "factory" else gettext("Factory"), gettext("Week from"),
        gettext("Promise"), gettext("Quantity"), gettext("What you change"), gettext("From which lot or date"), gettext("Due on"),
        gettext("State"), gettext("Done on"), gettext("Remark"), gettext("Effect"), gettext("Return rate before, %"), gettext("Return rate after, %"),
        gettext("Ratio"), gettext("Ratio, lower end"), gettext("Ratio, upper end"),
    ]  # fmt: skip
    cells = (
        (
            r.code, launch_words.named(r), r.other, r.week, str(words.CHOICES[r.kind]), r.quantity, r.what, r.lot, r.due_on, states[r.state],
            r.done_on, r.closing_note, str(words.VERDICTS[r.verdict]) if r.verdict else "", _percent(r.rate_before), _percent(r.rate_after),
            *(_of(r.change, name) for name in ("ratio", "low", "high")),
        )
        for r in _every_row(action_filters())
    )  # fmt: skip
    return exports.download(heads, cells, fmt, gettext("promises"))


def _of(change: dict[str, Any] | None, name: str) -> float | None:
    return change[name] if change else None


def _percent(rate: dict[str, Any] | None) -> float | None:
    return None if rate is None else round(rate["rate"] * 100, 1)


def _every_row(filters: dict[str, Any]) -> Iterator[Any]:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.actions(actor, filters, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.get("/feedback/actions/<int:action_id>")
@web.allow(*SIDES)
def action(action_id: int) -> Any:
    return _page(queries.action(action_id, web.actor()))


def _page(found: FeedbackAction, **filled: Any) -> Any:
    actor = web.actor()
    today = clock.today(actor.timezone)
    blank = {
        "done": forms.DoneForm(formdata=None, version=found.version, done_on=today, lot=found.lot),
        "drop": forms.DropForm(formdata=None, version=found.version),
    }
    offers = {"finish": None, "drop": None} | {o.event: o for o in workflow.available(found, actor)}
    page = render_template(
        "feedback/action.html", action=found, section=found.section, pack=found.pack, state=workflow.state_of(found), words=words,
        offers=offers, forms=blank | filled, today=today, is_brand=actor.role == "brand",
        photos=queries.photos("feedback_action", [found.id], actor).get(found.id, []), named=launch_words.named, said=finding_words,
        comparison=finding_queries.comparison(found, actor), book=playbook_queries.of_action(found.id, actor),
        is_measured=found.kind == measuring.MEASURED, lots=finding_lots.as_told(found, actor),
    )  # fmt: skip
    return page, 422 if any(form.errors or form.form_errors for form in filled.values()) else 200


@blueprint.post("/feedback/actions/<int:action_id>/done")
@web.allow("factory")
def finish(action_id: int) -> Any:
    found, form = queries.action(action_id, web.actor()), forms.DoneForm()
    if form.validate():
        with form.shows_refusals():
            said = (form.done_on.data, form.note.data, form.photos.data or ())
            action_service.finish(found, *said, web.actor(), clock.now(), form.version.data, form.lot.data or "")
            told = gettext("Well done. Four weeks from now the effect is measured."), gettext("Well done. The brand has been told.")
            flash(told[found.kind != measuring.MEASURED], "success")
            return redirect(url_for("feedback.action", action_id=action_id))
    return _page(queries.action(action_id, web.actor()), done=form)


@blueprint.post("/feedback/actions/<int:action_id>/drop")
@web.allow(*SIDES)
def drop(action_id: int) -> Any:
    found, form = queries.action(action_id, web.actor()), forms.DropForm()
    if form.validate():
        with form.shows_refusals():
            action_service.drop(found, form.note.data, web.actor(), clock.now(), form.version.data)
            flash(gettext("Dropped. The other side has been told why."), "success")
            return redirect(url_for("feedback.action", action_id=action_id))
    return _page(queries.action(action_id, web.actor()), drop=form)
