"""The two drawings of sales as Vega-Lite: units and returns by week. Pure."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from incubator.kernel.i18n import day


def weekly(rows: Sequence[Any], height: int = 180) -> dict[str, Any]:
    """Bars of units sold and, below the line, of units that came back; `rows` have week, units, returned."""
    sold, back = gettext("Sold"), gettext("Came back")
    values = [
        {"week": r.week.isoformat(), "label": day(r.week), "units": int(units), "what": what}
        for r in rows
        for what, units in ((sold, r.units), (back, -r.returned))
    ]
    weeks = (max(r.week for r in rows) - min(r.week for r in rows)).days // 7 + 1 if rows else 1
    step = {"interval": "month", "step": 1 if weeks <= 26 else 3}
    axis = {"grid": False, "labelOverlap": True, "format": "%Y-%m", "tickCount": step}
    return {
        "data": {"values": values}, "width": "container", "height": height,
        "mark": {"type": "bar", "width": {"expr": f"max(1, width / {weeks + 1} - 1)"}},
        "encoding": {
            "x": {"field": "week", "type": "temporal", "title": None, "axis": axis, "scale": {"padding": {"expr": f"max(6, width / {weeks + 1} / 2)"}}},
            "y": {"field": "units", "type": "quantitative", "title": gettext("Pieces a week"), "stack": True, "axis": {"tickCount": 4, "format": "~s"}},
            "color": {"field": "what", "type": "nominal", "title": None, "scale": {"domain": [sold, back]}},
            "tooltip": [{"field": "label", "title": gettext("Week from")}, {"field": "what", "title": " "}, {"field": "units", "title": gettext("Units")}],
        },
    }  # fmt: skip
