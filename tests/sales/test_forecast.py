"""The arithmetic of forecasts: distributions by hand, models at their edges, bands that hold what they promise, and nothing from too little."""

import os
from math import exp, lgamma, log
from pathlib import Path

import numpy as np
import pytest

from benchmarks import backtest
from incubator.config import ROOT
from incubator.sales import bands, counts, demand, forecast, seasons

REAL = Path(os.environ.get("REALDATA", ROOT.parent / "shared" / "realdata")) / "uk_online_retail" / "by-day.zip"


def share_up_to(k, mean, dispersion):
    """The negative binomial by its formula."""
    shape = 1 / dispersion
    terms = (
        lgamma(n + shape)
        - lgamma(n + 1)
        - lgamma(shape)
        + n * log(dispersion * mean / (1 + dispersion * mean))
        - shape * log(1 + dispersion * mean)
        for n in range(k + 1)
    )
    return sum(exp(term) for term in terms)


@pytest.mark.parametrize(
    ("mean", "dispersion", "level"), [(0.3, 0.5, 0.9), (5, 1.0, 0.5), (40, 0.2, 0.025), (149, 2.0, 0.975), (12, 8.0, 0.9)]
)
def test_a_quantile_is_the_first_count_that_reaches_its_share(mean, dispersion, level):
    (found,) = counts.quantiles(np.array([mean]), dispersion, level)
    assert share_up_to(int(found), mean, dispersion) >= level - 1e-9
    assert found == 0 or share_up_to(int(found) - 1, mean, dispersion) < level


def test_a_large_mean_is_scaled_and_loses_less_than_a_hundredth():
    found = counts.quantiles(np.array([140.0, 14_000.0]), 0.5, 0.9)
    assert found[1] / found[0] == pytest.approx(100, rel=0.02)
    assert counts.quantiles(0.0, 0.5, 0.99) == 0


def test_a_band_of_a_slow_seller_begins_at_zero_and_is_no_wider_than_it_need_be():
    low, high = counts.bands(np.array([0.4, 60.0]), 0.5, 0.1, 0.8)
    assert (low[0], high[0]) == (0, 1) and share_up_to(1, 0.4, 0.5) >= 0.8 > share_up_to(0, 0.4, 0.5)
    assert 0 < low[1] < 60 < high[1]


def test_shares_say_where_a_count_lies():
    found = counts.shares(np.array([0.0, 3.0, 9e9]), np.array([2.0, 2.0, 2.0]), 1.0, np.array([1.0, 0.0, 0.5]))
    assert (
        found[0] == pytest.approx(share_up_to(0, 2, 1)) and found[1] == pytest.approx(share_up_to(2, 2, 1)) and found[2] == pytest.approx(1)
    )


def test_models_see_what_their_names_say():
    units = np.array([[0, 0, 4.0, 8, 0, 12, 6, 2]])
    age = demand.ages(units)
    assert age.tolist() == [[0, 0, 1, 2, 3, 4, 5, 6]]
    level, slope = demand.fitted(units, age)
    at = dict(zip(demand.MODELS, level[:, 0, -1], strict=True))
    assert at["naive"] == 2 and at["mean4"] == 5 and at["mean8"] == pytest.approx(32 / 6) and np.isnan(at["yearly"])
    assert at["slow"] == pytest.approx(32 / 6), "a plain mean until it has as many weeks as the smoothing looks at"
    assert at["rare"] == pytest.approx(5 / 6 * 32 / 5) and slope[demand.MODELS.index("damped"), 0, -1] < 0
    assert demand.drift(2) == pytest.approx([0.85, 0.85 + 0.85**2])


def test_a_year_ago_is_a_year_ago():
    units = np.arange(1.0, 81)[None, :]
    learnt = forecast.tune(units)
    fitted = forecast._fit(units)
    yearly = np.full((forecast.BEST, 1), demand.MODELS.index("yearly"))
    assert fitted.mean(yearly, 79, 1)[0] == units[0, 79 + 1 - 52] and fitted.mean(yearly, 79, 13)[0] == units[0, 79 + 13 - 52]
    assert learnt.scores.shape == (len(bands.CLASSES) + 1, len(demand.MODELS))


def shelf(skus, weeks, seed, dispersion=0.6):
    draw = np.random.default_rng(seed)
    mean = draw.lognormal(1.5, 1.3, skus)[:, None] * np.ones(weeks)
    return draw.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean)).astype(float)


def test_bands_hold_what_they_promise_on_what_they_have_not_seen():
    units = shelf(600, 52, 7)
    past, came = units[:, :39], units[:, 39:]
    told = forecast.forecast(past, forecast.tune(past))
    known = (told.why == "") & (told.class_ >= 2)  # below, a band of whole numbers must hold more
    for low, high, share in ((told.low80, told.high80, 0.8), (told.low95, told.high95, 0.95)):
        inside = ((came >= low) & (came <= high))[known]
        assert share - 0.03 < inside.mean() < share + 0.07, share
    assert (
        (told.low95 <= told.low80)[known].all() and (told.low80 <= told.middle)[known].all() and (told.high80 <= told.high95)[known].all()
    )
    assert told.expected[known].sum() == pytest.approx(came[known].sum(), rel=0.05)
    expected, most = told.needed(np.full(600, 6.5), np.full(600, 0.95), forecast.tune(past))
    assert expected[known] == pytest.approx(told.expected[known][:, :6].sum(axis=1) + told.expected[known][:, 6] / 2)
    assert 0.9 < (came[known][:, :6].sum(axis=1) + came[known][:, 6] / 2 <= most[known]).mean() <= 1


def test_a_batch_gets_what_all_of_them_get():
    units = shelf(40, 30, 3)
    learnt = forecast.tune(units)
    whole, part = forecast.forecast(units, learnt), forecast.forecast(units[10:12], learnt)
    own = [demand.MODELS.index(name) for name in part.model]
    assert len(own) == 2 and part.why.tolist() == whole.why[10:12].tolist()
    steady = ["naive", "mean4", "mean8", "mean13", "slow", "medium", "quick", "damped", "rare"]
    for n, row in enumerate((10, 11)):
        if part.model[n] == whole.model[row] and part.model[n] in steady:
            assert part.expected[n].sum() == pytest.approx(whole.expected[row].sum(), rel=0.3)


def test_nothing_is_forecast_from_too_little():
    units = np.zeros((5, 40))
    units[0, -3:] = 50  # three weeks on sale
    units[1, ::8] = 1  # five units in all
    units[2, :10] = 9  # nothing for half a year
    units[3, :] = 4
    units[4, -4:] = 2
    told = forecast.forecast(units, forecast.tune(units))
    assert told.why.tolist() == ["young", "few", "quiet", "", ""]
    assert np.isnan(told.expected[:3]).all() and np.isfinite(told.expected[3:]).all()
    assert told.expected[3] == pytest.approx(np.full(13, 4), rel=0.3)


def test_a_brand_of_one_young_sku_gets_wide_bands_and_no_error():
    units = np.array([[10.0, 12, 9, 11, 10]])
    learnt = forecast.tune(units)
    told = forecast.forecast(units, learnt)
    assert learnt.number < bands.FEW and told.why[0] == "" and told.high95[0, 0] > told.high80[0, 0] > 10
    assert learnt.dispersion.tolist() == [bands.PRIOR] * (len(bands.CLASSES) + 1)


def test_a_season_needs_a_year_and_a_half_and_is_drawn_to_the_average():
    week = np.arange(104 + 13)
    wave = np.where((week % 52 >= 40) & (week % 52 < 46), 3.0, 1.0)
    assert (seasons.factors(100 * wave[:77], 13) == 1).all()
    found = seasons.factors(100 * wave[:104], 13)
    assert found.shape == (117,) and found[42] > 1.8 and found[42] == pytest.approx(found[94]) and found[10] < 1
    units = np.vstack([100 * wave[:104], np.concatenate([np.zeros(80), np.full(24, 5.0)])])
    both = seasons.by_category(units, np.array([0, 1]), 13)
    assert both[1, 94] == pytest.approx(seasons.factors(units.sum(axis=0), 13)[94]), "a young category has the season of the brand"
    told = forecast.forecast(units / both[[0, 1], :104], forecast.tune(units / both[[0, 1], :104]))
    lifted = told.times(both[[0, 1], 104:])
    assert lifted.expected[0] == pytest.approx(told.expected[0] * both[0, 104:]) and (lifted.high80 == np.round(lifted.high80)).all()


def test_deviance_is_least_at_the_mean():
    came = np.array([0.0, 3.0, 9.0])
    assert forecast.deviance(came, 4.0).sum() < min(forecast.deviance(came, 3.5).sum(), forecast.deviance(came, 4.5).sum())
    assert forecast.deviance(np.array([5.0]), 5.0) == pytest.approx(0)


@pytest.mark.skipif(not REAL.is_file(), reason=f"no real data at {REAL}")
def test_on_a_real_shop_it_beats_repeating_a_week_in_every_class():
    known, mondays = backtest.shop(REAL)
    found = backtest.fixed(known, mondays.index(backtest.ORIGIN))
    for name, _number, _share, middle, expected, naive, quarter, month, _nothing in backtest.mase_table(found):
        assert middle < min(naive, quarter, month) and expected < naive, name
    inside = np.array(backtest.by_week(found))[:, 1:].mean(axis=0)
    assert 0.75 < inside[0] < 0.85 and 0.88 < inside[1] < 0.98
    told = backtest.hits(known, mondays.index(backtest.ORIGIN))
    assert told["model"].is_own and all(own.skill > 0.3 for _, own, _ in told["scores"])
