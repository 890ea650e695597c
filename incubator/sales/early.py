"""How likely a new SKU becomes a hit, told from its first one to four weeks. Pure.

A hit is a SKU whose pace (units per week in weeks 9 to 12 of its life) is at least 1.5 times the median pace of its category in those weeks: what
rule 2 of `grades` calls a hit against a category. From the first weeks are taken

    pace      log of units per week against the category's median pace, half a unit added to both
    growth    log of the last week against the first, half a unit added to both (0 in the first week)
    orders    log of orders per week, one added
    size      log of units per order
    steady    the share of weeks with a sale
    last      the pace of the last week alone, as `pace`

A logistic regression on them, one per number of weeks seen, is drawn towards PRIOR by the strength of STRENGTH launches (ridge: A. E. Hoerl and R. W. Kennard,
"Ridge regression", Technometrics 12 (1970), 55–67), so that a brand without past launches gets the prior, and says so, and one with
many gets its own. Its score is out of sample: past launches in the order of their days, in BLOCKS blocks, each told by what was known
before it (G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950), 1–3).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

HIT, SEEN, JUDGED, PACE_WEEKS = 1.5, 4, 12, 4
FEATURES = ("pace", "growth", "orders", "size", "steady", "last")
# Constant, then the features: a SKU that begins at the median pace becomes a hit about once in four.
PRIOR = (-1.1, 0.7, 0.1, 0.0, 0.0, 0.0, 0.2)
STRENGTH, BLOCKS, LEAST_LAUNCHES, LEAST_EACH, STEPS = 20.0, 5, 60, 15, 60
LEAST_PEERS, UNKNOWN_START = 5, 8
BINS = (0.1, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Score:
    """How well past launches were told: Brier score (0 is best), that of telling all the share of hits, the skill (1 − their ratio), and
    the table of reliability: (told on average, came on average, how many) by bin."""

    number: int
    hits: int
    brier: float
    base: float
    skill: float
    reliability: list[tuple[float, float, int]]


@dataclass(frozen=True)
class Model:
    """Coefficients for one to four weeks seen (4, 7); `launches` past ones of which `hits`; `is_own` when they are enough to go by."""

    coefficients: Any
    launches: int
    hits: int
    score: Score | None

    @property
    def is_own(self) -> bool:
        """Else the prior speaks louder than they do."""
        return self.launches >= LEAST_LAUNCHES and min(self.hits, self.launches - self.hits) >= LEAST_EACH


def usual_paces(units: Any, age: Any, category: Any) -> Any:
    """(category, week): the median pace of the SKUs of each category that have been on sale for four weeks, of all where it has fewer than five.

    `category` numbers those of (n, week) units from 0.
    """
    total = np.cumsum(units, axis=1, dtype=float)
    pace = total.copy()
    pace[:, PACE_WEEKS:] -= total[:, :-PACE_WEEKS]
    pace = np.where(age >= PACE_WEEKS, pace / PACE_WEEKS, np.nan)
    return np.stack([_median(pace, category == number) for number in range(int(category.max(initial=-1)) + 1)])


def _median(pace: Any, own: Any) -> Any:
    known = np.isfinite(pace)
    found = np.zeros(pace.shape[1])
    for week in range(pace.shape[1]):
        peers = pace[own & known[:, week], week]
        peers = peers if peers.size >= LEAST_PEERS else pace[known[:, week], week]
        found[week] = np.median(peers) if peers.size else 0.0
    return found


def is_launch(age: Any) -> Any:
    """(n): whether the first sale stands in (n, week) ages, eight weeks after the first week of all or later: before, nobody knows its age."""
    first = age.shape[1] - age[:, -1]
    return (age[:, -1] > 0) & (first >= UNKNOWN_START)


def features(units: Any, orders: Any, usual: Any) -> Any:
    """(n, 7) of the first weeks of n SKUs: (n, seen) units and orders, the median pace of their categories (n, or one number)."""
    seen, usual = units.shape[1], np.broadcast_to(usual, units.shape[:1]) + 0.5
    sold, times = units.sum(axis=1), orders.sum(axis=1)
    return np.column_stack((
        np.ones(len(units)), np.log((sold / seen + 0.5) / usual), np.log((units[:, -1] + 0.5) / (units[:, 0] + 0.5)), np.log1p(times / seen),
        np.log(np.maximum(sold, 1) / np.maximum(times, 1)), (units > 0).mean(axis=1), np.log((units[:, -1] + 0.5) / usual),
    ))  # fmt: skip


def fit(rows: Any, hits: Any, strength: float = STRENGTH) -> Any:
    """Coefficients (7) of (n, 7) features and n outcomes (0 or 1), by Newton's method; the prior where n is 0."""
    prior = np.array(PRIOR)
    found, scale = prior.copy(), np.maximum(rows.std(axis=0), 0.3) if len(rows) else np.ones(len(prior))
    scale[0] = 1.0
    penalty = strength * scale**2 / 4
    for _ in range(STEPS):
        told = probability(rows, found)
        slope = rows.T @ (hits - told) - penalty * (found - prior)
        step = np.linalg.solve((rows * (told * (1 - told))[:, None]).T @ rows + np.diag(penalty), slope)
        found = found + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-9))
        if np.abs(step).max() < 1e-6:
            break
    return found


def probability(rows: Any, coefficients: Any) -> Any:
    """0 to 1, of (n, 7) features."""
    return 1 / (1 + np.exp(-np.clip(rows @ coefficients, -30, 30)))


def learnt(units: Any, orders: Any, usual: Any, hits: Any) -> Model:
    """From past launches in the order of their first day: (n, 4) units, orders and usual paces of the first weeks, (n) outcomes."""
    hits = np.asarray(hits, dtype=float)
    seen = [features(units[:, :weeks], orders[:, :weeks], usual[:, weeks - 1]) for weeks in range(1, SEEN + 1)]
    told = _told_before(seen[-1], hits)
    return Model(
        np.stack([fit(rows, hits) for rows in seen]), len(hits), int(hits.sum()), score(told, hits) if len(hits) >= BLOCKS * 4 else None
    )


def _told_before(rows: Any, hits: Any) -> Any:
    """What each block of launches would have been told, by the blocks before it."""
    told = np.zeros(len(hits))
    for block in np.array_split(np.arange(len(hits)), BLOCKS):
        if block.size:
            told[block] = probability(rows[block], fit(rows[: block[0]], hits[: block[0]]))
    return told


def score(told: Any, hits: Any) -> Score:
    """Told probabilities against outcomes; the base knows the share of hits among these very outcomes, which is hard to beat."""
    share = float(hits.mean())
    brier, base = float(np.mean((told - hits) ** 2)), share * (1 - share)
    table = [(float(told[own].mean()), float(hits[own].mean()), int(own.sum())) for own in _bins(told) if own.any()]
    return Score(len(hits), int(hits.sum()), brier, base, 1 - brier / base if base else 0.0, table)


def _bins(told: Any) -> list[Any]:
    place = np.searchsorted(BINS, told, side="right")
    return [place == number for number in range(len(BINS) + 1)]
