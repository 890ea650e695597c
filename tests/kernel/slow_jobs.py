"""A scheduler process for tests: the real one, with three jobs that write a line per run. Run as `python -m tests.kernel.slow_jobs`."""

import os
import time
from pathlib import Path

from incubator import create_app
from incubator.kernel import jobs, scheduler

LEDGER = Path(os.environ["LEDGER"])


def note(text: str) -> None:
    with LEDGER.open("a") as ledger:  # one short append is atomic
        ledger.write(f"{os.getpid()} {text}\n")


def tick(run, now) -> dict:
    note(f"tick {run.id}")
    return {"ran": 1}


def item(run, now, number) -> dict:
    """Takes a moment, so that a kill finds it in the middle."""
    note(f"start {number}")
    time.sleep(0.15)
    note(f"end {number}")
    return {}


if __name__ == "__main__":
    app = create_app()
    jobs.register([jobs.Job("test.tick", "* * * * * *", tick), jobs.Job("test.item", None, item, retries=20)])
    scheduler.main(app)
