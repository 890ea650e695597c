"""Return rates that are honest for small numbers: by hand, in seeded simulation, and as they reach grades and lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from incubator.sales import shrinkage

BACKENDS = ("sqlite",)


def rates(back, orders, category=None):
    back, orders = np.array(back), np.array(orders)
    return shrinkage.rates(back, orders, np.zeros(len(back), dtype=int) if category is None else np.array(category))


def test_alone_it_is_jeffreys():
    found = rates([3], [40])
    assert found.prior[0].source == "none" and found.mean[0] == pytest.approx(3.5 / 41)
    assert (found.low95[0], found.high95[0]) == pytest.approx(beta.ppf((0.025, 0.975), 3.5, 37.5))
    assert (found.low90[0], found.high90[0]) == pytest.approx(beta.ppf((0.05, 0.95), 3.5, 37.5))


def test_the_posterior_is_the_priors_and_its_own_counts():
    found = rates([8, 3, 12, 1, 6, 9], [100] * 6)
    prior = found.prior[0]
    assert prior.source == "category"
    mean, variance = prior.posterior(np.array([8]), np.array([100]))
    by_hand = sum(c * (m * k + 8) / (k + 100) for c, m, k in zip(prior.chance, prior.middle, prior.size, strict=True))
    assert found.mean[0] == pytest.approx(by_hand) == mean[0]
    whole = mean[0] * (1 - mean[0]) / variance[0] - 1
    assert found.high95[0] == pytest.approx(beta.ppf(0.975, mean[0] * whole, (1 - mean[0]) * whole))


def test_few_orders_are_drawn_to_the_category_and_many_are_not():
    back, orders = [1, 500, *[5] * 20], [4, 2000, *[100] * 20]
    found = rates(back, orders)
    assert found.mean[0] < 0.09 and found.mean[1] > 0.2
    assert found.high95[0] - found.low95[0] > found.high95[1] - found.low95[1]


def test_a_small_category_borrows_from_all():
    found = rates([9, 9, *[2] * 10], [100] * 12, [1, 1, *[0] * 10])
    assert [p.source for p in found.prior[:3]] == ["all", "all", "category"]
    assert rates([1] * 6, [50] * 6, [-1] * 6).prior[0].source == "all"


def test_more_returns_than_orders_count_as_all():
    assert rates([30, *[2] * 6], [10, *[50] * 6]).mean[0] < 1


def test_nothing_returned_is_not_nothing():
    found = rates([0] * 8, [200] * 8)
    assert found.prior[0].source == "none" and found.mean[0] == pytest.approx(0.5 / 201) and found.high95[0] < 0.02


def test_how_far_skus_differ_is_measured():
    rng = np.random.default_rng(41)
    orders = rng.integers(50, 400, 500)
    alike, unlike = (shrinkage.prior_of(rng.binomial(orders, rng.beta(0.06 * m, 0.94 * m, 500)), orders, "all") for m in (3000, 30))
    usual = [float(np.exp((p.chance * np.log(p.size)).sum())) for p in (unlike, alike)]
    assert usual[0] == pytest.approx(30, rel=0.35) and usual[1] > 500
    assert unlike.mean == pytest.approx(0.06, rel=0.15)


def test_intervals_hold_what_they_say():
    """2,000 SKUs of five categories with true rates of their own: nine in ten, and nineteen in twenty, within two in a hundred."""
    rng = np.random.default_rng(1)
    category = rng.integers(0, 5, 2000)
    truth = rng.beta(*np.array([(2, 40), (5, 60), (1, 12), (9, 90), (3, 30)], dtype=float)[category].T)
    orders = rng.geometric(0.02, 2000)
    found = shrinkage.rates(rng.binomial(orders, truth), orders, category)
    assert np.mean((found.low90 <= truth) & (truth <= found.high90)) == pytest.approx(0.90, abs=0.02)
    assert np.mean((found.low95 <= truth) & (truth <= found.high95)) == pytest.approx(0.95, abs=0.02)
    raw = rng.binomial(orders, truth) / orders
    assert np.mean((found.mean - truth) ** 2) < 0.6 * np.mean((raw - truth) ** 2), "and it is nearer than the raw share"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 300)), min_size=6, max_size=12), st.integers(0, 11))
def test_rates_keep_their_order(pairs, which):
    """Of two SKUs with the same orders the one with more returns has the higher rate, and an interval holds its mean."""
    back, orders = (np.array(part) for part in zip(*pairs, pairs[which % len(pairs)], strict=True))
    back = np.minimum(back, orders)
    back[-1] = min(back[-1] + 1, orders[-1])
    found = rates(back, orders)
    assert found.mean[-1] >= found.mean[which % len(pairs)] - 1e-12
    assert (found.low95 <= found.low90).all() and (found.low90 <= found.mean).all()
    assert (found.mean <= found.high90).all() and (found.high90 <= found.high95).all()
