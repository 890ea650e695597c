"""What a playbook says of its evidence: rates with their intervals, how many weeks, and how much is sold as a class, never as a figure. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

VOLUMES = ((20, "few"), (100, "some"), (500, "many"))
LAST = "very_many"
NAMES = ("few", "some", "many", LAST)


class Counts(NamedTuple):
    """How often a playbook was used elsewhere, in how many factories, and what came of it."""

    used: int = 0
    factories: int = 0
    improved: int = 0
    same: int = 0
    worse: int = 0

    @property
    def early(self) -> int:
        """Used, and not measured yet or too little sold to say."""
        return self.used - self.improved - self.same - self.worse


def volume(units: Sequence[int | None]) -> str:
    """The class of units a week: few (under 20), some (under 100), many (under 500), very_many."""
    known = [n for n in units if n is not None]
    mean = sum(known) / len(known) if known else 0
    return next((name for limit, name in VOLUMES if mean < limit), LAST)


def evidence(effect: Any) -> dict[str, Any]:
    """What is frozen of an effect: shares to a tenth of a percent, no counts, no dates."""
    return {
        "verdict": effect.verdict, "change": _rate(effect.change, "ratio"), "before": _rate(effect.rate_before), "after": _rate(effect.rate_after),
        "weeks": len([n for n in effect.units_after if n is not None]), "volume": volume([*effect.units_before, *effect.units_after]),
    }  # fmt: skip


def _rate(found: dict[str, Any] | None, name: str = "rate") -> dict[str, float] | None:
    """The figure with its interval, and nothing else of it."""
    known = found is not None and all(found.get(part) is not None for part in (name, "low", "high"))
    return {part: round(found[part], 3) for part in (name, "low", "high")} if found is not None and known else None
