"""Return rates that are honest for small numbers: each SKU's own count, drawn towards its category as far as the category is alike. Pure.

Counted are orders: r came back of n sold, because the units of one order are not independent. In a category the true rates θ are
Beta(μM, (1 − μ)M), so that r is beta-binomial: overdispersed, by how much the SKUs differ. For each M of a grid μ is the mean weighted by what each SKU
can tell at that M,

    w = n / (1 + (n − 1)/(M + 1)),   μ = Σ w r/n / Σ w          (J. C. Kleinman, Journal of the American Statistical Association 68 (1973), 46–54)

M is not taken for known: every M counts as far as the counts of the category speak for it, with 1/M uniform before, and so does the error of μ,
with variance μ(1 − μ)/Σ w. The rate of a SKU is told as the mean of its posterior

    Σ chance(M) · Beta(μM + r, (1 − μ)M + n − r)                                 (empirical Bayes; for the two added uncertainties
                                                                                 C. N. Morris, ibid. 78 (1983), 47–55)

with the 90% and 95% intervals of the Beta law of the same mean and variance. The prior weighs at least half a return. A category with fewer than
LEAST_SKUS SKUs of LEAST_ORDERS orders, or fewer than LEAST_RETURNED returned orders, borrows the prior of all SKUs of the brand; where these are too few
as well, the prior is Jeffreys' Beta(½, ½).

What came back in these weeks was partly sold before them. Sales that grow make the rate a little too low, sales that fall a little too high;
findings, which reckon with the lag, decide; this rate describes. More returns than orders count as all orders.
"""

from dataclasses import dataclass
from typing import Any

LEAST_SKUS, LEAST_ORDERS, LEAST_RETURNED = 5, 5, 3
Array = Any


@dataclass(frozen=True)
class Prior:
    """What the SKUs of `source` ("category", "all", "none": Jeffreys) say of a rate: arrays of M, its chance, μ at that M and the variance of that μ."""

    size: Array
    chance: Array
    middle: Array
    error: Array
    source: str

    @property
    def mean(self) -> float:
        return float((self.chance * self.middle).sum())

    def posterior(self, back: Array, orders: Array) -> tuple[Array, Array]:
        """(mean, variance) of the rates of SKUs, arrays [S]: within each M, and between them."""
        size, middle = self.size[:, None], self.middle[:, None]
        mean = (middle * size + back) / (size + orders)
        within = mean * (1 - mean) / (size + orders + 1) + self.error[:, None] * (size / (size + orders)) ** 2
        whole = self.chance @ mean
        return whole, self.chance @ (within + (mean - whole) ** 2)


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
    """The prior of SKUs from their counts; None when they are too few to tell."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import betaln  # noqa: PLC0415 - heavy

    enough = orders >= LEAST_ORDERS
    if int(enough.sum()) < LEAST_SKUS or returned[enough].sum() < LEAST_RETURNED:
        return None
    n, r = orders[enough].astype(float), np.minimum(returned, orders)[enough].astype(float)
    size = np.geomspace(2, 1e5, 60)
    weight = n / (1 + (n - 1) / (size[:, None] + 1))
    middle = (weight * r / n).sum(axis=1) / weight.sum(axis=1)
    size = np.maximum(size, 0.5 / middle)
    a, b = (middle * size)[:, None], ((1 - middle) * size)[:, None]
    likely = (betaln(a + r, b + n - r) - betaln(a, b)).sum(axis=1) - np.log(size)
    chance = np.exp(likely - likely.max())
    return Prior(size, chance / chance.sum(), middle, middle * (1 - middle) / weight.sum(axis=1), source)


def jeffreys() -> Prior:
    import numpy as np  # noqa: PLC0415 - heavy

    return Prior(np.ones(1), np.ones(1), np.full(1, 0.5), np.zeros(1), "none")


def rates(returned: Array, orders: Array, category: Array) -> Rates:
    """The rates of S SKUs from their returned orders, orders and the numbers of their categories (below 0: none), arrays [S]."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import betaincinv  # noqa: PLC0415 - heavy

    every = prior_of(returned, orders, "all") or jeffreys()
    own = {int(c): prior_of(returned[category == c], orders[category == c], "category") for c in np.unique(category) if c >= 0}
    priors = [own.get(int(c)) or every for c in category]
    back, mean, variance = np.minimum(returned, orders), np.zeros(len(orders)), np.zeros(len(orders))
    for number in np.unique(category):
        rows = category == number
        mean[rows], variance[rows] = (own.get(int(number)) or every).posterior(back[rows], orders[rows])
    whole = np.maximum(mean * (1 - mean) / variance - 1, 1e-3)
    low90, high90, low95, high95 = (betaincinv(mean * whole, (1 - mean) * whole, level) for level in (0.05, 0.95, 0.025, 0.975))
    return Rates(mean, low90, high90, low95, high95, priors)
