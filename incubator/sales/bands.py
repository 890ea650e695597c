"""How wrong forecasts are: their dispersion, and which shares of the distribution bound a band that holds what it promises. Pure.

Every earlier forecast of the brand is laid beside what came. The dispersion of a SKU is its own squared error beyond chance, drawn to the median
of its volume class. Then it is seen where in its negative binomial each of those weeks fell: were the distribution right, a tenth would fall below
its tenth. Where they fell instead is taken for the bound, per class and distance, as in Y. Romano, E. Patterson and E. Candès, "Conformalized
quantile regression", Advances in Neural Information Processing Systems 32 (2019). Sums of weeks
keep the dispersion of one, because a SKU that is judged wrongly stays so for weeks; they have bounds of their own, for stock.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from incubator.sales import counts

CLASSES = (0.5, 2.0, 8.0, 32.0)  # units a week: the edges of the volume classes
NEAR = (1, 4, 8)  # weeks ahead: the last of each distance but the farthest
SUMS = len(NEAR) + 1
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
SUM_LEVELS = (0.5, 0.75, 0.9, 0.95, 0.99)  # for stock
FEW, LIKE, DRAWN, PRIOR = 150, 20, 8, 0.6
MOST_ERRORS, SEED = 40_000, 20_261_122


@dataclass(frozen=True)
class Errors:
    """Earlier forecasts as flat arrays: SKU (row), its class, distance (group of weeks ahead, or SUMS), what came, what was expected."""

    row: Any
    class_: Any
    distance: Any
    came: Any
    mean: Any


def class_of(pace: Any) -> Any:
    """The volume class of so many units a week."""
    return np.searchsorted(CLASSES, pace, side="right")


def distance(ahead: int) -> int:
    """The group of so many weeks ahead."""
    return sum(ahead > last for last in NEAR)


def by_class(errors: Errors) -> Any:
    """The dispersion of each class, all its errors together; PRIOR where there are fewer than LIKE."""
    near = _near(errors)
    classes = errors.class_[near]
    top, bottom = (np.bincount(classes, part, len(CLASSES) + 1) for part in _parts(errors, near))
    enough = np.bincount(classes, minlength=len(CLASSES) + 1) >= LIKE
    return np.clip(np.where(enough, top / np.maximum(bottom, 1e-9), PRIOR), counts.LEAST, counts.MOST)


def own(errors: Errors, usual: Any) -> Any:
    """The dispersion of each SKU, drawn to `usual` (n) as if that were DRAWN errors of its own."""
    near = _near(errors)
    top, bottom = (np.bincount(errors.row[near], part, usual.size) for part in _parts(errors, near))
    number = np.bincount(errors.row[near], minlength=usual.size)
    mean = np.where(number > 0, bottom / np.maximum(number, 1), 1.0)
    return np.clip((top + DRAWN * usual * mean) / (bottom + DRAWN * mean), counts.LEAST, counts.MOST)


def _near(errors: Errors) -> Any:
    return (errors.distance <= 1) & (errors.mean > 0)


def _parts(errors: Errors, near: Any) -> tuple[Any, Any]:
    """(squared error beyond chance, squared mean) of single weeks up to four ahead; one huge order counts as ten times its mean."""
    mean = errors.mean[near]
    off = np.minimum(np.abs(errors.came[near] - mean), 10 * mean + 3)
    return off**2 - mean, mean**2


def bounds(errors: Errors, dispersion: Any) -> Any:
    """(class, distance, level): the shares at which what came lay, for LEVELS, and for SUM_LEVELS of sums.

    Fewer than FEW of a class: all classes together; fewer than that in all: the levels themselves, widened by half.
    """
    shares = _shares(errors, dispersion)
    found = np.zeros((len(CLASSES) + 1, SUMS + 1, len(LEVELS)))
    for group in range(SUMS + 1):
        levels, whole = SUM_LEVELS if group == SUMS else LEVELS, errors.distance == group
        for number in range(len(CLASSES) + 1):
            chosen = whole & (errors.class_ == number)
            chosen = chosen if chosen.sum() >= FEW else whole
            found[number, group] = np.quantile(shares[chosen], levels) if chosen.sum() >= FEW else _wide(levels)
    return np.clip(found, 0.0005, counts.HIGHEST)


def _wide(levels: Any) -> Any:
    """Levels for who knows no errors yet: what lies outside a band is halved."""
    level = np.asarray(levels)
    return np.where(level < 0.5, level / 2, np.where(level > 0.5, 1 - (1 - level) / 2, level))


def _shares(errors: Errors, dispersion: Any) -> Any:
    draw = np.random.default_rng(SEED).random(errors.row.size)
    return counts.shares(errors.came, errors.mean, dispersion[errors.row], draw)


def thinned(errors: Errors) -> Errors:
    """At most MOST_ERRORS of them, evenly taken."""
    step = -(-errors.row.size // MOST_ERRORS)
    return errors if step <= 1 else Errors(*(getattr(errors, name)[::step] for name in errors.__dataclass_fields__))
