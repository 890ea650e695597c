"""What of a brand's returns is more than chance: every SKU and cause tested at once, and how many of the found ones may be false. Pure.

Two questions for every row (a SKU's returned orders for one cause, by week):

    change    with at least LEAST_RETURNED of them: did its own rate rise?  (`changes`: exact, over all weeks in which it may have begun)
    level     is its rate of the last weeks above that of the comparable SKUs by more than a margin?  (`levels`: exact for rare events)

Which rows are asked the first is decided by their total alone, which that test is conditional on, and the second by their sales. All p-values
of a week together are held to a false-discovery rate (`multiple`). Of what is found only what matters is told: a ratio of at least MARGIN whose
interval lies above 1. Rises only: what got better is told by `effects`.
"""

from dataclasses import dataclass
from typing import Any

from incubator.feedback import changes, exposure, levels, multiple
from incubator.feedback.exposure import Array, Dispersion
from incubator.feedback.levels import MARGIN
from incubator.feedback.multiple import FDR

LEAST_RETURNED, ALL, DECISIVE = 5, 0, 8.0
# What a return can tell of a doubled rate: of a rise at most a quarter (half before, half since); of a level (log(2/MARGIN) / log 2)², because of its margin.
OF_A_RISE, OF_A_LEVEL = 0.25, 0.46
CHANGE, LEVEL = "change", "level"


@dataclass(frozen=True)
class Ground:
    """S SKUs, K rows, T weeks, oldest first. `orders` [S, LEAD + T] were sold, `group` [S] numbers the category of a SKU, `sku` [K] is the
    SKU of a row, `cause` [K] its cause (ALL: whatever the reason; every SKU with returns has that row), `counts` [K, T] its returned orders."""

    orders: Array
    group: Array
    sku: Array
    cause: Array
    counts: Array


@dataclass(frozen=True)
class Expected:
    """What `Ground` leads to expect: lagged sales [S, T], the same by season per row [K, T], φ − 1 per row, and how it was estimated."""

    lagged: Array
    seasonal: Array
    beyond: Array
    keep: float
    dispersion: Dispersion


@dataclass(frozen=True)
class Found:
    """One row beyond chance. `ratio` with its 95% interval is against its own earlier rate (change) or its peers' (level); `q` the smallest false
    discovery rate at which it is found. Of a change `at` is the first week (index) of the higher rate,
    likely between `earliest` and `latest`. `of_category`: the peers are of the same category, not all SKUs."""

    row: int
    kind: str
    p: float
    q: float
    ratio: float
    low: float
    high: float
    at: int | None = None
    earliest: int | None = None
    latest: int | None = None
    of_category: bool = True


@dataclass(frozen=True)
class Result:
    """What a week's look at a brand found among `tested` questions; `too_few` rows had returns, and too few to ask since when."""

    found: list[Found]
    tested: int
    too_few: int
    expected: Expected


def look(ground: Ground) -> Result:
    """Everything that is beyond chance, the surest first."""
    import numpy as np  # noqa: PLC0415 - heavy

    expected = expect(ground)
    rows = np.flatnonzero((ground.counts.sum(axis=1) >= LEAST_RETURNED) & (expected.seasonal.sum(axis=1) > 0))
    rows = rows[changes.splits(expected.seasonal[rows]).any(axis=1)]
    scan = changes.scan(ground.counts[rows], expected.seasonal[rows], expected.beyond[rows])
    against = levels.against_peers(_pools(ground, expected))
    p = np.concatenate([scan.p, against.p, np.ones(len(against.silent))])
    known = [
        ground.counts[rows].sum(axis=1) * OF_A_RISE / (1 + expected.beyond[rows]),
        OF_A_LEVEL * against.due / against.phi,
        OF_A_LEVEL * against.silent,
    ]
    q = multiple.adjusted(p, multiple.weights(np.concatenate(known)))
    found = [_change(ground, expected, int(row), float(a), float(b)) for row, a, b in _hits(rows, scan.p, q[: len(rows)])]
    rest = q[len(rows) : len(rows) + len(against.p)]
    found += [_level(against, int(n), float(a), float(b)) for n, a, b in _hits(range(len(rest)), against.p, rest)]
    told = sorted((f for f in found if f.ratio >= MARGIN and f.low > 1), key=lambda f: (f.p, f.row, f.kind))
    return Result(told, len(p), int((ground.counts.sum(axis=1) > 0).sum()) - len(rows), expected)


def expect(ground: Ground) -> Expected:
    """Lag, season and dispersion, estimated from all returns of the brand together."""
    import numpy as np  # noqa: PLC0415 - heavy

    whole = np.zeros((len(ground.orders), ground.counts.shape[1]))
    every = ground.cause == ALL
    whole[ground.sku[every]] = ground.counts[every]
    keep = exposure.keep_of(ground.orders, whole)
    lagged = exposure.lagged(ground.orders, keep)
    season = exposure.season(exposure.fitted(lagged, whole), whole)
    dispersion = _dispersion(exposure.fitted(lagged * season, whole), whole)
    mean = exposure.fitted(lagged[ground.sku], ground.counts)
    factor = exposure.season_by(ground.cause, mean, ground.counts, season[ground.sku])
    return Expected(lagged, lagged[ground.sku] * factor, dispersion.beyond(mean.mean(axis=1)), keep, dispersion)


def _dispersion(expected: Array, counts: Array) -> Dispersion:
    """φ twice: a rise that φ alone cannot explain (Λ above DECISIVE·φ) is no noise, and is taken out of the expected weeks before the second time."""
    import numpy as np  # noqa: PLC0415 - heavy

    first = exposure.dispersion(expected, counts)
    values = changes.likelihoods(counts, expected)
    rows = np.flatnonzero(values.max(axis=1, initial=0.0) > DECISIVE * (1 + first.beyond(expected.mean(axis=1))))
    if not len(rows):
        return first
    levelled, at = expected.copy(), values[rows].argmax(axis=1)
    for row, week in zip(rows, at, strict=True):
        parts = [(counts[row, part].sum() + 0.5) / max(expected[row, part].sum(), 1e-9) for part in (slice(0, week), slice(week, None))]
        levelled[row, week:] *= parts[1] / parts[0]
    return exposure.dispersion(exposure.fitted(levelled, counts), counts)


def _hits(places: Array, p: Array, q: Array) -> Any:
    return ((place, a, b) for place, a, b in zip(places, p, q, strict=True) if b <= FDR)


def _change(ground: Ground, expected: Expected, row: int, p: float, q: float) -> Found:
    rise = changes.rise(ground.counts[row], expected.seasonal[row], 1 + float(expected.beyond[row]))
    return Found(row, CHANGE, p, q, rise.ratio, rise.low, rise.high, rise.at, rise.earliest, rise.latest)


def _level(against: levels.Against, place: int, p: float, q: float) -> Found:
    return Found(int(against.rows[place]), LEVEL, p, q, *against.ratio(place), of_category=bool(against.of_category[place]))


def _pools(ground: Ground, expected: Expected) -> levels.Rows:
    weeks = slice(-levels.WEEKS, None)
    sold, back = expected.lagged[:, weeks].sum(axis=1), ground.counts[:, weeks].sum(axis=1).astype(float)
    return levels.Rows(sold, ground.group, ground.sku, ground.cause, back, 1 + expected.beyond)
