"""The chart of money: planned, spent and revenue added up by month, the budget as a line, model milestones as marks. It reads nothing."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _

from incubator.investors.runway import Month, measure
from incubator.kernel import charts
from incubator.kernel.money import Money


def of_programme(months: Sequence[Month], budget: int, currency: str, marks: Iterable[tuple[date, str]] = ()) -> dict[str, Any] | None:
    """A Vega-Lite spec, or None while no month is planned. Amounts are minor units; `marks` are days with the milestone's name."""
    if not months:
        return None
    until = measure(budget, months).until
    values = [v for name, series in _series(months, until) for v in _points(name, series, currency)]
    layers: list[dict[str, Any]] = [_lines(values, currency)]
    if budget:
        rule = [{"amount": float(Money(budget, currency).major), "series": _("Budget")}]
        layers.append(_rule(rule, {"y": {"field": "amount", "type": "quantitative"}}, [2, 3]))
    named = [{"month": day.isoformat(), "name": name} for day, name in marks]
    if named:
        layers.append(_rule(named, {"x": {"field": "month", "type": "temporal"}, "tooltip": {"field": "name", "type": "nominal"}}, [1, 3]))
    return {"height": 260, "layer": layers}


def _series(months: Sequence[Month], until: date | None) -> list[tuple[str, list[tuple[date, int]]]]:
    """Each sum by month; spend and revenue end with what is booked: beyond it their lines would be a lie."""
    booked = [m for m in months if until and m.month <= until]
    return [
        (_("Planned"), list(zip((m.month for m in months), accumulate(m.planned for m in months), strict=True))),
        (_("Spent"), list(zip((m.month for m in booked), accumulate(m.spent for m in booked), strict=True))),
        (_("Revenue"), list(zip((m.month for m in booked), accumulate(m.revenue for m in booked), strict=True))),
    ]


def _points(name: str, series: list[tuple[date, int]], currency: str) -> list[dict[str, Any]]:
    return [{"month": month.isoformat(), "series": name, "amount": float(Money(amount, currency).major)} for month, amount in series]


def _lines(values: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    names = [_("Planned"), _("Spent"), _("Revenue")]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "interpolate": "step-after", "point": len(values) < 8},
        "encoding": {
            "x": {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%Y-%m", "labelOverlap": True}},
            "y": {"field": "amount", "type": "quantitative", "title": currency, "axis": charts.large_numbers()},
            "color": {"field": "series", "type": "nominal", "title": None, "sort": names},
            "strokeDash": {"field": "series", "type": "nominal", "title": None, "sort": names, "legend": None},
        },
    }


def _rule(values: list[dict[str, Any]], encoding: dict[str, Any], dash: list[int]) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": {"type": "rule", "strokeDash": dash}, "encoding": encoding}


def frozen(lines: Sequence[Any]) -> dict[str, Any] | None:
    """The same from the frozen months of a report."""
    if not lines:
        return None
    months = [Month(date.fromisoformat(v["month"]), v["planned"], v["spent"], v["revenue"]) for v in (line.value for line in lines)]
    return of_programme(months, 0, lines[0].unit)
