"""Laying a template over a product: on which day each of its milestones falls, counted from the start or back from the launch. No database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

from incubator.schedule import forecast
from incubator.schedule.defaults import Row
from incubator.schedule.forecast import Link, Task
from incubator.schedule.workdays import DAY, Calendar

DIRECTIONS = ("start", "launch")
LAUNCH = "launch"


@dataclass(frozen=True)
class Laid:
    """One milestone to be: its row, when its work begins and when it is met; `pinned` when it may not come earlier."""

    row: Row
    start: date
    finish: date
    pinned: bool = False


def circle(rows: Sequence[Row]) -> list[str]:
    """The codes of a circle among the rows, or nothing."""
    return [str(key) for key in forecast.cycle(_links(rows))]


def _links(rows: Sequence[Row]) -> list[Link]:
    codes = {row.code for row in rows}
    return [Link(before, row.code) for row in rows for before in row.after if before in codes]


def lay(
    rows: Sequence[Row], direction: str, day: date, calendar_of: Callable[[Row], Calendar], present: Mapping[str, Task] | None = None
) -> list[Laid]:
    """Every row that is not `present` (code → the milestone that is there already), with its days.

    From the start: what waits for nothing begins on `day`. Back from the launch: everything that leads to it begins so late
    that it is met on `day`, which then holds; what follows it comes after.
    """
    there = dict(present or {})
    links = _links(rows)
    tasks = {row.code: there.get(row.code) or Task(row.code, day, row.days, calendar=calendar_of(row)) for row in rows}
    roots = [row.code for row in rows if row.code not in there and not any(link.after == row.code for link in links)]
    latest = _latest(tasks, links, day, there) if direction == "launch" else {}
    for code in roots:
        task = tasks[code]
        due = latest.get(code) or (task.calendar.add(day - DAY, task.days) if task.days else day)
        tasks[code] = replace(task, due=due)
    if latest and LAUNCH not in there:
        tasks[LAUNCH] = replace(tasks[LAUNCH], not_before=day)
    return _laid(rows, tasks, links, there, pinned=bool(latest))


def _laid(rows: Sequence[Row], tasks: Mapping[str, Task], links: Sequence[Link], there: Mapping[str, Task], pinned: bool) -> list[Laid]:
    """What is there keeps the day it has; only what is new is computed around it."""
    kept = {code: Task(code, task.done or task.due, task.days, done=task.done or task.due) for code, task in there.items()}
    slots = forecast.compute([kept.get(code, task) for code, task in tasks.items()], links)
    return [
        Laid(row, slots[row.code].start, slots[row.code].finish, pinned and row.code == LAUNCH) for row in rows if row.code not in there
    ]


def _latest(tasks: Mapping[str, Task], links: Sequence[Link], day: date, there: Mapping[str, Any]) -> dict[str, date]:
    """The latest day of each row that leads to the launch, when the launch is on `day`; empty for a template without one."""
    if LAUNCH not in tasks or LAUNCH in there:
        return {}
    waits: dict[str, set[str]] = {code: set() for code in tasks}
    for link in links:
        waits[str(link.after)].add(str(link.before))
    found = {LAUNCH: day}
    for code in reversed(list(TopologicalSorter(waits).static_order())):
        limits = [forecast.limit(tasks[str(k.after)], k.lag, found[str(k.after)]) for k in links if k.before == code and k.after in found]
        if limits and code != LAUNCH:
            found[code] = tasks[code].calendar.latest(min(limits), 0)
    return found
