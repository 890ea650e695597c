"""The drawing of why things come back: bars in falling order with the share that they sum up to. Pure."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from incubator.sales import words

SHOWN = 12  # bars, and all the rest as one


def pareto(bars: Sequence[Any], height: int = 300) -> dict[str, Any]:
    """Units per reason and topic, the most frequent first; the line is the cumulated share in percent."""
    shown = list(bars[:SHOWN])
    values = [
        {"what": words.about(b.reason, b.topic), "units": b.units, "share": round(b.share * 100, 1), "sum": round(b.cumulated * 100, 1)}
        for b in shown
    ]
    if rest := bars[SHOWN:]:
        units, share = sum(b.units for b in rest), sum(b.share for b in rest)
        values.append({"what": gettext("%(n)s more", n=len(rest)), "units": units, "share": round(share * 100, 1), "sum": 100.0})
    y = {
        "field": "what",
        "type": "nominal",
        "sort": [v["what"] for v in values],
        "title": None,
        "axis": {"labelLimit": 190, "ticks": False, "domain": False},
    }
    tooltip = [
        {"field": "what", "title": gettext("Return reason")}, {"field": "units", "title": gettext("Units")},
        {"field": "share", "title": gettext("Share of all, %")}, {"field": "sum", "title": gettext("Cumulated, %")},
    ]  # fmt: skip
    units = {"field": "units", "type": "quantitative", "title": gettext("Units that came back"), "axis": {"tickCount": 4, "format": "~s"}}
    label = {"field": "label", "type": "nominal"}
    for value in values:
        value["label"] = f"{value['sum']:g}%"
    return {
        "data": {"values": values}, "width": "container", "height": max(90, height // 13 * len(values)),
        "encoding": {"y": y, "x": units, "tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11}, "encoding": {"text": label}},
        ],
    }  # fmt: skip
