"""The portfolio timeline: what was promised, what is forecast and today, one lane per product, grouped by programme."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from incubator.kernel import clock, paging, web
from incubator.products import filterbar, words
from incubator.products import queries as products
from incubator.products.filters import Filters
from incubator.products.models import Product
from incubator.schedule import queries, timeline
from incubator.schedule.blueprint import blueprint

BY_PROGRAMME = paging.Order(Product.programme_id, "programme_id")


@blueprint.get("/products/timeline", endpoint="timeline")
@web.allow("brand")
def show_timeline() -> Any:
    actor = web.actor()
    filters = Filters.read(request.args)
    today = clock.today(actor.timezone)
    period = _period(today)
    page = products.page(filters, actor, request.args.get("cursor"), order=BY_PROGRAMME)
    plans = queries.lanes([row.id for row in page.rows], actor)
    lanes = [(row, _dates(row, plans.get(row.id, []))) for row in page.rows]
    keep = {"span": period.months, "start": period.start.isoformat()}
    return render_template(
        "schedule/timeline.html",
        groups=[(name, list(rows)) for name, rows in groupby(lanes, key=lambda lane: lane[0].programme_name)],
        page=page, period=period, today=today, filters=filters, timeline=timeline, words=words,
        bar=filterbar.build("timeline", filters, actor, **keep),
        urls=_urls(filters, period),
    )  # fmt: skip


def _period(today: date) -> timeline.Period:
    """The months that the address asks for, or those around today; anything else it holds is ignored."""
    span = request.args.get("span", "")
    months = int(span) if span in {str(s) for s in timeline.SPANS} else timeline.DEFAULT_SPAN
    try:
        start = date.fromisoformat(request.args.get("start", ""))
    except ValueError:
        start = None
    return timeline.Period.around(today, months, start if start and 2000 <= start.year <= 2099 else None)


def _urls(filters: Filters, period: timeline.Period) -> dict[str, str]:
    given = filters.given()
    return {
        "earlier": url_for("schedule.timeline", **given, span=period.months, start=period.earlier().isoformat()),
        "later": url_for("schedule.timeline", **given, span=period.months, start=period.later().isoformat()),
        "today": url_for("schedule.timeline", **given, span=period.months),
        **{f"span{s}": url_for("schedule.timeline", **given, span=s) for s in timeline.SPANS},
    }


def _dates(row: Any, milestones: list[Any]) -> timeline.Dates:
    """The plan of one product from its milestones and its planned launch. Done is what lies before its stage, or a milestone met."""
    ends = [m.due_on for m in milestones]
    baselines = [m.baseline_on for m in milestones]
    slips = [(m.due_on - m.baseline_on).days for m in milestones if m.done_at is None]
    reached = [row.state_since.date(), *(m.done_at.date() for m in milestones if m.done_at)]
    return timeline.Dates(
        begin=min([row.created_at.date(), *baselines, *ends]),
        baseline_end=max(baselines, default=None),
        forecast_end=max(ends, default=None),
        launch_on=row.launch_on,
        slip=max(slips, default=0),
        done_until=min(max(reached), max(ends)) if ends else None,
        marks=tuple((m.due_on, m.name) for m in milestones if m.done_at is None),
    )


filterbar.register_view("timeline", _l("Timeline"), "timeline", "schedule.timeline")
