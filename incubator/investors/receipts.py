"""Who opened a report, the first time and how: noted after the answer has gone out, because a page that is read must not wait for a write."""

from datetime import datetime
from functools import partial

import structlog
from flask import Response
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from incubator.investors.report_models import ReportOpening
from incubator.kernel.actor import Actor
from incubator.kernel.db import db

log = structlog.get_logger("investors")


def note(response: Response, report_id: int, way: str, actor: Actor, now: datetime) -> Response:
    """Let the answer carry the note; only people of an investor leave one, and only the first."""
    if actor.role == "investor" and actor.user_id is not None:
        response.call_on_close(partial(_write, db.engine, report_id, way, actor.user_id, actor.organisation_id, now))
    return response


def _write(engine: Engine, report_id: int, way: str, user_id: int, organisation_id: int | None, now: datetime) -> None:
    insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    row = {"report_id": report_id, "user_id": user_id, "organisation_id": organisation_id, "way": way, "opened_at": now}
    try:
        with engine.begin() as connection:
            connection.execute(insert(ReportOpening).values(row).on_conflict_do_nothing())
    except OperationalError as error:
        log.warning("opening_not_noted", report=report_id, kind=type(error).__name__)
