"""Hardening case 44: the web process is killed with SIGKILL under writes, a hundred times. Every acknowledged write is there, the chain is whole.

`python -m benchmarks.kills [--rounds 100] [--database sqlite]` stops by itself, exits 1 when something was lost, and kills only what it started.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select

from benchmarks import load, served
from benchmarks.run import form_of
from incubator import create_app
from incubator.kernel import audit
from incubator.kernel.db import db, read_only
from incubator.products.models import Product

ROWS, CLIENTS = 1000, 4
LEAST, MOST = 0.2, 1.2  # seconds of writing before the blow
CREATED = 302


def write(port: int, form: tuple[str, str], prefix: str, acknowledged: list[str], stop: threading.Event) -> None:
    """Create products until the server is gone; a name goes on the list once its answer has come."""
    client, number = load.Client(port), 0
    while not stop.is_set():
        name = f"{prefix}-{number}"
        number += 1
        try:
            if client.once(load.post("/products/new", f"{form[1]}&name={quote(name)}", form[0])).status == CREATED:
                acknowledged.append(name)
        except OSError:
            stop.wait(0.02)


def blow(url: str, folder: Path, cookies: list[str], number: int, pause: float) -> list[str]:
    """One round: start, write, kill every process of the server at once. The names that were acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()
    with served.ours(url, folder) as (group, port):
        forms = [form_of(port, cookie, n + 1) for n, cookie in enumerate(cookies[:CLIENTS])]
        threads = [threading.Thread(target=write, args=(port, form, f"r{number}c{n}", acknowledged, stop)) for n, form in enumerate(forms)]
        for thread in threads:
            thread.start()
        time.sleep(pause)
        os.killpg(group, signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()
    return acknowledged


def run(rounds: int, kind: str, folder: Path) -> int:
    url = served.empty_database(kind, folder, "kills")
    env = served.environment(url, folder)
    cookies = served.tool("world", env, str(ROWS))["cookies"]
    os.environ.update(env)
    app = create_app({"LOG_LEVEL": "ERROR"})
    dice = random.Random(44)
    total, problems = 0, []
    for number in range(rounds):
        names = blow(url, folder, cookies, number, dice.uniform(LEAST, MOST))
        total += len(names)
        with app.app_context(), read_only():
            present = set(db.session.scalars(select(Product.name).where(Product.name.startswith(f"r{number}c"))))
            db.session.rollback()
        problems += [f"round {number}: {name} was acknowledged and is gone" for name in set(names) - present]
    with app.app_context(), read_only():
        broken, length = audit.first_broken(), audit.length()
    problems += [f"the audit chain breaks at row {broken.id}"] if broken else []
    print(f"Case 44, {kind}: {rounds} kills, {total} acknowledged writes, {length} audit rows")
    print("\n".join(problems) or "Every acknowledged write is there, audit chain whole.")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="incubator-kills-") as name:
        return run(asked.rounds, asked.database, Path(name))


if __name__ == "__main__":
    sys.exit(main())
