"""The ways of an engagement, a deliverable, an agreement and a contribution. Only the brand decides; nobody decides on their own work."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import PARTIES, Deliverable, Engagement
from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

BRAND = ("brand",)
WHOLE = 10_000


def is_own_organisation(engagement: Engagement, actor: Actor) -> Any:
    own = actor.organisation_id == engagement.organisation_id
    return None if own else _l("Only the invited organisation answers this.")


ENGAGEMENT = Machine(
    "engagement",
    Engagement,
    _l("Engagement"),
    (
        State("invited", _l("Invited"), "warn"),
        State("active", _l("Under way"), "good"),
        State("ended", _l("Ended"), final=True),
        State("declined", _l("Declined"), "bad", final=True),
        State("withdrawn", _l("Withdrawn"), final=True),
    ),
    (
        Transition("invited", "accept", "active", _l("Accept the invitation"), PARTIES, is_own_organisation, rank="primary"),
        Transition("invited", "decline", "declined", _l("Decline"), PARTIES, is_own_organisation, note=True),
        Transition("invited", "withdraw", "withdrawn", _l("Withdraw the invitation"), BRAND),
        Transition(
            "active",
            "end",
            "ended",
            _l("End the engagement"),
            BRAND,
            note=True,
            rank="danger",
            confirm=_l("It takes no further part. What it delivered stays on the record."),
        ),
    ),
)


def is_the_owner(deliverable: Deliverable, actor: Actor) -> Any:
    own = actor.organisation_id == deliverable.owner_id
    return None if own else _l("Only the organisation that owes it submits it.")


def is_not_own_work(deliverable: Deliverable, actor: Actor) -> Any:
    own = actor.user_id is not None and actor.user_id == deliverable.submitted_by_id
    return _l("You submitted this revision; a colleague must decide.") if own else None


SUBMITTERS = (*PARTIES, *BRAND)
OPEN_STATES = ("planned", "submitted", "in_review", "changes_asked")
DELIVERABLE = Machine(
    "deliverable",
    Deliverable,
    _l("Deliverable"),
    (
        State("planned", _l("Planned")),
        State("submitted", _l("Submitted"), "info"),
        State("in_review", _l("In review"), "accent"),
        State("accepted", _l("Accepted"), "good"),
        State("changes_asked", _l("Changes asked"), "warn"),
        State("dropped", _l("Dropped"), final=True),
    ),
    (
        *(
            Transition(source, "submit", "submitted", _l("Submit a revision"), SUBMITTERS, is_the_owner, rank="primary")
            for source in ("planned", "submitted", "changes_asked")
        ),
        Transition("submitted", "review", "in_review", _l("Start the review"), BRAND),
        *(
            Transition(source, event, target, label, BRAND, is_not_own_work, note=event == "ask_changes", rank=rank)
            for source in ("submitted", "in_review")
            for event, target, label, rank in (
                ("accept", "accepted", _l("Accept"), "primary"),
                ("ask_changes", "changes_asked", _l("Ask for changes"), "secondary"),
            )
        ),
        Transition("accepted", "reopen", "changes_asked", _l("Ask for a change after all"), BRAND, note=True),
        *(
            Transition(
                source,
                "drop",
                "dropped",
                _l("Drop it"),
                BRAND,
                note=True,
                rank="danger",
                confirm=_l("Nobody owes it any more. What was sent stays on the record."),
            )
            for source in OPEN_STATES
        ),
    ),
)


def is_complete(agreement: Agreement, _actor: Actor) -> Any:
    """Before anybody signs: two parties, something from each, and every owned thing owned in full."""
    if len(agreement.parties) < 2:
        return _l("Name at least two parties.")
    idle = [p.organisation.label for p in agreement.parties if p.organisation_id not in {r.organisation_id for r in agreement.promises}]
    if idle:
        return _l("%(who)s promises nothing yet.", who=listed(idle))
    if not agreement.items:
        return _l("Say who will own the IP and the moulds.")
    partly = [item.title for item in agreement.items if sum(s.share_bp for s in item.shares) != WHOLE]
    return _l("The owners of “%(item)s” do not add to 100%%.", item=partly[0]) if partly else None


def everyone_signed(agreement: Agreement, _actor: Actor) -> Any:
    missing = [p.organisation.label for p in agreement.parties if p.signature is None]
    return _l("Not signed yet: %(who)s.", who=listed(missing)) if missing else None


AGREEMENT = Machine(
    "consortium",
    Agreement,
    _l("Consortium agreement"),
    (
        State("draft", _l("Draft")),
        State("proposed", _l("To be signed"), "warn"),
        State("in_force", _l("In force"), "good"),
        State("superseded", _l("Superseded"), final=True),
        State("withdrawn", _l("Withdrawn"), "bad", final=True),
    ),
    (
        Transition(
            "draft",
            "propose",
            "proposed",
            _l("Propose for signature"),
            BRAND,
            is_complete,
            rank="primary",
            confirm=_l(
                "The text, the shares and the exchange rates are fixed. Every party is asked to sign; a change needs a new version."
            ),
        ),
        Transition("draft", "withdraw", "withdrawn", _l("Discard the draft"), BRAND, rank="danger"),
        Transition("proposed", "withdraw", "withdrawn", _l("Withdraw"), BRAND, note=True, rank="danger"),
        Transition("proposed", "take_effect", "in_force", _l("Take effect"), SYSTEM_ONLY, everyone_signed),
        Transition("in_force", "supersede", "superseded", _l("Give way to a later version"), SYSTEM_ONLY),
    ),
)


def is_not_own_delivery(contribution: Contribution, actor: Actor) -> Any:
    own = actor.user_id is not None and actor.user_id == contribution.delivered_by_id
    return _l("You recorded this delivery; a colleague must verify it.") if own else None


CONTRIBUTION = Machine(
    "contribution",
    Contribution,
    _l("Contribution"),
    (
        State("promised", _l("Pledged")),
        State("delivered", _l("Delivered"), "info"),
        State("verified", _l("Verified"), "good", final=True),
        State("released", _l("Waived"), final=True),
    ),
    (
        Transition("promised", "deliver", "delivered", _l("Record the delivery"), SUBMITTERS, rank="primary"),
        Transition("delivered", "verify", "verified", _l("Verify"), BRAND, is_not_own_delivery, rank="primary"),
        Transition("delivered", "send_back", "promised", _l("Send back"), BRAND, note=True),
        Transition("promised", "release", "released", _l("Release from the promise"), BRAND, note=True, rank="danger"),
    ),
)
MACHINES = (ENGAGEMENT, DELIVERABLE, AGREEMENT, CONTRIBUTION)
