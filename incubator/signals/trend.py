"""How often buyers spoke of something, month by month, as a chart and as its table. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from incubator.signals import words

MONTHS = 24
COLOURS = {"bad": "#b3402f", "mixed": "#b98a1f", "good": "#2f7d5b", "unknown": "#9a958a"}


def months_until(last: str, number: int = MONTHS) -> list[str]:
    """The `number` months that end with `last` ("2026-03")."""
    year, month = int(last[:4]), int(last[5:])
    first = year * 12 + month - number
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, first + number)]


def table(counts: Mapping[tuple[str, str], int], months: list[str]) -> list[dict[str, Any]]:
    """One row per month: month, total, and each mood; months before the first voice are left out."""
    rows: list[dict[str, Any]] = [{"month": m, **{mood: counts.get((m, mood), 0) for mood in words.MOODS}} for m in months]
    for row in rows:
        row["total"] = sum(row[mood] for mood in words.MOODS)
    started = next((n for n, row in enumerate(rows) if row["total"]), len(rows))
    return rows[started:]


def spec(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Stacked bars of voices per month, complaints at the bottom."""
    order = ["bad", "mixed", "unknown", "good"]
    values = [
        {"month": row["month"], "mood": str(words.MOODS[mood]), "order": n, "voices": row[mood]}
        for row in rows
        for n, mood in enumerate(order)
        if row[mood]
    ]
    return {
        "mark": {"type": "bar"},
        "width": "container",
        "height": 220,
        "data": {"values": values},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": gettext("Month"), "axis": {"labelAngle": -45}},
            "y": {"field": "voices", "type": "quantitative", "title": gettext("Voices"), "axis": {"format": "d", "tickMinStep": 1}},
            "color": {
                "field": "mood",
                "type": "nominal",
                "title": None,
                "scale": {"domain": [str(words.MOODS[m]) for m in order], "range": [COLOURS[m] for m in order]},
            },
            "order": {"field": "order", "type": "quantitative"},
        },
    }
