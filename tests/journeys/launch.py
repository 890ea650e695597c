"""`python -m tests.journeys.launch [PORT]`: a migrated database with the demo in DATA_DIR, then the very server that `make run` starts."""

import multiprocessing
import os
import sys
import threading

from incubator import create_app
from incubator.demo import loader
from incubator.kernel import clock, job_runner, server
from tests.conftest import make_schema


def fill(app):
    """In a process of its own, so that the one that serves is forked without open connections."""
    with app.app_context():
        make_schema()
        password = loader.load(clock.now()) if os.environ.get("DEMO", "1") == "1" else ""
        (app.config["DATA_DIR"] / "demo_password").write_text(password)
    while job_runner.run_next(app, "demo", threading.Event()):  # documents, mails: else every server that copies the demo makes them again
        pass


def main():
    app = create_app()
    if not (app.config["DATA_DIR"] / "demo_password").exists():
        child = multiprocessing.get_context("fork").Process(target=fill, args=(app,))
        child.start()
        child.join()
        if child.exitcode:
            sys.exit(child.exitcode)
    if len(sys.argv) > 1:
        sys.exit(server.serve(app, "127.0.0.1", int(sys.argv[1])))


if __name__ == "__main__":
    main()
