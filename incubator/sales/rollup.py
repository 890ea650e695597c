"""Lines to weeks: one Narwhals expression over the files of the sales table. It reads; `service` writes what pages see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from incubator.sales import facts
from incubator.sales.lines import RETURN, SALE


@dataclass(frozen=True)
class CodeWeek:
    """What one code sold, or had returned for one reason, on one channel in one week."""

    channel_id: int
    code: str
    week: date
    kind: str
    reason: str
    currency: str
    units: int
    amount_minor: int
    orders: int


def weekly(files: Any, weeks: Iterable[date] | None = None) -> Any:
    """The roll-up as a lazy frame over any engine that Narwhals knows; `files` is a native frame of the sales table."""
    import narwhals as nw  # noqa: PLC0415 - with the engine

    frame = nw.from_native(files).filter(nw.col("kind").is_in([SALE, RETURN]), nw.col("code") != "")
    if weeks is not None:
        frame = frame.filter(nw.col("week").is_in(list(weeks)))
    return frame.group_by("channel", "code", "week", "kind", "reason", "currency").agg(
        nw.col("units").sum().alias("sum_units"),
        nw.col("amount_minor").sum().alias("sum_amount"),
        nw.col("order_no").n_unique().alias("orders"),
    )


def of_weeks(brand_id: int, weeks: Iterable[date]) -> tuple[list[CodeWeek], int]:
    """(what a brand's codes did in `weeks`, the version of the table that says so)."""
    wanted, table = list(weeks), facts.opened()
    if table is None or not wanted:
        return [], -1
    files = facts.files_of(table, brand_id, set().union(*map(facts.months_of_week, wanted)))
    if not files:
        return [], int(table.version())
    with facts.connection() as duck:
        rows = weekly(duck.read_parquet(files), wanted).to_native().fetchall()
    return [CodeWeek(r[0], r[1], r[2], r[3], r[4], r[5], int(r[6]), int(r[7]), int(r[8])) for r in rows], int(table.version())


def weeks_of_codes(brand_id: int, channel_id: int, codes: Iterable[str]) -> list[date]:
    """The weeks in which any of `codes` stands in a line of the channel."""
    table, wanted = facts.opened(), list(codes)
    files = facts.files_of(table, brand_id) if table is not None and wanted else []
    if not files:
        return []
    with facts.connection() as duck:
        query = "SELECT DISTINCT week FROM read_parquet($files) WHERE channel = $channel AND list_contains($codes, code) ORDER BY week"
        return [row[0] for row in duck.execute(query, {"files": files, "channel": channel_id, "codes": wanted}).fetchall()]
