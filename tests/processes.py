"""Real processes of the product for tests: started with their own settings, stopped by their own id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from incubator.config import ROOT

FLASK = [sys.executable, "-m", "flask", "--app", "app"]


def environment(app: Any, **more: str) -> dict[str, str]:
    """The environment in which a child uses the test's database and folder, and nothing of the machine's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    config = app.config
    ours = {
        "DATABASE_URL": config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "DATA_DIR": str(config["DATA_DIR"]),
        "FILES_URL": config["FILES_URL"],
        "SECRET_KEY": config["SECRET_KEY"],
        "PYTHONPATH": str(ROOT),
    }
    return {**kept, **ours, **more}


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own; whatever is left of the group at the end is killed."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.poll()
        process.wait(10)


def wait_for(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """The first true value of `condition`, asked twenty times a second; AssertionError when it stays false."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not true within {seconds} s: {condition}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
