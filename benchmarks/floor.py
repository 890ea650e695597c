"""The floor: what a bare Flask needs for the same rows of the same database. Signed session, raw driver, one plain template, no rules.

It refuses nobody and writes no history; it shows what is left when everything that the product is for is taken away.
It imports nothing of the product; `served.floor` gives it the product's gunicorn settings.
"""

import os
import sqlite3
import threading
from typing import Any

from flask import Flask, redirect, render_template, request, session

PAGE = 50
STAGES = (
    "signal",
    "segment",
    "brief",
    "sourcing",
    "sampling",
    "codevelopment",
    "preproduction",
    "test_launch",
    "launch",
    "scale",
    "handed_over",
    "stopped",
)
LIST = (
    "SELECT p.id, p.code, p.name, p.state, p.state_since, p.risk, p.next_milestone, p.next_milestone_on, p.launch_on, p.updated_at,"
    " g.name, u.name FROM product p JOIN programme g ON g.id = p.programme_id LEFT JOIN app_user u ON u.id = p.owner_id"
    " WHERE p.brand_id = 1 AND p.state = %s ORDER BY p.updated_at DESC, p.id DESC LIMIT %s"
)
COUNT = "SELECT count(*) FROM product WHERE brand_id = 1 AND state = %s"
ONE = "SELECT p.id, p.code, p.name, p.state, p.risk, g.name FROM product p JOIN programme g ON g.id = p.programme_id WHERE p.id = %s"
FIND = "SELECT id, code, name, state FROM product WHERE brand_id = 1 AND name LIKE %s LIMIT 20"
CREATE = "INSERT INTO floor_item (name, state) VALUES (%s, %s)"
TABLE = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGSERIAL PRIMARY KEY"}

_local = threading.local()


def database() -> Any:
    """This thread's connection: sqlite3 or psycopg, in autocommit."""
    if not hasattr(_local, "connection"):
        _local.connection = _connect(os.environ["DATABASE_URL"])
    return _local.connection


def _connect(url: str) -> Any:
    if not url.startswith("sqlite"):
        import psycopg

        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def query(sql: str, *values: Any) -> Any:
    """A cursor over the answer; the placeholder is the driver's own."""
    connection = database()
    return connection.execute(sql.replace("%s", "?") if isinstance(connection, sqlite3.Connection) else sql, values)


def make_table() -> None:
    kind = "sqlite" if os.environ["DATABASE_URL"].startswith("sqlite") else "postgresql"
    query(f"CREATE TABLE IF NOT EXISTS floor_item (id {TABLE[kind]}, name TEXT NOT NULL, state TEXT NOT NULL)")
    database().close()
    del _local.connection


def create_floor() -> Flask:
    """Five views: a filtered list, one row, an insert, a search, a sign-in page."""
    make_table()
    app = Flask("floor", template_folder=os.path.join(os.path.dirname(__file__), "templates"))
    app.secret_key = os.environ["SECRET_KEY"]
    app.config["SESSION_COOKIE_NAME"] = "incubator"

    @app.get("/sign-in")
    def sign_in() -> str:
        return render_template("floor.html", rows=[], total=0, stages=STAGES)

    @app.get("/products")
    def products() -> str:
        _require_session()
        stage = request.args["stage"]
        total = query(COUNT, stage).fetchone()[0]
        return render_template("floor.html", rows=query(LIST, stage, PAGE).fetchall(), total=total, stages=STAGES)

    @app.get("/products/<int:number>")
    def product(number: int) -> str:
        _require_session()
        return render_template("floor.html", rows=[], total=1, stages=STAGES, one=query(ONE, number).fetchone())

    @app.get("/search")
    def search() -> str:
        _require_session()
        return render_template("floor.html", rows=[], total=0, stages=STAGES, found=query(FIND, f"%{request.args['q']}%").fetchall())

    @app.post("/products/new")
    def create() -> Any:
        _require_session()
        query(CREATE, request.form["name"], "brief")
        return redirect("/products/1")

    return app


def _require_session() -> None:
    if "_user_id" not in session:
        raise PermissionError
