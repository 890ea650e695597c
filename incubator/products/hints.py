"""What a programme of each type should be measured by: suggestions, not rules. New niches rank first, revenue last."""

from typing import Any

from flask_babel import lazy_gettext as _l

KPI_HINTS: dict[str, tuple[Any, ...]] = {
    "consumer": (
        _l("New niches created, each with its own buyers"),
        _l("Share of buyers who name the reason to choose"),
        _l("Repeat purchases within 90 days"),
        _l("Return rate against the category"),
        _l("Products handed over to a factory that repeats the model"),
    ),
    "supply_chain": (
        _l("Factories that repeated the model"),
        _l("Days from brief to sealed sample"),
        _l("Kept promises: orders delivered as agreed"),
        _l("Small orders accepted at the agreed minimum"),
        _l("Complaints closed with proof by a change at the factory"),
    ),
}
