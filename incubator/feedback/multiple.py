"""Many questions at once, and how many of the answers may be false. Pure.

All p-values of a week together go through Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
Statistical Society B 57 (1995), 289–300: of those with q ≤ FDR, at most that share is expected to be false.

Most SKUs sell too little for anything to be seen. So that they do not cost the others their chance, p-values are divided by weights that are 1 on average
and known before anything is tested: C. R. Genovese, K. Roeder and L. Wasserman, "False discovery control with p-value weighting", Biometrika 93 (2006),
509–524. A question weighs what it can tell: with ξ = log 2 · √information, the size in standard errors of a doubled rate,

    w ∝ Φ(−ξ/2 − c/ξ),   c such that the mean of the right side is TYPICAL        (K. Roeder and L. Wasserman, Statistical Science 24 (2009), 398–413)
"""

from math import log
from typing import Any

FDR, TYPICAL = 0.10, 0.0005
Array = Any


def weights(information: Array) -> Array:
    """The weight of each question from its information (returns that bear on it, by φ), mean 1."""
    import numpy as np  # noqa: PLC0415 - heavy
    from scipy.special import ndtr  # noqa: PLC0415 - heavy

    if not len(information):
        return np.ones(0)
    size = log(2) * np.sqrt(np.maximum(information, 1e-6))
    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if ndtr(-size / 2 - middle / size).mean() > TYPICAL else (low, middle)
    found = ndtr(-size / 2 - high / size)
    return found / found.mean()


def adjusted(p: Array, weight: Array) -> Array:
    """q-values of Benjamini and Hochberg for weighted p-values, in their order."""
    import numpy as np  # noqa: PLC0415 - heavy

    weighted = p / np.maximum(weight, 1e-12)
    order = np.argsort(weighted)
    steps = weighted[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
