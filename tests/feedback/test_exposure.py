"""What is expected of a week: the lag, the season of the others, and how far chance goes."""

import numpy as np
import pytest

from incubator.feedback import exposure
from incubator.feedback.exposure import LEAD, Dispersion

BACKENDS = ("sqlite",)


def test_one_week_of_orders_comes_back_in_it_and_the_eight_after():
    orders = np.zeros((1, LEAD + 10))
    orders[0, LEAD] = 100
    found = exposure.lagged(orders, 0.5)[0]
    shares = 0.5 ** np.arange(9)
    floor = exposure.FLOOR * (100 / 10)
    assert found[:9] == pytest.approx(100 * shares / shares.sum() + floor) and found[9] == pytest.approx(floor)


def test_what_was_sold_before_the_weeks_still_comes_back():
    orders = np.zeros((1, LEAD + 4))
    orders[0, LEAD - 1] = 10
    assert exposure.lagged(orders, 0.5)[0, 0] > 2
    assert exposure.lagged(orders, 0.0)[0, 0] == 0


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.8])
def test_the_lag_is_read_off_the_returns(keep):
    rng = np.random.default_rng(4)
    orders = rng.poisson(rng.gamma(0.5, 80, (300, LEAD + 26)))
    returned = rng.poisson(0.08 * (exposure.lagged(orders, keep)))
    assert abs(exposure.keep_of(orders, returned) - keep) <= 0.1


def test_where_sales_never_move_the_lag_is_the_usual_one():
    rng = np.random.default_rng(12)
    assert abs(exposure.keep_of(np.full((8, LEAD + 26), 20), rng.poisson(1.0, (8, 26))) - 0.5) <= 0.1


def test_without_a_return_the_lag_is_the_usual_one():
    assert exposure.keep_of(np.ones((3, LEAD + 5)), np.zeros((3, 5))) == 0.5


def test_the_season_of_a_row_is_that_of_the_others():
    expected = np.full((40, 6), 2.0)
    counts = expected.copy()
    counts[:, 3] *= 2
    counts[0] = [2, 2, 2, 2, 2, 90]
    found = exposure.season(expected, counts)
    assert found[0, 3] > 1.5 and found[0, 5] == pytest.approx(1.0), "its own week does not count"
    assert found[1, 5] > 1, "for the others it does, a little"


def test_no_single_sku_is_the_season():
    expected = np.full((40, 6), 0.5)
    expected[0] = 200.0
    counts = expected.copy()
    counts[0, 5] = 600.0
    assert exposure.season(expected, counts)[1, 5] < 1.2


def test_a_handful_of_skus_has_no_season():
    assert (exposure.season(np.ones((5, 4)), np.arange(20.0).reshape(5, 4)) == 1).all()


def test_a_cause_has_its_own_season():
    expected, counts = np.full((60, 6), 2.0), np.full((60, 6), 2.0)
    cause = np.repeat([1, 2], 30)
    counts[30:, 2] = 6
    found = exposure.season_by(cause, expected, counts, np.ones((60, 6)))
    assert found[0, 2] == pytest.approx(1.0) and found[59, 2] > 1.8


@pytest.mark.parametrize("phi", [1.0, 1.6, 3.0])
def test_clumps_are_measured(phi):
    rng = np.random.default_rng(8)
    mean = rng.uniform(0.5, 6, (800, 1)) * rng.uniform(0.5, 1.5, (800, 25))
    counts = rng.poisson(mean) if phi == 1 else rng.poisson(rng.gamma(mean / (phi - 1), phi - 1))
    noise = exposure.dispersion(exposure.fitted(mean, counts), counts)
    assert 1 + float(noise.beyond(3.0)) == pytest.approx(phi, rel=0.12)


def test_weeks_that_swing_make_large_skus_noisier():
    rng = np.random.default_rng(9)
    mean = np.where(np.arange(400)[:, None] < 200, 1.0, 40.0) * np.ones(25)
    counts = rng.poisson(mean * rng.gamma(20, 1 / 20, mean.shape))
    noise = exposure.dispersion(exposure.fitted(mean, counts), counts)
    assert float(noise.beyond(40.0)) == pytest.approx(2.0, rel=0.3) and float(noise.beyond(1.0)) < 0.5


def test_a_level_that_changes_once_is_no_noise():
    rng = np.random.default_rng(10)
    mean = np.where(np.arange(25) < 15, 2.0, 6.0) * np.ones((300, 1))
    noise = exposure.dispersion(exposure.fitted(np.ones_like(mean), rng.poisson(mean)), rng.poisson(mean))
    assert float(noise.beyond(3.0)) < 0.35


def test_few_returns_leave_the_prior():
    counts = np.zeros((2, 26))
    counts[:, 3] = 1
    noise = exposure.dispersion(np.full((2, 26), 0.1), counts)
    assert noise.delta == pytest.approx(exposure.PRIOR_DELTA, abs=0.02) and noise.kappa == 0
    assert float(Dispersion(0.0, 0.0).beyond(5.0)) == exposure.LEAST_DELTA
