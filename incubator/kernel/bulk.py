"""Thousands of rows in one statement and one parameter, alike on SQLite and PostgreSQL.

A driver binds each value of an executemany by itself, which for a sweep of ten thousand costs more than the database does.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, cast, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

from incubator.kernel.db import db, is_sqlite

Columns = Callable[[Any, Any], Any]


def insert_many(model: Any, rows: Sequence[Mapping[str, Any]], **same: Any) -> None:
    """Insert `rows` (JSON values: text, numbers, objects; every row the same names), each with the values of `same` besides."""
    if rows:
        names, chosen = _chosen(model, rows, same)
        db.session.execute(insert(model.__table__).from_select(names, chosen))


def upsert_many(
    model: Any,
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    *,
    newer: Columns | None = None,
    merged: Columns | None = None,
    **same: Any,
) -> None:
    """The same; where the unique `key` stands already, the row is replaced, if `newer(given, present)` (columns by name → SQL) holds.

    `merged(given, present)` says what the row becomes instead: name → SQL; other columns stay. No two of `rows` may have one key.
    """
    if not rows:
        return
    names, chosen = _chosen(model, rows, same)
    table = model.__table__
    statement = (sqlite if is_sqlite() else postgresql).insert(table).from_select(names, chosen.where(literal(1) == 1))
    given = statement.excluded
    becomes = merged(given, table.c) if merged else {name: given[name] for name in names if name not in key}
    condition = newer(given, table.c) if newer else None
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=becomes, where=condition))


def _chosen(model: Any, rows: Sequence[Mapping[str, Any]], same: Mapping[str, Any]) -> tuple[list[str], Any]:
    """(column names, a select of all rows)."""
    columns, names = model.__table__.c, list(rows[0])
    payload = json.dumps([[row[name] for name in names] for row in rows], ensure_ascii=False)
    cells = _cells(payload, [columns[name].type for name in names])
    return [*names, *same], select(*cells, *(literal(value, columns[name].type) for name, value in same.items()))


def id_set(ids: Sequence[int]) -> Any:
    """A select of `ids` for IN: one parameter instead of thousands."""
    if is_sqlite():
        return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
    return select(func.unnest(cast(list(ids), ARRAY(BigInteger))).column_valued("id"))


def text_set(texts: Sequence[str]) -> Any:
    """The same for texts."""
    if is_sqlite():
        return select(func.json_each(json.dumps(list(texts))).table_valued("value").c.value)
    return select(func.unnest(cast(list(texts), ARRAY(Text))).column_valued("text"))


def _cells(payload: str, types: list[Any]) -> list[Any]:
    if is_sqlite():
        each = func.json_each(payload).table_valued("value")
        return [func.json_extract(each.c.value, f"$[{i}]") for i in range(len(types))]
    item = func.jsonb_array_elements(cast(literal(payload, Text), JSONB)).column_valued("item")
    return [cast(item.op("->>")(i), kind) for i, kind in enumerate(types)]
