"""A Spark cluster for roll-ups where one machine is outgrown: `SPARK_MASTER` names it. The expressions are those of `rollup`, unchanged.

Its workers read the sales table themselves, so it stands in S3 or on a disk that all of them see. Needs the extra `spark`, and Java.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import current_app

from incubator.sales import lake, rollup
from incubator.sales.columns import COLUMNS

TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "DATE": "date"}


def is_set() -> bool:
    """Whether roll-ups run on a cluster."""
    return bool(current_app.config["SPARK_MASTER"])


@contextmanager
def session() -> Iterator[Any]:
    """A session on the cluster; the driver is this machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and a Java machine

    builder = SparkSession.builder.master(current_app.config["SPARK_MASTER"]).appName("incubator-sales")
    settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "16"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def of_weeks(
    files: Sequence[str], weeks: Iterable[date], meaning: Sequence[tuple[int, str, int, str]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(rows of `rollup.weekly`, rows of `rollup.by_reason`) of these files of the sales table."""
    wanted = list(weeks)
    with session() as spark:
        schema = ", ".join(f"{name} {TYPES[kind]}" for name, kind in COLUMNS.items() if name not in lake.PARTITIONS)
        lines = spark.read.schema(schema).parquet(*files)
        known = spark.createDataFrame(list(meaning), "channel bigint, code string, sku_id bigint, buyers string")
        found = rollup.explained(lines, known, wanted)
        return _rows(rollup.weekly(found)), _rows(rollup.by_reason(found))


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict() for row in frame.to_native().collect()]
