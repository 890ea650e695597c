"""The words of sales, one table each."""

from flask_babel import lazy_gettext as _l

GRADES = {"hit": _l("Hit"), "strong": _l("Strong"), "flat": _l("Flat"), "stale": _l("Stale")}
AGAINST = {"plan": _l("its own plan"), "category": _l("the median of its category"), "all": _l("the median of all SKUs")}
PRIORS = {"category": _l("its category"), "all": _l("all SKUs"), "none": _l("no others: these are too few")}
CODE_STATUSES = {"open": _l("Unclaimed"), "known": _l("Claimed"), "ignored": _l("No product")}
REASONS = {
    "quality": _l("Quality"),
    "size": _l("Wrong size"),
    "not_as_described": _l("Not as described"),
    "damaged": _l("Damaged in transit"),
    "wrong_item": _l("Wrong item"),
    "missing_part": _l("Part missing"),
    "smell": _l("Smell"),
    "late": _l("Late"),
    "changed_mind": _l("Changed mind"),
    "price": _l("Price"),
    "unstated": _l("No reason given"),
    "other": _l("Other words"),
}
