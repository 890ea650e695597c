"""Return rates with their uncertainty. Pure.

A rate of r returned among n sold is told with the Wilson score interval (E. B. Wilson, "Probable inference, the law of succession, and
statistical inference", Journal of the American Statistical Association 22 (1927), 209–212), at 95%: with p = r/n and z = 1.959964

    centre = (p + z²/2n) / (1 + z²/n)        half = z · √(p(1−p)/n + z²/4n²) / (1 + z²/n)

It stays within 0 and 1, and is honest for small n and for r = 0, where p ± z·√(p(1−p)/n) is not. Counted are orders, of which something came
back, because the units of one order are not independent. What came back in the weeks was partly sold before them: `findings` reckons with that.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

Z95 = 1.959964
LEAST_ORDERS = 20  # below, no rate is told: one return more or less would turn it round


@dataclass(frozen=True)
class Rate:
    """`returned` of `sold` orders over `weeks`; `rate`, `low` and `high` are shares, 0 to 1. `factories` stand behind a rate that was drawn towards
    the category's (`sales.shrinkage`); 0: it rests on its own counts alone."""

    sold: int
    returned: int
    weeks: int
    rate: float
    low: float
    high: float
    factories: int = 0

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


def rate(orders: Iterable[int | None], returned: Iterable[int | None]) -> Rate | None:
    """The rate over weeks that are known (None: not this factory's); None when fewer than LEAST_ORDERS were sold.

    In a quiet season more may come back than is sold; the share is then 1.
    """
    weeks = [(sold, back or 0) for sold, back in zip(orders, returned, strict=True) if sold is not None]
    sold, back = sum(s for s, _ in weeks), sum(b for _, b in weeks)
    if sold < LEAST_ORDERS:
        return None
    hits = min(back, sold)
    return Rate(sold, back, len(weeks), hits / sold, *wilson(hits, sold))


def drawn(returns: dict[str, Any] | None, factories: int) -> Rate | None:
    """The rate that was drawn towards the category (`SkuGrade.figures["returns"]`), behind which SKUs of this many other factories stand."""
    if returns is None or returns["orders"] < LEAST_ORDERS:
        return None
    return Rate(returns["orders"], returns["returned"], returns["weeks"], returns["rate"], returns["low"], returns["high"], factories)
