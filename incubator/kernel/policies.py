"""Who sees the kernel's own rows: the administrator all jobs, mail and audit entries, a brand the acts that concern it.

Everybody sees the runs that they started, and files with the thing they belong to.
"""

from sqlalchemy import ColumnElement, false, true

from incubator.kernel.actor import Actor
from incubator.kernel.audit import AuditEntry
from incubator.kernel.file_table import StoredFile
from incubator.kernel.files import visible_files
from incubator.kernel.job_table import JobRun
from incubator.kernel.mail_table import OutboxMail


def _administrator(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.role == "administrator" else false()


def _entries(actor: Actor) -> ColumnElement[bool]:
    """The administrator reads everything, a brand what concerns it, everybody else what their own organisation did."""
    if actor.role == "administrator":
        return true()
    if actor.organisation_id is None:
        return false()
    return (AuditEntry.organisation_id if actor.role == "brand" else AuditEntry.actor_organisation_id) == actor.organisation_id


def _runs(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.role == "administrator" else JobRun.requested_by == actor.user_id


VISIBLE = {AuditEntry: _entries, OutboxMail: _administrator, JobRun: _runs, StoredFile: visible_files}
