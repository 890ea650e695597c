"""The state machines: declared as data by each package, enforced here. `fire` is the only writer of a `state` column.

Sources of the shape: `docs/lifecycle.md` is generated from the same tables, and `available` draws the buttons from them,
so a page cannot offer what the server refuses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel import access, audit, clock, events
from incubator.kernel.actor import Actor
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused

Guard = Callable[[Any, Actor], Any]
SYSTEM_ONLY = ("system",)


@dataclass(frozen=True)
class State:
    """A state's name in code, its word for people, and the tone of its badge."""

    name: str
    label: Any
    tone: str = "neutral"
    final: bool = False


@dataclass(frozen=True)
class Transition:
    """`event` takes a record from `source` to `target`, by `roles`, if `guard` gives no reason to refuse.

    `rank` is "primary", "secondary" or "danger"; `confirm` is the sentence that a final act shows first.
    """

    source: str
    event: str
    target: str
    label: Any
    roles: tuple[str, ...]
    guard: Guard | None = None
    note: bool = False
    rank: str = "secondary"
    confirm: Any = None


@dataclass(frozen=True)
class Machine:
    """The states and transitions of one model."""

    name: str
    model: type
    title: Any
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    _index: dict[tuple[str, str], Transition] = field(default_factory=dict, repr=False)

    @property
    def initial(self) -> str:
        return self.states[0].name

    def state(self, name: str) -> State:
        return next(s for s in self.states if s.name == name)

    def find(self, source: str, event: str) -> Transition | None:
        return self._index.get((source, event))


@dataclass(frozen=True)
class Offer:
    """A button: what the actor may do next, or why it is not yet possible."""

    event: str
    label: Any
    target: State
    reason: Any
    note: bool
    rank: str
    confirm: Any


machines: dict[type, Machine] = {}


def register(tables: Iterable[Machine]) -> None:
    """Check and take a package's machines; a broken table stops the application from starting."""
    for machine in tables:
        _check(machine)
        machine._index.update({(t.source, t.event): t for t in machine.transitions})
        machines[machine.model] = machine


def _check(machine: Machine) -> None:
    names = {s.name for s in machine.states}
    pairs = [(t.source, t.event) for t in machine.transitions]
    if len(pairs) != len(set(pairs)):
        raise ValueError(f"{machine.name}: a state has the same event twice")
    if unknown := {n for t in machine.transitions for n in (t.source, t.target)} - names:
        raise ValueError(f"{machine.name}: unknown states {unknown}")
    if unreachable := names - {machine.initial} - {t.target for t in machine.transitions}:
        raise ValueError(f"{machine.name}: unreachable states {unreachable}")
    ends = names - {t.source for t in machine.transitions}
    if ends != {s.name for s in machine.states if s.final}:
        raise ValueError(f"{machine.name}: dead ends {ends} are not the states declared final")


def machine_of(record: Any) -> Machine:
    return machines[type(record)]


def state_of(record: Any) -> State:
    """The present state with its word and tone, for badges."""
    return machine_of(record).state(record.state)


def available(record: Any, actor: Actor) -> list[Offer]:
    """What `actor` may do next with `record`; an offer whose guard refuses carries the reason."""
    if actor.scope != "write":
        return []
    machine = machine_of(record)
    return [
        Offer(t.event, t.label, machine.state(t.target), t.guard(record, actor) if t.guard else None, t.note, t.rank, t.confirm)
        for t in machine.transitions
        if t.source == record.state and actor.role in t.roles
    ]


def fire(
    record: Any,
    event: str,
    actor: Actor,
    note: str | None = None,
    now: datetime | None = None,
    *,
    expected: int | None = None,
    **data: Any,
) -> Any:
    """Move `record` by `event`: lock, role, guard, state, audit, event; all in the caller's transaction.

    `expected` is the version that the actor's page showed. Raises Conflict (with what the other person did) when the record
    has moved on, Forbidden when the event is another role's, Refused with the guard's reason, Invalid when a note is missing.
    """
    moment = now or clock.now()
    db.session.refresh(record, with_for_update={"of": type(record)})
    transition = machine_of(record).find(record.state, event)
    if transition is None or (expected is not None and expected != record.version):
        raise Conflict(what=last_act(record, actor))
    if not actor.is_system and (actor.role not in transition.roles or actor.scope != "write"):
        raise Forbidden()
    if transition.note and not (note or "").strip():
        raise Invalid({"note": [_l("Say why; this goes on the record.")]})
    if transition.guard and (reason := transition.guard(record, actor)):
        raise Refused(reason)
    return _move(record, transition, actor, note, moment, data)


def _move(record: Any, transition: Transition, actor: Actor, note: str | None, now: datetime, data: dict[str, Any]) -> Any:
    record.state = transition.target
    if hasattr(record, "state_since"):
        record.state_since = now
    db.session.flush()
    name = f"{machine_of(record).name}.{transition.event}"
    audit.record(name, record, actor, now, note=note, before=transition.source, after=transition.target, **data)
    events.publish(name, record, actor, now, note=note, **data)
    return record


def last_act(record: Any, actor: Actor) -> AuditEntry | None:
    """The latest audit entry about `record` that `actor` may read: who did what, when. A party reads only its own acts."""
    return db.session.scalar(
        access.select_visible(AuditEntry, actor)
        .where(AuditEntry.record_type == record.__tablename__, AuditEntry.record_id == record.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
