"""Lays forecasts and hit probabilities beside what came: `python -m benchmarks.backtest ARCHIVE [--write]`, the UK shop's daily files in one zip.

Trained on the weeks up to 2011-06-26, tested on the twelve whole weeks from 2011-07-04 to 2011-09-25; the week between is of both and is not scored. The
test weeks were looked at after everything was settled: what was tuned, was tuned on origins in March and April (docs/forecast.md). With `--write` the
figures go into docs/forecast.md between its marks, and the pictures beside them. It needs no database.
"""

import argparse
import tempfile
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import backtest_pictures
from incubator.sales import bands, demand, early, forecast, history, rules
from incubator.sales.history import History

FIRST, ORIGIN, WEEKS = date(2010, 11, 29), date(2011, 6, 20), 12
SKIPPED = 1  # the week that is half June, half July
CLASSES = ("under 0.5", "0.5–2", "2–8", "8–32", "32 and more")
PAGE = Path("docs/forecast.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COLUMNS = dict.fromkeys(
    ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"), "VARCHAR"
)
LINES = f"""
    SELECT upper("StockCode") AS code, date_trunc('week', CAST("InvoiceDate" AS TIMESTAMP))::DATE AS week, CAST("Quantity" AS INT) AS units, "InvoiceNo" AS order_no
    FROM (SELECT DISTINCT * FROM read_csv($files, header = true, auto_detect = false, delim = ',', quote = '"', columns = {COLUMNS}))
    WHERE CAST("Quantity" AS INT) > 0 AND CAST("UnitPrice" AS DOUBLE) > 0 AND upper("InvoiceNo") NOT LIKE 'C%' AND upper("InvoiceNo") NOT LIKE 'A%'
"""  # what the product takes for a sale of this shop


def shop(archive: Path) -> tuple[History, list[date]]:
    """(units and orders by SKU and week, the Mondays): weeks in which the shop was closed are left out, as the product does."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(archive).extractall(folder)
        query = f"SELECT code, week, sum(units), count(DISTINCT order_no) FROM ({LINES}) WHERE NOT {rules.NO_PRODUCT} GROUP BY ALL"
        rows = duckdb.connect().execute(query, {"files": f"{folder}/**/*.csv"}).fetchall()
    codes, mondays = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    units, orders = np.zeros((2, len(codes), len(mondays)))
    place, column = {code: n for n, code in enumerate(codes)}, {week: n for n, week in enumerate(mondays)}
    for code, week, sold, times in rows:
        units[place[code], column[week]], orders[place[code], column[week]] = sold, times
    return History(list(range(len(codes))), np.zeros(len(codes), dtype=int), units, orders), mondays


def scale(units: Any) -> Any:
    """What MASE divides by: the mean error of taking each week for the next, since the first sale (R. J. Hyndman and A. B. Koehler, "Another look at
    measures of forecast accuracy", International Journal of Forecasting 22 (2006), 679–688)."""
    known = demand.ages(units)[:, 1:] > 1
    return (np.abs(np.diff(units, axis=1)) * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)


def fixed(known: History, at: int) -> dict[str, Any]:
    """One forecast at the end of June for all twelve weeks."""
    begun, past = time.perf_counter(), known.units[:, : at + 1]
    sold = (past > 0).any(axis=1)
    past, came = past[sold], known.units[sold][:, at + 1 + SKIPPED : at + 1 + SKIPPED + WEEKS]
    learnt = forecast.tune(past)
    told = forecast.forecast(past, learnt)
    seconds = time.perf_counter() - begun
    ahead = slice(SKIPPED, SKIPPED + WEEKS)
    rivals = {
        "forecast, middle": told.middle[:, ahead], "forecast, expected": told.expected[:, ahead], "naive": np.tile(past[:, -1:], (1, WEEKS)),
        "seasonal-naive, 13 weeks": past[:, -13:][:, ahead], "seasonal-naive, 4 weeks": np.tile(past[:, -4:], (1, 4))[:, ahead],
        "nothing": np.zeros(came.shape),
    }  # fmt: skip
    return {"told": told, "came": came, "scale": scale(past), "rivals": rivals, "seconds": seconds, "learnt": learnt, "ahead": ahead}


def groups(found: dict[str, Any]) -> list[tuple[str, Any]]:
    """(name, rows) of the volume classes and of all, of SKUs that have a forecast."""
    told = found["told"]
    given = (told.why == "") & (found["scale"] > 0)
    own = [(name, given & (told.class_ == n)) for n, name in enumerate(CLASSES)]
    return [*own, ("all", given)]


def mase_table(found: dict[str, Any]) -> list[list[Any]]:
    """A row per class: SKUs, share of units, MASE of each rival."""
    rows = []
    total = found["came"].sum()
    for name, own in groups(found):
        errors = [np.abs(p[own] - found["came"][own]).mean(axis=1) / found["scale"][own] for p in found["rivals"].values()]
        rows.append([name, int(own.sum()), found["came"][own].sum() / total, *(float(e.mean()) for e in errors)])
    return rows


def coverage_table(found: dict[str, Any]) -> list[list[Any]]:
    """A row per class: share of weeks in the bands, and of sums of twelve weeks under the bound of 90% and 95%; what came against what was expected."""
    told, came, ahead = found["told"], found["came"], found["ahead"]
    inside = [(came >= low[:, ahead]) & (came <= high[:, ahead]) for low, high in ((told.low80, told.high80), (told.low95, told.high95))]
    number = len(came)
    sums = [told.needed(np.full(number, 13.0), np.full(number, level), found["learnt"])[1] for level in (0.9, 0.95)]
    whole = found["whole"]
    rows = []
    for name, own in groups(found):
        under = [float((whole[own] <= most[own]).mean()) for most in sums]
        bias = came[own].sum() / told.expected[own][:, ahead].sum()
        rows.append([name, *(float(i[own].mean()) for i in inside), *under, float(bias)])
    return rows


def rolling(known: History, at: int) -> list[list[Any]]:
    """As the product does it: anew every Monday from the end of June on, one to four weeks ahead. (ahead, MASE, of naive, in 80%, in 95%)."""
    cells: dict[int, list[Any]] = {h: [] for h in range(1, 5)}
    for origin in range(at + SKIPPED, at + SKIPPED + WEEKS):
        past = known.units[:, : origin + 1]
        past = past[(past > 0).any(axis=1)]
        told, size = forecast.forecast(past, forecast.tune(past)), scale(past)
        own = (told.why == "") & (size > 0)
        rows = np.flatnonzero((known.units[:, : origin + 1] > 0).any(axis=1))[own]
        for h in cells:
            if origin + h > at + SKIPPED + WEEKS:
                continue
            came = known.units[rows, origin + h]
            band = [
                (came >= low[own][:, h - 1]) & (came <= high[own][:, h - 1])
                for low, high in ((told.low80, told.high80), (told.low95, told.high95))
            ]
            errors = [np.abs(p - came) / size[own] for p in (told.middle[own][:, h - 1], past[own][:, -1])]
            cells[h].append([*errors, *band])
    return [[h, *(float(np.concatenate([c[n] for c in found]).mean()) for n in range(4))] for h, found in cells.items()]


def hits(known: History, at: int) -> dict[str, Any]:
    """Learnt from launches that were judged by the end of June, told for those that were judged in the test weeks."""
    past = history.launches(History(known.ids, known.category, known.units[:, : at + 1], known.orders[:, : at + 1]))
    end = at + 1 + SKIPPED + WEEKS
    whole = History(known.ids, known.category, known.units[:, :end], known.orders[:, :end])
    found = history.launches(whole)
    judged = history.first_of(demand.ages(whole.units), found.past) + early.JUDGED - 1
    new = judged > at + SKIPPED
    rows, came = found.past[new], found.hits[new].astype(float)
    trained = history.first_weeks(History(known.ids, known.category, known.units[:, : at + 1], known.orders[:, : at + 1]), past, past.past)
    model = early.learnt(*trained, past.hits)
    scores = []
    for weeks in range(1, early.SEEN + 1):
        units, orders, usual = history.first_weeks(whole, found, rows, weeks)
        seen = early.features(units, orders, usual[:, -1])
        scores.append((weeks, early.score(early.probability(seen, model.coefficients[weeks - 1]), came),
                       early.score(early.probability(seen, np.array(early.PRIOR)), came)))  # fmt: skip
    before = model.hits / model.launches
    return {"model": model, "scores": scores, "before": before, "brier_before": float(np.mean((before - came) ** 2)), "launches": len(came)}


def table(heads: list[str], rows: list[list[Any]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(_cell(c) for c in row)} |" for row in rows)])


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if isinstance(value, float) else str(value)


def report(found: dict[str, Any], steps: list[list[Any]], told: dict[str, Any]) -> str:
    """The figures as Markdown."""
    why = {name: int((found["told"].why == name).sum()) for name in ("", "young", "few", "quiet")}
    best = told["scores"][-1][1]
    parts = [
        f"{why['']:,} SKUs have a forecast; {why['young']} were on sale for less than four weeks, {why['few']} had sold fewer than eight units, "
        f"{why['quiet']} nothing for half a year. Learning and forecasting took {found['seconds']:.1f} s.",
        "### MASE, one forecast in June for July to September",
        table(["units a week", "SKUs", "share of units", *found["rivals"]], mase_table(found)),
        "### Coverage of the same forecast",
        table(["units a week", "in the 80% band", "in the 95% band", "13 weeks under the 90% bound", "under the 95% bound", "came / expected"], coverage_table(found)),
        "### Anew every Monday, as the product does it",
        table(["weeks ahead", "MASE, middle", "MASE, naive", "in the 80% band", "in the 95% band"], steps),
        "### Probability of a hit",
        f"Learnt from {told['model'].launches} launches with {told['model'].hits} hits; told for {told['launches']} others, {best.hits} of which became hits.",
        table(["weeks seen", "Brier", "of the share of hits", "skill", "skill of the prior alone"],
              [[w, own.brier, own.base, own.skill, prior.skill] for w, own, prior in told["scores"]]),
        f"Against the share of hits before July ({told['before']:.3f}, Brier {told['brier_before']:.3f}) the skill after four weeks is "
        f"{1 - best.brier / told['brier_before']:.3f}.",
        table(["told", "came", "launches"], [list(row) for row in best.reliability]),
    ]  # fmt: skip
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--write", action="store_true", help="into docs/forecast.md and docs/pictures")
    given = parser.parse_args()
    known, mondays = shop(given.archive)
    at = mondays.index(ORIGIN)
    found = fixed(known, at)
    sold = (known.units[:, : at + 1] > 0).any(axis=1)
    found["whole"] = known.units[sold][:, at + 1 : at + 1 + SKIPPED + WEEKS].sum(axis=1)
    steps, told = rolling(known, at), hits(known, at)
    text = report(found, steps, told)
    print(text)
    if given.write:
        page = PAGE.read_text()
        PAGE.write_text(f"{page[: page.index(BEGIN)]}{BEGIN}\n\n{text}\n\n{page[page.index(END) :]}")
        backtest_pictures.draw(mase_table(found), by_week(found), told["scores"][-1][1].reliability)


def by_week(found: dict[str, Any]) -> list[tuple[int, float, float]]:
    """(weeks ahead, share in the 80% band, in the 95% band)."""
    told, came, ahead = found["told"], found["came"], found["ahead"]
    own = told.why == ""
    inside = [(came >= low[:, ahead]) & (came <= high[:, ahead]) for low, high in ((told.low80, told.high80), (told.low95, told.high95))]
    return [(n + 1 + SKIPPED, *(float(i[own][:, n].mean()) for i in inside)) for n in range(WEEKS)]


assert bands.CLASSES == (0.5, 2.0, 8.0, 32.0)
assert timedelta(weeks=30) > ORIGIN - FIRST > timedelta(weeks=28)

if __name__ == "__main__":
    main()
