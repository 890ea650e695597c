"""Case 41: a large import is killed half-way, again and again. It is applied whole or not at all, once, and the audit chain is whole."""

import random
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, Requirement
from incubator.imports.models import DataImport
from incubator.kernel import audit, clock, job_runner
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun
from incubator.products.models import Product
from tests.briefs.test_import import Desk, a_row, a_sheet
from tests.faults.helpers import kill, look, working
from tests.processes import wait_for

ROWS = {"sqlite": 5000, "postgresql": 2000}


def counts():
    return [look(select(func.count(model.id)))[0][0] for model in (Product, ProductBrief, BriefTarget, BriefRevision, Requirement)]


def status_of(import_id):
    return look(select(DataImport.status).where(DataImport.id == import_id))[0][0]


def rescue():
    """What a scheduler does a minute after the worker went silent."""
    job_runner.rescue(clock.now() + timedelta(seconds=61))
    db.session.execute(update(JobRun).where(JobRun.status == "queued").values(next_try_at=clock.now()))
    db.session.commit()


def is_running():
    return look(select(func.count(JobRun.id)).where(JobRun.status == "running", JobRun.job == "imports.apply"))[0][0] == 1


@pytest.fixture
def asked(session, backend):
    """A checked import of many rows whose application was asked for."""
    desk = Desk(session)
    made = desk.hand_in(a_sheet([a_row(n) for n in range(ROWS[backend])]))
    desk.check(made)
    for run in session.scalars(select(JobRun)):
        run.status = "done"
    desk.ask(made)
    session.get_one(JobRun, made.run_id).max_attempts = 20
    session.commit()
    desk.sheet = a_sheet([a_row(n) for n in range(ROWS[backend])])
    return desk, made.id


def test_case_41_a_killed_import_is_whole_or_absent(app, session, backend, asked, tmp_path):
    (desk, import_id), rows, chance, cut = asked, ROWS[backend], random.Random(41), 0
    for _ in range(3):
        with working(app, tmp_path) as process:
            wait_for(lambda: is_running() or status_of(import_id) == "applied")
            time.sleep(chance.uniform(0.05, 0.9))
            kill(process)
        cut += is_running()
        assert counts() in ([0] * 5, [rows, rows, rows, rows, 2 * rows])
        assert audit.first_broken() is None
        rescue()
    assert cut >= 1
    with working(app, tmp_path):
        wait_for(lambda: status_of(import_id) == "applied", 60)
        wait_for(lambda: look(select(func.count(JobRun.id)).where(JobRun.status != "done"))[0][0] == 0, 20)
    assert counts() == [rows, rows, rows, rows, 2 * rows]
    [[written, distinct]] = look(
        select(func.count(), func.count(AuditEntry.record_id.distinct())).where(AuditEntry.event == "brief.create")
    )
    assert written == distinct == rows
    session.expire_all()
    again = desk.hand_in(desk.sheet)
    assert desk.apply(again) == {"read": rows, "unchanged": rows}
    assert counts() == [rows, rows, rows, rows, 2 * rows] and audit.first_broken() is None
