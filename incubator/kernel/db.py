"""The database: one declarative base, UTC times, optimistic versions, and SQLite transactions that do not lose writes.

It refuses naive datetimes. SQLite opens writing transactions with BEGIN IMMEDIATE, because the driver's own deferred
transactions let a reader upgrade to a writer and lose the update in between.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, BigInteger, DateTime, Engine, Integer, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from incubator.kernel import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite stores it without the offset, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Keyset paging reads it; a decorator's own answer would be `object`."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: use kernel.clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Every table has an integer `id`; datetimes are UTC."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UTCDateTime()})

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Stamped:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class Versioned:
    """An optimistic version: a write from a stale copy raises instead of overwriting."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base)
Model: Any = db.Model

_writing: ContextVar[bool] = ContextVar("writing", default=True)


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside only read, so that on SQLite they wait for nobody."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def set_read_only(value: bool) -> None:
    """The same for the length of a request, whose context ends with it."""
    _writing.set(not value)


@event.listens_for(Engine, "connect")
def _configure(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON", "cache_size=-4000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
    elif not _writing.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def append_only_statements(table: str, dialect: str) -> tuple[str, ...]:
    """The trigger that refuses UPDATE and DELETE on `table`; migrations execute the same statements."""
    refusal = f"{table} is append-only"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    )


APPEND_ONLY: list[str] = []


def append_only(table: Any) -> None:
    """Let nothing ever change or remove a row of `table`, not even by hand."""
    assert isinstance(table, Table)
    APPEND_ONLY.append(table.name)
    for dialect in ("sqlite", "postgresql"):
        for statement in append_only_statements(table.name, dialect):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


def seal_statements(table: str, verb: str, when: str, dialect: str) -> tuple[str, ...]:
    """The trigger that refuses `verb` on the rows of `table` for which `when` (SQL over OLD and NEW) holds; migrations execute the same."""
    name, refusal, kept = f"{table}_sealed_{verb.lower()}", f"{table} is sealed", "OLD" if verb == "DELETE" else "NEW"
    if dialect == "sqlite":
        return (f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",)
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{refusal}'; END IF; RETURN {kept}; END $$",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def seal(table: Any, **when: str) -> None:
    """Let nothing change what has been settled, not even by hand: `seal(table, UPDATE="OLD.state = 'released'", DELETE=…)`."""
    assert isinstance(table, Table)
    for verb, condition in when.items():
        for dialect in ("sqlite", "postgresql"):
            for statement in seal_statements(table.name, verb, condition, dialect):
                event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


def rows_changed(statement: Any) -> int:
    """Run an UPDATE or DELETE; how many rows it touched."""
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


def release() -> None:
    """End the transaction before slow work (hashing, rendering), so that nobody waits for its lock. Unsaved work raises RuntimeError."""
    if db.session.new or db.session.dirty or db.session.deleted or db.session.info.get("audit"):
        raise RuntimeError("release() would lose unsaved work: do the slow part first")
    db.session.rollback()
