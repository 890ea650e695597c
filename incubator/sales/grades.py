"""The grade 爆 / 旺 / 平 / 滞 of a SKU: a rule that can be checked by hand. Pure.

Looked at are the eight ISO weeks that end with the week of the grade. With fewer than four weeks since the first sale there is no grade ("too
early"). The pace is the units sold per week in the last four of them. A SKU's category has a median pace, that of the brand's graded SKUs of
it, or of all of them when it has fewer than five.

    index = pace / base          hit     爆   index ≥ 1.5 and the return rate at most 1.25 times that of the category
                                 strong  旺   index ≥ 0.9
                                 flat    平   index ≥ 0.4
                                 stale   滞   below, or no sale in the last four weeks

A SKU that sells like a hit and comes back too often is strong, and `held_back` says so. The return rate is units returned by units
sold over the eight weeks; with fewer than 20 units sold it is not held against a SKU.

Rule 1 (grades before the second): the base is the SKU's own plan (units per week) where the brand has one, else the median.

Rule 2: the base is the geometric mean √(plan · median) where there are both, so that neither a timid plan nor a weak category makes a hit by
itself; else the one that there is. And a grade has hysteresis: from the grade of the week before, each limit counts as crossed only
when the index lies beyond it by a tenth (≥ 1.1 times the limit upwards, < 0.9 times downwards), or has lain beyond it for two weeks running.
Without a grade of the week before the plain limits hold. No sale in four weeks is stale at once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

RULE = 2
WEEKS, PACE_WEEKS, LEAST_WEEKS, LEAST_PEERS, LEAST_UNITS = 8, 4, 4, 5, 20
HIT, STRONG, FLAT = 1.5, 0.9, 0.4
LIMITS = (("flat", FLAT), ("strong", STRONG), ("hit", HIT))
MARGIN = 0.1
RETURNS_BEYOND = 1.25


@dataclass(frozen=True)
class Run:
    """A SKU's last eight weeks, oldest first: units sold and returned per week; weeks since its first sale, at most eight; its own plan (0: none)."""

    sku_id: int
    category: str
    units: Sequence[int]
    returned: Sequence[int]
    age: int
    plan: int = 0

    @property
    def pace(self) -> float:
        """Units per week in the last four weeks."""
        return sum(self.units[-PACE_WEEKS:]) / PACE_WEEKS

    @property
    def return_rate(self) -> float | None:
        """Share of units returned, 0 to 1; None where too few were sold to say."""
        sold = sum(self.units)
        return sum(self.returned) / sold if sold >= LEAST_UNITS else None


@dataclass(frozen=True)
class Figures:
    """What a grade follows from. `against` is "plan", "category", "all", or "both" (plan and median); `base` the pace that is 1.0.

    `kept` is the grade by the index and the week before, without a look at returns; `by_plan` the one by the plan alone and its plain limits.
    """

    grade: str | None
    pace: float
    against: str
    base: float
    index: float | None
    return_rate: float | None
    base_return_rate: float | None
    weeks: int
    held_back: bool = False
    kept: str | None = None
    plan: int = 0
    median: float = 0.0
    by_plan: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Before:
    """The grade of the week before (`kept`), and its index; None and None where there was none."""

    grade: str | None = None
    index: float | None = None

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Before":
        """From `Figures` as JSON, of either rule."""
        kept = figures.get("kept") or ("hit" if figures["held_back"] else figures["grade"])
        return cls(kept, figures["index"])


@dataclass(frozen=True)
class Peers:
    """Those whom a SKU is compared with: the median of their paces, and their return rate."""

    against: str
    median: float
    return_rate: float | None


def graded(runs: Sequence[Run], before: Mapping[int, Before] | None = None) -> dict[int, Figures]:
    """sku_id → figures, each SKU against its plan and its peers among `runs` (all of one brand), with its grade of the week before."""
    groups: dict[str, list[Run]] = defaultdict(list)
    old_enough = [run for run in runs if run.age >= LEAST_WEEKS]
    for run in old_enough:
        groups[run.category].append(run)
    everyone = _peers("all", old_enough)
    known = {name: _peers("category", group) for name, group in groups.items() if name and len(group) >= LEAST_PEERS}
    return {run.sku_id: _grade(run, known.get(run.category, everyone), (before or {}).get(run.sku_id, Before())) for run in runs}


def _peers(against: str, group: Sequence[Run]) -> Peers:
    return Peers(against, median(p.pace for p in group) if group else 0.0, _usual_returns(group))


def _grade(run: Run, peers: Peers, before: Before) -> Figures:
    against, base = _base(run.plan, peers)
    index = run.pace / base if base else None
    common: dict[str, Any] = {"pace": run.pace, "against": against, "base": base, "index": index, "return_rate": run.return_rate}
    common |= {"base_return_rate": peers.return_rate, "weeks": min(run.age, WEEKS), "plan": run.plan, "median": peers.median}
    if run.age < LEAST_WEEKS:
        return Figures(grade=None, **common)
    kept = _kept(index, run.pace, before)
    held_back = kept == "hit" and _comes_back_too_often(run.return_rate, peers.return_rate)
    by_plan = _by_index(run.pace / run.plan, run.pace) if run.plan else None
    return Figures(grade="strong" if held_back else kept, held_back=held_back, kept=kept, by_plan=by_plan, **common)


def _base(plan: int, peers: Peers) -> tuple[str, float]:
    if plan and peers.median and peers.against == "category":
        return "both", sqrt(plan * peers.median)
    return ("plan", float(plan)) if plan else (peers.against, peers.median)


def _kept(index: float | None, pace: float, before: Before) -> str:
    if before.grade is None or before.index is None or index is None or pace == 0:
        return _by_index(index, pace)
    rank = {"stale": 0} | {name: place for place, (name, _) in enumerate(LIMITS, 1)}
    grade = "stale"
    for place, (name, limit) in enumerate(LIMITS, 1):
        if _is_above(index, before.index, limit, was_above=rank[before.grade] >= place):
            grade = name
    return grade


def _is_above(index: float, last: float, limit: float, *, was_above: bool) -> bool:
    if was_above:
        return not (index < limit * (1 - MARGIN) or (index < limit and last < limit))
    return index >= limit * (1 + MARGIN) or (index >= limit and last >= limit)


def _by_index(index: float | None, pace: float) -> str:
    if pace == 0:
        return "stale"
    if index is None:
        return "strong"  # it sells, and nobody else does
    return next((grade for grade, least in reversed(LIMITS) if index >= least), "stale")


def _usual_returns(group: Sequence[Run]) -> float | None:
    """The group's return rate, all units together."""
    sold = sum(sum(p.units) for p in group)
    return sum(sum(p.returned) for p in group) / sold if sold >= LEAST_UNITS else None


def _comes_back_too_often(rate: float | None, usual: float | None) -> bool:
    return rate is not None and usual is not None and usual > 0 and rate > usual * RETURNS_BEYOND
