"""The pages of findings, for the brand: the list with what each week's look found, and one finding with everything that stands behind it."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.feedback import aside_service, finding_charts, finding_queries, finding_words, forms, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.finding_models import FINDING_STATES, KINDS, Finding
from incubator.feedback.models import FeedbackAction
from incubator.feedback.touching import touched
from incubator.kernel import charts, clock, exports, paging, web, workflow
from incubator.launches import words as launch_words

EXPORT_LIMIT = 100_000


def filters() -> dict[str, str]:
    """The known filters of the address; without a state, what stands."""
    args = request.args
    found = {name: text for name in ("q", "category") if (text := args.get(name, "").replace("\x00", "").strip()[:80])}
    known = {"reason": ("all", *words.REASONS), "kind": KINDS}
    found |= {name: args[name] for name, allowed in known.items() if args.get(name) in allowed}
    if "state" not in args:
        return found | {"state": "standing"}
    return found | {"state": args["state"]} if args["state"] in ("standing", *FINDING_STATES) else found


def _sort() -> str:
    return request.args["sort"] if request.args.get("sort") in finding_queries.SORTS else "new"


@blueprint.get("/feedback/findings")
@web.allow("brand")
def findings() -> str:
    actor, chosen, sort = web.actor(), filters(), _sort()
    page = finding_queries.listing(actor, chosen, sort, request.args.get("cursor"))
    return render_template(
        "feedback/findings.html", page=page, filters=chosen, sort=sort, words=words, said=finding_words, named=launch_words.named,
        variant=launch_words.variant, machine=workflow.machines[Finding], runs=finding_queries.runs(actor), counts=finding_queries.state_counts(actor),
    )  # fmt: skip


@blueprint.get("/feedback/findings/export.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_findings(fmt: str) -> Response:
    heads = [
        gettext("SKU code"), gettext("Name in Chinese"), gettext("Category"), gettext("Reason"), gettext("Part or fault"), gettext("Compared with"),
        gettext("State"), gettext("Ratio"), gettext("Ratio, lower end"), gettext("Ratio, upper end"), gettext("Since the week from"), gettext("Lot"),
        gettext("Orders"), gettext("Orders that came back"), gettext("Chance of it without a cause (p-value)"), gettext("False-alarm share (q-value)"),
        gettext("First found"), gettext("Last found"), gettext("Suggestion"), gettext("Voices"), gettext("Why it was set aside"),
    ]  # fmt: skip
    return exports.download(heads, (_cells(row) for row in _every_row()), fmt, gettext("findings"))


def _every_row() -> Iterator[Any]:
    cursor = None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = finding_queries.listing(web.actor(), filters(), _sort(), cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cells(row: Any) -> list[Any]:
    state = workflow.machines[Finding].state(row.state)
    reason = str(words.REASONS[row.reason]) if row.reason else gettext("All returns")
    p, q = (float(f"{share:.3g}") for share in (row.p, row.q))
    return [
        row.code, row.name_zh, row.category, reason, finding_words.topic_word(row.topic), str(finding_words.KINDS[row.kind]), str(state.label), row.ratio,
        row.low, row.high, row.since, row.lot, row.orders, row.returned, p, q, row.first_week, row.last_week, str(finding_words.STEPS[row.step]),
        row.evidence["voices"], row.aside_note,
    ]  # fmt: skip


@blueprint.get("/feedback/findings/<int:finding_id>")
@web.allow("brand")
def finding(finding_id: int) -> Any:
    return _page(finding_queries.finding(finding_id, web.actor()))


def _page(found: Finding, filled: forms.AsideForm | None = None) -> Any:
    actor, seen, cause = web.actor(), found.evidence, (found.reason, found.topic)
    weeks = finding_charts.rows(seen["first"], seen["orders"], seen["returned"], found.base)
    page = render_template(
        "feedback/finding.html", found=found, seen=seen, weeks=weeks, data=charts.payload(finding_charts.weekly(weeks, found.since)), words=words,
        said=finding_words, named=launch_words.named, variant=launch_words.variant, state=workflow.state_of(found),
        run=finding_queries.run_of(found.last_week, actor), actions=finding_queries.actions_of(found.sku_id, actor),
        machine=workflow.machines[FeedbackAction], offers={"set_aside": None, "reopen": None} | {o.event: o for o in workflow.available(found, actor)},
        form=filled or forms.AsideForm(formdata=None, version=found.version), named_by=[r for r in seen["requirements"] if touched(r["attribute"], [cause])],
    )  # fmt: skip
    return page, 422 if filled is not None else 200


@blueprint.post("/feedback/findings/<int:finding_id>/set-aside")
@web.allow("brand")
def set_finding_aside(finding_id: int) -> Any:
    found, form = finding_queries.finding(finding_id, web.actor()), forms.AsideForm()
    if form.validate():
        with form.shows_refusals():
            aside_service.set_aside(found, form.note.data, web.actor(), clock.now(), form.version.data)
            flash(gettext("Set aside. The factory is not told of it again, unless a new change is found."), "success")
            return redirect(url_for("feedback.finding", finding_id=finding_id))
    return _page(finding_queries.finding(finding_id, web.actor()), form)


@blueprint.post("/feedback/findings/<int:finding_id>/reopen")
@web.allow("brand")
def reopen_finding(finding_id: int) -> Any:
    found, form = finding_queries.finding(finding_id, web.actor()), forms.VersionForm()
    form.require()
    aside_service.reopen(found, web.actor(), clock.now(), form.version.data)
    flash(gettext("Taken up again."), "success")
    return redirect(url_for("feedback.finding", finding_id=finding_id))
