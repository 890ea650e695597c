"""Work that only one process may do at a time, whatever it commits meanwhile. A process that dies gives its turn back.

On PostgreSQL an advisory lock of a connection of its own; on SQLite, where all processes share one machine, a locked file.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import text

from incubator.kernel.db import db, is_sqlite, release


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Wait for the turn of `name` and hold it. No transaction may be open meanwhile, so unsaved work raises RuntimeError."""
    release()
    key = hashlib.sha256(name.encode()).digest()
    if is_sqlite():
        folder = current_app.config["DATA_DIR"] / "turns"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / key.hex()[:24]).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    number = int.from_bytes(key[:8], "big", signed=True)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": number})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": number})
