"""Runs the roll-up over the sales table: in DuckDB on this machine, or on a Spark cluster where one is set. It reads; `service` writes."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from incubator.sales import cluster, engine, lake, rollup

MOST_LINES = 5_000_000  # of one query: distinct orders are counted in memory


def portion(brand_id: int, weeks: Sequence[date]) -> list[date]:
    """The first of `weeks` that one query may read: as many as have five million lines by the length of their months, one at least."""
    if cluster.is_set():
        return list(weeks)
    months = lake.lines_by_month(brand_id)
    upto = accumulate(months.get(lake.month_of(week), 0) * 7 // 30 for week in weeks)
    return [week for number, (week, lines) in enumerate(zip(weeks, upto, strict=True)) if lines <= MOST_LINES or number == 0]


def of_weeks(brand_id: int, weeks: Iterable[date], meaning: Iterable[tuple[int, str, int, str]]) -> tuple[list[Any], list[Any], int]:
    """(rows of `weekly`, rows of `by_reason`, the version of the table that says so) of a brand in `weeks`."""
    wanted, table = list(weeks), lake.opened()
    if table is None or not wanted:
        return [], [], -1
    rows = list(meaning)
    files = lake.files_of(table, brand_id, lake.months_of(wanted))
    if not files or not rows:
        return [], [], int(table.version())
    if cluster.is_set():
        return (*cluster.of_weeks(files, wanted, rows), int(table.version()))
    known = engine.table(rows, (("channel", "int64"), ("code", "utf8"), ("sku_id", "int64"), ("buyers", "utf8")))  # noqa: F841 - the query names it
    with engine.connection() as duck:
        found = rollup.explained(duck.sql(lake.scan(duck, files)), duck.sql("SELECT * FROM known"), wanted)
        return _rows(rollup.weekly(found)), _rows(rollup.by_reason(found)), int(table.version())


def _rows(frame: Any) -> list[dict[str, Any]]:
    """What a lazy frame of DuckDB finds, a mapping per row."""
    native = frame.to_native()
    return [dict(zip(native.columns, row, strict=True)) for row in native.fetchall()]


def weeks_of_codes(brand_id: int, channel_id: int, codes: Iterable[str]) -> list[date]:
    """The weeks in which any of `codes` stands in a line of the channel."""
    table, wanted = lake.opened(), list(codes)
    files = lake.files_of(table, brand_id) if table is not None and wanted else []
    if not files:
        return []
    with engine.connection() as duck:
        query = "SELECT DISTINCT week FROM read_parquet($files) WHERE channel = $channel AND list_contains($codes, code) ORDER BY week"
        return [row[0] for row in duck.execute(query, {"files": files, "channel": channel_id, "codes": wanted}).fetchall()]
