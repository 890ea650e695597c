"""The life of a feed: it runs, rests, stops by itself with a reason, or is closed for good."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.feeds.models import Feed
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

EVERYBODY = ORGANISATION_KINDS  # the rule of the kind says who; others do not see the feed


def is_answered_for(feed: Feed, _actor: Actor) -> Any:
    """A feed imports in somebody's name; the service has put on it whether that person still may."""
    if feed.is_answered:
        return None
    return _l("%(name)s may no longer import this. Take the feed over first.", name=feed.owner.name)


FEED = Machine(
    "feed",
    Feed,
    _l("Feed"),
    (
        State("active", _l("In service"), "good"),
        State("paused", _l("Paused"), "neutral"),
        State("halted", _l("Stopped by itself"), "bad"),
        State("closed", _l("Closed"), "neutral", final=True),
    ),
    (
        Transition("active", "pause", "paused", _l("Pause"), EVERYBODY),
        Transition("active", "halt", "halted", _l("Stop"), SYSTEM_ONLY),
        Transition("paused", "resume", "active", _l("Resume"), EVERYBODY, is_answered_for, rank="primary"),
        Transition("halted", "resume", "active", _l("Resume"), EVERYBODY, is_answered_for, rank="primary"),
        *(
            Transition(
                source, "close", "closed", _l("Close for good"), EVERYBODY, rank="danger",
                confirm=_l("No file comes in by it any more, and its secret is forgotten. What came in stays."),
            )
            for source in ("active", "paused", "halted")
        ),
    ),
)  # fmt: skip
MACHINES = (FEED,)
