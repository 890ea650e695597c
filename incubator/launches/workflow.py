"""The ways of a SKU, a test launch and a launch. What a launch still lacks is looked up before and stands on the record as `reasons`."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import Machine, State, Transition
from incubator.launches.launch_models import Launch
from incubator.launches.models import Sku
from incubator.launches.probe_models import Probe

BRAND = ("brand",)
ON_SALE = ("launch", "scale", "handed_over")
TESTING = ("test_launch", "launch", "scale")


def missing_of(sku: Sku) -> list[Any]:
    """What a SKU lacks before it can be sold, in words."""
    return [
        label
        for present, label in (
            (sku.gtin or sku.gtin_exemption.strip(), _l("a GTIN, or the reason why it needs none")),
            (sku.factory_organisation_id, _l("the factory that makes it")),
            (sku.launch_price_minor, _l("a planned launch price")),
            (sku.name_zh.strip(), _l("its name")),
        )
        if not present
    ]


def is_complete(sku: Sku, _actor: Actor) -> Any:
    missing = missing_of(sku)
    return _l("Add %(what)s first.", what=listed(missing)) if missing else None


def may_be_listed(sku: Sku, actor: Actor) -> Any:
    """By the launch; by hand only what was sold before, or what joins a product that is on sale."""
    if not sku.is_legacy and sku.product.state not in ON_SALE:
        return _l("The product is not launched yet. Its launch puts its SKUs on sale.")
    return is_complete(sku, actor)


SKU = Machine(
    "sku",
    Sku,
    _l("SKU"),
    (
        State("draft", _l("Draft")),
        State("ready", _l("Ready"), "info"),
        State("listed", _l("On sale"), "good"),
        State("retired", _l("Retired"), final=True),
    ),
    (
        Transition("draft", "make_ready", "ready", _l("Mark as ready"), BRAND, is_complete, rank="primary"),
        Transition("ready", "reopen", "draft", _l("Back to draft"), BRAND),
        Transition("ready", "list", "listed", _l("Put on sale"), BRAND, may_be_listed, rank="primary"),
        *(
            Transition(
                source, "retire", "retired", _l("Retire"), BRAND, note=True, rank="danger",
                confirm=_l("The SKU is sold no more. Its history stays; its code cannot be used again."),
            )
            for source in ("draft", "ready", "listed")
        ),
    ),
)  # fmt: skip


def may_start(probe: Probe, _actor: Actor) -> Any:
    if not probe.channels:
        return _l("Choose at least one channel first.")
    if probe.product.state not in TESTING:
        return _l("The product has not reached its test launch. The pre-production review lets it go there.")
    return None


def was_measured(probe: Probe, _actor: Actor) -> Any:
    return None if probe.readings else _l("Note at least one reading first, or judge it inconclusive.")


FINAL_VERDICT = _l("A verdict is final: it cannot be edited, only followed by another test launch.")
PROBE = Machine(
    "probe",
    Probe,
    _l("Test launch"),
    (
        State("planned", _l("Planned")),
        State("running", _l("Running"), "info"),
        State("supported", _l("Supported"), "good", final=True),
        State("refuted", _l("Refuted"), "bad", final=True),
        State("inconclusive", _l("Inconclusive"), "warn", final=True),
    ),
    (
        Transition("planned", "start", "running", _l("Start the test"), BRAND, may_start, rank="primary"),
        Transition("running", "supported", "supported", _l("Supported"), BRAND, was_measured, note=True, confirm=FINAL_VERDICT),
        Transition("running", "refuted", "refuted", _l("Refuted"), BRAND, was_measured, note=True, confirm=FINAL_VERDICT),
        Transition("running", "inconclusive", "inconclusive", _l("Inconclusive"), BRAND, note=True, confirm=FINAL_VERDICT),
    ),
)


def everything_is_done(launch: Launch, _actor: Actor) -> Any:
    """The first reason why the launch cannot happen; `launch_service.look` puts them on the record before."""
    if launch.product.state not in TESTING:
        return _l("The product has not reached its test launch. The pre-production review lets it go there.")
    return next(iter(launch.reasons), None)  # type: ignore[attr-defined]


GO_LIVE = _l("The SKUs go on sale and everyone who takes part is told. A launch cannot be taken back.")
LAUNCH = Machine(
    "launch",
    Launch,
    _l("Launch"),
    (
        State("planned", _l("Planned"), "info"),
        State("live", _l("Live"), "good", final=True),
        State("cancelled", _l("Cancelled"), "bad", final=True),
    ),
    (
        Transition("planned", "go_live", "live", _l("Launch now"), BRAND, everything_is_done, rank="primary", confirm=GO_LIVE),
        Transition("planned", "cancel", "cancelled", _l("Cancel the launch"), BRAND, note=True, rank="danger"),
    ),
)
MACHINES = (SKU, PROBE, LAUNCH)
