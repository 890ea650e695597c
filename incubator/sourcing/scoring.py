"""Technical points out of 100 from the reviewers' scores of 0 to 5, weighted by criterion. Pure; it has never seen a price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HIGHEST = 5
FULL = 100


@dataclass(frozen=True)
class Sheet:
    """One reviewer's scores of one quotation: criterion → 0–5."""

    quotation_id: int
    user_id: int
    scores: Mapping[int, int]


def sheet_points(scores: Mapping[int, int], weights: Mapping[int, int]) -> Decimal:
    """The weighted mean of one sheet, of 100. `weights` need not add up to 100; a criterion without a score counts as zero."""
    whole = sum(weights.values())
    return Decimal(sum(weights[c] * scores.get(c, 0) for c in weights)) * FULL / (HIGHEST * whole)


def points(sheets: Iterable[Sheet], weights: Mapping[int, int]) -> dict[int, int]:
    """Quotation → the mean of its sheets' points, rounded half up."""
    found: dict[int, list[Decimal]] = {}
    for sheet in sheets:
        found.setdefault(sheet.quotation_id, []).append(sheet_points(sheet.scores, weights))
    return {q: int((sum(all_of, Decimal(0)) / len(all_of)).to_integral_value(ROUND_HALF_UP)) for q, all_of in found.items()}


def by_criterion(sheets: Iterable[Sheet], weights: Mapping[int, int]) -> dict[int, dict[int, float]]:
    """Quotation → criterion → mean score of 0–5, one decimal."""
    found: dict[int, dict[int, list[int]]] = {}
    for sheet in sheets:
        for criterion in weights:
            found.setdefault(sheet.quotation_id, {}).setdefault(criterion, []).append(sheet.scores.get(criterion, 0))
    return {q: {c: round(sum(given) / len(given), 1) for c, given in rows.items()} for q, rows in found.items()}


def missing(sheets: Sequence[Sheet], quotations: Iterable[int], reviewers: Iterable[int], criteria: Iterable[int]) -> list[tuple[int, int]]:
    """(quotation, reviewer) of every sheet that is not there, or lacks a criterion."""
    wanted = set(criteria)
    complete = {(s.quotation_id, s.user_id) for s in sheets if wanted <= set(s.scores)}
    asked = list(reviewers)
    return [(q, user) for q in quotations for user in asked if (q, user) not in complete]
