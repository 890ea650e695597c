"""Return rates with their uncertainty. Pure.

A rate of r returned among n sold is told with the Wilson score interval at 95% (`sales.intervals`). Counted are orders, of which something came
back, because the units of one order are not independent. What came back in the weeks was partly sold before them: `findings` reckons with that.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from incubator.sales import intervals

Z95, wilson = intervals.Z95, intervals.wilson
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
