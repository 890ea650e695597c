"""The difference in differences: by hand, in seeded simulation, and when too little is known. And how a finding stands afterwards."""

from datetime import date, timedelta
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.feedback import effects, standing
from incubator.feedback.effects import Halves, measured
from incubator.feedback.exposure import LEAD

BACKENDS = ("sqlite",)
PEERS = [Halves(1000, 50, 1000, 50)] * 8


def test_the_ratio_and_its_interval_by_hand():
    found = measured(Halves(1000, 80, 1000, 40), PEERS, 1.0)
    assert found.ratio == pytest.approx(40.5 / 80.5)
    half = 1.959964 * sqrt(1 / 80.5 + 1 / 40.5 + 2 / 400.5)
    assert (found.low, found.high) == pytest.approx((40.5 / 80.5 * exp(-half), 40.5 / 80.5 * exp(half)))
    assert (found.verdict, found.controls, found.trend) == ("improved", 8, pytest.approx(1.0))


def test_what_all_did_is_taken_out():
    halved = [Halves(1000, 50, 1000, 25)] * 8
    assert measured(Halves(1000, 80, 1000, 40), halved, 1.0).ratio == pytest.approx((40.5 / 80.5) / (200.5 / 400.5))
    assert measured(Halves(1000, 80, 1000, 40), halved, 1.0).verdict == "same"
    assert measured(Halves(1000, 80, 1000, 80), halved, 1.0).verdict == "worse"


def test_what_was_sold_before_the_change_is_reckoned_out():
    """Half of what comes back after was sold before: a fall to three quarters is one to a half of what was sold since."""
    whole = measured(Halves(1000, 400, 1000, 300), [], 1.0)
    half = measured(Halves(1000, 400, 1000, 300, new=0.5), [], 1.0)
    assert half.ratio == pytest.approx(1 + (whole.ratio - 1) / 0.5) and half.high == pytest.approx(1 + (whole.high - 1) / 0.5)
    assert measured(Halves(1000, 400, 1000, 300, new=0.3), [], 1.0).verdict == "too_few"


def test_controls_that_differ_widen_the_interval():
    steady = measured(Halves(1000, 80, 1000, 40), PEERS, 1.0)
    unsteady = measured(Halves(1000, 80, 1000, 40), [Halves(1000, 20, 1000, 80), Halves(1000, 80, 1000, 20)] * 4, 1.0)
    assert unsteady.low < steady.low and unsteady.high > 1 > steady.high
    assert unsteady.verdict == "same"


@pytest.mark.parametrize("controls", [PEERS[:4], [Halves(1000, 0, 1000, 1)] * 9])
def test_too_few_controls_leave_before_and_after_alone(controls):
    found = measured(Halves(1000, 80, 1000, 40), controls, 1.0)
    half = 1.959964 * sqrt(1 / 80.5 + 1 / 40.5 + effects.ALONE**2)
    assert (found.controls, found.trend) == (0, None)
    assert found.high == pytest.approx(exp(log(40.5 / 80.5) + half))


@pytest.mark.parametrize(
    ("own", "verdict"),
    [
        (Halves(100, 2, 100, 1), "too_few"),
        (Halves(100, 8, 100, 6), "same"),
        (Halves(0, 0, 100, 6), "too_few"),
        (Halves(100, 1, 100, 30), "worse"),
        (Halves(1000, 60, 1000, 0), "improved"),
    ],
)
def test_nothing_is_said_of_too_little(own, verdict):
    assert measured(own, PEERS, 1.2).verdict == verdict


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.floats(1.0, 4.0))
def test_fewer_returns_after_never_look_worse_and_clumps_never_look_surer(before, after, phi):
    less, more = (measured(Halves(2000, before, 2000, back), PEERS, phi) for back in (after, after + 1))
    assert less.ratio < more.ratio and less.low < more.low
    calm = measured(Halves(2000, before, 2000, after), PEERS, 1.0)
    assert less.low <= calm.low + 1e-9 and less.high >= calm.high - 1e-9


@pytest.mark.parametrize("truth", [1.0, 0.5])
def test_the_interval_holds_what_it_says(truth):
    """600 seeded shops with SKUs that change by 20% of themselves for no reason: the truth lies in the 95% interval at least 93 times in a hundred."""
    rng = np.random.default_rng(31)
    inside = []
    for _ in range(600):
        swing = np.exp(rng.normal(0, 0.2, 31))
        rate = rng.uniform(20, 60, 31)
        before, after = rng.poisson(rate), rng.poisson(rate * 1.3 * swing * np.where(np.arange(31) == 0, truth, 1))
        parts = [Halves(500, float(b), 500, float(a)) for b, a in zip(before, after, strict=True)]
        found = measured(parts[0], parts[1:], 1.0)
        inside.append(found.low <= truth <= found.high)
    assert np.mean(inside) >= 0.93


def test_comparable_are_those_that_sold_about_as_much():
    own = Halves(100, 5, 100, 5)
    others = [Halves(25, 1, 30, 1), Halves(24, 1, 30, 1), Halves(400, 9, 1, 0), Halves(401, 9, 9, 9), Halves(90, 0, 0, 0)]
    assert effects.comparable(own, others) == [0, 2]


def test_halves_know_what_was_sold_since():
    orders, returned = np.full((1, LEAD + 17), 10), np.ones((1, 17), dtype=int)
    (found,) = effects.halves(orders, returned, 0.0, 8, 9)
    assert (found.back_before, found.back_after, found.new) == (8, 8, pytest.approx(1.0, abs=0.02))
    assert found.before == pytest.approx(80 + 8 * 0.02 * 10)
    (late,) = effects.halves(orders, returned, 0.7, 8, 9)
    assert 0.6 < late.new < 0.9


@pytest.mark.parametrize(
    ("due", "came", "found", "weeks", "gone"),
    [
        (30, 31, 3.0, 4, True),
        (30, 45, 3.0, 4, False),
        (30, 36, 1.3, 4, False),
        (2, 0, 3.0, 4, False),
        (2, 2, 3.0, 26, True),
        (0, 0, 3.0, 4, False),
    ],
)
def test_gone_needs_enough_that_is_no_more_than_usual(due, came, found, weeks, gone):
    assert standing.is_gone(standing.standing(due, came, 1.0), found, weeks) is gone


def test_the_upper_end_is_byars():
    """11 observed: 95% upper limit 19.68 in exact tables (E. S. Pearson and H. O. Hartley); Byar's is 19.68."""
    assert standing.standing(1.0, 11, 1.0).high == pytest.approx(19.68, abs=0.03)


LIKELY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("lots", "code"),
    [
        ([], ""),
        ([("L16", LIKELY - timedelta(weeks=9)), ("L17", LIKELY - timedelta(weeks=1)), ("L18", LIKELY + timedelta(weeks=6))], "L17"),
        ([("L16", LIKELY - timedelta(weeks=2)), ("L17", LIKELY + timedelta(days=3))], "L17"),
        ([("L16", LIKELY - timedelta(weeks=4))], ""),
    ],
)
def test_the_lot_is_the_one_first_sold_when_it_began(lots, code):
    assert standing.lot_of(lots, LIKELY, LIKELY - timedelta(weeks=2), LIKELY + timedelta(weeks=2)) == code


@pytest.mark.parametrize(
    ("reason", "step"), [("smell", "fix"), ("", "inspect"), ("late", "delivery"), ("price", "listing"), ("malfunction", "fix")]
)
def test_what_is_suggested_follows_from_the_reason(reason, step):
    assert standing.step_for(reason) == step
