"""`flask --app app feeds run [ID]`: look and import now, for a server whose own cron does what else the scheduler does. One JSON line says what came."""

import json
import os
import threading
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from incubator.feeds import queries, service
from incubator.feeds.models import Feed
from incubator.kernel import access, clock, job_runner
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, release
from incubator.kernel.errors import AppError

group = AppGroup("feeds", help="Commands of feeds.")


def install(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("run")
@click.argument("feed_id", type=int, required=False)
@with_appcontext
def run(feed_id: int | None) -> None:
    """Look into the feeds that are due, or into one whether it is due or not, and import what is found to its end.

    Runs go through the queue, so that a scheduler beside it takes none of them twice; what a command that was killed left behind goes on.
    """
    job_runner.rescue(clock.now())
    try:
        looks = _one(feed_id) if feed_id else _due()
    except AppError as error:
        raise click.ClickException(str(error.message)) from error
    worker = f"command:{os.getpid()}"
    _run_all(looks, worker)
    found = queries.waiting_runs(clock.now())
    _run_all(found, worker)
    click.echo(json.dumps({"looks": len(looks), "files": len(found), **queries.outcomes(found)}))


def _one(feed_id: int) -> list[int]:
    feed: Feed = access.get_visible(Feed, feed_id, SYSTEM)
    found = [service.look_now(feed, SYSTEM, clock.now()).id]
    db.session.commit()
    return found


def _due() -> list[int]:
    found = []
    for feed in service.due(clock.now()):
        found += [queued.id] if (queued := service.queue_look(feed, clock.now())) else []
        db.session.commit()
    return found


def _run_all(run_ids: list[int], worker: str) -> None:
    release()
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    for run_id in run_ids:
        job_runner.run_next(app, worker, threading.Event(), only=run_id)
