"""The drawing of why things come back: bars in falling order with the share that they sum up to. Pure."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from incubator.sales import words

SHOWN = 12  # bars, and all the rest as one
ROOM = 1.35  # of the longest bar, for its share on the narrowest screen


def pareto(bars: Sequence[Any], height: int = 23) -> dict[str, Any]:
    """Units per reason and topic, the most frequent first, `height` pixels each; beside each bar the cumulated share."""
    values = [_value(words.about(b.reason, b.topic), b.units, b.share, b.cumulated) for b in bars[:SHOWN]]
    if rest := bars[SHOWN:]:
        values.append(_value(gettext("%(n)s more", n=len(rest)), sum(b.units for b in rest), sum(b.share for b in rest), 1.0))
    axis = {"labelLimit": 140, "ticks": False, "domain": False}
    y = {"field": "what", "type": "nominal", "sort": [v["what"] for v in values], "title": None, "axis": axis}
    names = {
        "what": gettext("Return reason"), "units": gettext("Units"), "share": gettext("Share of all, %"), "sum": gettext("Cumulated, %"),
    }  # fmt: skip
    units = {"field": "units", "type": "quantitative", "title": gettext("Units that came back"), "axis": {"tickCount": 4, "format": "~s"}}
    units["scale"] = {"domainMax": ROOM * max((v["units"] for v in values), default=1)}
    label = {"type": "text", "align": "left", "dx": 5, "fontSize": 11}
    return {
        "data": {"values": values}, "width": "container", "height": max(90, height * len(values)),
        "encoding": {"y": y, "x": units, "tooltip": [{"field": name, "title": title} for name, title in names.items()]},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}}, {"mark": label, "encoding": {"text": {"field": "label", "type": "nominal"}}},
        ],
    }  # fmt: skip


def _value(what: str, units: int, share: float, cumulated: float) -> dict[str, Any]:
    summed = round(cumulated * 100, 1)
    return {"what": what, "units": units, "share": round(share * 100, 1), "sum": summed, "label": f"{summed:g}%"}
