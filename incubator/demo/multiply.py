"""Makes the demo large: every product with all that hangs on it, copied so many times, by one statement per table.

A copy's ids are those of the original plus a multiple of SPAN; what must be unique gets the number of the copy behind it. People, partners,
programmes, files and the audit trail are not multiplied: a copy has neither photos nor a past of its own. It works on the demo alone.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, String, Table, Text, UniqueConstraint, cast, func, insert, literal, null, select, text

from incubator.kernel.db import db, is_sqlite
from incubator.sales import engine, lake

SIZES = {"small": 1, "medium": 10, "large": 1000}
SPAN = 1_000_000
LEFT_OUT = {"room_file", "room_download", "tranche_condition"}  # a file lies in one folder; money is of the programme
NOTHING = {("sku", "gtin")}
REASON = {("sku", "gtin_exemption"): "演示数据的复制品，不上架"}
AT_ONCE = 50
FACTS = """
    SELECT l.* REPLACE (line_id || '-x' || n AS line_id, content || '-x' || n AS content, code || '-x' || n AS code)
    FROM read_parquet($files, hive_partitioning = true) l CROSS JOIN (SELECT unnest(range($first, $after)) AS n)
"""
NAMED = {("product", "name"), ("product_brief", "title"), ("sku", "name_zh")}


def multiply(size: int) -> int:
    """Make `size` of each product of the demo, the original among them, in the caller's transaction; how many products there are then."""
    copied = tables()
    for table in copied:
        db.session.execute(_statement(table, copied, size))
    if not is_sqlite():
        _advance(copied)
    _multiply_facts(size)
    return int(db.session.scalar(select(func.count()).select_from(db.metadata.tables["product"])) or 0)


def tables() -> list[Table]:
    """Those of products and of what points to them, in an order in which they can be filled."""
    reached = {"product"}
    for table in db.metadata.sorted_tables:
        if any(key.column.table.name in reached for key in table.foreign_keys):
            reached.add(table.name)
    return [t for t in db.metadata.sorted_tables if t.name in reached - LEFT_OUT]


def _statement(table: Table, copied: Sequence[Table], size: int) -> Any:
    number = _numbers(size - 1)
    columns = [c for c in table.columns if c.computed is None]
    values = [_value(c, {t.name for t in copied}, number.c.n).label(c.name) for c in columns]
    chosen = select(*values).select_from(table).join(number, literal(True)).where(table.c.id <= SPAN)
    return insert(table).from_select([c.name for c in columns], chosen)


def _numbers(last: int) -> Any:
    """1 to `last`."""
    counted = select(cast(literal(1), BigInteger).label("n")).where(literal(last) >= 1).cte("numbers", recursive=True)
    return counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))


def _value(column: Column[Any], copied: set[str], n: Any) -> Any:
    where = (column.table.name, column.name)
    points_to = {key.column.table.name for key in column.foreign_keys}
    if column.name == "id" or points_to & copied:
        return column + n * SPAN
    if where in NOTHING:
        return null()
    if where in REASON:
        return literal(REASON[where])
    if where in NAMED:
        return column + literal(" ") + cast(n + 1, Text)
    return column + literal("-x") + cast(n + 1, Text) if _must_differ(column, copied) else column


def _must_differ(column: Column[Any], copied: set[str]) -> bool:
    """Whether a text alone keeps two rows apart: part of a unique key in which nothing else is copied."""
    if not isinstance(column.type, String) or isinstance(column.type, Text):
        return False
    keys = [list(c.columns) for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    keys += [list(i.columns) for i in column.table.indexes if i.unique]
    own = [key for key in keys if column.name in {c.name for c in key}]
    return any(not any(k.column.table.name in copied for c in key for k in c.foreign_keys) and key[-1].name == column.name for key in own)


def _advance(copied: Sequence[Table]) -> None:
    for table in copied:
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"))  # noqa: S608 - our own tables


def _multiply_facts(size: int) -> None:
    """The order lines of the copies, some copies at a time: memory stays that of these."""
    from arro3.core import Table as Arrow  # noqa: PLC0415 - these are heavy, and needed only here
    from deltalake import write_deltalake  # noqa: PLC0415

    opened = lake.opened()
    files = opened.file_uris() if opened else []
    with engine.connection() as duck:
        for first in range(2, size + 1, AT_ONCE) if files else ():
            copies = {"files": files, "first": first, "after": min(first + AT_ONCE, size + 1)}
            write_deltalake(lake.location(), Arrow.from_arrow(duck.sql(FACTS, params=copies)), mode="append", partition_by=lake.PARTITIONS)
