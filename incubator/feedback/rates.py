"""Return rates with their uncertainty, and when two of them differ. Pure.

A rate of r returned among n sold is told with the Wilson score interval (E. B. Wilson, "Probable inference, the law of succession, and
statistical inference", Journal of the American Statistical Association 22 (1927), 209–212), at 95%: with p = r/n and z = 1.959964

    centre = (p + z²/2n) / (1 + z²/n)        half = z · √(p(1−p)/n + z²/4n²) / (1 + z²/n)

It stays within 0 and 1, and is honest for small n and for r = 0, where p ± z·√(p(1−p)/n) is not. Units of one order are taken for
independent, and what came back in the weeks for a part of what was sold in them: both make the true interval a little wider.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

Z95 = 1.959964
LEAST_UNITS = 20  # below, no rate is told: one return more or less would turn it round


@dataclass(frozen=True)
class Rate:
    """`returned` of `sold` units over `weeks`; `rate`, `low` and `high` are shares, 0 to 1."""

    sold: int
    returned: int
    weeks: int
    rate: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 5) if isinstance(value, float) else value for name, value in asdict(self).items()}


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The lower and upper end for `hits` of `total`; ValueError unless 0 ≤ hits ≤ total and total > 0."""
    if not 0 <= hits <= total or total == 0:
        raise ValueError(f"no share: {hits} of {total}")
    share, square = hits / total, z * z
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return (0.0 if hits == 0 else max(0.0, centre - half)), (1.0 if hits == total else min(1.0, centre + half))


def rate(units: Iterable[int | None], returned: Iterable[int | None]) -> Rate | None:
    """The rate over weeks that are known (None: not this factory's); None when fewer than LEAST_UNITS were sold.

    In a quiet season more may come back than is sold; the share is then 1.
    """
    weeks = [(sold, back or 0) for sold, back in zip(units, returned, strict=True) if sold is not None]
    sold, back = sum(s for s, _ in weeks), sum(b for _, b in weeks)
    if sold < LEAST_UNITS:
        return None
    hits = min(back, sold)
    return Rate(sold, back, len(weeks), hits / sold, *wilson(hits, sold))


def verdict(before: Rate | None, after: Rate | None) -> str:
    """ "improved" or "worse" only when the two intervals do not overlap, else "same"; "too_few" where either is not known."""
    if before is None or after is None:
        return "too_few"
    if after.high < before.low:
        return "improved"
    return "worse" if after.low > before.high else "same"
