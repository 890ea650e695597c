"""Hardening case 38: eight processes write to one SQLite file for a minute. No "database is locked", no lost write.

`python -m benchmarks.writers [--seconds 60] [--writers 8]` stops by itself, exits 1 when something was lost, and ends only its own processes.
Each writer creates products through the service with their audit rows, and counts upwards in one row that all of them read and write.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from benchmarks import served
from incubator import create_app
from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, User
from incubator.config import ROOT
from incubator.kernel import audit, clock
from incubator.kernel.db import db, read_only
from incubator.products import service
from incubator.products.models import Product, Programme

ROWS = 1000
COUNTED = 1  # the programme whose budget all writers count up


def write(number: int, seconds: float) -> dict[str, Any]:
    """One writer's life: the codes that were acknowledged, the counts made, and what went wrong by kind."""
    app = create_app({"LOG_LEVEL": "ERROR"})
    codes: list[str] = []
    counted, errors = 0, Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with app.app_context():
            try:
                code = f"W{number}-{len(codes):06d}"
                _create(code, number)
                codes.append(code)
                _count_up()
                counted += 1
            except OperationalError as error:
                errors[str(error.orig)] += 1
                db.session.rollback()
    return {"codes": codes, "counted": counted, "errors": errors}


def _create(code: str, number: int) -> None:
    user = db.session.get_one(User, number + 1)
    actor = actor_for(user, db.session.scalar(select(Membership).where(Membership.user_id == user.id)))
    service.create(db.session.get_one(Programme, number + 2), f"写入 {code}", "hero", actor, clock.now(), code=code)
    db.session.commit()


def _count_up() -> None:
    """Read, add one, write: what is lost when two of them read the same number."""
    programme = db.session.get_one(Programme, COUNTED)
    programme.budget_minor += 1
    db.session.commit()


def missing(app: Any, reports: list[dict[str, Any]]) -> list[str]:
    """What the reports acknowledge and the database does not hold, in words."""
    found = []
    with app.app_context(), read_only():
        present = set(db.session.scalars(select(Product.code).where(Product.code.startswith("W"))))
        lost = {code for one in reports for code in one["codes"]} - present
        counted, total = sum(one["counted"] for one in reports), db.session.get_one(Programme, COUNTED).budget_minor
        entries = db.session.scalar(select(func.count(audit.AuditEntry.id)).where(audit.AuditEntry.event == "product.create"))
        broken = audit.first_broken()
    found += [f"{len(lost)} products are gone, like {min(lost)}"] if lost else []
    found += [f"the counter stands at {total}, not at {counted}"] if total != counted else []
    found += [f"{entries} audit rows for {len(present)} products"] if entries != len(present) else []
    return found + ([f"the audit chain breaks at row {broken.id}"] if broken else [])


def run(writers: int, seconds: float, folder: Path) -> int:
    url = served.empty_database("sqlite", folder, "writers")
    env = served.environment(url, folder)
    served.tool("world", env, str(ROWS))
    command = [*served.PYTHON, "benchmarks.writers", "--seconds", str(seconds)]
    processes = [
        subprocess.Popen([*command, "--number", str(n)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for n in range(writers)
    ]
    reports = [json.loads(process.communicate(timeout=seconds + 120)[0]) for process in processes]
    errors = sum((Counter(one["errors"]) for one in reports), Counter[str]())
    os.environ.update(env)
    problems = missing(create_app({"LOG_LEVEL": "ERROR"}), reports)
    problems += [f"{count} times: {text}" for text, count in errors.items()]
    made = [len(one["codes"]) for one in reports]
    print(
        f"Case 38: {writers} writers, {seconds:.0f} s, {sum(made)} products and {sum(one['counted'] for one in reports)} counts, {min(made)} to {max(made)} per writer"
    )
    print("\n".join(problems) or "No error, no lost write, audit chain whole.")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--number", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.number is not None:
        print(json.dumps(write(asked.number, asked.seconds)))
        return 0
    with tempfile.TemporaryDirectory(prefix="incubator-writers-") as name:
        return run(asked.writers, asked.seconds, Path(name))


if __name__ == "__main__":
    sys.exit(main())
