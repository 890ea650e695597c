"""The forecast of a plan: critical path over working days. Dates and links in, dates and floats out; no database, no clock.

A milestone that waits for nothing is due when somebody said. One that waits for others is due `days` working days (of its own
calendar) after the last of them, plus the link's lag, and never before its own earliest day. What is met counts with the
day on which it was met. The latest day is the one that does not yet move the end of what hangs together; the float is the
number of working days up to it; a milestone without float is critical. One that is linked to nothing is never critical.
Today plays no part: a late milestone pushes nothing until somebody says when it will be met.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from incubator.schedule.workdays import DAY, Calendar

Key = Hashable
CHINA = Calendar()


@dataclass(frozen=True)
class Task:
    """A milestone: due on `due` if it waits for nothing, else after `days` working days and not before `not_before`."""

    key: Key
    due: date
    days: int = 0
    not_before: date | None = None
    done: date | None = None
    calendar: Calendar = CHINA


@dataclass(frozen=True)
class Link:
    """`after` begins `lag` working days after `before` is met."""

    before: Key
    after: Key
    lag: int = 0


@dataclass(frozen=True)
class Slot:
    """When a milestone is worked at and met; how late it may be met without moving the end (None when met, or linked to nothing)."""

    start: date
    finish: date
    latest: date | None = None
    float_days: int | None = None

    @property
    def critical(self) -> bool:
        return self.float_days == 0


def cycle(links: Iterable[Link]) -> list[Key]:
    """The milestones of a circle among `links`, in order of waiting, the first again at the end; empty when there is none."""
    try:
        TopologicalSorter(_waits(links)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _waits(links: Iterable[Link]) -> dict[Key, set[Key]]:
    waits: dict[Key, set[Key]] = defaultdict(set)
    for link in links:
        waits[link.after].add(link.before)
    return waits


def compute(tasks: Iterable[Task], links: Sequence[Link]) -> dict[Key, Slot]:
    """The slot of every task. Links must name tasks; a circle raises graphlib.CycleError, which `cycle` finds before."""
    by_key = {task.key: task for task in tasks}
    waits = _waits(links)
    order = list(TopologicalSorter({key: waits.get(key, ()) for key in by_key}).static_order())
    finishes = _forward(by_key, links, order)
    latest = _backward(by_key, links, order, finishes)
    return {key: _slot(task, finishes[key], latest.get(key)) for key, task in by_key.items()}


def _forward(by_key: Mapping[Key, Task], links: Sequence[Link], order: Sequence[Key]) -> dict[Key, date]:
    into = _grouped(links, by_after=True)
    finishes: dict[Key, date] = {}
    for key in order:
        task = by_key[key]
        days = [task.calendar.add(finishes[link.before], link.lag + task.days) for link in into[key]]
        if days and task.not_before:
            days.append(task.not_before)
        finishes[key] = task.done or max(days, default=task.due)
    return finishes


def _backward(
    by_key: Mapping[Key, Task], links: Sequence[Link], order: Sequence[Key], finishes: Mapping[Key, date]
) -> dict[Key, tuple[date, int]]:
    """(latest day, float) of each open milestone that is linked to another."""
    out = _grouped(links, by_after=False)
    found: dict[Key, tuple[date, int]] = {}
    ends = _ends(by_key, links, finishes)
    for key in reversed(order):
        task = by_key[key]
        if task.done or key not in ends:
            continue
        limits = [limit(by_key[link.after], link.lag, found[link.after][0]) for link in out[key] if link.after in found]
        latest = min(limits, default=ends[key])
        found[key] = (max(task.calendar.latest(latest, 0), finishes[key]), task.calendar.between(finishes[key], latest))
    return found


def limit(after: Task, lag: int, latest: date) -> date:
    """The last day on which what `after` waits for may be met, for `after` to be met on `latest`; days off before the work begins are free."""
    number = lag + after.days
    return after.calendar.latest(latest, number - 1) - DAY if number else after.calendar.latest(latest, 0)


def _ends(by_key: Mapping[Key, Task], links: Sequence[Link], finishes: Mapping[Key, date]) -> dict[Key, date]:
    """For each milestone that is linked: the last open day of everything that hangs together with it."""
    groups: dict[Key, set[Key]] = {}
    for link in links:
        merged = groups.get(link.before, {link.before}) | groups.get(link.after, {link.after})
        groups.update(dict.fromkeys(merged, merged))
    ends: dict[Key, date] = {}
    for key, group in groups.items():
        days = [finishes[k] for k in group if not by_key[k].done]
        ends |= {key: max(days)} if days else {}
    return ends


def _grouped(links: Sequence[Link], *, by_after: bool) -> dict[Key, list[Link]]:
    grouped: dict[Key, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.after if by_after else link.before].append(link)
    return grouped


def _slot(task: Task, finish: date, latest: tuple[date, int] | None) -> Slot:
    return Slot(task.calendar.begin(finish, task.days), finish, *(latest or (None, None)))
