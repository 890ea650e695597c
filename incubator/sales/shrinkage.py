"""Return rates that are honest for small numbers: each SKU's own count, drawn towards its category as far as the category is alike. Pure.

Counted are orders: r came back of n sold, because the units of one order are not independent. In a category the true rates θ are
Beta(μM, (1 − μ)M), so that r is beta-binomial: overdispersed, by how much the SKUs differ. M is the one of a grid under which the counts of all SKUs of
the category are most likely, with μ the mean weighted by what each SKU can tell at that M,

    w = n / (1 + (n − 1)/(M + 1)),   μ = Σ w r/n / Σ w          (J. C. Kleinman, Journal of the American Statistical Association 68 (1973), 46–54)

and the rate of a SKU is told as the mean of its posterior Beta(μM + r, (1 − μ)M + n − r) with the 90% and 95% intervals between its quantiles
(empirical Bayes: C. N. Morris, Journal of the American Statistical Association 78 (1983), 47–55). A category with fewer than LEAST_SKUS SKUs of
LEAST_ORDERS orders borrows the prior of all SKUs of the brand; where these are too few as well, the prior is Jeffreys' Beta(½, ½).

What came back in these weeks was partly sold before them. Sales that grow make the rate a little too low, sales that fall a little too high;
findings, which reckon with the lag, decide; this rate describes. More returns than orders count as all orders.
"""

from dataclasses import dataclass
from typing import Any

LEAST_SKUS, LEAST_ORDERS = 5, 5
JEFFREYS = (0.5, 0.5)
Array = Any


@dataclass(frozen=True)
class Prior:
    """Beta(`a`, `b`) of `source`: "category", "all", or "none" (Jeffreys)."""

    a: float
    b: float
    source: str

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)


@dataclass(frozen=True)
class Rates:
    """Arrays over SKUs, shares 0 to 1: posterior mean, its 90% and 95% intervals, and the prior each rests on."""

    mean: Array
    low90: Array
    high90: Array
    low95: Array
    high95: Array
    prior: list[Prior]


def prior_of(returned: Array, orders: Array, source: str) -> Prior | None:
    """The prior of SKUs by maximum likelihood; None when fewer than LEAST_SKUS of them sold enough."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import betaln  # noqa: PLC0415 - heavy

    enough = orders >= LEAST_ORDERS
    if int(enough.sum()) < LEAST_SKUS:
        return None
    n, r = orders[enough].astype(float), np.minimum(returned, orders)[enough].astype(float)
    size = np.geomspace(2, 1e5, 60)[:, None]
    weight = n / (1 + (n - 1) / (size + 1))
    mean = ((weight * r / n).sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)).clip(
        0.5 / (n.sum() + 1), 1 - 0.5 / (n.sum() + 1)
    )
    a, b = mean * size, (1 - mean) * size
    best = int((betaln(a + r, b + n - r) - betaln(a, b)).sum(axis=1).argmax())
    return Prior(float(a[best, 0]), float(b[best, 0]), source)


def rates(returned: Array, orders: Array, category: Array) -> Rates:
    """The rates of S SKUs from their returned orders, orders and the numbers of their categories (below 0: none), arrays [S]."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import betaincinv  # noqa: PLC0415 - heavy

    every = prior_of(returned, orders, "all") or Prior(*JEFFREYS, "none")
    own = {int(c): prior_of(returned[category == c], orders[category == c], "category") for c in np.unique(category) if c >= 0}
    priors = [own.get(int(c)) or every for c in category]
    back = np.minimum(returned, orders)
    a, b = np.array([p.a for p in priors]) + back, np.array([p.b for p in priors]) + orders - back
    low90, high90, low95, high95 = (betaincinv(a, b, level) for level in (0.05, 0.95, 0.025, 0.975))
    return Rates(a / (a + b), low90, high90, low95, high95, priors)
