"""Case 43: disk full, read-only, database down and back: 503, no half state, recovery without help."""

import errno
import resource
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

from incubator.kernel import clock, files, job_runner, jobs, mail, mail_sender, web
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry, first_broken
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail
from tests.backends import on
from tests.builders import a_person, sign_in
from tests.hardening.test_job_cases import schedulers  # noqa: F401 - a fixture
from tests.processes import wait_for
from tests.uploads import a_picture, an_upload


@contextmanager
def full_disk():
    """No file of this process may grow by a byte: the kernel answers "file too large" as it would "no space left"."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def database_down(app):
    """Connections die and new ones are refused, until the end of the block."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        engine = db.engine
    if url.get_backend_name() == "sqlite":
        path = Path(url.database)
        engine.dispose()
        path.rename(path.with_suffix(".away"))
        path.mkdir()
        try:
            yield
        finally:
            path.rmdir()
            path.with_suffix(".away").rename(path)
        return
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    admin.dispose()


@pytest.fixture
def admin(client, session):
    signed_in = sign_in(client, a_person(staff_role="administrator"))
    session.remove()
    return signed_in


def press(client):
    return client.post("/admin/jobs/run", data={"job": "audit.verify"})


def is_out_of_order(answer) -> bool:
    return answer.status_code == 503 and answer.headers["Retry-After"] == "60" and b"Nothing was saved" in answer.data


def rows(app) -> tuple[int, int]:
    with app.app_context():
        found = tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (JobRun, AuditEntry))
        assert first_broken() is None
        return found


@on("sqlite")
def test_case_43_a_full_disk_is_a_503_and_the_next_request_works(app, admin):
    with full_disk():
        assert is_out_of_order(press(admin))
        assert admin.get("/healthz").status_code == 200
        assert admin.get("/admin/jobs").status_code == 200
    assert rows(app) == (0, 0)
    assert press(admin).status_code == 303
    assert rows(app) == (1, 1)
    with app.app_context():
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_case_43_an_upload_to_a_full_disk_leaves_neither_row_nor_bytes(app, admin, monkeypatch):
    @web.signed_in
    def upload():
        files.store(an_upload(a_picture(), "a.jpg"), SYSTEM, clock.now())
        return {}

    monkeypatch.setitem(app.view_functions, "kernel.run_job", upload)
    real = files.blobs.put

    def put(key, data):
        with full_disk():
            real(key, data)

    monkeypatch.setattr(files.blobs, "put", put)
    assert is_out_of_order(press(admin))
    monkeypatch.setattr(files.blobs, "put", real)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert not [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()]
    assert press(admin).status_code == 200


@on("sqlite")
def test_case_43_a_read_only_database_may_be_read(app, admin):
    with app.app_context():
        writable = db.engine
        path = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
        db.engines[None] = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert is_out_of_order(press(admin))
    assert admin.get("/admin/jobs").status_code == 200
    with app.app_context():
        db.engine.dispose()
        db.engines[None] = writable
    assert rows(app) == (0, 0)
    assert press(admin).status_code == 303


def test_case_43_a_database_that_is_down_is_a_503_and_comes_back_by_itself(app, admin):
    assert press(admin).status_code == 303
    with database_down(app):
        for path in ("/admin/jobs", "/admin/audit", "/"):
            assert is_out_of_order(admin.get(path))
        assert is_out_of_order(press(admin))
        assert admin.get("/readyz").status_code == 503
        assert admin.get("/healthz").status_code == 200
        assert admin.get("/no/such/page").status_code == 404
    assert admin.get("/admin/jobs").status_code == 200
    assert rows(app) == (1, 1)


@on("postgresql")  # on SQLite a file that is open stays open
def test_case_43_a_database_that_goes_away_within_a_request_undoes_all_of_it(app, admin, monkeypatch):
    with database_down_between_two_writes(app, monkeypatch):
        assert is_out_of_order(press(admin))
    assert rows(app) == (0, 0)
    assert press(admin).status_code == 303


@contextmanager
def database_down_between_two_writes(app, monkeypatch):
    real = jobs.request_now

    def request_and_lose(*args, **more):
        run = real(*args, **more)
        with database_down(app):
            pass
        return run

    monkeypatch.setattr(jobs, "request_now", request_and_lose)
    yield
    monkeypatch.setattr(jobs, "request_now", real)


@on("postgresql")
def test_case_43_a_scheduler_outlives_its_database(app, session, schedulers):  # noqa: F811
    session.remove()
    schedulers.start()
    wait_for(lambda: len(schedulers.lines("tick")) >= 2)
    with database_down(app):
        time.sleep(2.5)
        before = len(schedulers.lines("tick"))
        time.sleep(1.5)
        assert len(schedulers.lines("tick")) == before
    wait_for(lambda: len(schedulers.lines("tick")) >= before + 2)
    assert not schedulers.pids("gone")


def test_case_43_mail_that_meets_a_full_disk_waits(app, session):
    mail.queue_mail("li@example.com", "s", "b", clock.now())
    session.commit()

    def refuse(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    run_id = jobs.request_now("mail.deliver", SYSTEM).id
    session.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail_sender, "_write", refuse)
        job_runner.run_next(app, "worker", threading.Event(), only=run_id)
    session.rollback()
    assert session.scalars(select(OutboxMail.status)).all() == ["waiting"]
