"""The words of this package's enums, once for every page, export and calendar; and the choices of its forms."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.products import words
from incubator.products.models import PARTS, STAGES

PLANNED_STAGES = tuple(stage for stage in STAGES if stage != "stopped")
BRAND = _l("The brand itself")
DIRECTION: dict[str, Any] = {"start": _l("Forward from the start"), "launch": _l("Back from the launch")}
CERTAINTY: dict[str, Any] = {
    "announced": "",
    "law": _l("The make-up days of %(year)s are not announced yet: statutory holidays count, weekends are free."),
    "weekends": _l("The holidays of %(year)s are not known here: Saturdays and Sundays are free, nothing else."),
}
FEED_SCOPE: dict[str, Any] = {"mine": _l("What I own, and products I work on"), "all": _l("Every milestone of our products")}


def stages() -> list[tuple[str, Any]]:
    return [("", _l("None")), *((stage, words.STAGE[stage]) for stage in PLANNED_STAGES)]


def parts(nobody: Any = BRAND) -> list[tuple[str, Any]]:
    return [("", nobody), *((part, words.KINDS[part]) for part in PARTS)]
