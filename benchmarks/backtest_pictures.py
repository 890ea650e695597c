"""The pictures of docs/forecast.md, drawn with Vega-Lite: small SVG, light, readable on paper."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert

FOLDER = Path("docs/pictures")
TEAL, ORANGE, BLUE, GREY = "#0f5c52", "#c06a1f", "#30548a", "#8a9197"
CONFIG = {
    "font": "sans-serif", "view": {"stroke": None}, "axis": {"gridColor": "#e8e4dd", "domainColor": "#cccccc", "labelColor": "#555a60", "titleColor": "#555a60",
    "titleFontWeight": 400}, "legend": {"orient": "top", "title": None}, "background": "#ffffff",
}  # fmt: skip


def draw(mase: Sequence[Sequence[Any]], weeks: Sequence[tuple[int, float, float]], reliability: Sequence[tuple[float, float, int]]) -> None:
    for name, spec in (("forecast-mase", _mase(mase)), ("forecast-coverage", _coverage(weeks)), ("forecast-hits", _hits(reliability))):
        drawn = vl_convert.vegalite_to_svg({"config": CONFIG, **spec})
        (FOLDER / f"{name}.svg").write_text(drawn + "\n")


def _mase(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    shown = {"forecast": 3, "naive": 5, "seasonal-naive, 13 weeks": 6, "seasonal-naive, 4 weeks": 7}
    values = [{"class": row[0], "who": who, "mase": row[at]} for row in rows for who, at in shown.items()]
    colour = {"domain": list(shown), "range": [TEAL, ORANGE, BLUE, GREY]}
    return {
        "width": 560, "height": 200, "data": {"values": values}, "mark": "bar",
        "encoding": {
            "x": {"field": "class", "type": "nominal", "sort": None, "title": "units a week", "axis": {"labelAngle": 0}},
            "xOffset": {"field": "who", "sort": None}, "y": {"field": "mase", "type": "quantitative", "title": "MASE, less is better"},
            "color": {"field": "who", "scale": colour, "sort": None},
        },
    }  # fmt: skip


def _coverage(weeks: Sequence[tuple[int, float, float]]) -> dict[str, Any]:
    values = [
        {"week": w, "band": f"{name}% band", "share": share} for w, *both in weeks for name, share in zip((80, 95), both, strict=True)
    ]
    share = {"type": "quantitative", "scale": {"domain": [0.6, 1]}, "axis": {"format": ".0%"}, "title": "share of weeks inside"}
    colour = {"field": "band", "scale": {"range": [TEAL, BLUE]}}
    lines = {"data": {"values": values}, "mark": {"type": "line", "point": True},
             "encoding": {"x": {"field": "week", "type": "quantitative", "title": "weeks ahead", "axis": {"tickCount": 12}}, "y": {**share, "field": "share"},
                          "color": colour}}  # fmt: skip
    aim = {"data": {"values": [{"share": 0.8}, {"share": 0.95}]}, "mark": {"type": "rule", "strokeDash": [4, 4], "color": GREY},
           "encoding": {"y": {**share, "field": "share"}}}  # fmt: skip
    return {"width": 560, "height": 180, "layer": [aim, lines]}


def _hits(table: Sequence[tuple[float, float, int]]) -> dict[str, Any]:
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": ".0%"}}
    line = {"data": {"values": [{"told": 0, "came": 0}, {"told": 1, "came": 1}]}, "mark": {"type": "line", "strokeDash": [4, 4], "color": GREY},
            "encoding": {"x": {**share, "field": "told"}, "y": {**share, "field": "came"}}}  # fmt: skip
    values = [{"told": told, "came": came, "n": n} for told, came, n in table]
    size = {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [40, 400]}}
    points = {"data": {"values": values}, "mark": {"type": "point", "filled": True, "color": TEAL, "opacity": 1},
              "encoding": {"x": {**share, "field": "told", "title": "told after four weeks"}, "y": {**share, "field": "came", "title": "became hits"}, "size": size}}  # fmt: skip
    text = {"data": {"values": values}, "mark": {"type": "text", "dx": 18, "dy": 10, "color": "#555a60"},
            "encoding": {"x": {**share, "field": "told"}, "y": {**share, "field": "came"}, "text": {"field": "n"}}}  # fmt: skip
    return {"width": 300, "height": 260, "layer": [line, points, text]}
