"""The results of rounds as lines to show: each requirement with its readings, verdict and change; and several rounds side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from incubator.samples import judging
from incubator.samples.judging import Change, Judgement
from incubator.samples.models import SampleRequirement, SampleRound

SNAPSHOT = ("attribute", "operator", "target", "unit", "tolerance", "priority")


@dataclass(frozen=True)
class Line:
    """One requirement of one round."""

    requirement: SampleRequirement
    judgement: Judgement
    before: Judgement | None = None
    change: Change | None = None
    photos: Sequence[Any] = field(default_factory=tuple)

    @property
    def by_tick(self) -> bool:
        """Whether somebody says that the words hold, because there is no number to compare."""
        return self.judgement.limits is None

    @property
    def drawn(self) -> dict[str, float | None] | None:
        """Limits, value and the last round's value for the picture of the tolerance; None where nothing can be drawn."""
        limits, value = self.judgement.limits, self.judgement.deciding
        if limits is None or value is None:
            return None
        earlier = self.before.deciding if self.before else None
        return {name: _float(v) for name, v in (("lower", limits.lower), ("upper", limits.upper), ("value", value), ("previous", earlier))}


def _float(value: Decimal | None) -> float | None:
    """Only for drawing: a picture has no last digit."""
    return None if value is None else float(value)


def judged(requirement: SampleRequirement) -> Judgement:
    """The verdict on one requirement from its readings."""
    allowed = judging.limits(requirement.operator, requirement.target, requirement.tolerance, requirement.unit)
    values = [Decimal(r.value) for r in requirement.readings if r.value is not None]
    return judging.judge(allowed, values, [r.met for r in requirement.readings if r.met is not None])


def lines(round: SampleRound, previous: SampleRound | None = None, photos: dict[int, list[Any]] | None = None) -> list[Line]:
    """Every requirement of the round, compared with the one of the same name and unit in `previous`."""
    earlier = {key: judged(r) for key, r in keyed(previous.requirements if previous else ())}
    return [_line(r, earlier.get(key), (photos or {}).get(r.id, ())) for key, r in keyed(round.requirements)]


def _line(requirement: SampleRequirement, before: Judgement | None, photos: Sequence[Any]) -> Line:
    now = judged(requirement)
    return Line(requirement, now, before, judging.compare(now, before) if before else None, photos)


Key = tuple[str, str, int]


def keyed(requirements: Iterable[SampleRequirement]) -> list[tuple[Key, SampleRequirement]]:
    """Each with its name, unit and occurrence, so that two of one name stay two."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for requirement in requirements:
        name = (requirement.attribute, requirement.unit)
        seen[name] = seen.get(name, -1) + 1
        found.append(((*name, seen[name]), requirement))
    return found


def failing(round: SampleRound, *priorities: str) -> list[SampleRequirement]:
    return [r for r in round.requirements if r.priority in priorities and judged(r).status == "fail"]


def unread(round: SampleRound, *priorities: str) -> list[SampleRequirement]:
    return [r for r in round.requirements if r.priority in priorities and not r.readings]


def frozen(round: SampleRound) -> list[dict[str, Any]]:
    """What a decision rests on, as JSON data: the requirement's words, every reading, the verdict. No name of anybody."""
    return [_frozen(line) for line in lines(round)]


def _frozen(line: Line) -> dict[str, Any]:
    requirement, judgement = line.requirement, line.judgement
    return {
        **{name: getattr(requirement, name) for name in SNAPSHOT},
        "readings": [r.value if r.value is not None else r.met for r in requirement.readings],
        "deciding": None if judgement.deciding is None else judging.written(judgement.deciding),
        "status": judgement.status,
    }


@dataclass(frozen=True)
class Column:
    """One round of the comparison; `lines` are in the order of the comparison's rows, None where the round was not asked for it."""

    round: SampleRound
    lines: list[Line | None]
    failed: int


@dataclass(frozen=True)
class Comparison:
    """Requirements as rows, rounds as columns, each factory's in their order; a row shows the words of its latest round."""

    rows: list[SampleRequirement]
    columns: list[Column]


def comparison(rounds: Sequence[SampleRound]) -> Comparison:
    """`rounds` by factory and number, the earliest first; each is compared with the factory's last measured one before it."""
    latest: dict[Key, SampleRequirement] = {}
    found: list[tuple[SampleRound, dict[Key, Line]]] = []
    before: dict[int, SampleRound] = {}
    for round in rounds:
        latest |= dict(keyed(round.requirements))
        own = dict(zip([key for key, _ in keyed(round.requirements)], lines(round, before.get(round.factory_id)), strict=True))
        found.append((round, own))
        if any(r.readings for r in round.requirements):
            before[round.factory_id] = round
    columns = [
        Column(r, [own.get(key) for key in latest], sum(1 for x in own.values() if x.judgement.status == "fail")) for r, own in found
    ]
    return Comparison(list(latest.values()), columns)
