"""The packages in the order of the layers: each imports only from those above it. Read by the app factory, the job runner and the tests."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

PACKAGES = (
    "kernel",
    "accounts",
    "imports",
    "feeds",
    "products",
    "schedule",
    "signals",
    "briefs",
    "factories",
    "sourcing",
    "samples",
    "codevelopment",
    "launches",
    "sales",
    "feedback",
    "investors",
    "portals",
)


def modules(name: str) -> list[ModuleType]:
    """The module `name` ("models", "workflow", "routes" …) of every package that has one, in layer order."""
    paths = (f"incubator.{package}.{name}" for package in PACKAGES)
    return [import_module(path) for path in paths if find_spec(path)]
