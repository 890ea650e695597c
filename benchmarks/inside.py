"""What is counted and timed inside one process: queries per page, the import of 10,000 briefs and the milestone sweep, as their jobs run them.

`python -m benchmarks.inside TURN COOKIE PATH…` works on the filled database of DATABASE_URL and changes it; prints JSON.
Each turn imports other codes.
"""

import csv
import io
import json
import sys
import threading
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, func, select, text, update
from werkzeug.datastructures import FileStorage

from incubator import create_app
from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, User
from incubator.briefs.models import ProductBrief
from incubator.imports import kinds
from incubator.imports import service as imports
from incubator.imports.models import DataImport
from incubator.kernel import access, clock, job_runner, jobs
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail
from incubator.schedule.models import Milestone

ROWS = 10_000
PREFIX = "IMP-"
HEADERS = ("code", "title", "type", "segment", "buyer_kind", "scenario", "need", "reason_to_choose", "customisation", "first_order_quantity",
           "annual_quantity", "moq", "launch_from", "launch_to", "currency", "price", "cost", "requirements")  # fmt: skip
REQUIREMENTS = "噪音|<=|{a}|dB||must|{n} 条吐槽;坐高|between|{a}–{b}|cm||must|实测;面料|is|网布|||should|访谈"


def queries_of(app: Any, cookie: str, path: str) -> int:
    """Statements of one warm page, transaction control left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SET TRANSACTION")):
            seen.append(statement)

    client = app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "Host": "127.0.0.1"}
    client.get(path, headers=headers)
    event.listen(Engine, "before_cursor_execute", note)
    answer = client.get(path, headers=headers)
    event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return len(seen)


def sheet(turn: int) -> bytes:
    """A CSV of briefs with a target and three requirements each."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for n in range(ROWS):
        writer.writerow((
            f"{PREFIX}{turn}-{n:05d}", f"便携风扇 第{n}款", "hero" if n % 3 else "basic", "通勤人群", "consumer", "test_launch", "夏天挤地铁不出汗",
            "比手持风扇轻一半", "logo", 500, 20_000, 200, "2027-03-01", "2027-06-30", "CNY", "89.90", "41.50",
            REQUIREMENTS.format(n=n, a=40 + n % 20, b=80 + n % 7),
        ))  # fmt: skip
    return out.getvalue().encode()


def importing(app: Any, turn: int) -> dict[str, float]:
    """Seconds for the check and for the application of one sheet, run from the queue like any import."""
    with app.app_context():
        actor, now = _manager(), clock.now()
        upload = FileStorage(io.BytesIO(sheet(turn)), "briefs.csv")
        made = imports.start(kinds.find("briefs"), upload, actor, now, options={"programme_id": 1})
        import_id, run_id = made.id, made.run_id
        db.session.commit()
    check = _timed(app, run_id)
    with app.app_context():
        run_id = imports.ask_to_apply(access.get_visible(DataImport, import_id, actor), actor, clock.now()).run_id
        db.session.commit()
    apply = _timed(app, run_id)
    with app.app_context():
        written = db.session.scalar(select(func.count(ProductBrief.id)).where(ProductBrief.code.startswith(f"{PREFIX}{turn}-")))
    if written != ROWS:
        raise SystemExit(f"the import wrote {written} of {ROWS} briefs")
    return {**_named("check", check), **_named("apply", apply)}


def _manager() -> Actor:
    user = db.session.get_one(User, 1)
    return actor_for(user, db.session.scalar(select(Membership).where(Membership.user_id == user.id)))


def _named(name: str, taken: tuple[float, float]) -> dict[str, float]:
    return {name: taken[0], f"{name} CPU": taken[1]}


def _timed(app: Any, run_id: int | None) -> tuple[float, float]:
    """Seconds by the clock and of this process, for one queued run."""
    begun, used = time.perf_counter(), time.process_time()
    job_runner.run_next(app, "benchmark", threading.Event(), only=run_id)
    taken = time.perf_counter() - begun, time.process_time() - used
    with app.app_context():
        run = db.session.get_one(JobRun, run_id)
        if run.status != "done":
            raise SystemExit(f"{run.job}: {run.status} {run.error}")
    return taken


def sweeping(app: Any) -> dict[str, float]:
    """Seconds for the sweep that tells of 10,000 milestones which have come due."""
    with app.app_context():
        due = clock.now().date() + timedelta(days=1)
        chosen = select(Milestone.id).where(Milestone.done_at.is_(None)).order_by(Milestone.id).limit(ROWS)
        change = update(Milestone).where(Milestone.id.in_(chosen.scalar_subquery())).values(reminded_for="", due_on=due)
        db.session.execute(change.execution_options(synchronize_session=False))
        db.session.execute(text("UPDATE product SET state = 'brief' WHERE state IN ('stopped', 'handed_over')"))
        run_id = jobs.request_now("milestones.sweep", SYSTEM).id
        db.session.commit()
    taken = _timed(app, run_id)
    with app.app_context():
        mails = db.session.scalar(select(func.count(OutboxMail.id))) or 0
    if mails < ROWS:
        raise SystemExit(f"the sweep wrote {mails} of {ROWS} mails")
    return _named("sweep", taken)


def main(turn: int, cookie: str, paths: list[str]) -> None:
    app = create_app({"LOG_LEVEL": "WARNING"})
    queries = {path: queries_of(app, cookie, path) for path in paths}
    print(json.dumps({"queries": queries, **importing(app, turn), **sweeping(app)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
