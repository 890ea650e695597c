"""Burn against plan of a programme: what was spent and earned, how long the rest lasts, what investors still owe, and the milestones it pays for."""

from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.investors import burn_charts, queries, runway
from incubator.investors.blueprint import blueprint
from incubator.kernel import charts, exports, web
from incubator.kernel.money import Money
from incubator.products import programme_frame, programmes

programme_frame.register_tab("burn", _l("Burn"), "investors.burn", 20)


@blueprint.get("/programmes/<int:programme_id>/burn")
@web.allow("brand")
def burn(programme_id: int) -> Any:
    found = programmes.find(programme_id, web.actor())
    months = runway.months_of(found)
    marks = milestones(found)
    spec = burn_charts.of_programme(months, found.budget_minor, found.currency, [(m["due_on"], m["name"]) for m in marks if m["due_on"]])
    return render_template(
        "investors/burn.html", programme=found, tabs=programme_frame.tabs(found, "burn"), months=table(months, found.currency), money=Money,
        runway=runway.measure(found.budget_minor, months), chart=charts.payload(spec) if spec else None, milestones=marks,
        sums=queries.sums(web.actor(), found.id),
    )  # fmt: skip


def milestones(programme: Any) -> list[dict[str, Any]]:
    """The key results as model milestones, with what was to be spent by their day and what was."""
    found = []
    for objective in programme.objectives:
        for kr in objective.key_results:
            until = runway.months_of(programme, kr.due_on or date.max)
            by_then = {n: Money(sum(getattr(m, n) for m in until), programme.currency) if kr.due_on else None for n in ("planned", "spent")}
            found.append(
                {
                    "name": kr.name, "objective": objective.title, "due_on": kr.due_on, "current": kr.current, "target": kr.target, "unit": kr.unit,
                    "progress": kr.progress, **by_then,
                }
            )  # fmt: skip
    return sorted(found, key=lambda m: (m["due_on"] or date.max, m["name"]))


def table(months: list[runway.Month], currency: str) -> list[dict[str, Any]]:
    """Each month with the running sums, as Money."""
    rows, sums = [], {"planned": 0, "spent": 0, "revenue": 0}
    for m in months:
        values = {n: getattr(m, n) for n in sums}
        sums = {n: sums[n] + values[n] for n in sums}
        rows.append(
            {
                "month": m.month,
                **{n: Money(v, currency) for n, v in values.items()},
                **{f"{n}_sum": Money(v, currency) for n, v in sums.items()},
            }
        )
    return rows


@blueprint.get("/programmes/<int:programme_id>/burn/export.<any(csv,xlsx):fmt>")
@web.allow("brand")
def export_burn(programme_id: int, fmt: str) -> Any:
    found = programmes.find(programme_id, web.actor())
    heads = [
        _("Month"), _("Currency"), _("Planned"), _("Spent"), _("Revenue"), _("Planned so far"), _("Spent so far"), _("Revenue so far"),
    ]  # fmt: skip
    cells = (
        (f"{r['month']:%Y-%m}", found.currency, r["planned"], r["spent"], r["revenue"], r["planned_sum"], r["spent_sum"], r["revenue_sum"])
        for r in table(runway.months_of(found), found.currency)
    )
    return exports.download(heads, cells, fmt, f"burn {found.code}")
