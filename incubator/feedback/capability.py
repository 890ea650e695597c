"""The two capability scores of a factory, from counts of what was measured. Pure; `RULE` is stored with every score, so that an old one can be explained.

A share of k in n (samples right the first time, effects that improved, SKUs that sell well, promises kept in time, samples shipped in time) enters
as the mean of its posterior under a uniform prior, (k + 1) / (n + 2), with the variance of that Beta distribution: little evidence pulls towards
one half and widens the interval. (The rule of succession: P.-S. Laplace, "Mémoire sur la probabilité des causes par les événements", 1774.)

What is stated and not measured (the least quantity, the lead time) enters as a level between a best and a worst value, on a logarithmic scale, and
weighs little. A score is the mean of its known parts by their weights, 0 to 100; its interval adds the variances of parts that are taken for
independent, ± 1.96 standard deviations. Below LEAST measured cases nothing is said.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import log, sqrt
from typing import Any

RULE = 1
LEAST = 8  # measured cases behind a score
Z95 = 1.959964


@dataclass(frozen=True)
class Kind:
    """A part of a score: its weight, and for what is stated the values that are worth 1 and 0."""

    weight: float
    best: float | None = None
    worst: float | None = None

    @property
    def is_stated(self) -> bool:
        return self.best is not None


ABILITIES: dict[str, dict[str, Kind]] = {
    "develop": {"first_pass": Kind(0.4), "effects": Kind(0.4), "hits": Kind(0.2)},
    "produce": {"kept": Kind(0.4), "in_time": Kind(0.3), "lead": Kind(0.15, best=7, worst=60), "moq": Kind(0.15, best=50, worst=3000)},
}


@dataclass(frozen=True)
class Fact:
    """`hits` of `of` cases, or one stated `level`."""

    hits: int = 0
    of: int = 0
    level: float | None = None


@dataclass(frozen=True)
class Part:
    """What one part adds: `value` 0 to 1 with its standard deviation, None where nothing is known."""

    name: str
    weight: float
    hits: int
    of: int
    level: float | None
    value: float | None
    deviation: float


@dataclass(frozen=True)
class Score:
    """0 to 100 with its 95% interval; without a value there was too little to say."""

    ability: str
    value: float | None
    low: float | None
    high: float | None
    parts: tuple[Part, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [{name: round(v, 4) if isinstance(v, float) else v for name, v in asdict(part).items()} for part in self.parts]


def part(name: str, kind: Kind, fact: Fact | None) -> Part:
    """One part from its fact; ValueError for more hits than cases."""
    fact = fact or Fact()
    if fact.hits > fact.of:
        raise ValueError(f"{name}: {fact.hits} of {fact.of}")
    if kind.is_stated:
        value = None if fact.level is None else _level(fact.level, kind)
        return Part(name, kind.weight, 0, 0, fact.level, value, 0.0)
    if fact.of == 0:
        return Part(name, kind.weight, 0, 0, None, None, 0.0)
    a, b = fact.hits + 1, fact.of - fact.hits + 1
    return Part(name, kind.weight, fact.hits, fact.of, None, a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))


def _level(stated: float, kind: Kind) -> float:
    """1 at the best value or beyond, 0 at the worst or beyond, by ratios between."""
    assert kind.best is not None and kind.worst is not None
    share = log(max(stated, 1) / kind.best) / log(kind.worst / kind.best)
    return 1 - min(1.0, max(0.0, share))


def score(ability: str, facts: Mapping[str, Fact]) -> Score:
    """The score of an ability from facts by the names of its parts."""
    parts = tuple(part(name, kind, facts.get(name)) for name, kind in ABILITIES[ability].items())
    known = [(p.weight, p.value, p.deviation) for p in parts if p.value is not None]
    if sum(p.of for p in parts) < LEAST:
        return Score(ability, None, None, None, parts)
    total = sum(weight for weight, _, _ in known)
    mean = sum(weight * value for weight, value, _ in known) / total
    half = Z95 * sqrt(sum((weight * deviation) ** 2 for weight, _, deviation in known)) / total
    value, low, high = (round(100 * min(1.0, max(0.0, x)), 1) for x in (mean, mean - half, mean + half))
    return Score(ability, value, low, high, parts)
