"""Writing down readings, cell by cell and part by part, and finishing. Whether a reading passes is computed, never entered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict
from incubator.samples import telling, words
from incubator.samples.models import SampleReading, SampleRequirement, SampleRound

Cell = tuple[str | None, bool | None]
Cells = Mapping[tuple[int, int], Cell]
BLANK: Cell = (None, None)


def read(round: SampleRound, cells: Cells, actor: Actor, now: datetime, expected: int | None = None) -> int:
    """Set the given cells, (requirement id, piece) → (value, tick); (None, None) takes one away. The rest stays. How many changed.

    Conflict with the difference when somebody wrote down readings since the page was opened.
    """
    db.session.refresh(round, with_for_update={"of": SampleRound})
    access.require("sample.measure", actor, round)
    stood = standing(round)
    changes = {key: cell for key, cell in cells.items() if stood.get(key, BLANK) != cell}
    if expected is not None and expected != round.version:
        raise Conflict(what=workflow.last_act(round, actor), difference=_difference(round, changes, stood))
    if changes:
        _write(round, changes, actor, now)
    return len(changes)


def standing(round: SampleRound) -> dict[tuple[int, int], Cell]:
    """What has been written down so far."""
    return {(r.id, x.piece): (x.value, x.met) for r in round.requirements for x in r.readings}


def _difference(round: SampleRound, changes: Cells, stood: Cells) -> list[tuple[str, str, str]]:
    names = {r.id: r.attribute for r in round.requirements}
    return [(f"{names[key[0]]} · {key[1]}", shown(cell), shown(stood.get(key, BLANK))) for key, cell in changes.items()]


def shown(cell: Cell) -> str:
    value, met = cell
    return value if value is not None else "–" if met is None else str(words.MET["yes" if met else "no"])


def _write(round: SampleRound, changes: Cells, actor: Actor, now: datetime) -> None:
    by_id = {r.id: r for r in round.requirements}
    before = {f"{by_id[i].attribute} · {piece}": shown(cell) for (i, piece), cell in standing(round).items() if (i, piece) in changes}
    for (requirement_id, piece), cell in changes.items():
        _set(by_id[requirement_id], piece, cell, actor, now)
    round.updated_at = now
    db.session.flush()
    after = {f"{by_id[i].attribute} · {piece}": shown(cell) for (i, piece), cell in changes.items()}
    audit.record("sample.read", round, actor, now, before=before, after=after)


def _set(requirement: SampleRequirement, piece: int, cell: Cell, actor: Actor, now: datetime) -> None:
    found = next((x for x in requirement.readings if x.piece == piece), None)
    if cell == BLANK:
        if found is not None:
            requirement.readings.remove(found)
        return
    if found is None:
        found = SampleReading(piece=piece)
        requirement.readings.append(found)
    found.value, found.met = cell
    found.read_by_id, found.read_at = actor.user_id, now


def finish(round: SampleRound, actor: Actor, now: datetime, expected: int | None = None) -> Any:
    """Every must-requirement has a reading: the round is measured, and waits for the decision."""
    workflow.fire(round, "measure", actor, now=now, expected=expected)
    round.measured_at = now
    telling.tell(round, "measure", actor, now)
    return round
