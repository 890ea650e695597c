"""The data-decision ledger: which signal led to which decision, and what came of it; each entry as a walk from the complaint to the lot that ended it."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext

from incubator.feedback import finding_queries, finding_words, ledger_queries, ledger_walk, queries, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.finding_models import Finding
from incubator.feedback.models import VERDICTS, FeedbackAction
from incubator.kernel import exports, paging, web, workflow
from incubator.kernel.errors import NotFound
from incubator.launches import words as launch_words
from incubator.launches.probe_models import Probe
from incubator.sales.models import REASONS
from incubator.signals.wall_models import COMPLAINT_STATES, Complaint

SIDES = ("brand", "factory")
EXPORT_LIMIT = 100_000


def ledger_filters() -> dict[str, Any]:
    args = request.args
    found: dict[str, Any] = {
        n: int(args[n][:15]) for n in ("product_id", "factory_id") if args.get(n, "").isdecimal() and args[n].isascii()
    }
    for name, known in (("reason", REASONS), ("verdict", ("open", *VERDICTS)), ("state", COMPLAINT_STATES)):
        if args.get(name) in known:
            found[name] = args[name]
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


@blueprint.get("/feedback/ledger")
@web.allow(*SIDES)
def ledger() -> str:
    """Promises: signal, decision, result."""
    actor, filters = web.actor(), ledger_filters()
    return render_template(
        "feedback/ledger.html", tab="promises", page=ledger_queries.entries(actor, filters, request.args.get("cursor")), filters=filters,
        words=words, sums=ledger_queries.sums(actor, filters), products=ledger_queries.products(actor), factories=queries.factories(actor),
        is_brand=actor.role == "brand", named=launch_words.named, machine=workflow.machines[FeedbackAction], reasons=REASONS, verdicts=VERDICTS,
    )  # fmt: skip


@blueprint.get("/feedback/ledger/complaints")
@web.allow(*SIDES)
def ledger_complaints() -> str:
    """Complaints of the wall about SKUs and products, with what followed."""
    actor, filters = web.actor(), ledger_filters()
    return render_template(
        "feedback/ledger_complaints.html", tab="complaints", page=ledger_queries.complaints(actor, filters, request.args.get("cursor")),
        filters=filters, is_brand=actor.role == "brand", machine=workflow.machines[Complaint], products=ledger_queries.products(actor),
    )  # fmt: skip


@blueprint.get("/feedback/ledger/tests")
@web.allow("brand")
def ledger_tests() -> str:
    """Test launches: hypothesis, experiment, verdict."""
    actor, filters = web.actor(), ledger_filters()
    return render_template(
        "feedback/ledger_tests.html", tab="tests", page=ledger_queries.probes(actor, filters, request.args.get("cursor")), filters=filters,
        is_brand=True, words=launch_words, machine=workflow.machines[Probe], measured=launch_words.measured,
    )  # fmt: skip


@blueprint.get("/feedback/ledger/set-aside")
@web.allow("brand")
def ledger_aside() -> str:
    """Findings that were set aside, and why."""
    return render_template(
        "feedback/ledger_aside.html", tab="aside", page=finding_queries.set_aside(web.actor(), request.args.get("cursor")), filters={}, is_brand=True,
        said=finding_words, machine=workflow.machines[Finding], named=launch_words.named,
    )  # fmt: skip


@blueprint.get("/feedback/ledger/<int:action_id>")
@web.allow(*SIDES)
def ledger_entry(action_id: int) -> str:
    """The walk of one promise."""
    actor = web.actor()
    action = queries.action(action_id, actor)
    return _walk(
        ledger_walk.of_action(action, actor), action.section, f"{launch_words.named(action.section)} · {action.section.code}", action
    )


@blueprint.get("/feedback/ledger/complaints/<int:complaint_id>")
@web.allow(*SIDES)
def ledger_complaint(complaint_id: int) -> str:
    """The walk of one complaint."""
    actor = web.actor()
    row = ledger_queries.complaint(complaint_id, actor)
    if row is None:
        raise NotFound()
    return _walk(ledger_walk.of_complaint(row, actor), None, gettext("Complaint"), None)


def _walk(steps: list[Any], section: Any, title: str, action: Any) -> str:
    return render_template(
        "feedback/ledger_walk.html",
        steps=steps,
        section=section,
        title=title,
        action=action,
        is_brand=web.actor().role == "brand",
        words=words,
    )


@blueprint.get("/feedback/ledger/export.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def export_ledger(fmt: str) -> Response:
    """What the list of promises shows, every page of it."""
    actor, filters = web.actor(), ledger_filters()
    states = {s.name: str(s.label) for s in workflow.machines[FeedbackAction].states}
    heads = [
        gettext("Promised on"), gettext("SKU code"), gettext("Name"), gettext("Brand") if actor.role == "factory" else gettext("Factory"),
        gettext("Week from"), gettext("Most named reason"), gettext("Returned units"), gettext("Decision taken"), gettext("What you change"),
        gettext("From which lot or date"), gettext("Due on"), gettext("State"), gettext("Done on"), gettext("Effect"),
        gettext("Return rate before, %"), gettext("Return rate after, %"),
    ]  # fmt: skip
    cells = (
        [
            r.created_at.date(), r.code, launch_words.named(r), r.other, r.week, str(words.REASONS[r.reasons[0]["reason"]]) if r.reasons else "",
            sum(found["units"] for found in r.reasons), str(words.CHOICES[r.kind]), r.what, r.lot, r.due_on, states[r.state], r.done_on,
            str(words.VERDICTS[r.verdict]) if r.verdict else "", _percent(r.rate_before), _percent(r.rate_after),
        ]
        for r in _every(lambda cursor: ledger_queries.entries(actor, filters, cursor, paging.LARGEST_PAGE))
    )  # fmt: skip
    return exports.download(heads, cells, fmt, gettext("decision ledger"))


def _percent(rate: dict[str, Any] | None) -> float | None:
    return None if rate is None else round(rate["rate"] * 100, 1)


def _every(page_at: Callable[[str | None], paging.Page]) -> Iterator[Any]:
    cursor = None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = page_at(cursor)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return
