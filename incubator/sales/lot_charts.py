"""The two pictures of a SKU's lots: the return rate of each with its interval, and which lot was sold when. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from incubator.kernel.i18n import day


def rates(rows: Sequence[tuple[Any, Any]], usual: float | None) -> dict[str, Any]:
    """A dot and its 95% interval per lot, oldest on top; the line is the rate of all lots together. Lots with too few orders are left out."""
    rated = [(lot.code, told.orders, [round(100 * part, 2) for part in told.rate]) for lot, told in rows if lot is not None and told.rate]
    values = [{"lot": code, "share": share, "low": low, "high": high, "orders": orders} for code, orders, (share, low, high) in rated]
    names = {
        "lot": gettext("Lot"), "share": gettext("Return rate, %"), "low": gettext("From, %"), "high": gettext("To, %"), "orders": gettext("Orders"),
    }  # fmt: skip
    y = {"field": "lot", "type": "nominal", "sort": [code for code, *_ in rated], "title": None, "axis": {"ticks": False, "domain": False}}
    across = {"y": y, "tooltip": [{"field": name, "title": title} for name, title in names.items()]}
    low = {"field": "low", "type": "quantitative", "title": gettext("Orders that came back, %"), "scale": {"zero": True, "nice": True}}
    dot = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {**across, "x": low, "x2": {"field": "high"}}},
        {"mark": dot, "encoding": {**across, "x": {"field": "share", "type": "quantitative"}}},
    ]
    if usual is not None:
        layers.append(_usual(usual))
    return {"data": {"values": values}, "width": "container", "height": max(90, 30 * len(values)), "layer": layers}


def _usual(share: float) -> dict[str, Any]:
    """A dashed line across."""
    drawn = {"data": {"values": [{"usual": round(share * 100, 2)}]}, "mark": {"type": "rule", "strokeDash": [4, 3]}}
    return {**drawn, "encoding": {"x": {"field": "usual", "type": "quantitative"}}}


def turns(weeks: Sequence[Any], codes: Mapping[int | None, str], height: int = 150) -> dict[str, Any]:
    """Units by week, stacked by lot in the order of `codes`."""
    names = list(codes.values())
    values = [
        {"week": w.week.isoformat(), "label": day(w.week), "lot": codes[w.lot_id], "units": w.units} for w in weeks if w.lot_id in codes
    ]
    span = (max(w.week for w in weeks) - min(w.week for w in weeks)).days // 7 + 1 if weeks else 1
    step = {"interval": "month", "step": 1 if span <= 26 else 3}
    axis = {"grid": False, "labelOverlap": True, "format": "%Y-%m", "tickCount": step}
    tooltip = [
        {"field": name, "title": title}
        for name, title in (("label", gettext("Week from")), ("lot", gettext("Lot")), ("units", gettext("Units")))
    ]
    return {
        "data": {"values": values}, "width": "container", "height": height,
        "mark": {"type": "bar", "width": {"expr": f"max(1, width / {span + 1} - 1)"}},
        "encoding": {
            "x": {"field": "week", "type": "temporal", "title": None, "axis": axis, "scale": {"padding": 6}},
            "y": {"field": "units", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": "~s"}},
            "color": {"field": "lot", "type": "nominal", "title": None, "scale": {"domain": names}},
            "tooltip": tooltip,
        },
    }  # fmt: skip
