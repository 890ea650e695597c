"""The milestones of the whole portfolio, for the brand. The pages of one product's plan are in `plan_routes`."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from incubator.kernel import clock, exports, web
from incubator.products import people
from incubator.products.filters import Filters
from incubator.schedule import (  # noqa: F401 - they add their views
    apply_routes,
    calendar_routes,
    feed_routes,
    plan_routes,
    queries,
    reminder_routes,
    template_routes,
    timeline_routes,
)
from incubator.schedule.blueprint import blueprint

MOST_EXPORTED = 100_000


def _which(actor: Any) -> tuple[str, Filters, int]:
    """(which list, the filters of the address, whose milestones: with "mine" one's own)."""
    which = request.args.get("show", "")
    which = which if which in queries.WHICH else "risk"
    given = Filters.read(request.args)
    return which, given, actor.user_id if which == "mine" else given.owner


@blueprint.get("/milestones", endpoint="milestones")
@web.allow("brand")
def list_milestones() -> Any:
    """Late, at risk, critical, mine, open or done, across every product; the most urgent first."""
    actor = web.actor()
    which, given, owner = _which(actor)
    today = clock.today(actor.timezone)
    page = queries.listing(actor, which, owner, given.programme, today, request.args.get("cursor"))
    return render_template(
        "schedule/milestones.html",
        page=page,
        which=which,
        owner=given.owner,
        programme=given.programme,
        today=today,
        people=people.colleagues(actor.organisation_id or 0),
        programmes=queries.programmes(actor),
    )


@blueprint.get("/milestones/export.<any(csv,xlsx):kind>")
@web.allow("brand")
def export_milestones(kind: str) -> Any:
    """What the list shows, every page of it."""
    actor = web.actor()
    which, given, owner = _which(actor)
    rows = queries.export(actor, which, owner, given.programme, clock.today(actor.timezone), MOST_EXPORTED)
    heads = [
        _("Code"),
        _("Product"),
        _("Milestone"),
        _("Owner"),
        _("Owed by"),
        _("Promised"),
        _("Forecast"),
        _("Met on"),
        _("On the critical path"),
        _("Float"),
    ]
    yes = _("yes")
    cells = (
        (
            r.code, r.product_name, r.name, r.owner_name or "", r.party or "", r.baseline_on, r.due_on, r.done_on,
            yes if r.critical and r.done_at is None else "", r.float_days,
        )
        for r in rows
    )  # fmt: skip
    return exports.download(heads, cells, kind, "milestones")
