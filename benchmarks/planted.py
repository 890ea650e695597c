"""Proof of the findings on real lines: `python -m benchmarks.planted ARCHIVE --runs 200`, the UK shop's daily files in one zip.

In every run the return rates of 24 SKUs are multiplied from a week on, the others are left alone, and the findings are made as the job makes them.
It prints power by volume and multiplier, the false-discovery rate, and how the estimates stand to the truth; `--write` puts
them with their pictures into docs/findings.md. A run is known by its seed and can be repeated. Nothing is written to a database.
"""

import argparse
import time
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import planted_effects, planted_report
from benchmarks import planted_worlds as worlds
from incubator.feedback import findings, rates
from incubator.feedback.exposure import LEAD

TIMES, PLANTED = (1.5, 2.0, 3.0), 24
CLASSES = ((50, 150), (150, 400), (400, 10_000))
WORLDS = ("real", "shuffled", "dealt", "dealt ×5")
shop: Any = None


@dataclass(frozen=True)
class Plant:
    """One planted SKU and what was found of it; `expected` returns in the window without an effect."""

    world: str
    times: float
    volume: int
    expected: float
    change: bool
    level: bool
    ratio: float | None
    low: float | None
    high: float | None
    weeks_off: int | None


@dataclass(frozen=True)
class Run:
    """What one run of one world found: `false` are findings on SKUs that were left alone."""

    world: str
    tested: int
    found: int
    false: int
    change_found: int
    change_false: int
    old_found: int
    old_false: int
    seconds: float
    plants: list[Plant]


def make(world: str, rng: Any) -> Any:
    if world == "real":
        return shop
    return worlds.shuffled(shop, rng) if world == "shuffled" else worlds.dealt(shop, rng, worlds.STRONGER if "×" in world else 1.0)


def chosen(base: Any, rng: Any) -> tuple[Any, Any, Any]:
    """(SKUs, multipliers, weeks of the window since which), the same number of each volume and multiplier."""
    orders = base.orders[:, -worlds.WEEKS :].sum(axis=1)
    each = PLANTED // len(CLASSES)
    skus = np.concatenate([rng.choice(np.flatnonzero((orders >= low) & (orders < high)), each, replace=False) for low, high in CLASSES])
    return skus, np.tile(TIMES, PLANTED // len(TIMES)), base.orders.shape[1] - rng.integers(6, 15, len(skus))


def one(task: tuple[str, int]) -> Run:
    """A world, its planted effects, and what is found."""
    world, seed = task
    rng = np.random.default_rng([seed, WORLDS.index(world)])
    base = make(world, rng)
    skus, times, since = chosen(base, rng)
    ground = worlds.ground(worlds.plant(base, skus, times, since, rng))
    begun = time.perf_counter()
    result = findings.look(ground)
    taken = time.perf_counter() - begun
    found = {(int(ground.sku[f.row]), f.kind): f for f in result.found}
    false = [key for key in found if key[0] not in set(skus)]
    changes = [key for key in found if key[1] == findings.CHANGE]
    first = base.orders.shape[1] - worlds.WEEKS
    plants = [_plant(world, base, int(s), float(k), int(w) - first, found) for s, k, w in zip(skus, times, since, strict=True)]
    old = old_rule(ground)
    return Run(
        world, result.tested, len(found), len(false), len(changes), len(set(false) & set(changes)), len(old), len(old - set(skus.tolist())), taken, plants
    )  # fmt: skip


def old_rule(ground: findings.Ground) -> set[int]:
    """What was said before there were findings: the Wilson interval of the last eight weeks lies above the SKU's own earlier rate of 100 orders or more."""
    named = set()
    for sku, counts in zip(ground.sku, ground.counts, strict=True):
        orders = ground.orders[sku, LEAD:]
        earlier, now = orders[:-8].sum(), rates.rate(orders[-8:].tolist(), counts[-8:].tolist())
        if now and earlier >= 100 and now.low > counts[:-8].sum() / earlier:
            named.add(int(sku))
    return named


def _plant(world: str, base: Any, sku: int, times: float, since: int, found: Any) -> Plant:
    change = found.get((sku, findings.CHANGE))
    orders = int(base.orders[sku, -worlds.WEEKS :].sum())
    interval = (change.ratio, change.low, change.high) if change else (None, None, None)
    off = change.at - since if change and change.at is not None else None
    return Plant(
        world, times, orders, orders * worlds.own_rate(base, sku), change is not None, (sku, findings.LEVEL) in found, *interval, off
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("archive", type=Path)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", action="store_true", help="rewrite the figures and pictures of docs/findings.md")
    asked = options.parse_args()
    global shop
    shop = worlds.read(asked.archive)
    tasks = [(world, asked.seed * 100_000 + n) for world in WORLDS for n in range(asked.runs)]
    with Pool(2) as pool:
        runs = pool.map(one, tasks, chunksize=10)
        planted_effects.shop = shop
    with Pool(2) as pool:
        effects = pool.map(planted_effects.one, [asked.seed * 100_000 + n for n in range(asked.runs)], chunksize=10)
    planted_report.report(shop, runs, [effect for those in effects for effect in those], asked.write)


if __name__ == "__main__":
    main()
