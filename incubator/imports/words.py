"""The words for statuses and outcomes, once for every page."""

from typing import Any

from flask_babel import lazy_gettext as _l

STATUS: dict[str, tuple[Any, str]] = {
    "checking": (_l("Checking"), "info"),
    "mapping": (_l("Asks for its headings"), "warn"),
    "checked": (_l("Ready to apply"), "accent"),
    "failed": (_l("Has errors"), "bad"),
    "applying": (_l("Applying"), "info"),
    "applied": (_l("Applied"), "good"),
}
OUTCOMES: dict[str, Any] = {
    "read": _l("Lines read"),
    "ready": _l("Right"),
    "new": _l("New"),
    "changed": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "duplicates": _l("Duplicates"),
    "refused": _l("Refused"),
    "held": _l("Held back"),
}
