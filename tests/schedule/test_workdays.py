"""Working days: China's statutory year with its make-up days, closures, and what is not known."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.schedule import workdays, year
from incubator.schedule.workdays import Calendar, certainty, is_workday, year_of

CHINA = Calendar()
SLOW_MACHINES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday, worked for 20 February
        (date(2026, 2, 15), False),
        (date(2026, 2, 16), False),  # the eve
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 9, 20), True),  # a Sunday
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 5, 4), False),  # Youth Day is half a day for some, but here Labour Day is made up for
        (date(2026, 3, 8), False),
    ],
)
def test_the_state_council_decides_2026(day, works):
    assert is_workday(day, "CN") is works


def test_how_well_a_year_is_known():
    assert certainty("CN", 2026) == "announced"
    assert certainty("CN", 2095) == "law"
    assert not is_workday(date(2095, 10, 1), "CN")
    assert certainty("CN", 2150) == "weekends" == certainty("XX", 2026) == certainty("", 2026)
    assert is_workday(date(2150, 10, 1), "CN")  # a Thursday: nothing is known, weekdays are worked
    assert not is_workday(date(2150, 10, 3), "CN")
    assert certainty("VN", 2026) == "announced"
    assert not is_workday(date(2026, 9, 2), "VN")


def test_holidays_have_names_in_the_readers_language():
    day = date(2026, 10, 1)
    assert year_of("CN", 2026, "zh").off[day] == "国庆节"
    assert year_of("CN", 2026, "en").off[day] == "National Day"


def test_counting_steps_over_what_is_not_worked():
    friday = date(2026, 9, 18)
    assert CHINA.add(friday, 0) == friday
    assert CHINA.add(friday, 1) == date(2026, 9, 20)  # the Sunday is worked
    assert CHINA.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CHINA.add(date(2026, 10, 1), 0) == date(2026, 10, 8)
    assert CHINA.between(date(2026, 9, 30), date(2026, 10, 12)) == 4  # 8, 9, 10 and 12
    assert CHINA.between(friday, friday) == 0 == CHINA.between(friday, date(2026, 1, 1))
    assert CHINA.begin(date(2026, 10, 9), 3) == date(2026, 9, 30)
    assert CHINA.begin(friday, 0) == CHINA.begin(friday, 1) == friday


def test_closures_are_not_worked_and_touch_nobody_else():
    closed = Calendar("CN", ((date(2026, 3, 2), date(2026, 3, 13)), (date(2026, 3, 16), date(2026, 3, 16))))
    assert not closed.works(date(2026, 3, 13))
    assert CHINA.works(date(2026, 3, 13))
    assert closed.add(date(2026, 2, 27), 1) == date(2026, 2, 28)  # worked for 23 February
    assert closed.add(date(2026, 2, 28), 1) == date(2026, 3, 17)
    assert closed.latest(date(2026, 3, 16), 0) == date(2026, 2, 28)


def test_there_is_an_end_to_every_search():
    assert CHINA.add(date(2199, 12, 20), 500) == workdays.LAST
    assert CHINA.latest(workdays.FIRST, 5) == workdays.FIRST


@SLOW_MACHINES
@given(DAYS, st.integers(0, 60))
def test_latest_is_the_other_way_of_add(day, number):
    earliest = CHINA.latest(day, number)
    assert CHINA.add(earliest, number) <= day
    following = earliest + timedelta(days=1)
    while not CHINA.works(following):
        following += timedelta(days=1)
    assert CHINA.add(following, number) > day


@SLOW_MACHINES
@given(DAYS, st.integers(1, 60))
def test_as_many_days_lie_between_as_were_added(day, number):
    assert CHINA.between(day, CHINA.add(day, number)) == number


def test_a_year_is_drawn_day_by_day():
    class Closure:
        starts_on, ends_on, name = date(2026, 2, 9), date(2026, 2, 28), "停产"

    months = year.months(2026, "CN", [Closure()], "zh")
    assert [len(months), months[1][0][0].on] == [12, date(2026, 1, 26)]
    days = {day.on: day for weeks in months for week in weeks for day in week if day.inside}
    assert len(days) == 365
    assert (days[date(2026, 2, 17)].kind, days[date(2026, 2, 17)].name) == ("closed", "停产")
    assert {days[date(2026, 1, 4)].kind, days[date(2026, 5, 9)].kind} == {"makeup"}
    assert (days[date(2026, 1, 1)].kind, days[date(2026, 1, 1)].name) == ("holiday", "元旦")
    assert (days[date(2026, 6, 6)].kind, days[date(2026, 6, 8)].kind) == ("weekend", "work")
    listed = year.holidays(2026, "CN", "zh")
    assert (date(2026, 1, 4), "", True) in listed
    assert listed == sorted(listed)
