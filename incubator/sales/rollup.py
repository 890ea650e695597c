"""Lines to weeks per SKU: Narwhals expressions that DuckDB or Spark runs over the files of the sales table.

`lines` is a native frame of the sales table, `meaning` one of (channel, code, sku_id, buyers): which code means which SKU, and who buys there.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from incubator.sales.rules import RETURN, SALE

KEYS = ("sku_id", "channel", "segment", "week", "currency")


def explained(lines: Any, meaning: Any, weeks: Iterable[date] | None = None) -> Any:
    """Sales and returns of codes that mean a SKU, each with it, as a lazy Narwhals frame."""
    import narwhals as nw  # noqa: PLC0415 - with the engine

    frame = nw.from_native(lines).filter(nw.col("kind").is_in([SALE, RETURN]), nw.col("code") != "")
    if weeks is not None:
        frame = frame.filter(nw.col("week").is_in(list(weeks)))
    frame = frame.join(nw.from_native(meaning), on=["channel", "code"], how="inner")
    segment = nw.when(nw.col("segment").is_null()).then(nw.col("buyers")).otherwise(nw.col("segment"))
    return frame.with_columns(
        segment.alias("segment"), nw.col("topic").fill_null("").alias("topic"), _zero("orders_n"), _zero("base_minor"), _zero("rate_e8")
    )


def _zero(name: str) -> Any:
    import narwhals as nw  # noqa: PLC0415

    return nw.col(name).fill_null(0).alias(name)


def weekly(explained_lines: Any) -> Any:
    """Per SKU, channel, buyers, week and kind: units, amounts, orders (each counted once; a line that sums a day says how many it had)."""
    import narwhals as nw  # noqa: PLC0415

    blank = (nw.col("order_no") == "").cast(nw.Int64)
    unrated = (nw.col("rate_e8") == 0).cast(nw.Int64)
    return explained_lines.with_columns(blank.alias("blank"), unrated.alias("no_rate")).group_by(*KEYS, "kind").agg(
        nw.col("units").sum().alias("sum_units"),
        nw.col("amount_minor").sum().alias("sum_amount"),
        nw.col("base_minor").sum().alias("sum_base"),
        nw.col("no_rate").sum().alias("unrated"),
        nw.col("order_no").n_unique().alias("distinct_orders"),
        nw.col("blank").max().alias("has_blank"),
        nw.col("orders_n").sum().alias("told_orders"),
    )  # fmt: skip


def by_reason(explained_lines: Any) -> Any:
    """Per SKU, channel, week, reason and topic: units and orders that came back."""
    import narwhals as nw  # noqa: PLC0415

    back = explained_lines.filter(nw.col("kind") == RETURN).with_columns((nw.col("order_no") == "").cast(nw.Int64).alias("blank"))
    return back.group_by("sku_id", "channel", "week", "reason", "topic").agg(
        nw.col("units").sum().alias("sum_units"),
        nw.col("order_no").n_unique().alias("distinct_orders"),
        nw.col("blank").max().alias("has_blank"),
        nw.col("orders_n").sum().alias("told_orders"),
    )
