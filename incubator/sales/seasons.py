"""The season of a category: how much of an average week each week of the year sells. Pure.

It needs a year and a half of the category (LEAST weeks since its first sale); until then that of the whole brand is taken, and where the brand is younger
too, every week is an average one. A week's ratio is its total by the mean of the year around it (at the ends, of the nearest whole year), after the
ratio-to-moving-average method of F. R. Macaulay, "The Smoothing of Time Series", National Bureau of Economic Research 1931. Ratios of one week of the
year over the years are averaged and lightly smoothed with their neighbours, because a festival moves; then they are drawn towards 1 as if half an average
year had been seen besides: one season is hearsay.
"""

from typing import Any

import numpy as np

LEAST, YEAR, HALF = 78, 52, 26
BESIDES, SMOOTHED = 0.5, 0.3
LOWEST, HIGHEST = 0.2, 5.0


def by_category(units: Any, category: Any, ahead: int) -> Any:
    """(category, week + ahead) factors of (n, week) units whose categories are numbered from 0."""
    brand = factors(units.sum(axis=0), ahead)
    found = np.tile(brand, (int(category.max(initial=0)) + 1, 1))
    for number in range(len(found)):
        totals = units[category == number].sum(axis=0)
        if own_weeks(totals) >= LEAST:
            found[number] = factors(totals, ahead)
    return found


def own_weeks(totals: Any) -> int:
    """Weeks since the first sale."""
    return int(len(totals) - np.argmax(totals > 0)) if totals.any() else 0


def factors(totals: Any, ahead: int) -> Any:
    """(week + ahead) factors for the weeks of `totals` (week) and the weeks after them; all 1 where there are too few. Weeks before the first are 1."""
    totals = np.asarray(totals, dtype=float)
    number = own_weeks(totals)
    if number < LEAST:
        return np.ones(len(totals) + ahead)
    own = totals[len(totals) - number :]
    ratio, place = own / np.maximum(_around(own), 1e-9), np.arange(number + ahead) % YEAR
    seen = np.bincount(place[:number], minlength=YEAR)
    mean = np.bincount(place[:number], ratio, minlength=YEAR) / np.maximum(seen, 1)
    drawn = (_neighbours(mean) * seen + BESIDES) / (seen + BESIDES)
    drawn = np.clip(drawn / drawn.mean(), LOWEST, HIGHEST)
    return np.concatenate([np.ones(len(totals) - number), drawn[place]])


def _around(totals: Any) -> Any:
    """The mean of the year around each week."""
    means = np.convolve(totals, np.ones(YEAR) / YEAR, mode="valid")
    return means[np.clip(np.arange(len(totals)) - HALF, 0, len(means) - 1)]


def _neighbours(values: Any) -> Any:
    """Most of each, the rest of its neighbours, round the year."""
    return (1 - SMOOTHED) * values + SMOOTHED / 2 * (np.roll(values, 1) + np.roll(values, -1))
