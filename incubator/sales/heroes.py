"""When a SKU is a hero (爆品) by the brand's own words: so many units, or so much revenue, a week, for so many weeks running. Pure.

Of the rules that fit a SKU the most exact holds: of its programme and category, then of its category, then of its programme, then of all.
A week counts when it reaches the threshold. A SKU stays a hero as long as its last `weeks` weeks all do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MEASURES = ("units", "revenue")


@dataclass(frozen=True)
class Threshold:
    """`least` units, or minor units of the brand's currency, per week in `weeks` weeks running; 0 and "" stand for every programme and category."""

    measure: str
    least: int
    weeks: int
    programme_id: int = 0
    category: str = ""

    def fits(self, programme_id: int, category: str) -> bool:
        return self.programme_id in (0, programme_id) and self.category in ("", category)

    @property
    def exactness(self) -> tuple[bool, bool]:
        return bool(self.category), bool(self.programme_id)


def threshold(rules: Iterable[Threshold], programme_id: int, category: str) -> Threshold | None:
    """The rule that holds for a SKU; None where none does."""
    return max((rule for rule in rules if rule.fits(programme_id, category)), key=lambda rule: rule.exactness, default=None)


def streak(rule: Threshold, units: Sequence[int], revenue: Sequence[int]) -> int:
    """How many of the last weeks (oldest first) reached the threshold without a break."""
    weeks = units if rule.measure == "units" else revenue
    number = 0
    for value in reversed(weeks):
        if value < rule.least:
            break
        number += 1
    return number


def is_hero(rule: Threshold | None, units: Sequence[int], revenue: Sequence[int]) -> bool:
    return rule is not None and streak(rule, units, revenue) >= rule.weeks
