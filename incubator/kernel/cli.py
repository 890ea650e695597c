"""Commands of the kernel: serve, scheduler, jobs-run, audit-verify, lifecycle. They decide nothing that a service does not."""

import os
import sys
import threading

import click
from flask import Flask

from incubator.config import ROOT
from incubator.kernel import audit, clock, job_runner, jobs, lifecycle, scheduler, server
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, read_only
from incubator.kernel.job_table import JobRun


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""

    @app.cli.command("serve", with_appcontext=False)
    def serve() -> None:
        """Run the web server and the scheduler until Ctrl-C."""
        sys.exit(server.serve(app, os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))))

    @app.cli.command("scheduler", with_appcontext=False)
    def run_scheduler() -> None:
        """Run the clock and the workers until Ctrl-C; any number of them may run."""
        scheduler.main(app)

    @app.cli.command("jobs-run", with_appcontext=False)
    @click.argument("name", type=click.Choice(sorted(jobs.declared())))
    def jobs_run(name: str) -> None:
        """Run one job now, in this process."""
        sys.exit(0 if run_job(app, name) else 1)

    @app.cli.command("audit-verify")
    def audit_verify() -> None:
        """Walk the audit chain; exit 1 and name the first row that does not fit."""
        sys.exit(verify())

    @app.cli.command("lifecycle")
    def write_lifecycle() -> None:
        """Write docs/lifecycle.md from the transition tables."""
        (ROOT / "docs").mkdir(exist_ok=True)
        (ROOT / "docs" / "lifecycle.md").write_text(lifecycle.document(), encoding="utf-8")


def run_job(app: Flask, name: str) -> bool:
    """Queue and run one job; print its counts or its error; whether it was done."""
    with app.app_context():
        run_id = jobs.enqueue(name, SYSTEM, clock.now()).id
        db.session.commit()
    job_runner.run_next(app, f"jobs-run:{os.getpid()}", threading.Event(), only=run_id)
    with app.app_context():
        run = db.session.get_one(JobRun, run_id)
        click.echo(f"{name}: {run.status} {run.counts or ''} {run.error or ''}".rstrip())
        return run.status == "done"


def verify() -> int:
    """Exit code of the chain: 0 whole, 1 broken."""
    with read_only():
        broken, total = audit.first_broken(), audit.length()
    if broken is None:
        click.echo(f"{total} audit rows, chain whole.")
        return 0
    click.echo(f"Broken at row {broken.id}: {broken.event} of {broken.record_type} {broken.record_id}, {broken.at.isoformat()}.", err=True)
    return 1
