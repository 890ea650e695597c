"""The sales table: every order line, in Delta Lake. Adding a line again changes nothing; a corrected line replaces the old one.

It knows brands, channels and codes, and no SKU: which code means which SKU is settled later, and may change.
Its libraries are heavy and are loaded where lines are written or rolled up, never by a page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from incubator.sales.lines import Fact

COLUMNS = (
    ("line_id", "utf8"), ("content", "utf8"), ("kind", "utf8"), ("order_no", "utf8"), ("code", "utf8"), ("day", "date32"), ("week", "date32"),
    ("units", "int64"), ("price_e4", "int64"), ("amount_minor", "int64"), ("reason", "utf8"), ("customer", "utf8"), ("region", "utf8"),
    ("currency", "utf8"), ("channel", "int64"), ("import_id", "int64"), ("line", "int64"), ("brand", "int64"), ("month", "utf8"),
)  # fmt: skip
PARTITIONS = ["brand", "month"]
PIECE = "piece"  # in the notes of a commit
EPOCH = date(1970, 1, 1)
Placed = tuple[int, Fact]  # line number in the file, fact


@dataclass(frozen=True)
class Origin:
    """What all lines of a piece share."""

    brand_id: int
    channel_id: int
    currency: str
    import_id: int


@dataclass(frozen=True)
class Known:
    """What the table says of a line already: its content, its week, and where it came from."""

    content: str
    week: date
    origin: tuple[int, int]  # import, line in its file


@dataclass(frozen=True)
class Added:
    """Ids of the lines that were new, and of those that replaced an older version of themselves; and the weeks of those versions.

    Lines that this very piece had put there before, in a run that was killed, count as they did then: that run kept nothing else.
    """

    new: frozenset[str]
    changed: frozenset[str]
    left: frozenset[date]


def location() -> str:
    """The folder of the table."""
    folder = Path(current_app.config["DATA_DIR"]) / "sales"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def opened() -> Any:
    """The table at its latest version, or None before the first line."""
    from deltalake import DeltaTable  # noqa: PLC0415 - 130 MB, for importing and rolling up only

    return DeltaTable(location()) if DeltaTable.is_deltatable(location()) else None


def version() -> int:
    """The latest version of the table; -1 before the first line."""
    table = opened()
    return -1 if table is None else int(table.version())


def add(placed: Sequence[Placed], origin: Origin) -> Added:
    """Write the facts that are new, replace those that say something else now. One commit each; a repetition finds nothing to do.

    Callers take turns (`exclusive.turn`): two that add the same lines at once would both find them new.
    """
    from deltalake import write_deltalake  # noqa: PLC0415

    table = opened()
    latest = {fact.line_id: (line, fact) for line, fact in placed}
    known = _known(table, placed, origin)
    new, changed = _compared(latest, known)
    tag = _tag(placed, origin)
    if new:
        rows = _table([latest[key] for key in new], origin)
        write_deltalake(location(), rows, mode="append", partition_by=PARTITIONS, commit_properties=tag)
    if changed:
        _replace([latest[key] for key in changed], origin, tag)
    if any(key in known and known[key].origin == (origin.import_id, line) for key, (line, _) in latest.items()):
        known = _known(_before(table, tag), placed, origin)
        new, changed = _compared(latest, known)
    return Added(frozenset(new), frozenset(changed), frozenset(known[key].week for key in changed))


def _compared(latest: dict[str, Placed], known: dict[str, Known]) -> tuple[list[str], list[str]]:
    """The ids that are new, and those that say something else now."""
    return [k for k in latest if k not in known], [k for k, (_, fact) in latest.items() if k in known and known[k].content != fact.content]


def _tag(placed: Sequence[Placed], origin: Origin) -> Any:
    """What the commits of a piece are known by: its import and its first line."""
    from deltalake import CommitProperties  # noqa: PLC0415

    return CommitProperties(custom_metadata={PIECE: f"{origin.import_id}:{min((line for line, _ in placed), default=0)}"})


def _before(table: Any, tag: Any) -> Any:
    """The table as it was before the first commit of the piece; None when that commit was the table's first."""
    from deltalake import DeltaTable  # noqa: PLC0415

    piece = tag.custom_metadata[PIECE]
    first = min((int(entry["version"]) for entry in table.history() if entry.get(PIECE) == piece), default=table.version() + 1)
    return DeltaTable(location(), version=first - 1) if first else None


def _known(table: Any, placed: Sequence[Placed], origin: Origin) -> dict[str, Known]:
    """The lines that the table holds, by line_id. A line's own key may stand in another month, so it is sought everywhere."""
    if table is None or not placed:
        return {}
    by_content = all(fact.line_id == fact.content for _, fact in placed)
    months = {month_of(fact.day) for _, fact in placed} if by_content else None
    files = files_of(table, origin.brand_id, months)
    if not files:
        return {}
    sought = _strings({"line_id": [fact.line_id for _, fact in placed]})  # noqa: F841 - the query below names it
    with connection() as duck:
        columns = "line_id, content, week, import_id, line"
        query = f"SELECT {columns} FROM read_parquet($files) SEMI JOIN sought USING (line_id) WHERE channel = $channel"  # noqa: S608
        rows = duck.execute(query, {"files": files, "channel": origin.channel_id}).fetchall()
    return {key: Known(content, week, (import_id, line)) for key, content, week, import_id, line in rows}


def _replace(placed: Sequence[Placed], origin: Origin, tag: Any) -> None:
    """Take out the old versions and put in the new ones, in one commit."""
    source = _table(placed, origin)
    same = "t.line_id = s.line_id AND t.brand = s.brand AND t.channel = s.channel"
    merge = opened().merge(source, same, source_alias="s", target_alias="t", commit_properties=tag)
    merge.when_matched_update_all().execute()


def files_of(table: Any, brand_id: int, months: Iterable[str] | None = None) -> list[str]:
    """The data files of a brand, of these months or of all."""
    chosen: list[Any] = [("brand", "=", brand_id)]
    if months is not None:
        chosen.append(("month", "in", sorted(months)))
    files: list[str] = table.file_uris(file_pruning_predicate=chosen)
    return files


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def months_of_week(week: date) -> set[str]:
    return {month_of(week), month_of(week + timedelta(days=6))}


def connection() -> Any:
    """DuckDB in memory, which sees tables of the calling function by their names."""
    import duckdb  # noqa: PLC0415 - 65 MB

    return duckdb.connect(config={"python_scan_all_frames": True, "threads": 2})


def _strings(columns: dict[str, list[str]]) -> Any:
    from arro3.core import Array, DataType, Table  # noqa: PLC0415

    return Table.from_arrays([Array(values, type=DataType.utf8()) for values in columns.values()], names=list(columns))


def _table(placed: Sequence[Placed], origin: Origin) -> Any:
    """The facts as an Arrow table with the columns of the sales table."""
    from arro3.core import Array, DataType, Table  # noqa: PLC0415

    types = {"utf8": DataType.utf8(), "int64": DataType.int64(), "date32": DataType.date32()}
    rows = [_row(line, fact, origin) for line, fact in placed]
    arrays = []
    for name, kind in COLUMNS:
        values = [row[name] for row in rows]
        if kind == "date32":
            arrays.append(Array([(v - EPOCH).days for v in values], type=DataType.int32()).cast(types[kind]))
        else:
            arrays.append(Array(values, type=types[kind]))
    return Table.from_arrays(arrays, names=[name for name, _ in COLUMNS])


def _row(line: int, fact: Fact, origin: Origin) -> dict[str, Any]:
    shared = {"currency": origin.currency, "channel": origin.channel_id, "import_id": origin.import_id, "brand": origin.brand_id}
    return vars(fact) | shared | {"week": fact.week, "month": month_of(fact.day), "line": line}


def compact() -> dict[str, int]:
    """Join the many small files of daily imports; versions older than 30 days go. Returns what was done."""
    table = opened()
    if table is None:
        return {"joined": 0, "removed": 0}
    done = table.optimize.compact()
    removed = table.vacuum(retention_hours=30 * 24, enforce_retention_duration=False, dry_run=False)
    return {"joined": int(done["numFilesRemoved"]), "removed": len(removed)}
