"""Hardening case 42: a backup taken while people write holds every commit that came before it, and restores whole."""

import sqlite3
import stat
import tarfile
import threading
from io import BytesIO

import pytest

from incubator.accounts.models import Organisation
from incubator.kernel import clock, files
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from tests import builders


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def restored(app, monkeypatch, folder):
    """Point the application at an empty folder."""
    folder.mkdir()
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", f"sqlite:///{folder / 'incubator.sqlite3'}")
    monkeypatch.setitem(app.config, "FILES_URL", f"file://{folder / 'files'}")
    return folder


def test_case_42_a_backup_under_writers_holds_what_was_committed(app, session, backend, run, tmp_path, monkeypatch):
    if backend != "sqlite":
        pytest.skip("PostgreSQL has pg_dump")
    with app.app_context():
        file = files.keep(b"a drawing", "a.txt", "text/plain", SYSTEM, clock.now(), kind="export")
        db.session.commit()
        key = file.key
        table = tmp_path / "sales" / "_delta_log"
        table.mkdir(parents=True)
        (table / "0.json").write_text("{}")
    stop, acknowledged = threading.Event(), []

    def write(number):
        while not stop.is_set():
            with app.app_context():
                acknowledged.append(builders.an_organisation("factory", f"F {number}-{len(acknowledged)}-{threading.get_ident()}").id)
                db.session.commit()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 16:
        stop.wait(0.01)
    before = set(acknowledged)
    result = run(args=["backup", str(tmp_path / "b.tar.gz")])
    stop.set()
    for writer in writers:
        writer.join()
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode) == 0o600
    folder = restored(app, monkeypatch, tmp_path / "new")
    assert run(args=["restore", str(tmp_path / "b.tar.gz")]).exit_code == 0
    rows = {row[0] for row in sqlite3.connect(folder / "incubator.sqlite3").execute(f"SELECT id FROM {Organisation.__tablename__}")}
    assert before <= rows
    assert (folder / "files" / key).read_bytes() == b"a drawing"
    assert (folder / "sales" / "_delta_log" / "0.json").read_text() == "{}"


def test_a_restore_overwrites_nothing(backend, run, session, tmp_path):
    if backend == "sqlite":
        run(args=["backup", str(tmp_path / "b.tar.gz")])
        answer = run(args=["restore", str(tmp_path / "b.tar.gz")])
        assert answer.exit_code == 1
        assert "exists" in answer.output
        assert run(args=["backup", str(tmp_path / "b.tar.gz")]).exit_code == 1


@pytest.mark.parametrize("name", ["../evil", "files/../../evil", "/tmp/evil", "files/a/b"])
def test_a_hostile_archive_is_refused(backend, run, session, app, tmp_path, monkeypatch, name):
    if backend == "sqlite":
        with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as tar:
            tar.addfile(tarfile.TarInfo(name), BytesIO())
        folder = restored(app, monkeypatch, tmp_path / "new")
        answer = run(args=["restore", str(tmp_path / "evil.tar.gz")])
        assert (answer.exit_code, list(folder.iterdir())) == (1, [])
        assert "not a backup of ours" in answer.output


def test_postgresql_is_left_to_its_own_tools(backend, run, session, tmp_path):
    if backend == "postgresql":
        answer = run(args=["backup", str(tmp_path / "b.tar.gz")])
        assert answer.exit_code == 1
        assert "pg_dump" in answer.output
