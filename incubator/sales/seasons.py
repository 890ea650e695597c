"""The season of a category: how much of an average week each week of the year sells. Pure.

It needs a year and a half of the category (LEAST weeks); before, every week is an average one. A week's ratio is its total by the mean of the year
around it (at the ends, of the nearest whole year), after the ratio-to-moving-average method of F. R. Macaulay, "The Smoothing of Time Series",
National Bureau of Economic Research 1931. Ratios of one week of the year over the years are averaged with their neighbours, then drawn towards 1 as if
one average year had been seen besides: one season is hearsay.
"""

from typing import Any

import numpy as np

LEAST, YEAR, HALF = 78, 52, 26
LOWEST, HIGHEST = 0.2, 5.0


def factors(totals: Any, ahead: int) -> Any:
    """(week + ahead) factors for the weeks of `totals` (week) and the weeks after them; all 1 where there are too few."""
    totals = np.asarray(totals, dtype=float)
    if len(totals) < LEAST or totals.sum() <= 0:
        return np.ones(len(totals) + ahead)
    ratio = totals / np.maximum(_around(totals), 1e-9)
    place = np.arange(len(totals) + ahead) % YEAR
    seen = np.bincount(place[: len(totals)], minlength=YEAR)
    total = np.bincount(place[: len(totals)], ratio, minlength=YEAR)
    drawn = (_neighbours(total / np.maximum(seen, 1)) * seen + 1) / (seen + 1)
    drawn = np.clip(drawn / drawn.mean(), LOWEST, HIGHEST)
    return drawn[place]


def _around(totals: Any) -> Any:
    """The mean of the year around each week."""
    means = np.convolve(totals, np.ones(YEAR) / YEAR, mode="valid")
    place = np.clip(np.arange(len(totals)) - HALF, 0, len(means) - 1)
    return means[place]


def _neighbours(values: Any) -> Any:
    """Half of each, a quarter of either neighbour, round the year."""
    return 0.5 * values + 0.25 * (np.roll(values, 1) + np.roll(values, -1))
