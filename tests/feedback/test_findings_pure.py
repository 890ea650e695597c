"""Levels against comparable SKUs, many questions at once, and a brand's whole week: what is found, and how little of it is false."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from incubator.feedback import findings, levels, multiple
from incubator.feedback.exposure import LEAD
from incubator.feedback.findings import CHANGE, LEVEL, Ground
from incubator.feedback.levels import Rows

BACKENDS = ("sqlite",)


def rows(back, sold=None, group=None, phi=1.0):
    """A row per SKU of one cause."""
    n = len(back)
    sold = np.array(sold if sold is not None else [100.0] * n, dtype=float)
    group = np.array(group if group is not None else [0] * n)
    return Rows(sold, group, np.arange(n), np.zeros(n, dtype=int), np.array(back, dtype=float), np.full(n, phi))


def test_a_level_by_hand():
    """9 of its own among 9 + 30, at 1.25 times the rate of six peers of the same sales: binomial(39, 1.25 / 7.25)."""
    found = levels.against_peers(rows([9, 5, 5, 5, 5, 5, 5]))
    assert found.p[0] == pytest.approx(binom.sf(8, 39, 1.25 / 7.25), rel=1e-9)
    assert found.due[0] == pytest.approx(5.0) and found.of_category[0]


def test_a_quarter_more_is_no_finding_however_certain():
    assert levels.against_peers(rows([1250, *[1000] * 6], [10_000.0] * 7)).p[0] > 0.4
    assert levels.against_peers(rows([1500, *[1000] * 6], [10_000.0] * 7)).p[0] < 1e-3


def test_clumps_widen_what_chance_allows():
    back = [12, *[4] * 8]
    assert levels.against_peers(rows(back, phi=1.0)).p[0] < levels.against_peers(rows(back, phi=2.0)).p[0]


def test_a_small_category_is_compared_with_all():
    found = levels.against_peers(rows([9, *[2] * 12], group=[1, 1, *[0] * 11]))
    assert not found.of_category[0] and found.of_category[5]
    assert found.due[0] == pytest.approx(2.0)


def test_too_few_skus_are_not_asked():
    assert len(levels.against_peers(rows([9, 2, 2, 2])).rows) == 0


def test_who_is_asked_does_not_depend_on_its_own_returns():
    """Otherwise many returns would choose the questions, and the questions the findings."""
    quiet, loud = (levels.against_peers(rows([own, *[3] * 8], [200.0, *[100.0] * 8])) for own in (0, 40))
    assert 0 in quiet.rows and 0 in loud.rows
    assert 0 not in levels.against_peers(rows([40, *[3] * 8], [20.0, *[100.0] * 8])).rows


def test_skus_without_any_return_are_asked_too():
    table = Rows(np.full(9, 100.0), np.zeros(9, dtype=int), np.arange(6), np.zeros(6, dtype=int), np.full(6, 4.0), np.ones(6))
    assert levels.against_peers(table).silent == pytest.approx([24 / 8] * 3)


def test_a_ratio_is_drawn_towards_one_as_far_as_the_others_are_alike():
    alike = levels.against_peers(rows([15, *[5] * 20])).ratio(0)
    unlike = levels.against_peers(rows([15, *[0, 10] * 10])).ratio(0)
    assert 1 < alike[0] < unlike[0] < 3 and alike[1] < alike[0] < alike[2]


def test_q_values_by_hand():
    """Benjamini and Hochberg on four p-values: 4p₁/1, 4p₂/2, …, made to rise."""
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert multiple.adjusted(p, np.ones(4)) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_q_values_follow_their_p_values(values, shuffle):
    p = np.array(values)
    q = multiple.adjusted(p, np.ones(len(p)))
    assert (q >= p - 1e-12).all() and (q <= 1).all() and (np.diff(q[np.argsort(p)]) >= -1e-12).all()
    order = list(range(len(p)))
    shuffle.shuffle(order)
    assert np.allclose(multiple.adjusted(p[order], np.ones(len(p))), q[order])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 500), min_size=2, max_size=40))
def test_weights_are_one_on_average_and_forget_what_can_tell_nothing(information):
    weight = multiple.weights(np.array(information))
    assert weight.mean() == pytest.approx(1.0)
    assert multiple.weights(np.array([0.2, 20.0]))[0] < 0.05
    assert len(multiple.weights(np.zeros(0))) == 0


def a_brand(rng, skus=150, weeks=26, rate=0.08, sold=40):
    """Orders and returns of SKUs that differ in nothing but chance; two categories."""
    orders = rng.poisson(sold * rng.gamma(2, 0.5, (skus, 1)) * np.ones(weeks + LEAD))
    counts = rng.poisson(np.maximum(orders[:, LEAD:], 1e-9) * rate)
    return orders, counts


def ground(orders, counts, cause=None):
    n = len(orders)
    return Ground(orders, np.arange(n) % 2, np.arange(n), np.zeros(n, dtype=int) if cause is None else cause, counts)


def test_nothing_is_found_where_nothing_is():
    """Twenty brands without an effect: at a false-discovery rate of 10% about two of them show anything at all."""
    rng = np.random.default_rng(21)
    shown = [bool(findings.look(ground(*a_brand(rng))).found) for _ in range(20)]
    assert sum(shown) <= 4


def test_what_was_planted_is_found_with_its_week_and_kind():
    rng = np.random.default_rng(22)
    orders, counts = a_brand(rng)
    orders[7], counts[7] = 60, rng.poisson(np.where(np.arange(26) < 16, 5.0, 15.0))
    counts[8] = rng.poisson(orders[8, LEAD:] * 0.08 * 3)
    result = findings.look(ground(orders, counts))
    kinds = {(f.row, f.kind): f for f in result.found}
    rise, high = kinds[7, CHANGE], kinds[8, LEVEL]
    assert abs(rise.at - 16) <= 1 and rise.low < 3.0 < rise.high and rise.q <= multiple.FDR
    assert high.low < 3.0 < high.high and high.at is None
    assert {f.row for f in result.found} <= {7, 8} and result.tested > 250


def test_a_season_that_all_share_is_no_finding():
    rng = np.random.default_rng(23)
    orders, counts = a_brand(rng)
    counts += rng.poisson(np.maximum(orders[:, LEAD:], 1e-9) * 0.08 * (np.arange(26) >= 18))
    assert findings.look(ground(orders, counts)).found == []


def test_sales_that_rise_and_come_back_later_are_no_finding():
    """A promotion: twice the orders from a week on, and their returns a fortnight after."""
    rng = np.random.default_rng(24)
    orders = rng.poisson(40 * np.ones((150, 34)))
    orders[::3, LEAD + 16 :] *= 2
    late = np.concatenate([orders[:, :2], orders[:, :-2]], axis=1)[:, LEAD:]
    result = findings.look(ground(orders, rng.poisson(late * 0.08)))
    assert len(result.found) <= 1 and result.expected.keep >= 0.4


def test_four_returns_are_too_few_to_say_since_when():
    orders, counts = np.full((12, 34), 3), np.zeros((12, 26), dtype=int)
    counts[0, 22:] = 1
    result = findings.look(ground(orders, counts))
    assert result.found == [] and result.too_few == 1


def test_a_brand_without_a_return_is_asked_nothing():
    empty = Ground(
        np.full((3, 34), 9), np.zeros(3, dtype=int), np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros((0, 26), dtype=int)
    )
    assert (findings.look(empty).found, findings.look(empty).tested) == ([], 0)
