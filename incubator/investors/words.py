"""The words of this package, once for every page, export, document and mail."""

from typing import Any

from flask_babel import lazy_gettext as _l

PERIODS: dict[str, Any] = {"quarter": _l("Quarter"), "month": _l("Month")}
CONDITIONS: dict[str, Any] = {
    "gate": _l("A product passes its value gate"),
    "stage": _l("A product reaches a stage"),
    "date": _l("A day has come"),
}
OUTCOMES: dict[str, Any] = {"go": _l("Go"), "conditional": _l("Go, with conditions"), "hold": _l("Hold"), "kill": _l("Kill")}
OUTCOME_TONES = {"go": "good", "conditional": "warn", "hold": "neutral", "kill": "bad"}
LANGUAGES: dict[str, Any] = {"zh": _l("Chinese"), "en": _l("English")}
WAYS: dict[str, Any] = {"page": _l("on the page"), "pdf": _l("as PDF"), "json": _l("through the API")}
UNITS: dict[str, Any] = {
    "count": "",
    "percent": "%",
    "days": _l("days"),
    "months": _l("months"),
    "pieces": _l("pieces"),
    "row": "",
    "text": "",
}
