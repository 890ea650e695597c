"""The gate's criteria by type of brief, measured from the brief and judged by those who sign. Pure; no database.

Basic briefs must be cheap and certain (price index, certainty); hero briefs must be new and needed (novelty, need). The
thresholds are the product's own and stand in `THRESHOLDS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

CRITERIA = {"basic": ("price_index", "certainty"), "hero": ("novelty", "need")}
LABELS = {
    "price_index": _l("Price index"),
    "certainty": _l("Certainty"),
    "novelty": _l("Novelty"),
    "need": _l("Need"),
}
EXPLANATIONS = {
    "price_index": _l("Target price ÷ median price of the reference products, at most 1.00"),
    "certainty": _l("Share of must-have requirements with evidence, at least 80%"),
    "novelty": _l("Share of reference products beaten on a point of substance with evidence, 100%"),
    "need": _l("Must-have requirements with evidence that buyers want them, at least 3"),
}
THRESHOLDS = {"price_index": 1.0, "certainty": 0.8, "novelty": 1.0, "need": 3.0}
LOWER_IS_BETTER = frozenset({"price_index"})
CONFIDENTIAL = frozenset({"price_index"})
LEAST_SCORE = 3
PATTERNS = {"price_index": "0.00", "certainty": "0%", "novelty": "0%", "need": "0"}


@dataclass(frozen=True)
class Facts:
    """What is measured: target and reference prices in one currency (minor units), musts and evidenced musts, references beaten."""

    target_price: int | None
    reference_prices: Sequence[int]
    musts: int
    evidenced_musts: int
    references: int
    beaten: int


@dataclass(frozen=True)
class Criterion:
    """One criterion: its measured value (None when it cannot be measured yet), the scores given, and whether both suffice."""

    name: str
    value: float | None
    scores: tuple[int, ...]

    @property
    def label(self) -> Any:
        return LABELS[self.name]

    @property
    def explanation(self) -> Any:
        return EXPLANATIONS[self.name]

    @property
    def is_measured_well(self) -> bool:
        if self.value is None:
            return False
        threshold = THRESHOLDS[self.name]
        return self.value <= threshold if self.name in LOWER_IS_BETTER else self.value >= threshold

    @property
    def low_scores(self) -> tuple[int, ...]:
        return tuple(score for score in self.scores if score < LEAST_SCORE)

    @property
    def met(self) -> bool:
        """Measured well, and no signatory scored it below LEAST_SCORE of 5."""
        return self.is_measured_well and all(score >= LEAST_SCORE for score in self.scores)


def measure(brief_type: str, facts: Facts, scores: Sequence[dict[str, int]] = ()) -> list[Criterion]:
    """The criteria of `brief_type` ("basic", "hero") for `facts`; `scores` holds one mapping per signature, 1–5."""
    values = {
        "price_index": _price_index(facts),
        "certainty": facts.evidenced_musts / facts.musts if facts.musts else None,
        "novelty": facts.beaten / facts.references if facts.references else None,
        "need": float(facts.evidenced_musts),
    }
    return [Criterion(name, values[name], tuple(s[name] for s in scores if name in s)) for name in CRITERIA[brief_type]]


def as_seen(found: Sequence[Criterion], is_brand: bool) -> list[Criterion]:
    """What a reader may know. Others than the brand see no score (their number tells who else was asked) and no confidential value,
    because met or not met beside the listed prices would tell the target price."""
    if is_brand:
        return list(found)
    return [Criterion(c.name, None if c.name in CONFIDENTIAL else c.value, ()) for c in found]


def as_decided(kept: Sequence[dict[str, Any]], figures: dict[str, Any]) -> list[Criterion]:
    """The criteria that a decision froze; `figures` are the brand's own values, empty for anyone else."""
    return [Criterion(c["name"], figures.get(c["name"], c["value"]), tuple(c["scores"])) for c in kept]


def why_not(criterion: Criterion) -> Any:
    """Which half of a criterion fails, in words; None when it is met."""
    if not criterion.is_measured_well:
        return _l("The measured value misses the threshold.")
    if criterion.low_scores:
        return _l("A score of %(score)s; each needs at least %(least)s.", score=min(criterion.low_scores), least=LEAST_SCORE)
    return None


def display(name: str, value: float | None) -> str:
    """A measured value as its reader's language writes it: an index with two decimals, shares in percent, counts whole."""
    return "–" if value is None else format_decimal(value, PATTERNS[name])


def _price_index(facts: Facts) -> float | None:
    if facts.target_price is None or not facts.reference_prices:
        return None
    return round(facts.target_price / median(facts.reference_prices), 4)
