"""The Delta table that sales stand in: a local folder, or S3. It appends, replaces and compacts; what its lines mean it does not know.

Its data files never change once they are written, so those of S3 are kept beside the application when they have been read.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app

from incubator.kernel import blobs
from incubator.sales.columns import COLUMNS

PARTITIONS = ["brand", "month"]
PIECE = "piece"  # in the notes of a commit
KEPT_DAYS = 30  # versions of the table, for the reports that name one
CACHE = 4 * 1024**3  # bytes of S3's files beside the application


def location() -> str:
    """`SALES_URL` (s3://bucket/prefix), or the folder `sales` in DATA_DIR."""
    if current_app.config["SALES_URL"]:
        return str(current_app.config["SALES_URL"])
    folder = Path(current_app.config["DATA_DIR"]) / "sales"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _options() -> dict[str, str] | None:
    """What deltalake needs besides AWS_* of the environment; S3 itself refuses a version that somebody else has written."""
    if not location().startswith("s3://"):
        return None
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return {"aws_conditional_put": "etag", **({"aws_allow_http": "true"} if plain else {})}


def opened(version: int | None = None) -> Any:
    """The table, at its latest version or at an earlier one; None before the first line."""
    from deltalake import DeltaTable  # noqa: PLC0415 - 130 MB, for importing and rolling up only

    if not DeltaTable.is_deltatable(location(), storage_options=_options()):
        return None
    return DeltaTable(location(), version=version, storage_options=_options())


def version() -> int:
    """The latest version of the table; -1 before the first line."""
    table = opened()
    return -1 if table is None else int(table.version())


def append(rows: Any, piece: str) -> None:
    """Add an Arrow table in one commit; a table of an earlier release gets the columns that it lacks."""
    from deltalake import write_deltalake  # noqa: PLC0415

    write_deltalake(
        location(),
        rows,
        mode="append",
        partition_by=PARTITIONS,
        schema_mode="merge",
        commit_properties=_noted(piece),
        storage_options=_options(),
    )


def replace(rows: Any, piece: str) -> None:
    """Take out the old versions of rows and put in the new ones, in one commit."""
    same = "t.line_id = s.line_id AND t.brand = s.brand AND t.channel = s.channel"
    merge = opened().merge(rows, same, source_alias="s", target_alias="t", commit_properties=_noted(piece), merge_schema=True)
    merge.when_matched_update_all().execute()


def _noted(piece: str) -> Any:
    """The commits of a piece are known by its import and its first line."""
    from deltalake import CommitProperties  # noqa: PLC0415

    return CommitProperties(custom_metadata={PIECE: piece})


def before(piece: str) -> Any:
    """The table as it was before the first commit of the piece; None when that commit was the table's first."""
    table = opened()
    first = min((int(entry["version"]) for entry in table.history() if entry.get(PIECE) == piece), default=table.version() + 1)
    return opened(first - 1) if first else None


def months(brand_id: int) -> list[str]:
    """The months in which a brand has lines, the first one first."""
    table = opened()
    parts = [] if table is None else table.partitions(file_pruning_predicate=[("brand", "=", brand_id)])
    return sorted({part["month"] for part in parts})


def lines_by_month(brand_id: int) -> dict[str, int]:
    """How many lines a brand has in each month, as the table's log says."""
    table, found = opened(), dict[str, int]()
    if table is None:
        return found
    files = table.get_add_actions(flatten=True)
    columns = (files[name].to_pylist() for name in ("partition.brand", "partition.month", "num_records"))
    for brand, month, lines in zip(*columns, strict=True):
        if brand == brand_id:
            found[month] = found.get(month, 0) + lines
    return found


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def months_of_week(week: date) -> set[str]:
    return {month_of(week), month_of(week + timedelta(days=6))}


def months_of(weeks: Iterable[date]) -> set[str]:
    return set().union(*map(months_of_week, weeks))


def files_of(table: Any, brand_id: int, months: Iterable[str] | None = None) -> list[str]:
    """The data files of a brand, of these months or of all, as paths of this machine."""
    chosen: list[Any] = [("brand", "=", brand_id)]
    if months is not None:
        chosen.append(("month", "in", sorted(months)))
    files: list[str] = table.file_uris(file_pruning_predicate=chosen)
    return [_local(file) for file in files] if location().startswith("s3://") else files


def _local(uri: str) -> str:
    """The path of a file of S3 that has been read, after fetching it when it has not."""
    key = unquote(urlsplit(uri).path.removeprefix(urlsplit(location()).path).lstrip("/"))
    path = Path(current_app.config["DATA_DIR"]) / "sales-read" / key
    if path.exists():
        path.touch()
        return str(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    with half.open("wb") as file:
        for chunk in obstore.get(blobs.open_store(location()), key).stream():
            file.write(chunk)
    half.replace(path)
    return str(path)


def scan(duck: Any, files: Sequence[str], columns: Mapping[str, str] = COLUMNS) -> str:
    """A query of all columns of `files`; those that a file of an earlier release lacks are null."""
    blank = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items())
    empty = f"SELECT {blank} WHERE false"
    if not files:
        return empty
    duck.execute("SET VARIABLE files = $files", {"files": list(files)})
    return f"{empty} UNION ALL BY NAME SELECT * FROM read_parquet(getvariable('files'), union_by_name = true)"


def compact() -> dict[str, int]:
    """Join the many small files of daily imports; versions older than 30 days go. Returns what was done."""
    table = opened()
    if table is None:
        return {"joined": 0, "removed": 0}
    done = table.optimize.compact()
    removed = table.vacuum(retention_hours=KEPT_DAYS * 24, enforce_retention_duration=False, dry_run=False)
    return {"joined": int(done["numFilesRemoved"]), "removed": len(removed) + _forget()}


def _forget() -> int:
    """Of S3's files that were read, the least used go until the rest is small enough."""
    folder = Path(current_app.config["DATA_DIR"]) / "sales-read"
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_mtime, reverse=True)
    kept = gone = 0
    for path in files:
        kept += path.stat().st_size
        if kept > CACHE:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
