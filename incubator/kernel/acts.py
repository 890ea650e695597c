"""What an audit event says in words, for people. Packages register their sentences; the subject of each is the person."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel.errorpages import workflow_label
from incubator.kernel.i18n import listed

PHRASES: dict[str, Any] = {
    "job.request": _l("asked for the job “%(job)s” now"),
    "job.retry": _l("asked for the job “%(job)s” again"),
    "mail.retry": _l("had a mail sent again"),
}
FIELDS: dict[str, Any] = {}


def register(phrases: Mapping[str, Any], fields: Mapping[str, Any] | None = None) -> None:
    """Take a package's sentences: event name → lazy text with named placeholders of the entry's data; and its words for fields."""
    PHRASES.update(phrases)
    FIELDS.update(fields or {})


def tell(event: str, data: dict[str, Any] | None) -> str | None:
    """The event as a sentence in the present language, with its data as typed; None where nobody wrote one."""
    if event in PHRASES:
        return str(PHRASES[event]) % _readable(data or {})
    label = workflow_label(event)
    return None if label == event else _("did “%(act)s”", act=label)


def _readable(data: dict[str, Any]) -> Any:
    """The data as placeholders; what an older row lacks reads as a dash."""
    changed = data.get("after") if isinstance(data.get("after"), dict) else {}
    fields = listed(FIELDS.get(name, name) for name in changed or {})
    return defaultdict(lambda: "–", {**data, "fields": fields or "–"})
