"""When a festival breaks a forecast's band: which weeks are a festival's, and what the page of accuracy says of a miss."""

from datetime import date, timedelta

import pytest
from flask_babel import force_locale

from incubator.sales import festivals, words
from incubator.sales.festivals import Miss
from tests.sales.test_learning import WEEK

BACKENDS = ("sqlite",)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2025, 11, 11), ("double_11",)), (date(2025, 10, 31), ("double_11",)), (date(2025, 11, 17), ()), (date(2026, 11, 11), ("double_11",)),
        (date(2026, 6, 18), ("mid_year",)), (date(2026, 5, 31), ("mid_year",)), (date(2026, 6, 22), ()), (date(2025, 12, 12), ("double_12",)),
        (date(2025, 11, 28), ("black_friday",)), (date(2025, 12, 1), ("black_friday",)), (date(2026, 3, 8), ("women",)), (date(2026, 4, 15), ()),
        (date(2026, 2, 17), ("spring",)), (date(2025, 1, 29), ("spring",)), (date(2025, 12, 25), ("christmas",)), (date(2026, 7, 15), ()),
        (date(2026, 1, 1), ()), (date(2026, 1, 7), ("new_year_goods",)),
    ],
)  # fmt: skip
def test_a_week_knows_its_festivals(day, names):
    assert festivals.of_week(day - day.weekday() * DAY) == names


def record(*inside, skus=10, history=40, came=200, expected=100):
    return {"skus": skus, "history": history, "by_week": [{"in80": share, "expected": expected, "came": came} for share in inside]}


def test_only_misses_are_told_each_by_the_newest_forecast():
    last = date(2025, 11, 10)
    newer, older = record(0.8, 0.9, 0.4, 0.2), record(0.1, 0.9, 0.9, 0.9)
    found = festivals.missed([(last, newer), (last - WEEK, older)])
    assert [(m.week, m.festivals, m.inside) for m in found] == [
        (last, ("double_11",), 0.2), (last - WEEK, ("double_11",), 0.4), (last - 4 * WEEK, (), 0.1)
    ]  # fmt: skip


def test_old_records_and_too_few_skus_tell_of_no_miss():
    assert festivals.missed([(date(2025, 11, 10), {"skus": 9, "in80": 0.1})]) == []
    assert festivals.missed([(date(2025, 11, 10), record(0.0, skus=2))]) == []


def test_the_fortnight_after_a_festival_is_told_as_such():
    (after,) = festivals.missed([(date(2025, 11, 17), record(0.2, came=50))])
    assert (after.festivals, after.is_after, after.is_above) == (("double_11",), True, False)


@pytest.mark.parametrize(
    ("names", "after", "came", "knows", "said"),
    [
        ((), False, 9, True, "campaign"), (("double_11",), True, 1, True, "was over"), (("spring",), False, 1, True, "couriers rest"),
        (("double_11",), False, 9, False, "a year and a half"), (("mid_year",), False, 9, True, "averaged"), (("mid_year",), False, 1, True, "wait"),
    ],
)  # fmt: skip
def test_each_miss_has_a_reason_in_plain_words(app, names, after, came, knows, said):
    with app.test_request_context(), force_locale("en"):
        assert said in str(words.why_missed(Miss(date(2025, 11, 10), names, after, 0.3, 5, came, knows)))
