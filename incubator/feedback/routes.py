"""The list of packs with its exports, and the brand's compiling by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from incubator.feedback import (
    action_routes,
    finding_api,
    finding_panel,
    finding_routes,
    ledger_routes,
    pack_routes,
    panel,
    playbook_routes,
    product_routes,
    queries,
    score_routes,
    service,
    words,
)
from incubator.feedback.blueprint import blueprint
from incubator.feedback.models import FeedbackPack, PackSection
from incubator.kernel import clock, exports, paging, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.products import activity, comments
from incubator.sales import grading

__all__ = [
    "action_routes", "blueprint", "finding_api", "finding_panel", "finding_routes", "ledger_routes", "pack_routes", "panel", "playbook_routes",
    "product_routes", "score_routes",
]  # fmt: skip
SIDES = ("brand", "factory")
EXPORT_LIMIT = 100_000


def list_filters() -> dict[str, Any]:
    """The known filters of the list from the address."""
    args = request.args
    found: dict[str, Any] = {}
    if args.get("state") in {"waiting", "asked", *(s.name for s in workflow.machines[FeedbackPack].states)}:
        found["state"] = args["state"]
    if args.get("factory_id", "").isdecimal():
        found["factory_id"] = int(args["factory_id"][:15])
    if week := _day(args.get("week", "")):
        found["week"] = week
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


@blueprint.get("/feedback")
@web.allow(*SIDES)
def index() -> str:
    actor, filters = web.actor(), list_filters()
    today = clock.today(actor.timezone)
    return render_template(
        "feedback/index.html", page=queries.listing(actor, filters, request.args.get("cursor")), filters=filters, words=words,
        machine=workflow.machines[FeedbackPack], factories=queries.factories(actor), weeks=queries.weeks(actor), is_brand=actor.role == "brand",
        promises=queries.promises_for(actor, today, 20) if actor.role == "factory" else [], today=today,
        last_week=grading.last_complete_week(clock.now().date()),
    )  # fmt: skip


@blueprint.get("/feedback/export.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def export(fmt: str) -> Response:
    actor, states = web.actor(), {s.name: str(s.label) for s in workflow.machines[FeedbackPack].states}
    heads = [
        gettext("Week from"), gettext("Brand") if actor.role == "factory" else gettext("Factory"), gettext("State"), gettext("SKUs"),
        gettext("Open promises"), gettext("Sent on"), gettext("Answer by"), gettext("Read on"), gettext("Acknowledged on"),
    ]  # fmt: skip
    cells = (
        (r.week, r.other, states[r.state], r.skus, r.promises, _on(r.sent_at), r.due_on, _on(r.read_at), _on(r.acknowledged_at))
        for r in every_row(list_filters())
    )
    return exports.download(heads, cells, fmt, gettext("feedback packs"))


def _on(moment: Any) -> date | None:
    return moment.date() if moment else None


def every_row(filters: dict[str, Any]) -> Iterator[Any]:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.post("/feedback/compile")
@web.allow("brand")
def compile_now() -> Any:
    """The packs of the last complete week that are not there yet; they are sent one by one."""
    Confirmation().require()
    week = grading.last_complete_week(clock.now().date())
    made = service.compile_week(week, web.actor(), clock.now())
    if made:
        text = ngettext("%(num)s pack has been compiled. Look, then send.", "%(num)s packs have been compiled. Look, then send.", len(made))
        flash(text, "success")
    else:
        flash(gettext("Every factory whose SKUs sold has its pack of this week already."), "info")
    return redirect(url_for("feedback.index", week=week.isoformat()))


comments.register_subject(PackSection, lambda section: f"/feedback/sections/{section.id}#comments", tells=False)
activity.register(words.ACTS, {"answers": _l("the answers")})
