"""A world in which every free text that a person could have typed says one hostile thing."""

from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint, bindparam, update
from sqlalchemy.exc import DatabaseError

from incubator.kernel.db import db
from tests import world

SHORTEST = 40  # shorter columns hold codes, states and units
OURS = {  # tables and columns that no person writes
    "alembic_version", "api_token", "app_user.password_hash", "attempt_counter", "audit_entry", "exchange_rate", "job_run", "outbox_mail.to_address",
    "scheduler_beat", "setting", "stored_file", "user_session", "notification", "import_refusal", "data_import", "password_reset", "invitation",
    "app_user.email", "app_user.totp_secret", "saved_view", "industrial_cluster",
}  # fmt: skip
MACHINE_NAMES = ("_hash", "digest", "sha256", "secret", "token", "zone", "state", "key", "kind", "_type", "platform", "source", "locale")


def is_free(column: Any) -> bool:
    """Whether people type what they like into the column."""
    table = column.table
    if {table.name, f"{table.name}.{column.name}"} & OURS or column.primary_key or column.foreign_keys or column.unique:
        return False
    if not isinstance(column.type, String) or (column.type.length or SHORTEST) < SHORTEST or any(n in column.name for n in MACHINE_NAMES):
        return False
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column.name in constraint.columns:
            return False
        if isinstance(constraint, CheckConstraint) and column.name in str(constraint.sqltext):
            return False
    return not any(index.unique and column.name in index.columns for index in table.indexes)


def fill(text: str, urls: str) -> int:
    """Write `text` over every free text and `urls` over every address; how many columns took it (what may never change refuses)."""
    taken = 0
    for table in db.metadata.sorted_tables:
        for column in filter(is_free, table.columns):
            value = urls if column.name.endswith(("url", "website")) else text
            query = update(table).where(column.is_not(None)).values({column.name: bindparam("said")})
            try:
                with db.session.begin_nested():
                    taken += db.session.execute(query, {"said": value[: column.type.length]}).rowcount > 0
            except DatabaseError:
                continue
    db.session.commit()
    db.session.expire_all()
    return taken


def hostile(text: str, urls: str = "javascript:alert(1)//") -> world.World:
    """The populated world, filled; it fails where so few columns took the text that the test would say nothing."""
    made = world.populated()
    taken = fill(text, urls)
    assert taken > 80, f"only {taken} columns"
    return made
