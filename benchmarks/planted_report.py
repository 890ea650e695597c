"""The figures of `planted` as tables and pictures; with `write`, into docs/findings.md between its marks, and docs/pictures/."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from incubator.kernel import charts

DOCS = Path(__file__).parents[1] / "docs"
CLASSES = ((50, 150), (150, 400), (400, 100_000))
SIZES = ((0, 5), (5, 10), (10, 20), (20, 40), (40, 80), (80, 10_000))
Rows = list[list[Any]]


def report(shop: Any, runs: Sequence[Any], effects: Sequence[Any], write: bool) -> None:
    """Print everything; every table is marked with its name."""
    seconds = np.mean([run.seconds for run in runs])
    print(f"{len(shop.orders)} SKUs, {shop.orders.sum()} orders, {shop.returned.sum()} came back; {seconds:.2f} s a look")
    tables = {
        "false": _false(runs),
        "power": _power(runs),
        "sizes": _sizes(runs),
        "estimates": _estimates(runs),
        "effects": _effects(effects),
    }
    for name, text in tables.items():
        print(f"\n{name}\n{text}")
    if write:
        page = DOCS / "findings.md"
        text = page.read_text(encoding="utf-8")
        for name, table in tables.items():
            text = re.sub(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda m, t=table: f"{m[1]}{t}{m[2]}", text, flags=re.DOTALL)
        page.write_text(text, encoding="utf-8")
        _draw("findings-power", _power_picture(runs))
        _draw("findings-effects", _effects_picture(effects))


def _table(heads: Sequence[str], rows: Rows) -> str:
    lines = [list(map(str, heads)), ["---", *["---:"] * (len(heads) - 1)], *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(values: Iterable[Any]) -> str:
    held = list(values)
    return f"{100 * float(np.mean(held)):.0f}%" if held else "–"


def _by(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _plants(runs: Sequence[Any]) -> list[Any]:
    return [plant for run in runs for plant in run.plants]


def _false(runs: Sequence[Any]) -> str:
    heads = (
        "world",
        "questions",
        "found",
        "of them on SKUs left alone",
        "false share, mean",
        "rises found",
        "false share of rises",
        "old rule: named",
        "false share",
    )
    rows: Rows = []
    for world, those in _by(runs, lambda r: r.world).items():
        shares = [
            np.mean([getattr(r, false) / max(1, getattr(r, found)) for r in those])
            for false, found in (("false", "found"), ("change_false", "change_found"), ("old_false", "old_found"))
        ]
        means = {name: np.mean([getattr(r, name) for r in those]) for name in ("tested", "found", "false", "change_found", "old_found")}
        own = world not in ("real", "shuffled")
        told = [f"{100 * share:.1f}%" for share in shares]
        rows.append([
            world, f"{means['tested']:.0f}", f"{means['found']:.2f}", f"{means['false']:.2f}", told[0] if own else "not known", f"{means['change_found']:.2f}",
            told[1] if world != "real" else "not known", f"{means['old_found']:.1f}", told[2] if world != "real" else "not known",
        ])  # fmt: skip
    return _table(heads, rows)


def _power(runs: Sequence[Any]) -> str:
    rows: Rows = []
    for (world, times), those in sorted(_by(_plants(runs), lambda p: (p.world, p.times)).items()):
        cells = []
        for low, high in CLASSES:
            some = [p for p in those if low <= p.volume < high]
            cells.append(f"{_percent(p.change or p.level for p in some)} ({np.mean([p.expected for p in some]):.0f})")
        rows.append([world, f"× {times:g}", *cells])
    return _table(("world", "rate", *(f"{low}–{high - 1} orders" if high < 10_000 else f"{low} and more" for low, high in CLASSES)), rows)


def _sizes(runs: Sequence[Any]) -> str:
    dealt = [p for p in _plants(runs) if p.world.startswith("dealt")]
    rows: Rows = []
    for low, high in SIZES:
        some = [p for p in dealt if low <= p.expected < high]
        cells = [_percent(p.change or p.level for p in some if p.times == times) for times in (1.5, 2.0, 3.0)]
        rows.append([f"{low}–{high}" if high < 1000 else f"{low} and more", len(some), *cells])
    return _table(("returned orders due in 26 weeks", "planted", "× 1.5", "× 2", "× 3"), rows)


def _estimates(runs: Sequence[Any]) -> str:
    rows: Rows = []
    for (world, times), those in sorted(_by(_plants(runs), lambda p: (p.world, p.times)).items()):
        told = [p for p in those if p.change]
        if world == "real" or len(told) < 5:
            continue
        bias = np.exp(np.mean([np.log(p.ratio / times) for p in told]))
        weeks = np.percentile([p.weeks_off for p in told], (10, 50, 90))
        inside = _percent(p.low <= times <= p.high for p in told)
        rows.append([world, f"× {times:g}", len(told), f"{bias:.2f}", inside, f"{weeks[1]:+.0f} ({weeks[0]:+.0f} to {weeks[2]:+.0f})"])
    return _table(("world", "truth", "rises found", "estimate / truth", "95% interval holds it", "weeks late (10%–90%)"), rows)


def _effects(effects: Sequence[Any]) -> str:
    rows: Rows = []
    for (world, story, rest), those in sorted(_by(effects, lambda m: (m.world, m.story, -m.rest)).items()):
        told = [m.effect for m in those if m.effect.ratio is not None]
        said = [_percent(m.effect.verdict == verdict for m in those) for verdict in ("improved", "same", "worse", "too_few")]
        inside = _percent(e.low <= -rest <= e.high for e in told)
        middle = f"{np.median([e.ratio for e in told]):.2f}" if told else "–"
        rows.append([world, story, f"{-rest:g}", len(those), f"{np.mean([m.due for m in those]):.0f}", middle, inside, *said])
    return _table(
        (
            "world",
            "who",
            "truth",
            "actions",
            "due after",
            "estimate, median",
            "interval holds it",
            "improved",
            "no change",
            "worse",
            "too early",
        ),
        rows,
    )


def _power_picture(runs: Sequence[Any]) -> dict[str, Any]:
    dealt = [p for p in _plants(runs) if p.world.startswith("dealt")]
    values = []
    for low, high in SIZES:
        for times in (1.5, 2.0, 3.0):
            some = [p for p in dealt if low <= p.expected < high and p.times == times]
            if len(some) >= 20:
                share = float(np.mean([p.change or p.level for p in some]))
                values.append({"due": float(np.mean([p.expected for p in some])), "found": share, "rate": f"× {times:g}"})
    x = {"field": "due", "type": "quantitative", "scale": {"type": "log"}, "title": "returned orders due in 26 weeks without an effect"}
    y = {"field": "found", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"format": "%"}, "title": "found"}
    return _spec(
        values,
        {"type": "line", "point": True},
        {"x": x, "y": y, "color": {"field": "rate", "type": "nominal", "title": "rate multiplied by"}},
    )


def _effects_picture(effects: Sequence[Any]) -> dict[str, Any]:
    told = [m for m in effects if m.effect.ratio is not None and m.due >= 10]
    values = [{"truth": f"{m.rest:g}", "ratio": float(np.clip(m.effect.ratio, 0.03, 4)), "who": m.story} for m in told]
    y = {"field": "ratio", "type": "quantitative", "scale": {"type": "log"}, "title": "measured ratio"}
    x = {
        "field": "truth",
        "type": "nominal",
        "title": "what part of the returns the action left (10 or more due after it)",
        "axis": {"labelAngle": 0},
    }
    return _spec(
        values,
        {"type": "boxplot", "extent": "min-max"},
        {"x": x, "y": y, "color": {"field": "who", "type": "nominal", "title": None}, "xOffset": {"field": "who"}},
    )


def _spec(values: Rows | list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "width": 520,
        "height": 260,
        "mark": mark,
        "encoding": encoding,
        "config": charts.theme("light"),
        "background": "white",
    }


def _draw(name: str, spec: dict[str, Any]) -> None:
    import vl_convert

    (DOCS / "pictures" / f"{name}.svg").write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
