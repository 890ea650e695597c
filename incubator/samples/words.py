"""The words for the choices and acts of samples, for forms, pages, PDF and export alike."""

from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: dict[str, Any] = {
    "development": _l("Development sample"),
    "counter": _l("Counter sample"),
    "approval": _l("Approval sample"),
    "pre_production": _l("Pre-production sample"),
    "top_of_production": _l("Top-of-production sample"),
    "shipment": _l("Shipment sample"),
}
CONDITIONS: dict[str, Any] = {"intact": _l("Intact"), "damaged": _l("Damaged"), "incomplete": _l("Incomplete")}
VERDICTS: dict[str, Any] = {"pass": _l("Pass"), "fail": _l("Fail"), "missing": _l("Not measured")}
TONES = {"pass": "good", "fail": "bad", "missing": "neutral"}
TRENDS: dict[str, Any] = {"better": _l("better"), "worse": _l("worse"), "same": _l("as before")}
TREND_TONES = {"better": "good", "worse": "bad", "same": "neutral"}
OUTCOMES: dict[str, Any] = {
    "approved": _l("Approved"),
    "approved_with_comments": _l("Approved with comments"),
    "rejected": _l("Rejected"),
}
MET: dict[str, Any] = {"": "–", "yes": _l("Met"), "no": _l("Not met")}
ACTS: dict[str, Any] = {
    "sample.request": _l("asked for sample round %(number)s"),
    "sample.change": _l("changed sample round %(number)s"),
    "sample.start": _l("started making the samples"),
    "sample.ship": _l("shipped the samples"),
    "sample.receive": _l("recorded the arrival of the samples"),
    "sample.read": _l("wrote down measurements"),
    "sample.measure": _l("finished measuring the samples"),
    "sample.approve": _l("approved the samples"),
    "sample.approve_with_comments": _l("approved the samples with comments"),
    "sample.reject": _l("rejected the samples"),
    "sample.seal": _l("sealed the sample"),
    "sample.photo_add": _l("added the photo %(file)s"),
    "sample.photo_remove": _l("removed the photo %(file)s"),
    "golden.supersede": _l("replaced the golden sample %(number)s by %(by)s"),
}
