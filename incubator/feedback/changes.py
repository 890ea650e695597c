"""Since when something comes back more often than before: an exact test over all weeks in which it may have begun. Pure.

A row is the returned orders of one SKU for one cause, week by week, c₁ … c_T with total R, and what was expected of each week (`exposure`).
For every week that can be the first of a higher rate (at least BEFORE weeks of sales before it, AFTER from it on) the likelihood of two rates is
compared with that of one,

    Λ(τ) = c log(c / R P) + (R − c) log((R − c) / R (1 − P))       c returned before τ, P the share of the exposure before τ; 0 unless the rate rose

and the largest is the statistic. Its p-value is the chance of one at least as large *somewhere*, given R, when nothing changed: the counts
are then Dirichlet-multinomial (independent negative binomials of variance φ·mean, given their sum), the statistic is beyond the observed one
exactly when the running count falls to a bound at some τ, and the chance of that is summed week by week over the running count. This is the
recursion of K. J. Worsley, "The power of likelihood ratio and cumulative sum tests for a change in a binomial probability", Biometrika 70
(1983), 455–464, with the overdispersed law in place of the binomial. Nothing is asymptotic: it holds for five returns as for fifty. Above
EXACT_UP_TO returns the chances of the single weeks are added instead (Boole), which is never too small.

The ratio of the rates is told by averaging over τ: for each, the log ratio is normal with variance φ (1/(c + ½) + 1/(R − c + ½)), before the data
it is N(0, SPREAD²), and each τ weighs what it explains. So a ratio that was chosen because it is large is drawn towards 1, and not knowing the
week widens the interval.
"""

from dataclasses import dataclass
from typing import Any

BEFORE, AFTER, EXACT_UP_TO, SPREAD = 4, 2, 256, 0.7
CELLS = 1_000_000  # of one array at a time: 8 MB
NOTHING = 1e-20  # chances below cannot be seen in a p-value, of which the smallest told is 1e-15
SIZES = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, EXACT_UP_TO)
Array = Any


@dataclass(frozen=True)
class Scan:
    """Per row: p-value, the largest Λ, and the index of the first week of the higher rate (−1 where the rate never rose)."""

    p: Array
    most: Array
    at: Array


@dataclass(frozen=True)
class Rise:
    """Of one row: the ratio of the rate since to that before with its 95% interval, and the week: likeliest, earliest, latest (80%)."""

    ratio: float
    low: float
    high: float
    at: int
    earliest: int
    latest: int


def splits(exposure: Array) -> Array:
    """[K, T + 1]: whether a higher rate may begin in week τ (0-based). T itself never does."""
    import numpy as np  # noqa: PLC0415 - heavy

    sold = exposure > 0.05 * exposure.mean(axis=1, keepdims=True)
    before = np.cumsum(sold, axis=1)
    found = np.zeros((exposure.shape[0], exposure.shape[1] + 1), dtype=bool)
    found[:, 1:-1] = (before[:, :-1] >= BEFORE) & ((before[:, -1:] - before[:, :-1]) >= AFTER)
    return found


def likelihoods(counts: Array, exposure: Array) -> Array:
    """Λ(τ), [K, T + 1], 0 where the rate did not rise or τ is not admissible."""
    import numpy as np  # noqa: PLC0415 - heavy

    total = counts.sum(axis=1, keepdims=True).astype(float)
    before = np.concatenate([np.zeros_like(total), np.cumsum(counts, axis=1)], axis=1)
    share = np.concatenate([np.zeros_like(total), np.cumsum(exposure, axis=1)], axis=1)
    share /= np.maximum(share[:, -1:], 1e-300)
    return np.where(splits(exposure), rise_likelihood(before, total, share), 0.0)


def rise_likelihood(before: Array, total: Array, share: Array) -> Array:
    """Λ for `before` of `total` returns in a part with this share of the exposure; arrays of one shape after broadcasting."""
    import numpy as np  # noqa: PLC0415 - heavy

    after, due = total - before, total * share
    rest = total - due
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(before > 0, before * np.log(before / due), 0.0)
        second = np.where(after > 0, after * np.log(after / rest), 0.0)
    return np.where((before < due) & (rest > 0), first + second, 0.0)


def scan(counts: Array, exposure: Array, beyond: Array) -> Scan:
    """The test of every row; `counts` and `exposure` are [K, T], `beyond` is φ − 1 per row. Memory stays flat in K."""
    import numpy as np  # noqa: PLC0415 - heavy

    values = likelihoods(counts, exposure)
    most = values.max(axis=1, initial=0.0)
    at = np.where(most > 0, values.argmax(axis=1), -1)
    p, total = np.ones(len(counts)), counts.sum(axis=1)
    sizes = np.array([*SIZES, EXACT_UP_TO + 1])[np.searchsorted(SIZES, total)]
    for size in np.unique(sizes[most > 0]):
        rows = np.flatnonzero((sizes == size) & (most > 0))
        exact = size <= EXACT_UP_TO
        step = max(1, CELLS // int((size if exact else total[rows].max()) + 1))
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            chance = _exact if exact else _added
            p[some] = chance(total[some], exposure[some], beyond[some], most[some])
    return Scan(np.clip(p, 1e-15, 1.0), most, at)


def pmf(number: Array, shape: Array, beyond: Array) -> Array:
    """Negative binomial with mean shape·beyond and variance (1 + beyond) times that; a shape of 0 is surely 0."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import gammaln  # noqa: PLC0415 - heavy

    sure = np.maximum(shape, 1e-12)
    log = gammaln(sure + number) - gammaln(sure) - gammaln(number + 1.0)
    return np.exp(log - sure * np.log1p(beyond) + number * (np.log(beyond) - np.log1p(beyond)))


def _bounds(total: Array, share: Array, allowed: Array, most: Array, number: Array) -> Array:
    """[K]: how many of the counts 0, 1, … before this split give a Λ of at least `most`; they are the lowest ones."""
    import numpy as np  # noqa: PLC0415 - heavy

    value = rise_likelihood(np.minimum(number[None, :], total[:, None]), total[:, None], share[:, None])
    beyond = (value >= most[:, None] - 1e-9) & (number[None, :] <= total[:, None])
    return np.where(allowed, beyond.sum(axis=1), 0)


def _shapes(total: Array, exposure: Array, beyond: Array) -> tuple[Array, Array]:
    """(Dirichlet parameters [K, T], share of the exposure before each week [K, T + 1])."""
    import numpy as np  # noqa: PLC0415 - heavy

    part = exposure / exposure.sum(axis=1, keepdims=True)
    before = np.concatenate([np.zeros((len(part), 1)), np.cumsum(part, axis=1)], axis=1)
    return part * (total / beyond)[:, None], np.minimum(before, 1.0)


def _exact(total: Array, exposure: Array, beyond: Array, most: Array) -> Array:
    """The chance that the running count reaches its bound at any split, given the total."""
    import numpy as np  # noqa: PLC0415 - heavy

    shapes, share = _shapes(total, exposure, beyond)
    allowed, number = splits(exposure), np.arange(int(total.max()) + 1.0)
    thick, reached = beyond[:, None], np.zeros(len(total))
    paths = np.zeros((len(total), len(number)))
    paths[:, 0] = 1.0
    left = np.maximum(total[:, None] - number[None, :], 0.0)
    possible = number[None, :] <= total[:, None]
    for week in range(exposure.shape[1]):
        paths = _convolved(paths, pmf(number[None, :], shapes[:, week : week + 1], thick))
        if allowed[:, week + 1].any():
            low = _bounds(total, share[:, week + 1], allowed[:, week + 1], most, number)[:, None]
            rest = shapes[:, week + 1 :].sum(axis=1)[:, None]
            crossed = (number[None, :] < low) & possible
            reached += np.where(crossed, paths * pmf(left, rest, thick), 0.0).sum(axis=1)
            paths = np.where(crossed, 0.0, paths)
    return reached / pmf(total, shapes.sum(axis=1), beyond)


def _convolved(paths: Array, more: Array) -> Array:
    """The law of the running count after one more week, cut at the largest total."""
    import numpy as np  # noqa: PLC0415 - heavy

    found = np.zeros_like(paths)
    for count in np.flatnonzero(more.max(axis=0) > NOTHING):
        found[:, count:] += more[:, count : count + 1] * paths[:, : paths.shape[1] - count]
    return found


def _added(total: Array, exposure: Array, beyond: Array, most: Array) -> Array:
    """The chances of the single splits added up: beta-binomial tails."""
    import numpy as np  # noqa: PLC0415 - heavy

    shapes, share = _shapes(total, exposure, beyond)
    allowed, number = splits(exposure), np.arange(int(total.max()) + 1.0)
    thick, whole = beyond[:, None], pmf(total, shapes.sum(axis=1), beyond)
    left, reached = np.maximum(total[:, None] - number[None, :], 0.0), np.zeros(len(total))
    for week in range(exposure.shape[1]):
        if allowed[:, week + 1].any():
            low = _bounds(total, share[:, week + 1], allowed[:, week + 1], most, number)[:, None]
            first, rest = (part.sum(axis=1)[:, None] for part in (shapes[:, : week + 1], shapes[:, week + 1 :]))
            chance = pmf(number[None, :], first, thick) * pmf(left, rest, thick)
            reached += np.where(number[None, :] < low, chance, 0.0).sum(axis=1) / whole
    return reached


def rise(counts: Array, exposure: Array, phi: float) -> Rise:
    """The size and the beginning of the rise of one row [T]."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import ndtr  # noqa: PLC0415 - heavy

    at = np.flatnonzero(splits(exposure[None, :])[0])
    before, share = np.cumsum(counts)[at - 1].astype(float), np.cumsum(exposure)[at - 1] / exposure.sum()
    after = counts.sum() - before
    log = np.log((after + 0.5) / (1 - share)) - np.log((before + 0.5) / share)
    variance = phi * (1 / (after + 0.5) + 1 / (before + 0.5))
    weight = _weights(likelihoods(counts[None, :], exposure[None, :])[0][at] / phi, log, variance)
    centre, wide = log * SPREAD**2 / (SPREAD**2 + variance), np.sqrt(variance * SPREAD**2 / (SPREAD**2 + variance))
    grid = np.linspace((centre - 5 * wide).min(), (centre + 5 * wide).max(), 800)
    law = (weight[None, :] * ndtr((grid[:, None] - centre) / wide)).sum(axis=1)
    low, high = (float(np.exp(np.interp(level, law, grid))) for level in (0.025, 0.975))
    ranked = np.cumsum(weight)
    first, last = (int(at[min(int(np.searchsorted(ranked, level)), len(at) - 1)]) for level in (0.1, 0.9))
    return Rise(float(np.exp((weight * centre).sum())), low, high, int(at[weight.argmax()]), first, last)


def _weights(value: Array, log: Array, variance: Array) -> Array:
    """How far each split explains the row, the size of the rise integrated out (normal approximation)."""
    import numpy as np  # noqa: PLC0415 - heavy

    whole = variance + SPREAD**2
    score = value + 0.5 * np.log(variance / whole) - 0.5 * log**2 / whole
    weight = np.exp(score - score.max())
    return weight / weight.sum()
