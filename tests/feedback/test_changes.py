"""The exact test of since when more comes back: against counting out every outcome, by hand, and in seeded simulation."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from incubator.feedback import changes

BACKENDS = ("sqlite",)
NEARLY_POISSON = 1e-4


def scan(counts, exposure=None, beyond=0.2):
    counts = np.atleast_2d(np.array(counts))
    exposure = np.ones(counts.shape) if exposure is None else np.atleast_2d(np.array(exposure, dtype=float))
    return changes.scan(counts, exposure, np.full(len(counts), float(beyond)))


def counted_out(counts, exposure, beyond):
    """The p-value by going through every way to deal the returns over the weeks, with its Dirichlet-multinomial weight."""
    total, shapes = sum(counts), np.array(exposure) / sum(exposure) * sum(counts) / beyond
    ways = np.array([way for way in product(range(total + 1), repeat=len(counts)) if sum(way) == total])
    weight = np.exp((gammaln(shapes + ways) - gammaln(shapes) - gammaln(ways + 1.0)).sum(axis=1))
    worth = changes.likelihoods(ways, np.tile(exposure, (len(ways), 1))).max(axis=1)
    return weight[worth >= changes.likelihoods(np.array([counts]), np.array([exposure])).max() - 1e-9].sum() / weight.sum()


@pytest.mark.parametrize("beyond", [0.05, 0.4, 2.0])
@pytest.mark.parametrize(
    ("counts", "exposure"),
    [
        ([0, 1, 0, 0, 1, 2, 1], [1, 1, 1, 1, 1, 1, 1]),
        ([1, 0, 0, 0, 0, 2, 1], [3, 2, 1, 1, 2, 2, 1]),
        ([0, 0, 0, 0, 0, 1, 3], [1, 1, 2, 2, 1, 1, 4]),
    ],
)
def test_the_p_value_is_that_of_counting_out_every_outcome(counts, exposure, beyond):
    assert scan(counts, exposure, beyond).p[0] == pytest.approx(counted_out(counts, exposure, beyond), rel=1e-9)


def test_one_admissible_week_by_hand():
    """Six weeks leave one split, after the fourth. Five returns, all in the last two of six equal weeks: (1/3)⁵."""
    found = scan([0, 0, 0, 0, 2, 3], beyond=NEARLY_POISSON)
    assert found.p[0] == pytest.approx((1 / 3) ** 5, rel=2e-3)
    assert found.at[0] == 4


def test_four_of_five_by_hand():
    """At least four of five in the last third: 5·(1/3)⁴·(2/3) + (1/3)⁵."""
    assert scan([1, 0, 0, 0, 2, 2], beyond=NEARLY_POISSON).p[0] == pytest.approx(
        comb(5, 4) * (1 / 3) ** 4 * (2 / 3) + (1 / 3) ** 5, rel=2e-3
    )


def test_where_the_rate_never_rose_there_is_nothing():
    found = scan([[3, 2, 2, 1, 1, 0, 0, 0], [0] * 8])
    assert list(found.p) == [1.0, 1.0] and list(found.at) == [-1, -1]


def test_what_had_sold_for_three_weeks_before_is_not_asked():
    young = [[0.0] * 5 + [1.0] * 5, [0.0] * 4 + [1.0] * 6]
    allowed = changes.splits(np.array(young))
    assert (allowed[0].sum(), np.flatnonzero(allowed[1]).tolist()) == (0, [8])
    assert scan([0] * 8 + [4, 4], young[0]).p[0] == 1.0


def test_clumps_make_the_same_counts_less_sure():
    same = [0, 1, 0, 1, 0, 0, 1, 0, 3, 2, 4, 3]
    assert scan(same, beyond=0.05).p[0] < scan(same, beyond=0.5).p[0] < scan(same, beyond=2).p[0]


WEEKS = st.lists(st.integers(0, 4), min_size=8, max_size=14)


@settings(max_examples=40, deadline=None)
@given(WEEKS, st.integers(0, 13), st.integers(0, 13))
def test_a_return_that_comes_later_never_makes_it_less_sure(counts, one, other):
    """Moved from an earlier to a later week, it takes from before of every split or leaves it."""
    early, late = sorted((one % len(counts), other % len(counts)))
    moved = [n - (k == early) + (k == late) for k, n in enumerate(counts)]
    if counts[early] and sum(counts) >= 2:
        assert scan(moved).p[0] <= scan(counts).p[0] + 1e-9


@settings(max_examples=25, deadline=None)
@given(WEEKS, st.floats(0.01, 1000))
def test_the_unit_of_exposure_does_not_matter(counts, factor):
    exposure = np.linspace(1, 2, len(counts))
    a, b = scan(counts, exposure), scan(counts, exposure * factor)
    assert (a.p[0], a.at[0]) == (pytest.approx(b.p[0], rel=1e-6), b.at[0])


def test_rows_do_not_know_of_each_other(monkeypatch):
    rng = np.random.default_rng(5)
    counts, exposure = rng.poisson(rng.uniform(0.2, 9, (60, 1)) * np.ones(20)), rng.uniform(0.5, 2, (60, 20))
    whole = scan(counts, exposure)
    monkeypatch.setattr(changes, "CELLS", 500)
    order = rng.permutation(60)
    assert np.allclose(scan(counts[order], exposure[order]).p, whole.p[order], rtol=1e-9)


def test_the_added_chances_are_never_smaller_than_the_exact_one():
    rng = np.random.default_rng(6)
    counts, exposure = rng.poisson(3, (40, 16)), rng.uniform(0.5, 2, (40, 16))
    most, beyond = changes.likelihoods(counts, exposure).max(axis=1), np.full(40, 0.3)
    rows = most > 0
    parts = (counts.sum(axis=1)[rows], exposure[rows], beyond[rows], most[rows])
    assert (changes._added(*parts) >= changes._exact(*parts) - 1e-12).all()


def test_hundreds_of_returns_are_reckoned_with_as_well():
    rng = np.random.default_rng(7)
    counts = np.stack([rng.poisson([30.0] * 13 + [30.0] * 13), rng.poisson([30.0] * 13 + [60.0] * 13)])
    assert counts.sum(axis=1).min() > changes.EXACT_UP_TO
    found = scan(counts)
    assert found.p[0] > 0.01 and found.p[1] < 1e-12 and abs(found.at[1] - 13) <= 1


@pytest.mark.parametrize("phi", [1.1, 1.8])
def test_by_chance_alone_it_is_found_as_often_as_it_says(phi):
    """Counts of the assumed law around one rate: p ≤ α in at most α of 4,000 rows, within three standard errors."""
    rng = np.random.default_rng(11)
    exposure = rng.uniform(0.3, 3, (4000, 26))
    mean = exposure * rng.uniform(0.2, 1.5, (4000, 1))
    counts = rng.poisson(rng.gamma(mean / (phi - 1), phi - 1))
    rows = counts.sum(axis=1) >= 5
    p = scan(counts[rows], exposure[rows], phi - 1).p
    for level in (0.05, 0.01):
        assert (p <= level).mean() <= level + 3 * np.sqrt(level / rows.sum())
    assert (p <= 0.05).mean() > 0.02, "and it is not blind"


def test_a_rise_is_told_with_its_size_and_its_week():
    rng = np.random.default_rng(3)
    told = []
    for _ in range(200):
        exposure = rng.uniform(0.7, 1.3, 26)
        counts = rng.poisson(exposure * np.where(np.arange(26) < 15, 1.5, 3.0))
        told.append(changes.rise(counts, exposure, 1.0))
    inside = np.mean([t.low <= 2.0 <= t.high for t in told])
    assert inside >= 0.93
    assert np.exp(np.mean(np.log([t.ratio for t in told]))) == pytest.approx(2.0, rel=0.15)
    assert abs(np.median([t.at for t in told]) - 15) <= 1
    assert np.mean([t.earliest <= 15 <= t.latest for t in told]) >= 0.7


def test_few_returns_are_drawn_towards_no_change():
    few, many = (changes.rise(np.array([1] * 8 + [4] * 4) * n, np.ones(12), 1.0) for n in (1, 10))
    assert 1 < few.ratio < many.ratio < 4 and few.high - few.low > many.high - many.low
