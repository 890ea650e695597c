"""Jobs in words: when one runs, and what a run counted."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel.i18n import listed
from incubator.kernel.jobs import CRON_FIELDS, cron_fields

HOURS = re.compile(r"(\d+)-(\d+)")
WEEKDAYS: dict[str, Any] = {
    "mon": _l("Mondays"), "tue": _l("Tuesdays"), "wed": _l("Wednesdays"), "thu": _l("Thursdays"), "fri": _l("Fridays"),
    "sat": _l("Saturdays"), "sun": _l("Sundays"),
}  # fmt: skip
COUNTS: dict[str, Any] = {
    "sent": _l("sent"), "failed": _l("failed"), "deleted": _l("deleted"), "rows": _l("rows"),
    "reminded": _l("reminded"), "risks": _l("risks changed"),
    "new": _l("new"), "changed": _l("changed"), "unchanged": _l("unchanged"), "errors": _l("errors"),
    "read": _l("read"), "ready": _l("right"), "duplicates": _l("duplicates"), "refused": _l("refused"), "held": _l("held back"),
    "filler": _l("without words"), "found": _l("found"),
    "closed": _l("closed"), "days": _l("days"), "expired": _l("expired"), "files": _l("files"), "grades": _l("grades"), "left": _l("left for later"),
    "looked": _l("looked at"), "made": _l("made"), "measured": _l("measured"), "moved": _l("moved"), "plans": _l("plans"),
    "scored": _l("scored"), "skus": _l("SKUs"), "texts": _l("texts"), "weeks": _l("weeks"),
    "counters": _l("counters"), "links": _l("links"), "sessions": _l("sessions"),
}  # fmt: skip


def when(cron: str) -> str:
    """A cron expression as people say it ("daily at 03:41 UTC"); itself where it is stranger than that."""
    fields = cron_fields(cron)
    second, minute, hour, *days = (fields[name] for name in CRON_FIELDS)
    if days == ["*", "*", "*"]:
        return _repeating(second, minute, hour) or _daily(second, minute, hour) or cron
    if days[:2] == ["*", "*"] and days[2] in WEEKDAYS and second == "0" and minute.isdigit() and hour.isdigit():
        return _("%(day)s at %(time)s UTC", day=WEEKDAYS[days[2]], time=_clock(hour, minute))
    return cron


def _repeating(second: str, minute: str, hour: str) -> str:
    if (minute, hour) == ("*", "*") and _step(second):
        return _("every %(n)s seconds", n=_step(second)) if _step(second) > 1 else _("every second")
    if (second, hour) == ("0", "*") and _step(minute):
        return _("every %(n)s minutes", n=_step(minute)) if _step(minute) > 1 else _("every minute")
    return ""


def _daily(second: str, minute: str, hour: str) -> str:
    if second != "0" or not minute.isdigit():
        return ""
    if hour == "*":
        return _("hourly at minute %(minute)s", minute=f"{int(minute):02}")
    if span := HOURS.fullmatch(hour):
        return _("hourly from %(first)s to %(last)s UTC", first=_clock(span[1], minute), last=_clock(span[2], minute))
    return _("daily at %(time)s UTC", time=_clock(hour, minute)) if hour.isdigit() else ""


def _clock(hour: str, minute: str) -> str:
    return f"{int(hour):02}:{int(minute):02}"


def _step(field: str) -> int:
    """5 for "*/5", 1 for "*", 0 for anything else."""
    return 1 if field == "*" else int(field[2:]) if field.startswith("*/") and field[2:].isdigit() else 0


def counted(counts: dict[str, Any] | None) -> list[tuple[str, Any]]:
    """What a run counted, with words for its names."""
    return [(str(COUNTS.get(name, name)), value) for name, value in (counts or {}).items()]


def in_a_line(counts: dict[str, Any] | None) -> str:
    return listed(_("%(what)s: %(n)s", what=what, n=n) for what, n in counted(counts))
