"""The views of this package, gathered; what each says stands in its own file."""

from incubator.launches import (
    channel_routes,
    checklist_routes,
    checks,
    gate_routes,
    launch_routes,
    probe_routes,
    sku_act_routes,
    sku_routes,
    words,
)
from incubator.launches.blueprint import blueprint
from incubator.products import activity

__all__ = [
    "blueprint", "channel_routes", "checklist_routes", "checks", "gate_routes", "launch_routes", "probe_routes", "sku_act_routes", "sku_routes",
]  # fmt: skip
activity.register(words.ACTS)
