"""Insert unless present, alike on SQLite and PostgreSQL. It never updates: a second writer learns that it was second."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from incubator.kernel.db import db, is_sqlite


def insert_once(model: Any, **values: Any) -> int | None:
    """The new row's id, or None when a unique key already held one. Runs in the caller's transaction."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement = insert(model).values(**values).on_conflict_do_nothing().returning(model.id)
    return db.session.scalar(statement)
