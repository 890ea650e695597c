"""Every table of the kernel in one place, so that migrations see them. It defines none."""

from incubator.kernel.audit import AuditEntry
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun, SchedulerBeat
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.money import ExchangeRate

__all__ = ["AuditEntry", "ExchangeRate", "JobRun", "OutboxMail", "SchedulerBeat", "StoredFile"]
