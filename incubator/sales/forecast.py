"""Weekly units of many SKUs, one to thirteen weeks ahead, with bands of 80% and 95%. Pure: arrays in, arrays out.

1. A week in which the brand sold nothing at all is no observation. A SKU counts from its first sale. With fewer than LEAST_WEEKS weeks, or
   fewer than LEAST_UNITS units, there is no forecast; nor after QUIET weeks without a sale. `why` says so.
2. The models stand in `demand`. Each is scored at up to ORIGINS earlier weeks by its Poisson deviance one to eight weeks ahead, which the
   expected number makes least (T. Gneiting, "Making and evaluating point forecasts", Journal of the American Statistical Association 106
   (2011), 746–762). A SKU's own scores are drawn to those of its volume class by LIKE origins: few weeks choose badly.
3. The forecast is the mean of its BEST best models, because combining beats choosing (J. M. Bates and C. W. J. Granger, "The combination of
   forecasts", Operational Research Quarterly 20 (1969), 451–468). It is the expected number; half of the weeks sell no more than `middle`.
4. Bands and demand over a time of delivery come from `bands`.

Seasons belong to the category (`seasons`): weeks are divided by them before and multiplied after, where they are given.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from incubator.sales import bands, counts, demand
from incubator.sales.bands import Errors

WEEKS, LEAST_WEEKS, LEAST_UNITS, QUIET = 13, 4, 8, 26
ORIGINS, SCORED, LIKE, BEST = 26, 8, 20, 3
LOOKED_AT = (1, 2, 3, 4, 6, 8, 11, 13)  # weeks ahead whose errors tell how wide a band must be
BIG_SCORE = 99.0


@dataclass(frozen=True)
class Tuned:
    """What some two thousand SKUs of the brand taught: the models' scores per class, dispersions per class, and the bounds of bands.

    `scores` (class, model), `dispersion` (class), `bounds` (class, distance, level); `number` of earlier forecasts they rest on.
    """

    scores: Any
    dispersion: Any
    bounds: Any
    number: int


@dataclass(frozen=True)
class Outlook:
    """By SKU (n) and week ahead (n, 13), in units; NaN where `why` ("young", "few", "quiet") is not ""."""

    why: Any
    model: Any
    expected: Any
    middle: Any
    low80: Any
    high80: Any
    low95: Any
    high95: Any
    dispersion: Any
    class_: Any

    def times(self, factor: Any) -> "Outlook":
        """The same with every week multiplied, by the season of its category (n, 13)."""
        whole = {name: np.round(getattr(self, name) * factor) for name in ("middle", "low80", "high80", "low95", "high95")}
        return replace(self, expected=self.expected * factor, **whole)

    def needed(self, weeks: Any, level: Any, learnt: Tuned) -> tuple[Any, Any]:
        """(expected, with the certainty `level` (0 to 1) not exceeded) units of so many weeks (n): parts of one, or beyond thirteen as the last."""
        path = np.concatenate([np.zeros((len(self.expected), 1)), np.cumsum(self.expected, axis=1)], axis=1)
        whole = np.minimum(weeks, WEEKS).astype(int)
        rows = np.arange(len(path))
        expected = path[rows, whole] + (weeks - whole) * self.expected[rows, np.minimum(whole, WEEKS - 1)]
        bounds = learnt.bounds[self.class_, bands.SUMS]
        share = np.array([np.interp(at, bands.SUM_LEVELS, own) for at, own in zip(level, bounds, strict=True)])
        return expected, counts.quantiles(np.nan_to_num(expected), self.dispersion, share)


@dataclass(frozen=True)
class Fitted:
    """All models on a batch: levels and slopes (model, n, week), ages (n, week), their own scores (model, n) over `origins` (n) weeks."""

    units: Any
    level: Any
    slope: Any
    age: Any
    own: Any
    origins: Any
    class_: Any

    def mean(self, chosen: Any, t: int, ahead: int) -> Any:
        """What the chosen models (BEST, n) together expected at week `t` so many weeks ahead."""
        rows, drift = np.arange(self.units.shape[0]), demand.drift(WEEKS)[ahead - 1]
        level = self.level[chosen, rows, t]
        back = t + ahead - demand.YEAR
        if back >= 0 and (chosen == demand.MODELS.index("yearly")).any():
            level = np.where(chosen == demand.MODELS.index("yearly"), self.units[:, back], level)
        return np.maximum(level + self.slope[chosen, rows, t] * drift, 0.0).mean(axis=0)


def tune(units: Any) -> Tuned:
    """Learn from the (n, week) units of a brand, oldest week first."""
    fitted = _fit(units)
    scores = _by_class(fitted)
    errors = bands.thinned(_errors(fitted, _chosen(fitted, scores)))
    usual = bands.by_class(errors)
    return Tuned(scores, usual, bands.bounds(errors, bands.own(errors, usual[fitted.class_])), int(errors.row.size))


def forecast(units: Any, learnt: Tuned) -> Outlook:
    """The outlook after the last of (n, week) units: a batch of the SKUs whose brand `learnt` is of."""
    fitted = _fit(units)
    chosen = _chosen(fitted, learnt.scores)
    expected = np.stack([fitted.mean(chosen, fitted.units.shape[1] - 1, h) for h in range(1, WEEKS + 1)], axis=1)
    spread = bands.own(_errors(fitted, chosen), learnt.dispersion[fitted.class_])
    why = _why(fitted)
    middle, low80, high80, low95, high95 = _around(expected, spread, learnt.bounds[fitted.class_])
    parts = {"expected": expected, "middle": middle, "low80": low80, "high80": high80, "low95": low95, "high95": high95}
    for part in parts.values():
        part[why != ""] = np.nan
    return Outlook(why=why, model=np.array(demand.MODELS)[chosen[0]], dispersion=spread, class_=fitted.class_, **parts)


def _around(expected: Any, spread: Any, bounds: Any) -> list[Any]:
    """Middle, low and high of 80%, low and high of 95%, each (n, 13)."""
    at = bounds[:, [bands.distance(h) for h in range(1, WEEKS + 1)]]
    middle = counts.quantiles(expected, spread[:, None], at[..., 2])
    low, high = counts.bands(expected, spread[:, None], at[..., 1], at[..., 3] - at[..., 1])
    lowest, highest = counts.bands(expected, spread[:, None], at[..., 0], at[..., 4] - at[..., 0])
    return [middle, low, high, np.minimum(low, lowest), np.maximum(high, highest)]


def _why(fitted: Fitted) -> Any:
    quiet = fitted.units[:, -QUIET:].sum(axis=1) == 0
    few = fitted.units.sum(axis=1) < LEAST_UNITS
    young = fitted.age[:, -1] < LEAST_WEEKS
    return np.select([young, quiet, few], ["young", "quiet", "few"], "")


def _fit(units: Any) -> Fitted:
    units = np.asarray(units, dtype=float)
    age = demand.ages(units)
    level, slope = demand.fitted(units, age)
    own, origins = _scores(units, level, slope, age)
    return Fitted(units, np.nan_to_num(level), slope, age, own, origins, bands.class_of(level[demand.MODELS.index("mean13"), :, -1]))


def _scores(units: Any, level: Any, slope: Any, age: Any) -> tuple[Any, Any]:
    """(model, n) deviances against their mean over the models, which are 1 on average; and over how many origins."""
    last, drift = units.shape[1] - 1, demand.drift(SCORED)
    total, number = np.zeros((level.shape[0], units.shape[0])), np.zeros(units.shape[0])
    yearly = demand.MODELS.index("yearly")
    for t in range(max(0, last - ORIGINS), last):
        counted = age[:, t] >= LEAST_WEEKS
        for h in range(1, min(SCORED, last - t) + 1):
            mean = level[:, :, t] + slope[:, :, t] * drift[h - 1]
            mean[yearly] = units[:, t + h - demand.YEAR] if t + h >= demand.YEAR else np.nan
            total += np.where(counted, deviance(units[:, t + h], np.maximum(mean, 0.02)), 0.0)
            number += counted / SCORED
    relative = total / np.maximum(np.nanmean(total, axis=0), 1e-9)
    return np.where(np.isnan(relative), BIG_SCORE, relative), number


def deviance(count: Any, mean: Any) -> Any:
    """Twice the Poisson deviance; 0 where what was expected is what came."""
    return 2 * (np.where(count > 0, count * np.log(np.maximum(count, 1e-9) / mean), 0.0) - (count - mean))


def _by_class(fitted: Fitted) -> Any:
    """The scores of each class, of all classes where one has few forecasts, and the written order where nobody has any."""
    known = fitted.origins > 0
    whole = fitted.own[:, known].mean(axis=1) if known.any() else np.array(demand.PRIOR_SCORES)
    groups = [known & (fitted.class_ == number) for number in range(len(bands.CLASSES) + 1)]
    return np.stack([fitted.own[:, group].mean(axis=1) if group.sum() >= LIKE else whole for group in groups])


def _chosen(fitted: Fitted, scores: Any) -> Any:
    """(BEST, n): the models with the best scores, the best first."""
    weight = fitted.origins / (fitted.origins + LIKE)
    both = weight * fitted.own + (1 - weight) * scores[fitted.class_].T
    return np.argsort(both, axis=0, kind="stable")[:BEST]


def _errors(fitted: Fitted, chosen: Any) -> Errors:
    parts: list[tuple[Any, ...]] = []
    last = fitted.units.shape[1] - 1
    for t in range(max(0, last - ORIGINS), last):
        rows = np.flatnonzero(fitted.age[:, t] >= LEAST_WEEKS)
        class_ = bands.class_of(fitted.level[demand.MODELS.index("mean13"), rows, t])
        means = [fitted.mean(chosen, t, h)[rows] for h in range(1, min(WEEKS, last - t) + 1)]
        for h in [h for h in LOOKED_AT if h <= len(means)]:
            came = fitted.units[rows, t + 1 : t + h + 1]
            parts.append((rows, class_, bands.distance(h), came[:, -1], means[h - 1]))
            if h > 1:
                parts.append((rows, class_, bands.SUMS, came.sum(axis=1), np.sum(means[:h], axis=0)))
    if not parts:
        none = np.zeros(0, dtype=int)
        return Errors(none, none, none, np.zeros(0), np.zeros(0))
    return Errors(*(np.concatenate([np.broadcast_to(part[i], part[0].shape) for part in parts]) for i in range(5)))
