"""Events and reactions: a later package reacts to an earlier one's event inside the same transaction. Nothing here is asynchronous."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incubator.kernel.actor import Actor


@dataclass(frozen=True)
class Event:
    """Something that happened to `record`, named "noun.verb" ("brief.submit")."""

    name: str
    record: Any
    actor: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


Reaction = Callable[[Event], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)


def register(reactions: Mapping[str, list[Reaction]]) -> None:
    """Take a package's `reactions.REACTIONS`; registering the same function twice has no effect."""
    for name, functions in reactions.items():
        _reactions[name].extend(f for f in functions if f not in _reactions[name])


def publish(name: str, record: Any, actor: Actor, at: datetime, **data: Any) -> None:
    """Tell everyone who subscribed, in registry order; a reaction that raises undoes the whole transaction."""
    event = Event(name, record, actor, at, data)
    for reaction in _reactions.get(name, ()):
        reaction(event)
