"""One Vega-Lite spec, two places: an interactive chart on the page, and the same chart as SVG in a PDF. No spec may fetch data.

Colours come from the tokens of `app.css`, light and dark; a chart that sets its own colours uses the names in PALETTE.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale
from markupsafe import Markup

from incubator.kernel import isolated

PRINT_WIDTH = 620  # px at which a chart that fills its container is drawn for paper
SECONDS, MEGABYTES = 60, 0
FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
PALETTE = {
    "light": ["#0f5c52", "#c06a1f", "#30548a", "#93527f", "#6f7f2c", "#ab2e1c", "#5b6770", "#b08c1a"],
    "dark": ["#5cc4b2", "#e6a35a", "#94b7ee", "#d59bc6", "#b5c46c", "#f3937f", "#a9b4bc", "#e2c65b"],
}
INK = {"light": ("#1d1f22", "#555a60", "#e4e0d9", "#d3cec5"), "dark": ("#e9e7e3", "#aab0b6", "#2a2f33", "#3a4046")}
CHINESE_TIME = {
    "dateTime": "%Y年%-m月%-d日 %X", "date": "%Y年%-m月%-d日", "time": "%H:%M:%S", "periods": ["上午", "下午"],
    "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
    "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    "months": [f"{name}月" for name in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")],
    "shortMonths": [f"{number}月" for number in range(1, 13)],
}  # fmt: skip


def theme(name: str) -> dict[str, Any]:
    """The Vega-Lite `config` of "light" or "dark"."""
    ink, soft, grid, line = INK[name]
    text = {
        "labelColor": soft,
        "titleColor": soft,
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": 400,
    }
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**text, "domainColor": line, "tickColor": line, "gridColor": grid, "labelPadding": 6, "titlePadding": 8},
        "legend": {**text, "orient": "top", "symbolSize": 80},
        "header": {"labelColor": ink, "titleColor": soft, "labelFont": FONT, "titleFont": FONT},
        "title": {"color": ink, "font": FONT, "fontSize": 13, "fontWeight": 600, "anchor": "start"},
        "text": {"color": ink, "font": FONT},
        "rule": {"color": soft},
        "range": {"category": PALETTE[name], "ordinal": {"scheme": "teals"}, "ramp": {"scheme": "teals"}, "heatmap": {"scheme": "teals"}},
        "mark": {"color": PALETTE[name][0]},
        "bar": {"cornerRadiusEnd": 2},
        "line": {"strokeWidth": 2},
    }


def large_numbers() -> dict[str, str]:
    """The part of an axis that writes sums short: in Chinese by ten thousands (万, 亿), else 12k, 3M."""
    if str(get_locale()) != "zh":
        return {"format": "~s"}
    sizes = (("1e8", "亿"), ("1e4", "万"))
    steps = "".join(f"abs(datum.value) >= {size} ? format(datum.value / {size}, ',.2~f') + '{word}' : " for size, word in sizes)
    return {"labelExpr": f"{steps}datum.label"}


def payload(spec: dict[str, Any]) -> dict[str, Any]:
    """What `static/chart.js` needs to draw `spec` in either theme; put it on the page with the macro in `kernel/charts.html`."""
    chinese = str(get_locale()) == "zh"
    themes = {name: theme(name) for name in PALETTE}
    return {"spec": {"width": "container", **spec}, "themes": themes, "time": CHINESE_TIME if chinese else None}


def svgs(specs: Sequence[dict[str, Any]]) -> list[Markup]:
    """The specs as light SVG for paper, drawn in one child and kept by content; ChildFailed when one is no chart."""
    chinese = str(get_locale()) == "zh"
    ready = [_for_paper(spec) for spec in specs]
    paths = [_cache_folder() / f"{_key([spec, chinese])}.svg" for spec in ready]
    missing = [(path, spec) for path, spec in zip(paths, ready, strict=True) if not path.exists()]
    if missing:
        task = {"do": "svg", "specs": [spec for _, spec in missing], "time_locale": CHINESE_TIME if chinese else "en-US"}
        drawings = json.loads(isolated.run("chart_process", json.dumps(task).encode(), SECONDS, MEGABYTES))
        for (path, _spec), drawing in zip(missing, drawings, strict=True):
            _write(path, drawing.encode())
    return [Markup(path.read_text(encoding="utf-8")) for path in paths]  # noqa: S704 - drawn by us; Vega escapes text


def svg(spec: dict[str, Any]) -> Markup:
    """One of `svgs`."""
    return svgs([spec])[0]


def _for_paper(spec: dict[str, Any]) -> dict[str, Any]:
    width = (
        {}
        if spec.get("width", "container") != "container" or {"hconcat", "vconcat", "concat", "facet", "repeat"} & set(spec)
        else {"width": PRINT_WIDTH}
    )
    own = {key: value for key, value in spec.items() if key != "width" or value != "container"}
    return {**own, **width, "config": {**theme("light"), **spec.get("config", {})}}


def bundle_url() -> str:
    """The address of the browser's chart library, a new one with each version of it."""
    return url_for("kernel.vega", version=_version())


@cache
def _version() -> str:
    return version("vl-convert-python").replace(".", "-")


def bundle(compressed: bool) -> bytes:
    """The library itself, made once per version and data folder."""
    path = _cache_folder() / f"vega-{_version()}.js.gz"
    if not path.exists():
        _write(path, gzip.compress(isolated.run("chart_process", b'{"do": "bundle"}', SECONDS, MEGABYTES), mtime=0))
    data = path.read_bytes()
    return data if compressed else gzip.decompress(data)


def _cache_folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "cache" / "charts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _key(content: Any) -> str:
    return hashlib.sha256(json.dumps([_version(), content], sort_keys=True, default=str).encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    partial = path.with_suffix(f".{hashlib.sha256(data).hexdigest()[:8]}.part")
    partial.write_bytes(data)
    partial.replace(path)
