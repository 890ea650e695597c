"""Hit probabilities: learnt where there is enough to learn from, the written prior where there is not, and a score that is out of sample."""

import numpy as np
import pytest

from incubator.sales import demand, early


def launches(number, seed=5):
    """Launches whose first weeks tell, with noise, what becomes of them."""
    draw = np.random.default_rng(seed)
    pace = draw.lognormal(1.5, 1.0, number)
    units = draw.poisson(pace[:, None] * np.ones(4)).astype(float)
    usual = np.full((number, 4), np.median(pace))
    hits = draw.poisson(pace[:, None] * np.ones(4)).mean(axis=1) >= early.HIT * usual[:, 0]
    return units, np.ceil(units / 2), usual, hits


def test_without_past_launches_the_prior_speaks_and_says_so():
    model = early.learnt(np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 4)), np.zeros(0))
    assert not model.is_own and model.score is None and model.coefficients == pytest.approx(np.tile(early.PRIOR, (4, 1)))
    rows = early.features(np.array([[5.0] * 4, [40.0] * 4, [0.0, 0, 0, 1]]), np.array([[3.0] * 4, [20.0] * 4, [0.0, 0, 0, 1]]), 5.0)
    told = early.probability(rows, model.coefficients[3])
    assert 0.15 < told[0] < 0.4 and told[1] > 0.6 and told[2] < told[0]


def test_a_few_launches_only_shift_the_prior():
    few, many = (early.learnt(*(part[:n] for part in launches(400))) for n in (10, 400))
    off = [np.abs(m.coefficients[3] - early.PRIOR).max() for m in (few, many)]
    assert off[0] < off[1] and not few.is_own and many.is_own and many.launches == 400


def test_the_score_is_out_of_sample_and_tells_chance_from_skill():
    units, orders, usual, hits = launches(400)
    told = early.learnt(units, orders, usual, hits).score
    assert told.skill > 0.3 and told.brier < told.base and sum(n for _, _, n in told.reliability) == 400
    for said, came, number in told.reliability:
        assert abs(said - came) < 0.25 or number < 30
    shuffled = np.random.default_rng(1).permutation(hits)
    assert early.learnt(units, orders, usual, shuffled).score.skill < 0.05, "noise has no skill"


def test_later_launches_do_not_tell_earlier_ones():
    units, orders, usual, hits = launches(200)
    turned = hits.copy()
    turned[160:] = ~turned[160:]
    rows = early.features(units, orders, usual[:, 3])
    assert early._told_before(rows, hits.astype(float))[:160] == pytest.approx(early._told_before(rows, turned.astype(float))[:160])


def test_one_outcome_only_keeps_finite():
    units, orders, usual, _ = launches(30)
    model = early.learnt(units, orders, usual, np.ones(30))
    assert np.isfinite(model.coefficients).all() and model.score.skill == 0.0 and not model.is_own


def test_the_usual_pace_is_the_median_of_the_category_or_of_all():
    units = np.tile(np.array([[1.0], [2], [3], [4], [5], [100], [200]]), (1, 6))
    usual = early.usual_paces(units, demand.ages(units), np.array([0] * 5 + [1] * 2))
    assert usual[0, 2] == 0 and usual[0, -1] == 3 and usual[1, -1] == 4, "a category of two is compared with all"


def test_who_was_there_when_the_feed_began_is_no_launch():
    units = np.zeros((3, 30))
    units[0, 2:], units[1, 9:] = 1, 1
    assert early.is_launch(demand.ages(units)).tolist() == [False, True, False]
