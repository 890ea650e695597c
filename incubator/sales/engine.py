"""DuckDB as sales use it: little memory, two threads, the arithmetic of money, and tables of the caller by their names.

Heavy: loaded where lines are read, written or rolled up, never by a page.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

MEMORY = "600MB"
# Halves go to the even neighbour. A blank cell and a word are no number; neither is NaN.
MACROS = (
    "half_even(x) AS (CASE WHEN abs(x - trunc(x)) = 0.5 THEN trunc(x) + CASE WHEN trunc(x) % 2 = 0 THEN 0 ELSE sign(x) END"
    " ELSE round(x, 0) END)::BIGINT",
    "number(x) AS try_cast(ltrim(replace(x, ',', ''), '¥￥£$€ ') AS DECIMAL(20, 8))",
    "digest(x) AS substr(sha256(x), 1, 32)",
    "naive(x) AS try_strptime(x, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d', '%Y-%m-%d %H:%M', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d', '%Y/%m/%d %H:%M',"
    " '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y%m%d'])",
    "zoned(x) AS try_strptime(regexp_replace(x, '(Z|z)$', '+0000'), ['%Y-%m-%dT%H:%M:%S%z', '%Y-%m-%d %H:%M:%S %z', '%Y-%m-%d %H:%M:%S%z',"
    " '%Y-%m-%dT%H:%M:%S.%f%z'])",
    "day_in(x, there, here) AS CASE WHEN x = '' THEN NULL ELSE coalesce(CASE WHEN there = here THEN naive(x)"
    " ELSE timezone(here, timezone(there, naive(x))) END, timezone(here, zoned(x)))::DATE END",
    "moment(x, there) AS CASE WHEN x = '' THEN '' ELSE coalesce(strftime(timezone('UTC', coalesce(timezone(there, naive(x)), zoned(x))),"
    " '%Y-%m-%dT%H:%M:%S'), '') END",
)


@contextmanager
def connection() -> Iterator[Any]:
    """A database in memory that spills to a folder of its own, and sees tables of the calling function by their names."""
    import duckdb  # noqa: PLC0415 - 65 MB

    with tempfile.TemporaryDirectory(prefix="sales-") as folder:
        settings: dict[str, Any] = {"python_scan_all_frames": True, "threads": 2, "memory_limit": MEMORY, "temp_directory": folder}
        with duckdb.connect(config=settings) as duck:
            for macro in MACROS:
                duck.execute(f"CREATE MACRO {macro}")
            yield duck


def texts(columns: Mapping[str, Sequence[str]], numbers: Sequence[int]) -> Any:
    """Columns of text beside the line numbers, as an Arrow table."""
    from arro3.core import Array, DataType, Table  # noqa: PLC0415

    lines = Array(list(numbers), type=DataType.int64())
    return Table.from_arrays([lines, *(Array(values, type=DataType.utf8()) for values in columns.values())], names=["line", *columns])


def table(rows: Sequence[Sequence[Any]], columns: Sequence[tuple[str, str]]) -> Any:
    """Rows as an Arrow table; the types are "utf8" and "int64"."""
    from arro3.core import Array, DataType, Table  # noqa: PLC0415

    types = {"utf8": DataType.utf8(), "int64": DataType.int64()}
    turned = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    arrays = [Array(list(values), type=types[kind]) for values, (_, kind) in zip(turned, columns, strict=True)]
    return Table.from_arrays(arrays, names=[name for name, _ in columns])


def arrow(relation: Any) -> Any:
    """What a query finds, as an Arrow table that outlives its connection."""
    from arro3.core import Table  # noqa: PLC0415

    return Table.from_arrow(relation)
