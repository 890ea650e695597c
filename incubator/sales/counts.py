"""Counts that vary more than chance alone: shares and quantiles of the negative binomial distribution, of many SKUs at once. Pure.

A mean m and a dispersion d give the variance m + d·m²; d = 0 would be Poisson. It is the gamma mixture of Poissons of M. Greenwood and
G. U. Yule, "An inquiry into the nature of frequency distributions representative of multiple happenings", Journal of the Royal Statistical
Society 83 (1920), 255–279. Each probability follows from the one before (p₀ = (1 + dm)^(−1/d)), so that a quantile is found by adding up.
Above LARGE the mean is scaled down to it with the relative variance kept: the steps are fine enough there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

LARGE = 150.0
LEAST, MOST = 0.01, 8.0  # of a dispersion
STEPS = 6000
HIGHEST = 0.99995  # of a level: beyond it a quantile is a guess


@dataclass(frozen=True)
class Spread:
    """Negative binomials as flat arrays: means of at most LARGE, dispersions, and by how much the counts were scaled down."""

    mean: Any
    dispersion: Any
    scale: Any

    @classmethod
    def of(cls, mean: Any, dispersion: Any) -> "Spread":
        mean = np.maximum(mean, 1e-9)
        scale = np.maximum(mean / LARGE, 1.0)
        small = mean / scale
        kept = np.clip(dispersion, LEAST, MOST) + 1 / mean - 1 / small
        return cls(small, np.clip(kept, 1e-3, MOST), scale)


def quantiles(mean: Any, dispersion: Any, level: Any) -> Any:
    """The smallest counts up to which at least the share `level` (0 to 1) lies; arguments are arrays that broadcast, or numbers."""
    return _reached(mean, dispersion, level)[0]


def bands(mean: Any, dispersion: Any, below: Any, share: Any) -> tuple[Any, Any]:
    """(low, high): at most the share `below` lies under low, and at least `share` from low to high.

    What is not under low may lie above high: where zero alone is more frequent than `below`, the band begins at zero and is no wider
    than it need be.
    """
    low, under = _reached(mean, dispersion, below)
    high, _ = _reached(mean, dispersion, under + share)
    return low, np.maximum(low, high)


def shares(count: Any, mean: Any, dispersion: Any, draw: Any) -> Any:
    """Where in its distribution each count lies, 0 to 1; `draw` (0 to 1) spreads it over the count's own probability."""
    count, mean, dispersion, draw = np.broadcast_arrays(count, mean, dispersion, draw)
    spread = Spread.of(mean.ravel(), dispersion.ravel())
    goal = np.floor(count.ravel() / spread.scale)
    under, own = np.ones(goal.shape), np.zeros(goal.shape)
    for k, rows, p, total in _added(spread, lambda k, rows, _upto: k >= goal[rows]):
        hit = k >= goal[rows]
        under[rows[hit]], own[rows[hit]] = total[hit], p[hit]
    return np.clip(under + draw.ravel() * own, 0, 1).reshape(count.shape)


def _reached(mean: Any, dispersion: Any, level: Any) -> tuple[Any, Any]:
    """(the quantile, the share that lies under it)."""
    mean, dispersion, level = np.broadcast_arrays(np.asarray(mean, dtype=float), dispersion, np.clip(level, 0, HIGHEST))
    spread, goal = Spread.of(mean.ravel(), dispersion.ravel()), level.ravel()
    found, under = np.full(goal.shape, float(STEPS)), np.ones(goal.shape)
    for k, rows, p, total in _added(spread, lambda _k, rows, upto: upto >= goal[rows]):
        hit = total + p >= goal[rows]
        found[rows[hit]], under[rows[hit]] = k, total[hit]
    return np.round(found * spread.scale).reshape(mean.shape), under.reshape(mean.shape)


def _added(spread: Spread, done: Any) -> Any:
    """(count, the rows that are not done, its probability, what lay under it), count by count."""
    inverse, rows = 1 / spread.dispersion, np.arange(spread.mean.size)
    p = (1 + spread.dispersion * spread.mean) ** -inverse
    ratio = spread.dispersion * spread.mean / (1 + spread.dispersion * spread.mean)
    total = np.zeros(rows.shape)
    for k in range(STEPS):
        yield k, rows, p, total
        left = ~done(k, rows, total + p)
        rows, total, p = rows[left], (total + p)[left], p[left]
        if not rows.size:
            return
        p = p * ratio[rows] * (k + inverse[rows]) / (k + 1)
