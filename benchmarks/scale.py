"""Measures sales at scale on real lines multiplied: `python -m benchmarks.scale ARCHIVE --lines 10000000`. SQLite, in a temporary folder.

The UK shop's lines become facts through the importer; then they are copied in DuckDB: three copies of every article (some 11,000 SKUs) and as
many copies of every order as the number of lines needs. It prints a table: import of a day's feed of 100,000 lines with its roll-up and grades,
the full roll-up beside the bare query of the same engine over the same files, forecasts, findings, packs; seconds, and peak memory of each
process. SKUs are given to twenty factories by the rule of `incubator/sales/adoption.py`: invented.
"""

import argparse
import json
import os
import tempfile
import time
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import func, select

from benchmarks.loop import run
from benchmarks.scale_world import bring_in, prepare
from incubator import create_app
from incubator.feedback import compiling, finding_service, service
from incubator.feedback.models import PackSection
from incubator.imports import kinds
from incubator.imports.people import importer
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.sales import engine, grading, lake, learning, rolling, rollup
from incubator.sales import service as sales
from incubator.sales.models import SkuWeek

DAY_LINES = 100_000
WEEKS = [date(2010, 11, 29) + timedelta(weeks=n) for n in range(44)]
BARE = """
    SELECT channel, code, week, kind, sum(units), sum(amount_minor), count(DISTINCT order_no) FROM read_parquet($files)
    WHERE kind IN ('sale', 'return') GROUP BY ALL
"""


def a_day(brand_id: int, channel_id: int) -> None:
    """A day's feed of 100,000 real lines of the last days, as new orders: imported, rolled up, graded, by a worker that has its libraries loaded."""
    for library in ("deltalake", "narwhals", "scipy.special"):
        import_module(library)
    with create_app().app_context():
        actor = importer(kinds.find("sales.lines"), str(brand_id), "")
        text = _a_days_file(brand_id)
        begun = time.perf_counter()
        made = bring_in(text, "uk_shop", channel_id, actor)
        merged = time.perf_counter() - begun
        assert (
            made.counts["facts"] + made.counts["returns"] + made.counts["adjustments"] == made.counts["read"] - made.counts["duplicates"]
        ), made.counts
        rolled = 0
        while done := sales.roll_up(brand_id):
            rolled += done
            db.session.commit()
        rolled_up = time.perf_counter() - begun - merged
        graded = grading.grade_to_the_end(brand_id)
        db.session.commit()
        taken = time.perf_counter() - begun
        print(
            json.dumps(
                {"seconds": taken, "merge": merged, "roll_up": rolled_up, "lines": made.counts["read"], "weeks": rolled, "graded": graded}
            )
        )


def _a_days_file(brand_id: int) -> bytes:
    """Lines of the last month with order numbers of their own, dated on one day, in the shop's format."""
    query = """
        SELECT 'N' || row_number() OVER () || '-' || order_no AS InvoiceNo, code AS StockCode, '' AS Description, units AS Quantity,
            '2011-09-30 12:00:00' AS InvoiceDate, price_e4 / 10000 AS UnitPrice, customer AS CustomerID, region AS Country
        FROM (SELECT * FROM read_parquet(getvariable('files')) WHERE kind = 'sale' AND units > 0 AND price_e4 > 0 LIMIT $n)
    """
    with engine.connection() as duck, tempfile.NamedTemporaryFile(suffix=".csv") as file:
        duck.execute("SET VARIABLE files = $files", {"files": lake.files_of(lake.opened(), brand_id, ["2011-09"])})
        duck.execute("CREATE TABLE day AS " + query, {"n": DAY_LINES})
        duck.execute(f"COPY day TO '{file.name}' (HEADER)")
        return Path(file.name).read_bytes()


def bare(brand_id: int) -> None:
    """The engine's own query over the same files, with all the memory that it likes, its answer fetched as Arrow."""
    with create_app().app_context(), duckdb.connect(config={"threads": 2}) as duck:
        found = lake.files_of(lake.opened(), brand_id)
        size = sum(Path(f).stat().st_size for f in found)
        begun = time.perf_counter()
        rows = engine.arrow(duck.sql(BARE, params={"files": found})).num_rows
        print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows, "MB": size // 10**6}))


def expression(brand_id: int) -> None:
    """The product's roll-up over all weeks, its answer fetched as Arrow: what is to be compared with the bare query."""
    with create_app().app_context():
        known = engine.table(sales.meaning_of(brand_id), (("channel", "int64"), ("code", "utf8"), ("sku_id", "int64"), ("buyers", "utf8")))  # noqa: F841
        begun, rows, left, portions = time.perf_counter(), 0, list(WEEKS), 0
        while left:
            weeks, portions = rolling.portion(brand_id, left), portions + 1
            left = left[len(weeks) :]
            with engine.connection() as duck:
                found = lake.files_of(lake.opened(), brand_id, lake.months_of(weeks))
                lines = rollup.explained(duck.sql(lake.scan(duck, found)), duck.sql("SELECT * FROM known"), weeks)
                rows += engine.arrow(rollup.weekly(lines).to_native()).num_rows
                rows += engine.arrow(rollup.by_reason(lines).to_native()).num_rows
        print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows, "portions": portions}))


def full(brand_id: int) -> None:
    """Every week made anew, with what pages read written to the database."""
    with create_app().app_context():
        sales.mark(brand_id, WEEKS, clock.now())
        db.session.commit()
        begun = time.perf_counter()
        while sales.roll_up(brand_id):
            db.session.commit()
        rows = db.session.scalar(select(func.count(SkuWeek.id)))
        print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows}))


def _busiest() -> date:
    query = select(SkuWeek.week).group_by(SkuWeek.week).order_by(func.count(SkuWeek.sku_id.distinct()).desc()).limit(1)
    return db.session.scalars(query).one()


def learn(brand_id: int) -> None:
    """Grades, early chances, forecasts and proposals of every SKU, as the job does it."""
    with create_app().app_context():
        week = _busiest()
        grading.grade(brand_id, week)
        db.session.commit()
        begun = time.perf_counter()
        done = 0
        for number in learning.learn(brand_id, week, clock.now()):
            done += number
            db.session.commit()
        print(json.dumps({"seconds": time.perf_counter() - begun, "skus": done}))


def find(brand_id: int) -> None:
    """What comes back too often, over all SKUs."""
    with create_app().app_context():
        week = _busiest()
        begun = time.perf_counter()
        found = finding_service.look(brand_id, week, clock.now())
        db.session.commit()
        print(
            json.dumps(
                {"seconds": time.perf_counter() - begun, "tested": found.tested if found else 0, "found": found.found if found else 0}
            )
        )


def packs(brand_id: int) -> None:
    """Compile and send the packs of the busiest week."""
    with create_app().app_context():
        week = _busiest()
        begun = time.perf_counter()
        for draft in compiling.drafts(brand_id, week).values():
            service.send_all(brand_id, week, draft, clock.now())
            db.session.commit()
        taken = time.perf_counter() - begun
        print(json.dumps({"seconds": taken, "skus": db.session.scalar(select(func.count(PackSection.id)))}))


PARTS = {"bare": bare, "expression": expression, "full": full, "learn": learn, "find": find, "packs": packs}


def measure(archive: Path, lines: int) -> None:
    print(f"| work, {lines:,} lines | amount | seconds | peak MiB |\n|---|---|---|---|")

    def part(*words: str) -> dict[str, Any]:
        return run("-m", "benchmarks.scale", *words)

    made = part(str(archive), "--lines", str(lines), "--part", "prepare")
    brand = str(made["brand"])
    say("lines multiplied", f"{made['lines']:,} lines, {made['skus']:,} SKUs", made)
    for name in PARTS:
        done = part(brand, "--part", name)
        say(name, ", ".join(f"{k} {v}" for k, v in done.items() if k not in ("seconds", "wall", "peak")), done)
        if name == "full":
            day = part(brand, "--part", "day", "--channel", str(made["channel"]))
            split = f"merge {day['merge']:.1f} s, roll-up {day['roll_up']:.1f} s"
            say("a day's feed", f"{day['lines']:,} lines, {day['weeks']} weeks, {day['graded']:,} graded: {split}", day)


def say(name: str, amount: str, done: dict[str, Any]) -> None:
    print(f"| {name} | {amount} | {done.get('seconds', done['wall']):.2f} | {done['peak']:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--channel", type=int, default=0)
    parser.add_argument("--part", choices=("prepare", "day", *PARTS))
    given = parser.parse_args()
    if given.part == "prepare":
        prepare(given.subject, given.lines)
    elif given.part == "day":
        a_day(int(given.subject), given.channel)
    elif given.part:
        PARTS[given.part](int(given.subject))
    else:
        with tempfile.TemporaryDirectory(prefix="incubator-scale-") as folder:
            os.environ.update(DATA_DIR=folder, LOG_LEVEL="WARNING")
            measure(Path(given.subject).resolve(), given.lines)


if __name__ == "__main__":
    main()
