"""Percentages that add to 100.00%: the largest-remainder method (Hamilton). It knows no database and no float."""

from collections.abc import Sequence

WHOLE = 10_000  # hundredths of a percent


def percentages(values: Sequence[int]) -> list[int]:
    """Each value's share of the sum in hundredths of a percent, adding to exactly 10,000; all zero when the sum is.

    Every share is rounded down, and the hundredths left over go to the largest remainders, the earlier value first.
    A negative value raises ValueError.
    """
    if any(value < 0 for value in values):
        raise ValueError("a share of a negative value has no meaning")
    total = sum(values)
    if total == 0:
        return [0] * len(values)
    found = [value * WHOLE // total for value in values]
    by_remainder = sorted(range(len(values)), key=lambda n: (-(values[n] * WHOLE % total), n))
    for n in by_remainder[: WHOLE - sum(found)]:
        found[n] += 1
    return found
