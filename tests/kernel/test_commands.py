"""The commands: serve and stop, run one job, verify the chain."""

import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select

from incubator.kernel import audit, cli, clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.job_table import JobRun
from tests.kernel.test_admin_pages import tamper
from tests.processes import FLASK, environment, free_port, running, wait_for


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def served(app, tmp_path):
    """(process, address) of `flask serve` with the test's database."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running([*FLASK, "serve"], environment(app, PORT=str(port), BASE_URL=address), tmp_path / "log") as process:
        wait_for(lambda: answers(f"{address}/healthz"), 60)
        yield process, address


def test_serve_answers_runs_jobs_and_stops_at_once(app, session, served, tmp_path):
    process, address = served
    wait_for(lambda: b'"scheduler":"ok"' in urllib.request.urlopen(f"{address}/readyz").read().replace(b" ", b""))
    assert f"Incubator is ready at {address}" in (tmp_path / "log").read_text()
    for _ in range(20):
        assert answers(f"{address}/healthz")
    metrics = urllib.request.urlopen(f"{address}/metrics").read().decode()
    assert 'http_requests_total{endpoint="health.alive",method="GET",status="200"} 2' in metrics  # all workers added up: 20 and more
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert time.monotonic() - started < 5
    wait_for(lambda: not answers(f"{address}/healthz"))


@pytest.mark.parametrize("which", [0, 1])
def test_when_one_half_dies_the_other_is_stopped_and_the_exit_code_says_so(served, which):
    process, address = served
    victim = sorted(children(process.pid))[which]
    os.kill(victim, signal.SIGKILL)
    assert process.wait(10) == 1
    wait_for(lambda: not answers(f"{address}/healthz"))


def test_one_job_may_be_run_by_hand(app, session, capsys):
    assert cli.run_job(app, "audit.verify")
    assert "audit.verify: done" in capsys.readouterr().out
    assert session.scalars(select(JobRun.status)).all() == ["done"]


def write_entries(session) -> None:
    run = JobRun(job="x")
    session.add(run)
    for number in range(3):
        audit.record("job.note", run, SYSTEM, clock.now(), number=number, colour="青")
    session.commit()


def test_a_whole_chain_is_confirmed(app, session, capsys):
    write_entries(session)
    assert cli.verify() == 0
    assert "3 audit rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor_name = 'Mallory' WHERE id = {}",
        "UPDATE audit_entry SET data = '{{}}' WHERE id = {}",
        "DELETE FROM audit_entry WHERE id = {} - 1",
    ],
)
def test_case_46_a_tampered_chain_is_named(app, session, capsys, change):
    write_entries(session)
    second = session.scalar(select(func.min(AuditEntry.id))) + 1
    session.rollback()
    tamper(session, change.format(second))
    assert cli.verify() == 1
    assert f"Broken at row {second}: job.note of job_run" in capsys.readouterr().err
