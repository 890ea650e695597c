"""The way of a request for quotation and of each quotation in it. The clock is the services' to ask; a price is nobody's here."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation

BRAND = ("brand",)
FACTORY = ("factory",)


def can_be_answered(rfq: Rfq, _actor: Actor) -> Any:
    """Before anybody is asked: somebody to ask, something to meet, and by what it will be judged."""
    missing = [
        label
        for present, label in (
            (rfq.quotations, _l("a factory to ask")),
            (rfq.requirements, _l("a requirement")),
            (rfq.criteria, _l("a criterion of the technical review")),
            (rfq.currencies, _l("a currency")),
        )
        if not present
    ]
    if missing:
        return _l("Add %(what)s first.", what=listed(missing))
    return None


def received_something(rfq: Rfq, _actor: Actor) -> Any:
    received = any(q.is_received for q in rfq.quotations)
    return None if received else _l("No quotation was received. Cancel this enquiry, and ask again with another.")


def every_score_is_in(rfq: Rfq, _actor: Actor) -> Any:
    """Prices stay sealed until every reviewer has scored every quotation. `review_service.measure` sets `missing_sheets`."""
    missing: int = getattr(rfq, "missing_sheets", 1)
    return (
        lazy_ngettext("%(num)s technical score sheet is missing.", "%(num)s technical score sheets are missing.", missing)
        if missing
        else None
    )


RFQ_STATES = (
    State("draft", _l("Draft")),
    State("issued", _l("Issued"), "info"),
    State("reissued", _l("Re-issued"), "info"),
    State("closed", _l("Closed to quotations"), "warn"),
    State("technical_review", _l("Technical review"), "warn"),
    State("opened", _l("Prices opened"), "accent"),
    State("awarded", _l("Awarded"), "good", final=True),
    State("cancelled", _l("Cancelled"), "bad", final=True),
)
TOLD = _l("Every invited factory is told, each by itself.")
CLOSING = _l("No quotation is taken any more, and this cannot be undone. The prices stay sealed until the technical review is done.")
OPENING = _l(
    "The prices become readable for your brand, and the technical scores can no longer change. Who opened them, and when, is kept."
)
FINAL = _l("The decision is final. Each factory is told about its own quotation only.")
CANCEL = _l("Every factory that was asked is told your reason. This cannot be undone.")
RFQ = Machine(
    "rfq",
    Rfq,
    _l("Request for quotation"),
    RFQ_STATES,
    (
        Transition("draft", "issue", "issued", _l("Issue"), BRAND, can_be_answered, rank="primary", confirm=TOLD),
        *(Transition(s, "reissue", "reissued", _l("Re-issue"), BRAND, note=True, confirm=TOLD) for s in ("issued", "reissued")),
        *(Transition(s, "extend", s, _l("Extend the deadline"), BRAND, confirm=TOLD) for s in ("issued", "reissued")),
        *(Transition(s, "close", "closed", _l("Close now"), BRAND, note=True, confirm=CLOSING) for s in ("issued", "reissued")),
        *(Transition(s, "lapse", "closed", _l("Close at the deadline"), SYSTEM_ONLY) for s in ("issued", "reissued")),
        Transition(
            "closed", "start_review", "technical_review", _l("Start the technical review"), BRAND, received_something, rank="primary"
        ),
        Transition("technical_review", "open", "opened", _l("Open the prices"), BRAND, every_score_is_in, rank="primary", confirm=OPENING),
        Transition("opened", "award", "awarded", _l("Award"), BRAND, note=True, rank="primary", confirm=FINAL),
        *(
            Transition(s.name, "cancel", "cancelled", _l("Cancel the enquiry"), BRAND, note=True, rank="danger", confirm=CANCEL)
            for s in RFQ_STATES
            if not s.final
        ),
    ),
)

QUOTATION = Machine(
    "quotation",
    Quotation,
    _l("Quotation"),
    (
        State("invited", _l("Invited"), "info"),
        State("draft", _l("Draft")),
        State("declined", _l("Declined"), "neutral"),
        State("submitted", _l("Submitted"), "good"),
        State("revised", _l("Revised"), "good"),
        State("won", _l("Won"), "good", final=True),
        State("lost", _l("Not chosen"), final=True),
        State("expired", _l("Expired"), final=True),
    ),
    (
        Transition("invited", "start", "draft", _l("Start the quotation"), FACTORY, rank="primary"),
        Transition("declined", "start", "draft", _l("Quote after all"), FACTORY),
        *(Transition(s, "decline", "declined", _l("Decline"), FACTORY, note=True) for s in ("invited", "draft")),
        Transition("draft", "submit", "submitted", _l("Submit"), FACTORY, rank="primary"),
        *(Transition(s, "revise", "revised", _l("Submit the revision"), FACTORY, rank="primary") for s in ("submitted", "revised")),
        *(Transition(s, "confirm", s, _l("Confirm unchanged"), FACTORY, rank="primary") for s in ("submitted", "revised")),
        *(Transition(s, "withdraw", "draft", _l("Withdraw"), FACTORY, rank="danger") for s in ("submitted", "revised")),
        *(Transition(s, "win", "won", _l("Award"), SYSTEM_ONLY) for s in ("submitted", "revised")),
        *(Transition(s, "lose", "lost", _l("Not chosen"), SYSTEM_ONLY) for s in ("submitted", "revised")),
        *(Transition(s, "expire", "expired", _l("Expire"), SYSTEM_ONLY) for s in ("invited", "draft", "declined", "submitted", "revised")),
    ),
)
MACHINES = (RFQ, QUOTATION)
