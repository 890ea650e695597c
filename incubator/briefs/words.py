"""The words for a brief's choices, one table each, for forms, pages, PDF and import alike."""

from typing import Any

from flask_babel import lazy_gettext as _l

TYPES = {"basic": _l("Basic"), "hero": _l("Hero")}
BUYER_KINDS = {
    "consumer": _l("Consumers"),
    "live_streamer": _l("Live streamers"),
    "creator": _l("Creators"),
    "group_leader": _l("Group-buying leaders"),
    "cross_border": _l("Cross-border sellers"),
    "stay_home_parent": _l("Stay-at-home parents"),
    "discount_group": _l("Discount groups"),
    "student": _l("Students"),
    "private_domain": _l("Private-domain sellers"),
    "market_stall": _l("Market stalls"),
    "big_buyer": _l("Big buyers"),
    "brand_buyer": _l("Brand buyers"),
}
SCENARIOS = {
    "test_launch": _l("Test launch"),
    "dropship": _l("Dropship"),
    "small_wholesale": _l("Small wholesale"),
    "bulk": _l("Bulk"),
    "light_customisation": _l("Light customisation"),
}
CUSTOMISATIONS = {
    "none": _l("None"),
    "logo": _l("Logo"),
    "packaging": _l("Packaging"),
    "logo_and_packaging": _l("Logo and packaging"),
    "full": _l("Full customisation"),
}
OPERATORS = {"eq": "=", "le": "≤", "ge": "≥", "between": _l("between"), "is": _l("is")}
PRIORITIES = {"must": _l("Must"), "should": _l("Should"), "could": _l("Could")}
CLAIM_KINDS = {
    "function": _l("Function"),
    "process": _l("Process"),
    "material": _l("Material"),
    "structure": _l("Structure"),
    "service": _l("Service"),
}
ASPECTS = {**CLAIM_KINDS, "appearance": _l("Appearance"), "label": _l("Label or logo"), "price": _l("Price")}
VERDICTS = {"better": _l("Ours is better"), "same": _l("The same"), "worse": _l("Ours is worse")}
OUTCOMES = {"go": _l("Go"), "conditional": _l("Conditional"), "hold": _l("Hold"), "kill": _l("Kill")}

CODES: dict[str, dict[str, Any]] = {
    "type": TYPES,
    "buyer_kind": BUYER_KINDS,
    "scenario": SCENARIOS,
    "customisation": CUSTOMISATIONS,
    "operator": OPERATORS,
    "priority": PRIORITIES,
}


def word(field: str, code: str | None) -> Any:
    """The word for `code` of `field`; other fields pass through."""
    return CODES.get(field, {}).get(code or "", code)
