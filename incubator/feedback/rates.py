"""Return rates with their uncertainty, and when two of them differ. Pure.

A rate of r returned among n sold is told with the Wilson score interval at 95% (`sales.intervals`). Units of one order are taken for
independent, and what came back in the weeks for a part of what was sold in them: both make the true interval a little wider.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from incubator.sales.intervals import wilson as wilson  # also for those who ask here

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
