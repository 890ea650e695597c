"""The grade 爆 / 旺 / 平 / 滞 of a SKU: a rule that can be checked by hand. Pure.

Rule 1. Looked at are the eight ISO weeks that end with the week of the grade. With fewer than four weeks since the first sale there is no
grade ("too early"). The pace is the units sold per week in the last four of them. It is compared with the SKU's own plan (units per week) where
the brand has one, else with the median pace of the brand's graded SKUs of the same category, or of all when the category has fewer than five.

    index = pace / that
    hit     爆   index ≥ 1.5 and the return rate at most 1.25 times that of the comparison
    strong  旺   index ≥ 0.9
    flat    平   index ≥ 0.4
    stale   滞   below, or no sale in the last four weeks

A SKU that sells like a hit and comes back too often is strong, and `held_back` says so. The return rate is units returned by units
sold over the eight weeks; with fewer than 20 units sold it is not held against a SKU.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

RULE = 1
WEEKS, PACE_WEEKS, LEAST_WEEKS, LEAST_PEERS, LEAST_UNITS = 8, 4, 4, 5, 20
HIT, STRONG, FLAT = 1.5, 0.9, 0.4
RETURNS_BEYOND = 1.25


@dataclass(frozen=True)
class Run:
    """A SKU's last eight weeks, oldest first: units sold and returned per week; weeks since its first sale; its own plan (0: none)."""

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
    """What a grade follows from. `against` is "plan", "category" or "all"; `base` the pace that is 1.0."""

    grade: str | None
    pace: float
    against: str
    base: float
    index: float | None
    return_rate: float | None
    base_return_rate: float | None
    weeks: int
    held_back: bool = False

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def graded(runs: Sequence[Run]) -> dict[int, Figures]:
    """sku_id → figures, each SKU against its plan or its peers among `runs` (all of one brand)."""
    old_enough = [run for run in runs if run.age >= LEAST_WEEKS]
    return {run.sku_id: _grade(run, old_enough) for run in runs}


def _grade(run: Run, peers: Sequence[Run]) -> Figures:
    category = [p for p in peers if p.category == run.category and p.category]
    against, group = ("category", category) if len(category) >= LEAST_PEERS else ("all", list(peers))
    base = median(p.pace for p in group) if group else 0.0
    if run.plan:
        against, base = "plan", float(run.plan)
    usual = _usual_returns(group)
    index = run.pace / base if base else None
    common: dict[str, Any] = {"pace": run.pace, "against": against, "base": base, "index": index, "return_rate": run.return_rate}
    common |= {"base_return_rate": usual, "weeks": min(run.age, WEEKS)}
    if run.age < LEAST_WEEKS:
        return Figures(grade=None, **common)
    grade = _by_index(index, run.pace)
    held_back = grade == "hit" and _comes_back_too_often(run.return_rate, usual)
    return Figures(grade="strong" if held_back else grade, held_back=held_back, **common)


def _by_index(index: float | None, pace: float) -> str:
    if pace == 0:
        return "stale"
    if index is None:
        return "strong"  # it sells, and nobody else does
    return next((grade for grade, least in (("hit", HIT), ("strong", STRONG), ("flat", FLAT)) if index >= least), "stale")


def _usual_returns(group: Sequence[Run]) -> float | None:
    """The group's return rate, all units together."""
    sold = sum(sum(p.units) for p in group)
    return sum(sum(p.returned) for p in group) / sold if sold >= LEAST_UNITS else None


def _comes_back_too_often(rate: float | None, usual: float | None) -> bool:
    return rate is not None and usual is not None and usual > 0 and rate > usual * RETURNS_BEYOND
