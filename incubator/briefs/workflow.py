"""The brief's way and the value gate's verdict. The gate moves the brief; nobody accepts a brief by hand."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs import value
from incubator.briefs.gate_models import GateReview
from incubator.briefs.models import ProductBrief
from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

BRAND = ("brand",)


def says_what_it_needs_to(brief: ProductBrief, _actor: Actor) -> Any:
    """Before anyone is asked to judge it: the need, the reason to choose, a must-have, something to compare with."""
    missing = [
        label
        for present, label in (
            (brief.segment.strip(), _l("the segment")),
            (brief.need.strip(), _l("the need beyond price")),
            (brief.reason_to_choose.strip(), _l("the reason to choose")),
            (any(r.priority == "must" for r in brief.requirements), _l("a must-have requirement")),
            (brief.references, _l("a reference product")),
        )
        if not present
    ]
    return _l("Add %(what)s first.", what=listed(missing)) if missing else None


def stands_against_every_reference(review: GateReview) -> Any:
    """Why the brief creates no value beside its reference products, or None."""
    return value.refusal(
        value.claims_of(review.brief), [r.id for r in review.brief.references], {r.id: r.name for r in review.brief.references}
    )


def two_organisations_signed(review: GateReview) -> Any:
    """By two different people, too: one person may act for both."""
    signed = [s.signature for s in review.signatories if s.signature]
    if len(signed) >= 2 and len({s.user_id for s in signed}) >= 2:
        return None
    waiting = listed(s.organisation.label for s in review.signatories if not s.signature)
    return _l("Two organisations must sign first. Not signed yet: %(who)s.", who=waiting or "–")


def is_not_own_work(review: GateReview, actor: Actor) -> Any:
    own = review.brief.is_work_of(actor.user_id)
    return _l("You wrote or submitted this brief; a colleague must decide.") if own else None


def signed_what_stands(review: GateReview) -> Any:
    """Signatures count only for the content that they were given on."""
    stale = [s for s in review.signatories if s.signature and s.signature.content_hash != review.figures.content_hash]
    return _l("The brief changed after %(who)s signed it.", who=stale[0].organisation.label) if stale else None


def may_pass_with_conditions(review: GateReview, actor: Actor) -> Any:
    """A conditional pass needs value, two signatures and a second pair of eyes; criteria may be met later."""
    return (
        is_not_own_work(review, actor)
        or stands_against_every_reference(review)
        or two_organisations_signed(review)
        or signed_what_stands(review)
    )


def may_pass(review: GateReview, actor: Actor) -> Any:
    """A clean pass also needs every criterion of the brief's type."""
    if reason := may_pass_with_conditions(review, actor):
        return reason
    missed = [c.label for c in review.figures.criteria if not c.met]
    return _l("Not met: %(criteria)s. Decide conditionally, hold or kill.", criteria=listed(missed)) if missed else None


BRIEF_STATES = (
    State("draft", _l("Draft")),
    State("submitted", _l("In review"), "info"),
    State("accepted", _l("Accepted"), "good"),
    State("returned", _l("Returned"), "warn"),
    State("in_development", _l("In development"), "info"),
    State("launched", _l("Launched"), "good"),
    State("reviewed", _l("Reviewed"), "accent"),
    State("closed", _l("Closed"), final=True),
)
SUBMIT_WARNING = _l("The brief is locked while the organisations that you name read and sign it.")
BRIEF = Machine(
    "brief",
    ProductBrief,
    _l("Brief"),
    BRIEF_STATES,
    (
        Transition(
            "draft", "submit", "submitted", _l("Send to review"), BRAND, says_what_it_needs_to, rank="primary", confirm=SUBMIT_WARNING
        ),
        Transition(
            "returned", "submit", "submitted", _l("Send to review"), BRAND, says_what_it_needs_to, rank="primary", confirm=SUBMIT_WARNING
        ),
        Transition("accepted", "submit", "submitted", _l("Review again"), BRAND, says_what_it_needs_to, confirm=SUBMIT_WARNING),
        Transition("submitted", "accept", "accepted", _l("Accept"), SYSTEM_ONLY),
        Transition("submitted", "return", "returned", _l("Return"), SYSTEM_ONLY),
        Transition("accepted", "start_development", "in_development", _l("Start development"), SYSTEM_ONLY),
        Transition("in_development", "launch", "launched", _l("Launch"), SYSTEM_ONLY),
        Transition("launched", "review", "reviewed", _l("Record the review"), BRAND, note=True, rank="primary"),
        Transition("reviewed", "close", "closed", _l("Close"), BRAND, rank="primary"),
        *(Transition(s.name, "stop", "closed", _l("Close with the product"), SYSTEM_ONLY) for s in BRIEF_STATES if not s.final),
    ),
)

VERDICT_IS_FINAL = _l("A verdict is final: it cannot be edited, only followed by a later review.")
REVIEW = Machine(
    "gate",
    GateReview,
    _l("Gate review"),
    (
        State("open", _l("Awaiting verdict"), "info"),
        State("go", _l("Go"), "good", final=True),
        State("conditional", _l("Conditional"), "warn", final=True),
        State("hold", _l("Hold"), "neutral", final=True),
        State("kill", _l("Kill"), "bad", final=True),
    ),
    (
        Transition("open", "go", "go", _l("Go"), BRAND, may_pass, note=True, rank="primary", confirm=VERDICT_IS_FINAL),
        Transition(
            "open",
            "conditional",
            "conditional",
            _l("Go, with conditions"),
            BRAND,
            may_pass_with_conditions,
            note=True,
            confirm=VERDICT_IS_FINAL,
        ),
        Transition("open", "hold", "hold", _l("Hold"), BRAND, note=True, confirm=VERDICT_IS_FINAL),
        Transition("open", "kill", "kill", _l("Kill"), BRAND, note=True, rank="danger", confirm=VERDICT_IS_FINAL),
    ),
)
MACHINES = (BRIEF, REVIEW)
