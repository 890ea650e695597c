"""The way of a feedback pack and of a promise. The factory reads, acknowledges and does; time makes overdue, acted and measured."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.feedback.finding_models import Finding
from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.feedback.playbook_models import Playbook
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel.actor import Actor
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

BRAND, FACTORY = ("brand",), ("factory",)


def something_is_told(pack: FeedbackPack, _actor: Actor) -> Any:
    return None if pack.sections else _l("Nothing was sold or came back, so there is nothing to send.")


def every_sku_is_answered(pack: FeedbackPack, _actor: Actor) -> Any:
    """A pack is acknowledged with one complete answer for each SKU."""
    answered = sum(1 for s in pack.sections if s.answer and s.answer.is_complete)
    left = len(pack.sections) - answered
    return _l("%(n)s SKUs still need an answer.", n=left) if left else None


SENDS = _l("The factory is told at once, and its figures are frozen. It has five days to answer.")
PROMISES = _l("Each answer becomes a promise that both sides track.")
PACK = Machine(
    "feedback",
    FeedbackPack,
    _l("Feedback pack"),
    (
        State("compiled", _l("Compiled"), "neutral"),
        State("sent", _l("Sent"), "info"),
        State("read", _l("Read"), "info"),
        State("overdue", _l("Overdue"), "bad"),
        State("acknowledged", _l("Acknowledged"), "warn"),
        State("acted", _l("Acted"), "good"),
        State("measured", _l("Effect measured"), "accent", final=True),
    ),
    (
        Transition("compiled", "send", "sent", _l("Send to the factory"), BRAND, something_is_told, rank="primary", confirm=SENDS),
        Transition("sent", "read", "read", _l("Mark as read"), FACTORY),
        Transition("sent", "expire", "overdue", _l("Overdue"), SYSTEM_ONLY),
        Transition("read", "expire", "overdue", _l("Overdue"), SYSTEM_ONLY),
        Transition(
            "read", "acknowledge", "acknowledged", _l("Acknowledge"), FACTORY, every_sku_is_answered, rank="primary", confirm=PROMISES
        ),
        Transition(
            "overdue", "acknowledge", "acknowledged", _l("Acknowledge"), FACTORY, every_sku_is_answered, rank="primary", confirm=PROMISES
        ),
        Transition("acknowledged", "act", "acted", _l("Everything is done or dropped"), SYSTEM_ONLY),
        Transition("acted", "measure", "measured", _l("Effect measured"), SYSTEM_ONLY),
    ),
)
ACTION = Machine(
    "feedback_action",
    FeedbackAction,
    _l("Promise"),
    (
        State("promised", _l("Promised, open"), "warn"),
        State("done", _l("Done"), "good", final=True),
        State("dropped", _l("Dropped"), "neutral", final=True),
    ),
    (
        Transition("promised", "finish", "done", _l("Done"), FACTORY, rank="primary"),
        Transition("promised", "drop", "dropped", _l("Drop"), (*FACTORY, *BRAND), note=True, rank="danger"),
    ),
)
SETS_ASIDE = _l("The factory is not told of it again, unless a new change is found. You can take it up again at any time.")
FINDING = Machine(
    "finding",
    Finding,
    _l("Return finding"),
    (
        State("open", _l("New"), "warn"),
        State("told", _l("Factory told"), "info"),
        State("acted", _l("Acted on"), "accent"),
        State("gone", _l("Gone"), "good"),
        State("back", _l("Back again"), "bad"),
        State("aside", _l("Set aside"), "neutral"),
    ),
    (
        *(Transition(state, "tell", "told", _l("The factory is told"), SYSTEM_ONLY) for state in ("open", "back")),
        *(Transition(state, "act", "acted", _l("Something was done"), SYSTEM_ONLY) for state in ("open", "told", "back")),
        *(
            Transition(state, "end", "gone", _l("Comes back no more than before"), SYSTEM_ONLY)
            for state in ("open", "told", "acted", "back")
        ),
        Transition("gone", "return", "back", _l("Found again"), SYSTEM_ONLY),
        *(
            Transition(state, "set_aside", "aside", _l("Set it aside"), BRAND, note=True, confirm=SETS_ASIDE)
            for state in ("open", "told", "acted", "back")
        ),
        Transition("aside", "reopen", "open", _l("Take up again"), BRAND),
        Transition("aside", "return", "back", _l("A new change was found"), SYSTEM_ONLY),
    ),
)
QUESTION = Machine(
    "feedback_question",
    FeedbackQuestion,
    _l("Question about a SKU"),
    (
        State("open", _l("Waits for an answer"), "warn"),
        State("answered", _l("Answered"), "good", final=True),
        State("settled", _l("Settled"), "neutral", final=True),
    ),
    (
        Transition("open", "answer", "answered", _l("Answer"), BRAND, rank="primary"),
        Transition("open", "settle", "settled", _l("Needs no answer"), (*BRAND, *FACTORY)),
    ),
)


def every_part_is_told(playbook: Playbook, _actor: Actor) -> Any:
    missing = not (playbook.title.strip() and playbook.problem.strip() and playbook.what.strip())
    return _l("Say what the problem was and what was done.") if missing else None


PUBLISHES = _l("Every brand and factory of the platform can read and use it. Nobody reads whose it was.")
WITHDRAWS = _l("It leaves the list. Who uses it already keeps what it promised.")
PLAYBOOK = Machine(
    "playbook",
    Playbook,
    _l("Playbook"),
    (
        State("proposed", _l("Proposed"), "warn"),
        State("published", _l("Published"), "good"),
        State("declined", _l("Declined"), "neutral", final=True),
        State("withdrawn", _l("Withdrawn"), "neutral", final=True),
    ),
    (
        Transition("proposed", "publish", "published", _l("Publish"), BRAND, every_part_is_told, rank="primary", confirm=PUBLISHES),
        Transition("proposed", "decline", "declined", _l("Decline"), BRAND, note=True),
        Transition("proposed", "withdraw", "withdrawn", _l("Withdraw"), FACTORY),
        Transition("published", "withdraw", "withdrawn", _l("Withdraw"), BRAND, rank="danger", note=True, confirm=WITHDRAWS),
    ),
)
MACHINES = (PACK, ACTION, FINDING, QUESTION, PLAYBOOK)
