"""The worlds in which findings are proved: what is planted is planted, and nothing else changes."""

import numpy as np
import pytest

from benchmarks import planted, planted_effects
from benchmarks import planted_worlds as worlds

BACKENDS = ("sqlite",)


@pytest.fixture
def shop():
    rng = np.random.default_rng(51)
    orders = rng.poisson(rng.uniform(2, 60, (120, 1)) * np.ones(40))
    return worlds.Shop(orders, rng.binomial(orders, 0.06))


def test_planting_adds_returns_of_what_was_sold_since(shop):
    rng = np.random.default_rng(1)
    made = worlds.plant(shop, np.array([3]), np.array([3.0]), np.array([25]), rng)
    more = made.returned - shop.returned
    assert (np.delete(more, 3, axis=0) == 0).all() and (more[3, :25] == 0).all() and more[3].sum() > 0
    assert (made.orders == shop.orders).all()


def test_thinning_leaves_what_was_sold_before(shop):
    rng = np.random.default_rng(2)
    made = worlds.thin(shop, np.array([5, 6]), np.array([0.0, 1.0]), np.array([30, 30]), rng)
    gone = shop.returned - made.returned
    assert (gone >= 0).all() and (gone[5, :30] == 0).all() and gone[6].sum() == 0
    assert made.returned[5, -2:].sum() < shop.returned[5, -2:].sum() or shop.returned[5, -2:].sum() == 0


def test_worlds_without_an_effect_keep_what_they_say(shop):
    rng = np.random.default_rng(3)
    mixed = worlds.shuffled(shop, rng)
    assert (np.sort(mixed.orders) == np.sort(shop.orders)).all() and (mixed.returned.sum(axis=1) == shop.returned.sum(axis=1)).all()
    assert worlds.dealt(shop, rng, 5).returned.sum() == pytest.approx(5 * shop.returned.sum(), rel=0.1)


def test_a_run_is_known_by_its_seed(shop, monkeypatch):
    big = worlds.Shop(np.tile(shop.orders, (3, 1)), np.tile(shop.returned, (3, 1)))
    monkeypatch.setattr(planted, "shop", big)
    monkeypatch.setattr(planted, "CLASSES", ((50, 500), (500, 1000), (1000, 9000)))
    first, again = (planted.one(("dealt ×5", 4)) for _ in range(2))
    assert (first.found, first.tested, first.plants) == (again.found, again.tested, again.plants)
    assert len(first.plants) == planted.PLANTED and first.false <= first.found
    monkeypatch.setattr(planted_effects, "shop", big)
    told = planted_effects.one(4)
    assert {m.story for m in told} >= {"at random"} and all(m.effect.verdict for m in told)
