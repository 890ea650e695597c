"""The pages of findings, for the brand: the list with what each week's look found, and one finding with everything that stands behind it."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext

from incubator.feedback import finding_charts, finding_queries, finding_words, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.finding_models import FINDING_STATES, KINDS, Finding
from incubator.feedback.models import FeedbackAction
from incubator.kernel import charts, exports, paging, web, workflow
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
        gettext("Orders"), gettext("Orders that came back"), gettext("p-value"), gettext("q-value"), gettext("First found"), gettext("Last found"),
        gettext("Suggestion"), gettext("Voices"),
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
    return [
        row.code, row.name_zh, row.category, reason, finding_words.topic_word(row.topic), str(finding_words.KINDS[row.kind]), str(state.label), row.ratio,
        row.low, row.high, row.since, row.lot, row.orders, row.returned, row.p, row.q, row.first_week, row.last_week, str(finding_words.STEPS[row.step]),
        row.evidence["voices"],
    ]  # fmt: skip


@blueprint.get("/feedback/findings/<int:finding_id>")
@web.allow("brand")
def finding(finding_id: int) -> str:
    actor = web.actor()
    found = finding_queries.finding(finding_id, actor)
    seen = found.evidence
    weeks = finding_charts.rows(seen["first"], seen["orders"], seen["returned"], found.base)
    return render_template(
        "feedback/finding.html", found=found, seen=seen, weeks=weeks, data=charts.payload(finding_charts.weekly(weeks, found.since)), words=words,
        said=finding_words, named=launch_words.named, variant=launch_words.variant, state=workflow.state_of(found),
        run=finding_queries.run_of(found.last_week, actor), actions=finding_queries.actions_of(found.sku_id, actor),
        machine=workflow.machines[FeedbackAction],
    )  # fmt: skip
