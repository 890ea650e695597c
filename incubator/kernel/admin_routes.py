"""The administrator's pages: jobs, outbox, audit. A mail's body may hold a sign-in link: it is hidden once mail is really sent."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import acts, audit, clock, exports, health, job_table, job_words, jobs, mail_sender, mail_table, queries, web
from incubator.kernel.access import get_visible
from incubator.kernel.blueprint import blueprint
from incubator.kernel.errors import NotFound
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail

blueprint.add_app_template_filter(job_words.when, "cron_words")
blueprint.add_app_template_filter(job_words.counted, "counted")
blueprint.add_app_template_filter(job_words.in_a_line, "counted_in_a_line")
AUDIT_FILTERS = ("record", "id", "who", "event", "from", "to")


def _filters(*names: str) -> dict[str, str]:
    return {name: value for name in names if (value := request.args.get(name, "").replace("\0", "").strip()[:200])}


@blueprint.get("/admin/jobs")
@web.allow("administrator")
def admin_jobs() -> str:
    filters = _filters("status", "job")
    page = queries.runs(web.actor(), filters, request.args.get("cursor"))
    lines = queries.job_lines(web.actor(), clock.now())
    return render_template(
        "kernel/admin_jobs.html", page=page, filters=filters, lines=lines, statuses=job_table.STATUSES, titles=jobs.declared(),
        age=health.scheduler_age(), late=health.SCHEDULER_LATE,
    )  # fmt: skip


@blueprint.post("/admin/jobs/run")
@web.allow("administrator")
def run_job() -> Any:
    """Run now: the same queue, so it waits its turn behind what is due."""
    name = request.form.get("job", "")
    if name not in jobs.declared() or not jobs.find(name).cron:
        raise NotFound()
    run = jobs.request_now(name, web.actor())
    audit.record("job.request", run, web.actor(), job=name)
    return redirect(url_for("kernel.admin_job", run_id=run.id), 303)


@blueprint.get("/admin/jobs/<int:run_id>")
@web.allow("administrator")
def admin_job(run_id: int) -> str:
    run = get_visible(JobRun, run_id, web.actor())
    return render_template("kernel/admin_job.html", run=run, title=_title(run.job))


@blueprint.post("/admin/jobs/<int:run_id>/retry")
@web.allow("administrator")
def retry_job(run_id: int) -> Any:
    run = get_visible(JobRun, run_id, web.actor())
    jobs.retry(run, clock.now())
    audit.record("job.retry", run, web.actor(), job=run.job)
    return redirect(url_for("kernel.admin_job", run_id=run.id), 303)


def _title(name: str) -> Any:
    job = jobs.declared().get(name)
    return job.title if job and job.title else name


@blueprint.get("/admin/mail")
@web.allow("administrator")
def admin_mail() -> str:
    filters = _filters("status", "to")
    page = queries.mails(web.actor(), filters, request.args.get("cursor"))
    folder = mail_sender.goes_to_folder()
    return render_template("kernel/admin_mail.html", page=page, filters=filters, statuses=mail_table.STATUSES, folder=folder)


@blueprint.get("/admin/mail/<int:mail_id>")
@web.allow("administrator")
def admin_mail_show(mail_id: int) -> str:
    mail = get_visible(OutboxMail, mail_id, web.actor())
    masked = current_app.config["PRODUCTION"]
    text, link = (mail_sender.without_secrets(mail.text) if masked else mail.text), None if masked else mail.link
    return render_template("kernel/admin_mail_show.html", mail=mail, text=text, link=link, readable=mail_sender.goes_to_folder())


@blueprint.post("/admin/mail/<int:mail_id>/retry")
@web.allow("administrator")
def retry_mail(mail_id: int) -> Any:
    mail = get_visible(OutboxMail, mail_id, web.actor())
    if mail_sender.try_again(mail, clock.now()):
        audit.record("mail.retry", mail, web.actor())
        flash(_("The mail waits to be sent again."), "success")
    return redirect(url_for("kernel.admin_mail_show", mail_id=mail.id), 303)


@blueprint.get("/admin/audit")
@web.allow("administrator")
def admin_audit() -> str:
    filters, actor = _filters(*AUDIT_FILTERS), web.actor()
    page = queries.audit_page(actor, filters, request.args.get("cursor"))
    return render_template("kernel/admin_audit.html", page=page, filters=filters, records=queries.record_types(actor), acts=acts)


@blueprint.get("/admin/audit/export.<any(csv, xlsx):fmt>")
@web.allow("administrator")
def export_audit(fmt: str) -> Response:
    """What the filters leave, the newest 100,000 entries at most."""
    columns = [
        _("Number"),
        _("Time (UTC)"),
        _("Event"),
        _("Record"),
        _("Record number"),
        _("Product"),
        _("Person"),
        _("Note"),
        _("Data"),
        _("Request"),
    ]
    entries = queries.audit_export(web.actor(), _filters(*AUDIT_FILTERS))
    dumps = current_app.json.dumps
    rows = (
        [e.id, e.at, e.event, e.record_type, e.record_id, e.product_id, e.actor_name, e.note, dumps(e.data), e.request_id] for e in entries
    )
    return exports.download(columns, rows, fmt, _("audit"))


@blueprint.post("/admin/audit/verify")
@web.allow("administrator")
def verify_audit() -> Any:
    """Walk the chain in a job, because it may be long."""
    run = jobs.request_now("audit.verify", web.actor())
    return redirect(url_for("kernel.admin_job", run_id=run.id), 303)
