"""The difference in differences on real lines: of what some SKUs sell from a day on only a part comes back any more; is that what is measured?

Three stories. "at random": SKUs with enough returns change something, whoever they are. "after a finding": returns of some SKUs are tripled for
twelve weeks; those that the findings name change something, which helps or does not. What was picked because it was high falls back by itself: the second
tells how often that is taken for an improvement. "nothing found": the same with no effect planted before.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import planted_worlds as worlds
from incubator.feedback import effects, findings
from incubator.feedback.exposure import LEAD

RESTS, BEFORE, AFTER, GAP, TREATED = (1.0, 0.5, 0.25), 8, 8, 1, 12
WORLDS = ("real", "dealt ×5")
shop: Any = None


@dataclass(frozen=True)
class Measured:
    """One action: what part of the returns it truly left, and what was measured; `due` returns were expected after it without an effect."""

    world: str
    story: str
    rest: float
    due: float
    effect: effects.Effect


def one(seed: int) -> list[Measured]:
    rng = np.random.default_rng([seed, 77])
    found: list[Measured] = []
    for world in WORLDS:
        base = shop if world == "real" else worlds.dealt(shop, rng, worlds.STRONGER)
        found += measured(world, "at random", base, _random(base, rng), rng)
        skus = _random(base, rng, 2 * TREATED)
        since = np.full(len(skus), base.orders.shape[1] - AFTER - GAP - 12)
        raised = worlds.plant(base, skus, np.full(len(skus), 3.0), since, rng)
        found += measured(world, "after a finding", raised, _found(raised), rng)
    return found


def _random(base: Any, rng: Any, number: int = TREATED) -> Any:
    """SKUs of which at least two returns are due in the weeks before, at the shop's rate."""
    window = slice(-BEFORE - GAP - AFTER, -AFTER - GAP)
    due = base.orders[:, window].sum(axis=1) * base.returned.sum() / base.orders.sum()
    return rng.choice(np.flatnonzero(due >= 2), number, replace=False)


def _found(base: Any) -> Any:
    """The SKUs that the findings name at the end of the week before the change."""
    end = base.orders.shape[1] - AFTER - GAP
    ground = worlds.ground(worlds.Shop(base.orders[:, :end], base.returned[:, :end]))
    return np.array(sorted({int(ground.sku[f.row]) for f in findings.look(ground).found}), dtype=int)


def measured(world: str, story: str, base: Any, skus: Any, rng: Any) -> list[Measured]:
    """The effect of each SKU's change against comparable SKUs that changed nothing."""
    if not len(skus):
        return []
    last = base.orders.shape[1]
    rest = rng.choice(RESTS, len(skus))
    after = worlds.thin(base, skus, rest, np.full(len(skus), last - AFTER), rng)
    span = BEFORE + GAP + AFTER
    orders, returned = after.orders[:, -span - LEAD :], after.returned[:, -span:]
    parts = effects.halves(orders, returned, worlds.KEEP, BEFORE, BEFORE + GAP)
    noise = findings.expect(worlds.ground(after)).dispersion
    others = [part for n, part in enumerate(parts) if n not in set(skus)]
    told = []
    for sku, part in zip(skus, rest, strict=True):
        own = parts[sku]
        controls = [others[n] for n in effects.comparable(own, others)]
        phi = 1 + float(noise.beyond((own.back_before + own.back_after) / span))
        due = own.back_before / max(own.before, 1e-9) * own.after
        told.append(Measured(world, story, float(part), due, effects.measured(own, controls, phi)))
    return told
