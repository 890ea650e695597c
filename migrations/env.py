"""Runs and writes migrations: numbered 0001, 0002 …, in one transaction, with `migrations/head` naming the last.

There is no way back down: a mistake is mended by the next number, a disaster by the backup.
"""

from pathlib import Path
from typing import Any

from alembic import context
from alembic.autogenerate import renderers
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript
from sqlalchemy import Connection, text

from incubator.kernel.db import APPEND_ONLY, UTCDateTime, append_only_statements, db

HEAD = Path(__file__).with_name("head")
MIGRATION_LOCK = 7_301_978  # any constant: on PostgreSQL one process migrates, the others wait for it


class AppendOnlyOp(MigrateOperation):
    """After a CREATE TABLE: the triggers that let nothing change its rows, written out so that the migration never changes."""

    def __init__(self, table: str):
        self.table = table


@renderers.dispatch_for(AppendOnlyOp)
def _render_append_only(_autogen: Any, operation: AppendOnlyOp) -> list[str]:
    pairs = zip(append_only_statements(operation.table, "sqlite"), append_only_statements(operation.table, "postgresql"), strict=True)
    return [
        f'op.execute({{\n    "sqlite": {sqlite!r},\n    "postgresql": {postgresql!r},\n}}[op.get_bind().dialect.name])'
        for sqlite, postgresql in pairs
    ]


def number(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Give the new revision the next number and its triggers; write none when nothing changed. `flask db check` has no message and passes."""
    script: MigrationScript = directives[0]
    if script.message is None:
        return
    operations = script.upgrade_ops.ops if script.upgrade_ops else []
    if not operations:
        directives.clear()
        return
    script.rev_id = f"{_next():04}"
    created = [op.table_name for op in operations if isinstance(op, CreateTableOp)]
    operations.extend(AppendOnlyOp(table) for table in APPEND_ONLY if table in created)
    HEAD.write_text(f"{script.rev_id}\n")


def _next() -> int:
    return 1 + max((int(path.name[:4]) for path in HEAD.with_name("versions").glob("[0-9]*.py")), default=0)


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """A migration does not import the product's types, which may change after it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def migrate() -> None:
    """SQLite rebuilds a table to change it, which must not cascade into its children: foreign keys are off meanwhile, and checked after."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            _migrate(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, on: bool) -> None:
    """On the driver's own connection: inside a transaction the pragma would do nothing."""
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")  # type: ignore[union-attr]


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        process_revision_directives=number,
        render_item=render_item,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()
        if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise RuntimeError(f"a migration left a dangling reference: {tuple(broken)}")


migrate()
