"""The overall stage of a product. Stages are entered one by one; stopping needs a reason and is final."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.actor import Actor
from incubator.kernel.workflow import SYSTEM_ONLY, Guard, Machine, State, Transition
from incubator.products.models import Product

BRAND = ("brand",)
_guards: dict[str, dict[str, Guard]] = {}


def register_guard(stage: str, key: str, guard: Guard) -> None:
    """Let a later package refuse the step onwards from `stage`; registering a key again replaces it."""
    _guards.setdefault(stage, {})[key] = guard


def later_packages_agree(product: Product, actor: Actor) -> Any:
    """The first reason that a later package gives against the next stage."""
    return next((reason for guard in _guards.get(product.state, {}).values() if (reason := guard(product, actor))), None)


STATES = (
    State("signal", _l("Signal"), "info"),
    State("segment", _l("Segment"), "info"),
    State("brief", _l("Brief"), "info"),
    State("sourcing", _l("Sourcing"), "info"),
    State("sampling", _l("Sampling"), "info"),
    State("codevelopment", _l("Co-development"), "info"),
    State("preproduction", _l("Pre-production"), "info"),
    State("test_launch", _l("Test launch"), "warn"),
    State("launch", _l("Launch"), "good"),
    State("scale", _l("Scale"), "good"),
    State("handed_over", _l("Handed over"), "accent", final=True),
    State("stopped", _l("Stopped"), "bad", final=True),
)
FORWARD = (
    ("signal", "segment", "segment", _l("Name its segment"), BRAND),
    ("segment", "start_brief", "brief", _l("Start the brief"), BRAND),
    ("brief", "pass_gate", "sourcing", _l("Pass the value gate"), SYSTEM_ONLY),
    ("sourcing", "award", "sampling", _l("Start sampling"), BRAND),
    ("sampling", "seal", "codevelopment", _l("Start co-development"), BRAND),
    ("codevelopment", "tool_up", "preproduction", _l("Start pre-production"), BRAND),
    ("preproduction", "test_launch", "test_launch", _l("Start the test launch"), BRAND),
    ("test_launch", "launch", "launch", _l("Launch"), BRAND),
    ("launch", "scale", "scale", _l("Scale"), BRAND),
    ("scale", "hand_over", "handed_over", _l("Hand over"), BRAND),
)
STOP_WARNING = _l("The product ends here for everyone who takes part. This cannot be undone.")

PRODUCT = Machine(
    "product",
    Product,
    _l("Product"),
    STATES,
    tuple(
        Transition(source, event, target, label, roles, later_packages_agree, rank="primary")
        for source, event, target, label, roles in FORWARD
    )
    + tuple(
        Transition(state.name, "stop", "stopped", _l("Stop the product"), BRAND, note=True, rank="danger", confirm=STOP_WARNING)
        for state in STATES
        if not state.final
    ),
)
MACHINES = (PRODUCT,)
