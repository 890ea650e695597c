"""How many returned orders a week would bring if nothing had changed: sales with their lag, the season, and how far chance goes. Pure.

Lag. What comes back in a week was sold in that week and in the eight before it, with shares that fall by the factor `keep` from week to week.
The factor is the one of KEEPS under which the returns of all SKUs are most likely (Poisson, each SKU at its own rate, log likelihoods divided by
CLUMPS), with USUAL_KEEP ± KEEP_SPREAD before: where sales hardly move, returns do not tell. Two hundredths of a SKU's mean week are added everywhere,
for returns that come later than that.

Season. Weeks in which more comes back everywhere (a holiday, a warehouse that books a month at once) belong to nobody. The factor of a week
is what came back of the *other* SKUs by what was expected of them, shrunk towards 1 by PRIOR expected returns. A SKU counts there with weight
1 / (1 + its expected returns a week), so that no single one is the season. With fewer than LEAST_OTHERS SKUs that had returns there is none.

Dispersion. Returns come in clumps: one customer, one truck, one bad week. The variance of a week's count is φ times its mean, φ = 1 + δ + κ·m
with m the SKU's expected returns a week: a negative binomial law. δ and κ are fitted to Pearson's X² within blocks of BLOCK weeks, so that a level
that changes once counts in one block of five; where a week's count is conditional on its block's total R, the law is Dirichlet-multinomial and

    E X² = (weeks − 1) · R (1 + δ) / (R + δ)             (J. E. Mosimann, Biometrika 49 (1962), 65–82)

PRIOR_WEIGHT blocks with φ = 1.2 are added, so that a brand with few returns is not taken for one without clumps. It reads nothing and writes nothing.
"""

from dataclasses import dataclass
from typing import Any

LEAD, FLOOR, BLOCK = 8, 0.02, 5
KEEPS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
USUAL_KEEP, KEEP_SPREAD, CLUMPS = 0.5, 0.15, 1.5
PRIOR, LEAST_OTHERS = 10.0, 10
PRIOR_DELTA, PRIOR_WEIGHT, LEAST_DELTA = 0.2, 20.0, 0.02
Array = Any  # numpy.ndarray, which is imported where it is used


@dataclass(frozen=True)
class Dispersion:
    """φ = 1 + `delta` + `kappa` · expected returns a week."""

    delta: float
    kappa: float

    def beyond(self, weekly: Array) -> Array:
        """φ − 1 for SKUs with these expected returns a week; never quite 0."""
        import numpy as np  # noqa: PLC0415 - heavy

        return np.maximum(self.delta + self.kappa * np.asarray(weekly, dtype=float), LEAST_DELTA)


def lagged(orders: Array, keep: float) -> Array:
    """Orders that returns of a week can stem from, [S, T] from orders [S, LEAD + T]."""
    import numpy as np  # noqa: PLC0415 - heavy

    weeks = orders.shape[1] - LEAD
    shares = keep ** np.arange(LEAD + 1.0)
    shares /= shares.sum()
    found = np.zeros((orders.shape[0], weeks))
    for lag, share in enumerate(shares):
        if share:
            found += share * orders[:, LEAD - lag : LEAD - lag + weeks]
    return found + FLOOR * found.mean(axis=1, keepdims=True)


def keep_of(orders: Array, returned: Array) -> float:
    """The factor of KEEPS that explains the returns best; USUAL_KEEP where nothing came back."""
    import numpy as np  # noqa: PLC0415 - heavy

    total = returned.sum(axis=1)
    chosen = (total > 0) & (orders.sum(axis=1) > 0)
    if not chosen.any():
        return USUAL_KEEP
    few, back = orders[chosen], returned[chosen]
    likely = [float((back * np.log(np.maximum(fitted(lagged(few, keep), back), 1e-12))).sum()) for keep in KEEPS]
    before = -0.5 * ((np.array(KEEPS) - USUAL_KEEP) / KEEP_SPREAD) ** 2
    return KEEPS[int(np.argmax(np.array(likely) / CLUMPS + before))]


def fitted(exposure: Array, counts: Array) -> Array:
    """Each row's own total, dealt over its weeks by exposure; zeros where there is none."""
    import numpy as np  # noqa: PLC0415 - heavy

    sums = exposure.sum(axis=1, keepdims=True)
    return exposure * np.divide(counts.sum(axis=1, keepdims=True), sums, out=np.zeros_like(sums), where=sums > 0)


def season(expected: Array, counts: Array, towards: Array | float = 1.0) -> Array:
    """The factor of every week for every row, [K, T], from all rows but itself, shrunk to `towards`."""
    import numpy as np  # noqa: PLC0415 - heavy

    if int((counts.sum(axis=1) > 0).sum()) <= LEAST_OTHERS:
        return np.ones_like(expected) * towards
    weight = 1 / (1 + expected.mean(axis=1, keepdims=True))
    back, due = weight * counts, weight * expected
    return (back.sum(axis=0) - back + PRIOR * towards) / (due.sum(axis=0) - due + PRIOR)


def season_by(cause: Array, expected: Array, counts: Array, towards: Array) -> Array:
    """The same within rows of one cause (`cause` numbers them)."""
    import numpy as np  # noqa: PLC0415 - heavy

    found = np.array(towards, dtype=float)
    for number in np.unique(cause):
        rows = cause == number
        found[rows] = season(expected[rows], counts[rows], towards[rows])
    return found


def dispersion(expected: Array, counts: Array) -> Dispersion:
    """δ and κ from blocks of weeks, by least squares of X² per degree of freedom, weighted with what a block can tell; neither below 0."""
    import numpy as np  # noqa: PLC0415 - heavy

    told, weight, size = _blocks(expected, counts)
    columns = np.stack([told[:, 1], told[:, 1] * size], axis=1)
    wanted = told[:, 0] - 1
    scale = max(float(size.max()), 1.0) if len(size) else 1.0
    prior = PRIOR_WEIGHT * np.array([[1.0, 0.0], [0.0, scale**2]])
    normal = (columns * weight[:, None]).T @ columns + prior
    right = (columns * weight[:, None]).T @ wanted + PRIOR_WEIGHT * np.array([PRIOR_DELTA, 0.0])
    delta, kappa = np.linalg.solve(normal, right)
    if kappa < 0:
        delta, kappa = right[0] / normal[0, 0], 0.0
    elif delta < 0:
        delta, kappa = 0.0, right[1] / normal[1, 1]
    return Dispersion(max(float(delta), LEAST_DELTA), max(float(kappa), 0.0))


def _blocks(expected: Array, counts: Array) -> tuple[Array, Array, Array]:
    """Per block of at least two returns: (X² per degree of freedom and (R−1)/(R+δ)), its weight, the SKU's expected returns a week."""
    import numpy as np  # noqa: PLC0415 - heavy

    figures, weights, sizes = [np.zeros((0, 2))], [np.zeros(0)], [np.zeros(0)]
    weekly = expected.mean(axis=1)
    for start in range(0, expected.shape[1] - BLOCK + 1, BLOCK):
        back, due = counts[:, start : start + BLOCK], expected[:, start : start + BLOCK]
        rows = (back.sum(axis=1) >= 2) & (due.min(axis=1) > 0)
        back, mean = back[rows], fitted(due[rows], back[rows])
        square = ((back - mean) ** 2 / mean).sum(axis=1) / (BLOCK - 1)
        total = back.sum(axis=1)
        figures.append(np.stack([square, (total - 1) / (total + PRIOR_DELTA)], axis=1))
        weights.append(1 / (1 + (1 / mean).sum(axis=1) / BLOCK**2))
        sizes.append(weekly[rows])
    return np.concatenate(figures), np.concatenate(weights), np.concatenate(sizes)
