"""The words for a brief's choices, one table each, for forms, pages, PDF and import alike."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.signals.words import BUYER_KINDS, OPERATORS, PRIORITIES

TYPES = {"basic": _l("Basic"), "hero": _l("Hero")}
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
ACTS: dict[str, Any] = {
    "brief.create": _l("wrote the brief"),
    "brief.clone": _l("copied the brief"),
    "brief.save": _l("changed the brief"),
    "brief.add_reference": _l("added a reference product"),
    "brief.change_reference": _l("changed a reference product"),
    "brief.remove_reference": _l("removed a reference product"),
    "brief.add_claim": _l("added a value claim"),
    "brief.change_claim": _l("changed a value claim"),
    "brief.remove_claim": _l("removed a value claim"),
    "brief.attach": _l("attached the file %(file)s to the brief"),
    "brief.submit": _l("sent the brief to review"),
    "brief.accept": _l("let the brief pass"),
    "brief.return": _l("returned the brief"),
    "brief.start_development": _l("started the development of the brief"),
    "brief.launch": _l("marked the brief as launched"),
    "brief.review": _l("recorded the review of the launch"),
    "brief.close": _l("closed the brief"),
    "brief.stop": _l("closed the brief with the product"),
    "gate.open": _l("opened gate review %(number)s"),
    "gate.sign": _l("signed the brief"),
    "gate.go": _l("decided: go"),
    "gate.conditional": _l("decided: go, with conditions"),
    "gate.hold": _l("decided: hold"),
    "gate.kill": _l("decided: kill"),
}

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
