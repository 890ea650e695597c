"""A database that came by migrations is the same as one made from the models, on both kinds; so is what they refuse."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from incubator import prepare
from incubator.kernel.db import db

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
    "postgresql": "SELECT event_object_table, trigger_name, event_manipulation, action_statement FROM information_schema.triggers ORDER BY 1, 2, 3",
}


def schema() -> dict[str, Any]:
    """Everything that the database itself says about its tables; `compare_metadata` leaves out CHECKs and triggers."""
    inspector = inspect(db.engine)
    found: dict[str, Any] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "uniques": sorted((c["name"], tuple(c["column_names"])) for c in inspector.get_unique_constraints(table)),
            "indexes": sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in inspector.get_indexes(table)),
            "references": sorted((f["name"], f["referred_table"], str(f["options"])) for f in inspector.get_foreign_keys(table)),
        }
    found["triggers"] = [tuple(row) for row in db.session.execute(text(TRIGGERS[db.engine.dialect.name]))]
    db.session.rollback()
    return found


def start_empty() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("DROP SCHEMA public CASCADE"))
        db.session.execute(text("CREATE SCHEMA public"))
        db.session.commit()
    else:
        db.drop_all()


def test_migrations_make_what_the_models_say(session):
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)
    assert differences == []
    migrated = schema()
    start_empty()
    db.create_all()
    assert migrated == schema()


def test_a_second_migration_does_nothing_and_a_first_one_starts_from_nothing(session):
    assert prepare.is_current()
    before = schema()
    prepare.migrate()
    assert schema() == before
    start_empty()
    db.session.execute(text("DROP TABLE IF EXISTS alembic_version"))
    db.session.commit()
    assert not prepare.is_current()
    prepare.migrate()
    assert prepare.is_current()
    assert schema() == before


@pytest.mark.parametrize("table", ["audit_entry", "gate_decision"])
def test_what_may_not_change_is_guarded(session, table):
    assert any(table in str(row) for row in schema()["triggers"])
