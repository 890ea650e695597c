"""Whether a SKU comes back more often than comparable ones: rates side by side, honest for small counts. Pure.

Comparable are the SKUs of the same category that sold; all of the brand where fewer than LEAST_PEERS others did. Looked at are the last WEEKS weeks,
with sales lagged as in `exposure`. Of N returned orders of the SKU and its peers together r are its own; at MARGIN times the peers' rate

    r ~ binomial(N, π),   π = MARGIN·e / (MARGIN·e + E)           e and E the lagged sales of the SKU and of its peers

(the conditional test of two Poisson rates: J. Przyborowski and H. Wilenski, Biometrika 31 (1940), 313–323). Counts are divided by φ, so that clumps widen
what chance allows: p = I_π(r/φ, (N − r)/φ + 1), one-sided. A quarter more than the others is no finding, however certain: hence MARGIN.
Asked is every SKU of which at the peers' rate at least LEAST_DUE would have come back, whether anything did or not: choosing those with many returns
would choose the findings. Those without any stand in no row; `silent` is what was due of them.

The ratio is told as the mean and 95% interval of a posterior. The true ratios of the comparable SKUs are Gamma(k, k) before the data, mean 1, and
1/k their variance by moments, so that a ratio picked for being large is drawn towards 1 as far as the others suggest; never as if they differed by
less than LEAST_SPREAD, because one that stands apart must not be taken for one of the rest (the limited translation of B. Efron and C. Morris,
Journal of the American Statistical Association 67 (1972), 130–139).
"""

from dataclasses import dataclass
from typing import Any

WEEKS, MARGIN, LEAST_PEERS, LEAST_DUE = 13, 1.25, 5, 1.0
LEAST_SPREAD, MOST_SPREAD = 0.5, 2.0
Array = Any


@dataclass(frozen=True)
class Rows:
    """`sold` [S] and `group` [S] of SKUs; `sku`, `cause`, `back` and `phi` [K] of their rows."""

    sold: Array
    group: Array
    sku: Array
    cause: Array
    back: Array
    phi: Array


@dataclass(frozen=True)
class Against:
    """Arrays over the rows asked: p-values, own returns, returns `due` at the peers' rate, `k` of the prior, and who the peers were; `silent` SKUs."""

    rows: Array
    p: Array
    back: Array
    due: Array
    k: Array
    phi: Array
    of_category: Array
    silent: Array

    def ratio(self, place: int) -> tuple[float, float, float]:
        """(posterior mean, lower, upper end of 95%) of one row."""
        from scipy.special import gammaincinv  # noqa: PLC0415 - heavy

        shape = self.k[place] + self.back[place] / self.phi[place]
        scale = self.k[place] + self.due[place] / self.phi[place]
        low, high = (float(gammaincinv(shape, level) / scale) for level in (0.025, 0.975))
        return float(shape / scale), low, high


def against_peers(table: Rows) -> Against:
    """Every row that there is enough to ask of, against its comparable SKUs."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import betainc  # noqa: PLC0415 - heavy

    comparable = np.bincount(table.group, table.sold > 0)[table.group] > LEAST_PEERS  # by SKU: its category is large enough
    some = bool((table.sold > 0).sum() > LEAST_PEERS)
    own, every = _pool(table, table.group), _pool(table, np.zeros_like(table.group))
    of_category = comparable[table.sku]
    back, sold, k = (np.where(of_category, a, b) for a, b in zip(own, every, strict=True))
    e, theirs = table.sold[table.sku], back - table.back
    due = _due(e, theirs, sold)
    rows = np.flatnonzero((of_category | some) & (due >= LEAST_DUE))
    share = (MARGIN * e / np.maximum(MARGIN * e + sold - e, 1e-12))[rows]
    p = betainc(np.maximum(table.back / table.phi, 1e-9)[rows], (theirs / table.phi)[rows] + 1, share)
    silent = [_silent(table, table.group, comparable), _silent(table, np.zeros_like(table.group), ~comparable & some)]
    return Against(rows, p, table.back[rows], due[rows], k[rows], table.phi[rows], of_category[rows], np.concatenate(silent))


def _due(e: Array, theirs: Array, sold: Array) -> Array:
    """What would come back of sales `e` at the rate of the others."""
    import numpy as np  # noqa: PLC0415 - heavy

    others = sold - e
    return np.divide(theirs * e, others, out=np.zeros_like(e, dtype=float), where=others > 0)


def _silent(table: Rows, group: Array, chosen: Array) -> Array:
    """What was due of those of the `chosen` SKUs that are asked for a cause for which nothing of them came back."""
    import numpy as np  # noqa: PLC0415 - heavy

    sold, found = np.bincount(group, table.sold), [np.zeros(0)]
    for cause in np.unique(table.cause):
        rows = np.flatnonzero(table.cause == cause)
        back = np.bincount(group[table.sku[rows]], table.back[rows], minlength=len(sold))
        quiet = chosen.copy()
        quiet[table.sku[rows]] = False
        due = _due(table.sold, back[group], sold[group])[quiet]
        found.append(due[due >= LEAST_DUE])
    return np.concatenate(found)


def _pool(table: Rows, group: Array) -> tuple[Array, Array, Array]:
    """(returns for this cause, sales, k) of the group that each row belongs to."""
    import numpy as np  # noqa: PLC0415 - heavy

    _, which = np.unique(group[table.sku] * (int(table.cause.max(initial=0)) + 1) + table.cause, return_inverse=True)
    back = np.bincount(which, table.back).astype(float)[which]
    sold = np.bincount(group, table.sold)[group][table.sku]
    rate = np.divide(back, sold, out=np.zeros_like(back), where=sold > 0)
    mean = rate * table.sold[table.sku]
    # SKUs without a return for this cause have no row: theirs are the squares of what was due.
    squares = rate**2 * np.bincount(group, table.sold**2)[group][table.sku]
    surplus = np.bincount(which, (table.back - mean) ** 2 - mean**2 - (table.phi - 1) * mean)[which] + squares - back
    return back, sold, 1 / np.clip(surplus / np.maximum(squares, 1e-9), LEAST_SPREAD, MOST_SPREAD)
