"""The drawings of what is expected, as Vega-Lite: a SKU's weeks with its forecast and grades, and how told probabilities came true. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from incubator.kernel.i18n import day
from incubator.sales import words

SHOWN, AHEAD = 26, 13  # weeks of the past and of what is expected


def outlook(
    weeks: Sequence[Any], expected: Sequence[float], bands: dict[str, Sequence[int]], last: date, grades: Sequence[Any]
) -> dict[str, Any]:
    """Bars of what sold, the expected line with its bands after `last`, and a grade above the week in which it changed."""
    shown = [w for w in weeks if w.week > last - timedelta(weeks=SHOWN)]
    past = [{"week": w.week.isoformat(), "label": day(w.week), "units": int(w.units), "what": gettext("Sold")} for w in shown]
    return {
        "width": "container", "height": 220,
        "layer": [*(_ahead(expected, bands, last) if expected else []), _bars(past, len(expected)), *_grades(shown, grades)],
        "resolve": {"scale": {"color": "independent"}},
    }  # fmt: skip


def _x() -> dict[str, Any]:
    axis = {"grid": False, "labelOverlap": True, "format": "%Y-%m", "tickCount": {"interval": "month", "step": 1}}
    return {
        "field": "week",
        "type": "temporal",
        "title": None,
        "axis": axis,
        "scale": {"padding": {"expr": f"max(6, width / {SHOWN + AHEAD} / 2)"}},
    }


def _y(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": gettext("Pieces a week"), "axis": {"tickCount": 4, "format": "~s"}}


def _ahead(expected: Sequence[float], bands: dict[str, Sequence[int]], last: date) -> list[dict[str, Any]]:
    rows = [
        {
            "week": (last + timedelta(weeks=n)).isoformat(), "label": day(last + timedelta(weeks=n)), "units": round(units, 1),
            "what": gettext("Expected"), **{name: values[n - 1] for name, values in bands.items()},
        }
        for n, units in enumerate(expected, 1)
    ]  # fmt: skip
    tips = [
        {"field": "label", "title": gettext("Week from")}, {"field": "units", "title": gettext("Expected")},
        {"field": "low80", "title": gettext("80%, from")}, {"field": "high80", "title": gettext("80%, to")},
        {"field": "low95", "title": gettext("95%, from")}, {"field": "high95", "title": gettext("95%, to")},
    ]  # fmt: skip
    area = {"type": "area", "interpolate": "monotone"}
    layers: list[dict[str, Any]] = [
        {"mark": {**area, "opacity": opacity}, "encoding": {"x": _x(), "y": _y(f"low{share}"), "y2": {"field": f"high{share}"}}}
        for share, opacity in (("95", 0.14), ("80", 0.24))
    ]
    line = {
        "mark": {"type": "line", "strokeDash": [5, 3], "point": {"size": 24}},
        "encoding": {"x": _x(), "y": _y("units"), "tooltip": tips},
    }
    return [{"data": {"values": rows}, "layer": [*layers, line]}]


def _bars(past: list[dict[str, Any]], ahead: int) -> dict[str, Any]:
    tips = [{"field": "label", "title": gettext("Week from")}, {"field": "units", "title": gettext("Sold")}]
    wide = {"expr": f"max(2, width / {len(past) + ahead + 1} - 2)"}
    return {"data": {"values": past}, "mark": {"type": "bar", "width": wide}, "encoding": {"x": _x(), "y": _y("units"), "tooltip": tips}}


def _grades(shown: Sequence[Any], grades: Sequence[Any]) -> list[dict[str, Any]]:
    """A word where the grade became another than that of the week before."""
    units = {w.week: int(w.units) for w in shown}
    changed = [(now, None if n == 0 else grades[n - 1].grade) for n, now in enumerate(grades)]
    rows = [
        {"week": g.week.isoformat(), "units": units.get(g.week, 0), "grade": str(words.GRADES[g.grade])}
        for g, before in changed
        if g.grade and g.grade != before and shown and g.week >= shown[0].week
    ]
    mark = {"type": "text", "dy": -8, "fontWeight": 600}
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"x": _x(), "y": _y("units"), "text": {"field": "grade"}}}] if rows else []


def reliability(table: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Told against came, a point per bin, larger for more launches; on the line both are the same."""
    rows = [{"told": told, "came": came, "number": number} for told, came, number in table]
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}
    tips = [{"field": "told", "title": gettext("Told"), "format": ".0%"}, {"field": "came", "title": gettext("Became hits"), "format": ".0%"},
            {"field": "number", "title": gettext("Launches")}]  # fmt: skip
    points = {
        "data": {"values": rows}, "mark": {"type": "point", "filled": True, "opacity": 0.9},
        "encoding": {
            "x": {**share, "field": "told", "title": gettext("Told probability")}, "y": {**share, "field": "came", "title": gettext("Share that became hits")},
            "size": {"field": "number", "type": "quantitative", "legend": None, "scale": {"range": [60, 500]}}, "tooltip": tips,
        },
    }  # fmt: skip
    line = {"data": {"values": [{"told": 0, "came": 0}, {"told": 1, "came": 1}]}, "mark": {"type": "line", "strokeDash": [4, 4], "opacity": 0.5},
            "encoding": {"x": {**share, "field": "told"}, "y": {**share, "field": "came"}}}  # fmt: skip
    return {"width": "container", "height": 260, "layer": [line, points]}
