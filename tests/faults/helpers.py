"""What the fault tests share: a server to kill, tokens to write with, and a look into the database that holds no lock."""

import http.client
import json
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from incubator.kernel.db import db
from tests.processes import FLASK, environment, free_port, running, wait_for


def look(query):
    """The answer of a select, read in a transaction of its own that is over at once."""
    from incubator.kernel.db import read_only

    db.session.rollback()
    with read_only():
        found = db.session.execute(query).all()
        db.session.rollback()
    return found


def kill(process):
    """kill -9 for the whole group: supervisor, web workers and scheduler at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@contextmanager
def serving(app, folder: Path, *, workers="2"):
    """The web server with its scheduler on the test's own database; `(process, port)` once it answers."""
    port = free_port()
    (Path(app.config["DATA_DIR"]) / "demo_password").touch()
    env = environment(app, RATELIMIT_ENABLED="0", LOG_LEVEL="WARNING", WEB_WORKERS=workers, PORT=str(port))
    with running([sys.executable, "-m", "tests.journeys.launch", str(port)], env, folder / "server.log") as process:
        wait_for(lambda: process.poll() is not None or alive(port), 60)
        assert process.poll() is None, (folder / "server.log").read_text()[-2000:]
        yield process, port


@contextmanager
def working(app, folder: Path):
    """A scheduler with its workers, and nothing else."""
    with running([*FLASK, "scheduler"], environment(app, LOG_LEVEL="WARNING"), folder / "worker.log") as process:
        yield process


def alive(port):
    try:
        return call(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def call(port, method, path, token="", body=None, seconds=30):
    """(status, JSON) of one request on a connection of its own; OSError when the server died meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Connection": "close"}
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        data = answer.read()
        return answer.status, json.loads(data) if data[:1] in (b"{", b"[") else None
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
