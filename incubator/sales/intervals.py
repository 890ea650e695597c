"""How sure a share is. Pure.

A share of r among n is told with the Wilson score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22 (1927), 209–212), at 95%: with p = r/n and z = 1.959964

    centre = (p + z²/2n) / (1 + z²/n)        half = z · √(p(1−p)/n + z²/4n²) / (1 + z²/n)

It stays within 0 and 1, and is honest for small n and for r = 0, where p ± z·√(p(1−p)/n) is not.
"""

from math import sqrt

Z95 = 1.959964


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The lower and upper end for `hits` of `total`; ValueError unless 0 ≤ hits ≤ total and total > 0."""
    if not 0 <= hits <= total or total == 0:
        raise ValueError(f"no share: {hits} of {total}")
    share, square = hits / total, z * z
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return (0.0 if hits == 0 else max(0.0, centre - half)), (1.0 if hits == total else min(1.0, centre + half))
