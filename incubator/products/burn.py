"""Spend against plan, month by month and added up, as a table and as a chart. Amounts are in the programme's currency."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from incubator.kernel import charts
from incubator.kernel.money import Money
from incubator.products.models import Programme


def table(programme: Programme) -> list[dict[str, Any]]:
    """One row per month with planned, spent and revenue as Money, and the running sums of planned and spent."""
    rows, planned, spent = [], 0, 0
    for month in programme.burn:
        planned, spent = planned + month.planned_minor, spent + month.spent_minor
        sums = {"planned_sum": planned, "spent_sum": spent}
        values = {"planned": month.planned_minor, "spent": month.spent_minor, "revenue": month.revenue_minor, **sums}
        rows.append({"month": month.month, **{k: Money(v, programme.currency) for k, v in values.items()}})
    return rows


def totals(programme: Programme) -> dict[str, Money]:
    """Planned, spent and revenue over the horizon."""
    return {
        name: Money(sum(getattr(month, f"{name}_minor") for month in programme.burn), programme.currency)
        for name in ("planned", "spent", "revenue")
    }


def last_booked(programme: Programme) -> date | None:
    """The latest month in which anything was spent or earned: beyond it the line of spend would be a lie."""
    return max((m.month for m in programme.burn if m.spent_minor or m.revenue_minor), default=None)


def chart(programme: Programme) -> dict[str, Any] | None:
    """The data of the chart macro; None when no month is planned."""
    return charts.payload(spec(programme)) if programme.burn else None


def spec(programme: Programme) -> dict[str, Any]:
    """A Vega-Lite chart of planned and spent, added up, with the budget as a rule."""
    booked = last_booked(programme)
    values = []
    for row in table(programme):
        month = row["month"].isoformat()
        values.append({"month": month, "series": _("Planned"), "amount": float(row["planned_sum"].major)})
        if booked and row["month"] <= booked:
            values.append({"month": month, "series": _("Spent"), "amount": float(row["spent_sum"].major)})
    x = {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%Y-%m", "labelOverlap": True}}
    y = {"field": "amount", "type": "quantitative", "title": programme.currency, "axis": charts.large_numbers()}
    color = {"field": "series", "type": "nominal", "title": None, "sort": [_("Planned"), _("Spent")], "legend": {"orient": "top"}}
    return {
        "data": {"values": values},
        "height": 220,
        "mark": {"type": "line", "interpolate": "step-after", "point": len(values) < 4},
        "encoding": {"x": x, "y": y, "color": color},
    }
