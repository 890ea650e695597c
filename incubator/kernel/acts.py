"""What an audit event says in words, for people. Packages register their sentences; the subject of each is the person."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.kernel import workflow
from incubator.kernel.errorpages import workflow_label
from incubator.kernel.i18n import listed

PHRASES: dict[str, Any] = {
    "job.request": _l("asked for the job “%(job)s” now"),
    "job.retry": _l("asked for the job “%(job)s” again"),
    "mail.retry": _l("had a mail sent again"),
}
FIELDS: dict[str, Any] = {}
RECORDS: dict[str, Any] = {}
DETAILS: dict[str, Any] = {}


def register(
    phrases: Mapping[str, Any],
    fields: Mapping[str, Any] | None = None,
    records: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Take a package's sentences: event name → lazy text with named placeholders of the entry's data; its words for fields,
    for records that no machine names, and for what an entry may tell besides."""
    PHRASES.update(phrases)
    FIELDS.update(fields or {})
    RECORDS.update(records or {})
    DETAILS.update(details or {})


def tell(event: str, data: dict[str, Any] | None) -> str | None:
    """The event as a sentence in the present language, with its data as typed; None where nobody wrote one."""
    if event in PHRASES:
        return str(PHRASES[event]) % _readable(data or {})
    label = workflow_label(event)
    return None if label == event else _("did “%(act)s”", act=label)


def record_word(record_type: str) -> str:
    """What people call such a record; its name in code where nobody gave it a word."""
    machine = _machine(record_type)
    return str(machine.title if machine else RECORDS.get(record_type, record_type))


def details(record_type: str, data: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    """The data of an entry as (label, text), states and known fields in words; what has no word stays as it was written."""
    data = data or {}
    before, after = data.get("before"), data.get("after")
    if isinstance(before, str) or isinstance(after, str):
        yield _("State"), f"{_state(record_type, before)} → {_state(record_type, after)}"
    elif isinstance(before, dict) or isinstance(after, dict):
        before, after = before or {}, after or {}
        for name in {**before, **after}:
            new = _value(after.get(name))
            yield str(FIELDS.get(name, DETAILS.get(name, name))), f"{_value(before[name])} → {new}" if name in before else new
    for key, value in data.items():
        if key not in ("before", "after"):
            yield str(DETAILS.get(key, key)), _value(value)


def _machine(record_type: str) -> workflow.Machine | None:
    return next((m for model, m in workflow.machines.items() if getattr(model, "__tablename__", "") == record_type), None)


def _state(record_type: str, name: Any) -> str:
    machine = _machine(record_type)
    known = {s.name: s.label for s in machine.states} if machine else {}
    return str(known.get(name, name or "–"))


def _value(value: Any) -> str:
    """A figure or a text as it is, a mapping as “name figure”, a list of names by their words, a list of rows by their number."""
    if isinstance(value, dict):
        return listed(f"{FIELDS.get(key, key)} {_value(part)}" for key, part in value.items())
    if isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        return ngettext("%(num)s entry", "%(num)s entries", len(value))
    if isinstance(value, list):
        return listed(FIELDS.get(part, part) for part in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in (None, "") else str(value)


def _readable(data: dict[str, Any]) -> Any:
    """The data as placeholders; what an older row lacks reads as a dash."""
    changed = data.get("after") if isinstance(data.get("after"), dict) else {}
    fields = listed(FIELDS.get(name, name) for name in changed or {})
    return defaultdict(lambda: "–", {**data, "fields": fields or "–"})
