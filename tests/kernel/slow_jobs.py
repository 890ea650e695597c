"""Scheduler processes for tests: the real ones, with two jobs that write a line per run into LEDGER.

Run as `python -m tests.kernel.slow_jobs`; each line on stdin forks one more, so that the application is imported once.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from incubator import create_app
from incubator.kernel import jobs, scheduler

LEDGER = Path(os.environ["LEDGER"])


def note(text: str) -> None:
    with LEDGER.open("a") as ledger:  # one short append is atomic
        ledger.write(f"{os.getpid()} {text}\n")


def tick(run: Any, now: Any) -> dict[str, int]:
    note(f"tick {run.id}")
    return {"ran": 1}


def item(run: Any, now: Any, number: int) -> None:
    """Takes a moment, so that a kill finds it in the middle."""
    note(f"start {number}")
    time.sleep(0.15)
    note(f"end {number}")


def main() -> None:
    app = create_app()
    jobs.register([jobs.Job("test.tick", "* * * * * *", tick), jobs.Job("test.item", None, item, retries=20)])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        if os.fork() == 0:
            note("born 0")
            scheduler.main(app)
            note("gone 0")
            os._exit(0)


if __name__ == "__main__":
    main()
