"""The administrator's pages and the page of one's own run."""

import threading

import pytest
from sqlalchemy import func, select, text

from incubator.kernel import audit, clock, job_runner, jobs, mail
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail
from tests.builders import a_person, an_actor, an_organisation, sign_in


@pytest.fixture
def admin(client, session):
    """A client signed in as the administrator."""
    return sign_in(client, a_person(staff_role="administrator", name="Ada Admin"))


def run_all(app):
    while job_runner.run_next(app, "worker", threading.Event()):
        pass


PAGES = [
    "/admin/jobs",
    "/admin/jobs?status=failed&job=mail.deliver",
    "/admin/mail",
    "/admin/mail?status=sent&to=li",
    "/admin/audit",
    "/admin/audit?record=job_run&id=1&who=a&event=job.&from=2026-01-01&to=2026-12-31",
]


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_for_the_administrator_only(client, session, admin, path):
    assert admin.get(path).status_code == 200
    assert sign_in(client, a_person(an_organisation("brand"))).get(path).status_code == 404


def test_run_now_queues_and_shows_the_run(app, session, admin):
    answer = admin.post("/admin/jobs/run", data={"job": "audit.verify"}, follow_redirects=True)
    assert answer.status_code == 200
    assert b"data-poll" in answer.data
    run_all(app)
    run_id = session.scalars(select(JobRun.id)).one()
    page = admin.get(f"/admin/jobs/{run_id}").get_data(as_text=True)
    assert "Done" in page
    assert "Ada Admin" in page
    assert "data-poll=" not in page
    assert session.scalars(select(AuditEntry.event)).all() == ["job.request"]


@pytest.mark.parametrize("name", ["", "no.such.job", "imports.apply"])
def test_only_a_scheduled_job_is_run_now(session, admin, name):
    assert admin.post("/admin/jobs/run", data={"job": name}).status_code == 404
    assert session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_a_failed_run_is_tried_again(app, session, admin):
    run = JobRun(job="audit.verify", status="failed", error="The audit chain is broken at row 3.", attempt=1)
    session.add(run)
    session.commit()
    assert b"broken at row 3" in admin.get("/admin/jobs").data
    admin.post(f"/admin/jobs/{run.id}/retry")
    run_all(app)
    session.refresh(run)
    assert run.status == "done"


def test_the_outbox_is_readable_only_while_mail_goes_to_the_folder(app, session, admin):
    mail.queue_mail("li@example.com", "Sign in", "Your link: http://localhost/reset/hunter2", clock.now())
    session.commit()
    mail_id = session.scalars(select(OutboxMail.id)).one()
    assert b"hunter2" not in admin.get("/admin/mail").data
    assert b"hunter2" in admin.get(f"/admin/mail/{mail_id}").data
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    assert b"hunter2" not in admin.get(f"/admin/mail/{mail_id}").data


def test_a_mail_of_somebody_else_leads_the_administrator_nowhere(session, admin):
    mail.queue_mail("li@example.com", "Refused", "See http://localhost/imports/7", clock.now(), link="http://localhost/imports/7")
    session.commit()
    page = admin.get(f"/admin/mail/{session.scalars(select(OutboxMail.id)).one()}").text
    assert "http://localhost/imports/7" in page and 'href="http://localhost/imports/7"' not in page


def test_a_mail_that_was_given_up_is_tried_again(session, admin):
    session.add(OutboxMail(to_address="li@example.com", locale="en", subject="s", text="t", status="failed", attempts=8))
    session.commit()
    mail_id = session.scalars(select(OutboxMail.id)).one()
    admin.post(f"/admin/mail/{mail_id}/retry")
    session.rollback()
    assert session.scalars(select(OutboxMail.status)).one() == "waiting"


def test_the_audit_trail_is_filtered_paged_and_exported(session, admin):
    run = JobRun(job="x")
    session.add(run)
    for number in range(120):
        audit.record("job.note" if number % 2 else "job.other", run, SYSTEM, clock.now(), number=number, formula="=1+1")
    session.commit()
    first = admin.get("/admin/audit?event=job.note").get_data(as_text=True)
    assert "60 entries" in first
    assert first.count('<span class="code">job.note</span>') == 50
    following = first.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert admin.get(following).get_data(as_text=True).count('<span class="code">job.note</span>') == 10
    export = admin.get("/admin/audit/export.csv?event=job.note").get_data(as_text=True)
    assert export.count("job.note") == 60


@pytest.mark.parametrize(
    "query",
    ["id=abc", "id=9999999999999999999999", "from=yesterday", "to=2026-99-99", "cursor=%00", "cursor=abc", "who=%25';--", "event=%5C"],
)
def test_odd_filters_are_refused_or_find_nothing(admin, query):
    assert admin.get(f"/admin/audit?{query}").status_code in (200, 422)


def test_a_tampered_chain_is_named_on_the_page(app, session, admin):
    run = JobRun(job="x")
    session.add(run)
    for number in range(3):
        audit.record("job.note", run, SYSTEM, clock.now(), number=number)
    session.commit()
    tamper(session, "UPDATE audit_entry SET note = 'changed' WHERE id = (SELECT min(id) + 1 FROM audit_entry)")
    admin.post("/admin/audit/verify")
    run_all(app)
    second = session.scalar(select(func.min(AuditEntry.id))) + 1
    assert f"broken at row {second} (job.note)" in admin.get("/admin/jobs").get_data(as_text=True)


def tamper(session, statement: str) -> None:
    """What an attacker with the database's own rights would do: lift the triggers, change a row, put them back."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        session.execute(text(statement))
        session.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))
    else:
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement))
    session.commit()


def test_one_s_own_run_is_seen_and_another_s_is_not_there(client, session):
    brand = an_organisation("brand")
    person, colleague = a_person(brand), a_person(brand)
    run = jobs.enqueue("audit.verify", an_actor(brand, person), clock.now())
    run.total, run.done, run.status = 10, 4, "running"
    session.commit()
    page = sign_in(client, person).get(f"/jobs/{run.id}")
    assert b"4 / 10" in page.data
    assert b"data-poll" in page.data
    assert sign_in(client, colleague).get(f"/jobs/{run.id}").status_code == 404
    assert sign_in(client, a_person(staff_role="administrator")).get(f"/jobs/{run.id}").status_code == 404


def test_a_finished_run_offers_what_it_made(client, session):
    person = a_person(an_organisation("brand"))
    session.add(JobRun(job="x", status="done", requested_by=person.id, result={"file_id": 7}, counts={"rows": 12}))
    session.commit()
    run_id = session.scalars(select(JobRun.id)).one()
    assert b'href="/files/7"' in sign_in(client, person).get(f"/jobs/{run_id}").data
