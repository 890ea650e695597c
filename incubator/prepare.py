"""`flask --app app prepare` brings a fresh checkout to where it can serve, again and again without harm; `start` does so and serves.

It loads no demo data in production, and never touches data that is already there.
"""

import logging
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from sqlalchemy import inspect, text

from incubator import catalogues
from incubator.config import ROOT
from incubator.kernel import server
from incubator.kernel.db import db, read_only

HEAD = ROOT / "migrations" / "head"


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""

    @app.cli.command("prepare")
    def prepare_once() -> None:
        """Compile translations, migrate the database, load the demo."""
        prepare()

    @app.cli.command("start", with_appcontext=False)
    def start() -> None:
        """Prepare, then serve until Ctrl-C."""
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        _require_free(host, port)
        _in_a_child(app)
        click.echo(f"\nIncubator at {app.config['BASE_URL']}, data in {app.config['DATA_DIR']}. Ctrl-C stops it.\n")
        with _own_foreground():
            sys.exit(server.serve(app, host, port))


def prepare() -> None:
    catalogues.compile_stale()
    migrate()
    if not current_app.config["PRODUCTION"]:
        current_app.cli.commands["demo-load"].main(args=[], standalone_mode=False)


def migrate() -> None:
    """Bring the database to `migrations/head`, unless it is there already."""
    if is_current():
        return
    from flask_migrate import upgrade  # noqa: PLC0415 - slow to load, and needed once per release

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade(directory=str(HEAD.parent))


def is_current() -> bool:
    """Whether the database's revision is the last one."""
    with read_only(), db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD.read_text().strip()


def _require_free(host: str, port: int) -> None:
    """Say so before anything is done, rather than after five attempts."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        sys.exit(f"Nothing can listen at {host}:{port} ({error.strerror}). Choose another port: PORT=8001 make run")


def _in_a_child(app: Flask) -> None:
    """In a process of its own, so that the one that serves is forked without open connections and threads."""

    def work() -> None:
        with app.app_context():
            prepare()

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    if child.exitcode:
        sys.exit("The start was given up; the reason is above.")


@contextmanager
def _own_foreground() -> Iterator[None]:
    """Under `make` on a terminal, Ctrl-C is for the server alone: make would die of it and report an error."""
    signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
    group = os.getpgrp()
    if group == os.getpid() or not sys.stdin.isatty() or os.tcgetpgrp(0) != group:
        yield
        return
    for number in (signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    try:
        yield
    finally:
        os.tcsetpgrp(0, group)
