"""A finding as a drawing: returned orders by week, beside what the usual rate would have brought. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from incubator.kernel.i18n import day


def rows(first: str, orders: Sequence[int], returned: Sequence[int], base: float) -> list[dict[str, Any]]:
    """A week each: its Monday, orders, returned orders, and those due at the usual rate."""
    mondays = [date.fromisoformat(first) + timedelta(weeks=n) for n in range(len(orders))]
    return [
        {"week": week, "orders": sold, "returned": back, "due": round(base * sold, 1)}
        for week, sold, back in zip(mondays, orders, returned, strict=True)
    ]


def weekly(weeks: Sequence[dict[str, Any]], since: date | None, height: int = 200) -> dict[str, Any]:
    """Bars of what came back, a line of what was due, and a rule where the rise began."""
    came, due = gettext("Came back"), gettext("Due at the usual rate")
    values = [{**row, "week": row["week"].isoformat(), "label": day(row["week"]), "came": came, "usual": due} for row in weeks]
    x = {
        "field": "week",
        "type": "temporal",
        "title": None,
        "axis": {"grid": False, "format": "%Y-%m", "labelOverlap": True, "tickCount": {"interval": "month", "step": 1}},
        "scale": {"padding": {"expr": f"max(6, width / {len(weeks) + 1} / 2)"}},
    }
    scale = {"domain": [came, due]}
    tooltip = [
        {"field": "label", "title": gettext("Week from")}, {"field": "returned", "title": came}, {"field": "due", "title": due},
        {"field": "orders", "title": gettext("Orders")},
    ]  # fmt: skip
    y = {"type": "quantitative", "title": gettext("Orders that came back"), "axis": {"tickMinStep": 1, "tickCount": 4}}
    bars = {
        "mark": {"type": "bar", "width": {"expr": f"max(2, width / {len(weeks) + 1} - 2)"}},
        "encoding": {"x": x, "y": {"field": "returned", **y}, "color": {"field": "came", "type": "nominal", "title": None, "scale": scale}, "tooltip": tooltip},
    }  # fmt: skip
    line = {
        "mark": {"type": "line", "strokeDash": [4, 3], "interpolate": "monotone"},
        "encoding": {"x": x, "y": {"field": "due", **y}, "color": {"field": "usual", "type": "nominal", "title": None, "scale": scale}},
    }  # fmt: skip
    layers: list[dict[str, Any]] = [bars, line]
    if since:
        rule = {"data": {"values": [{"week": since.isoformat()}]}, "mark": {"type": "rule", "strokeWidth": 1.5}, "encoding": {"x": x}}
        layers.append(rule)
    return {"data": {"values": values}, "width": "container", "height": height, "layer": layers}
