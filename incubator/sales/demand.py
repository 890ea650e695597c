"""The models of a forecast: after each week, the level and the drift that each sees in every SKU's weeks. Pure.

    naive     the last week again
    yearly    the same week a year ago (only with a year and a quarter behind)
    mean4     the mean of the last four weeks; mean8, mean13 of eight and thirteen
    slow      exponential smoothing with 0.1; medium with 0.2, quick with 0.4
    damped    smoothing with a drift that fades by 0.85 a week: E. S. Gardner and E. McKenzie, "Forecasting trends in time series",
              Management Science 31 (1985), 1237–1246
    rare      how often it sells times how much at a time, both smoothed, and falling while nothing sells: R. H. Teunter, A. A. Syntetos and
              M. Z. Babai, "Intermittent demand: linking forecasting to inventory obsolescence", European Journal of Operational Research 214 (2011), 606–615
    shrunk    the mean of thirteen weeks, drawn by one week's weight to the median of all SKUs of its age or more

A SKU begins with its first sale; there, smoothing is a plain mean until the mean has as many weeks as the smoothing looks at.
"""

from typing import Any

import numpy as np

MODELS = ("naive", "yearly", "mean4", "mean8", "mean13", "slow", "medium", "quick", "damped", "rare", "shrunk")
SMOOTHED = {"slow": 0.1, "medium": 0.2, "quick": 0.4}
FADING, YEAR = 0.85, 52
# Where nobody has forecast anything yet, smoothing is taken before the rest.
PRIOR_SCORES = (1.6, 9.0, 1.0, 0.98, 1.0, 1.05, 0.95, 0.97, 1.02, 1.0, 0.96)


def drift(weeks: int) -> Any:
    """How much of a slope has come after 1, 2, … weeks."""
    return np.cumsum(FADING ** np.arange(1, weeks + 1))


def ages(units: Any) -> Any:
    """(n, week): which week of its life each is, 1 for that of the first sale, 0 before."""
    sold = units > 0
    start = np.where(sold.any(axis=1), sold.argmax(axis=1), units.shape[1])
    return np.maximum(np.arange(units.shape[1])[None, :] - start[:, None] + 1, 0)


def fitted(units: Any, age: Any) -> tuple[Any, Any]:
    """(model, n, week) levels and slopes after each week of (n, week) units."""
    total = np.concatenate([np.zeros((units.shape[0], 1)), np.cumsum(units, axis=1)], axis=1)
    levels = {"naive": units, "yearly": _yearly(units), "damped": np.zeros_like(units), "rare": _rare(units, age)}
    levels |= {f"mean{k}": _mean(total, age, k) for k in (4, 8, 13)}
    levels |= {name: smooth(units, age, weight) for name, weight in SMOOTHED.items()}
    levels["shrunk"] = _shrunk(levels["mean13"], age)
    slopes = np.zeros((len(MODELS), *units.shape))
    levels["damped"], slopes[MODELS.index("damped")] = _damped(units, age)
    return np.stack([levels[name] for name in MODELS]), slopes


def _yearly(units: Any) -> Any:
    """The level is what sold 51 weeks before, which is a year before the week that follows."""
    found = np.full(units.shape, np.nan)
    found[:, YEAR - 1 :] = units[:, : max(units.shape[1] - YEAR + 1, 0)]
    return found


def _mean(total: Any, age: Any, weeks: int) -> Any:
    first = np.maximum(np.arange(age.shape[1]) + 1 - weeks, 0)
    return (total[:, 1:] - total[:, first]) / np.clip(age, 1, weeks)


def _weights(age: Any, weight: float) -> Any:
    """Of each week's news: a plain mean at first."""
    return np.where(age > 0, np.maximum(weight, 1 / np.maximum(age, 1)), 0.0)


def smooth(series: Any, age: Any, weight: float) -> Any:
    """Exponential smoothing of (n, week)."""
    found, level, weights = np.zeros(series.shape), np.zeros(series.shape[0]), _weights(age, weight)
    for t in range(series.shape[1]):
        level = level + weights[:, t] * (series[:, t] - level)
        found[:, t] = level
    return found


def _damped(units: Any, age: Any) -> tuple[Any, Any]:
    levels, slopes = np.zeros(units.shape), np.zeros(units.shape)
    level, slope, weights = np.zeros(units.shape[0]), np.zeros(units.shape[0]), _weights(age, 0.2)
    for t in range(units.shape[1]):
        before, expected = level, level + FADING * slope
        level = expected + weights[:, t] * (units[:, t] - expected)
        slope = FADING * slope + np.where(age[:, t] > 2, 0.1, 0.0) * (level - before - FADING * slope)
        levels[:, t], slopes[:, t] = level, slope
    return levels, slopes


def _rare(units: Any, age: Any, often: float = 0.1, much: float = 0.1) -> Any:
    sold = units > 0
    share = smooth(sold.astype(float), age, often)
    found, size, times = np.zeros(units.shape), np.zeros(units.shape[0]), np.cumsum(sold, axis=1)
    for t in range(units.shape[1]):
        news = np.where(sold[:, t], np.maximum(much, 1 / np.maximum(times[:, t], 1)), 0.0)
        size = size + news * (units[:, t] - size)
        found[:, t] = share[:, t] * size
    return found


def _shrunk(mean: Any, age: Any) -> Any:
    known = np.where(age > 3, mean, np.nan)
    none = ~np.isfinite(known).any(axis=0)
    known[:, none] = 0.0
    usual, weeks = np.nanmedian(known, axis=0), np.clip(age, 0, 13)
    return (mean * weeks + usual[None, :]) / (weeks + 1)
