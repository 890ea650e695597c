"""The way of a sample round and of a golden sample. The factory makes and ships; the brand receives, measures, decides and seals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition
from incubator.samples import results
from incubator.samples.models import GoldenSample, SampleRound

BRAND, FACTORY = ("brand",), ("factory",)
ENDED = ("stopped", "handed_over")


def product_goes_on(round: SampleRound, _actor: Actor) -> Any:
    return _l("The product has ended; nothing more is asked of its samples.") if round.product.state in ENDED else None


def every_must_is_measured(round: SampleRound, actor: Actor) -> Any:
    """A round is measured when every must-requirement has at least one reading."""
    if reason := product_goes_on(round, actor):
        return reason
    missing = results.unread(round, "must")
    return _l("Measure these must-requirements first: %(what)s.", what=_names(missing)) if missing else None


def every_must_holds(round: SampleRound, actor: Actor) -> Any:
    """No approval, not even with comments, while a must is unmeasured or outside its tolerance."""
    if reason := every_must_is_measured(round, actor):
        return reason
    failed = results.failing(round, "must")
    return (
        _l("Outside tolerance: %(what)s. A must-requirement that fails leaves only a rejection.", what=_names(failed)) if failed else None
    )


def nothing_that_matters_fails(round: SampleRound, actor: Actor) -> Any:
    """A clean approval has no failing “should” either; that one takes a comment."""
    if reason := every_must_holds(round, actor):
        return reason
    failed = results.failing(round, "should")
    return _l("Outside tolerance: %(what)s. Approve with a comment on each, or reject.", what=_names(failed)) if failed else None


def is_later_than_what_is_sealed(round: SampleRound, actor: Actor) -> Any:
    """A golden sample is replaced by a later one only."""
    if reason := product_goes_on(round, actor):
        return reason
    later = [seal for seal in round.seals if seal.round_number >= round.number]
    return (
        _l("Round %(number)s is sealed already; only a later round can take its place.", number=later[-1].round_number) if later else None
    )


def _names(requirements: Any) -> str:
    return listed(r.attribute for r in requirements)


SEALS = _l("The golden sample becomes the reference for production. An earlier one is superseded; both stay visible.")
FINAL = _l("A decision is final: it cannot be edited. The factory is told at once.")
ROUND = Machine(
    "sample",
    SampleRound,
    _l("Sample round"),
    (
        State("requested", _l("Requested"), "info"),
        State("in_making", _l("In making"), "info"),
        State("shipped", _l("On its way"), "info"),
        State("received", _l("Received"), "warn"),
        State("measured", _l("Measured, to decide"), "warn"),
        State("approved", _l("Approved"), "good"),
        State("approved_with_comments", _l("Approved with comments"), "good"),
        State("rejected", _l("Rejected"), "bad", final=True),
        State("sealed", _l("Sealed"), "accent", final=True),
    ),
    (
        Transition("requested", "start", "in_making", _l("Start making"), FACTORY, product_goes_on, rank="primary"),
        Transition("in_making", "ship", "shipped", _l("Ship"), FACTORY, product_goes_on, rank="primary"),
        Transition("shipped", "receive", "received", _l("Record the arrival"), BRAND, product_goes_on, rank="primary"),
        Transition("received", "measure", "measured", _l("Finish measuring"), BRAND, every_must_is_measured, rank="primary"),
        Transition("measured", "approve", "approved", _l("Approve"), BRAND, nothing_that_matters_fails, True, "primary", FINAL),
        Transition(
            "measured",
            "approve_with_comments",
            "approved_with_comments",
            _l("Approve with comments"),
            BRAND,
            every_must_holds,
            True,
            confirm=FINAL,
        ),
        Transition("measured", "reject", "rejected", _l("Reject"), BRAND, product_goes_on, True, "danger", FINAL),
        Transition("approved", "seal", "sealed", _l("Seal as golden sample"), BRAND, is_later_than_what_is_sealed, confirm=SEALS),
        Transition(
            "approved_with_comments", "seal", "sealed", _l("Seal as golden sample"), BRAND, is_later_than_what_is_sealed, confirm=SEALS
        ),
    ),
)
GOLDEN = Machine(
    "golden",
    GoldenSample,
    _l("Golden sample"),
    (State("valid", _l("Valid"), "good"), State("superseded", _l("Superseded"), "neutral", final=True)),
    (Transition("valid", "supersede", "superseded", _l("Supersede"), SYSTEM_ONLY),),
)
MACHINES = (ROUND, GOLDEN)
