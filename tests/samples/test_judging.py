"""Judging is exact: decimals as written, both ends of a tolerance allowed, nonsense refused with words. Properties by hypothesis."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incubator.samples import judging
from incubator.samples.judging import Judgement, compare, judge, limits, reading, written

D = Decimal
# What people write: at most 6 digits before and 3 behind the point, so that sums never leave what a reading may hold.
numbers = st.decimals(min_value=-999_999, max_value=999_999, places=3, allow_nan=False, allow_infinity=False)
amounts = st.decimals(min_value=0, max_value=99_999, places=3, allow_nan=False, allow_infinity=False)
LAST = D("0.001")
quick = settings(max_examples=60, deadline=None)


def status(allowed, *values):
    return judge(allowed, [D(v) for v in values]).status


@pytest.mark.parametrize(
    ("operator", "target", "tolerance", "passes", "fails"),
    [
        ("eq", "95", "5", ("90", "95", "100", "99.999"), ("89.999", "100.001")),
        ("eq", "0.3", "0.1", ("0.2", "0.4", "0.30"), ("0.4000001", "0.1999999")),
        ("le", "45", "2", ("47", "47.000", "-3"), ("47.001",)),
        ("le", "6.0", "", ("6", "6.0", "0"), ("6.000001",)),
        ("ge", "120,000", "", ("120000", "126400"), ("119999.999999",)),
        ("ge", "120", "1.5", ("118.5",), ("118.499",)),
        ("between", "55–65", "", ("55", "65", "60"), ("54.99", "65.01")),
        ("between", "55-65", "0.5", ("54.5", "65.5"), ("54.4", "65.6")),
        ("between", "55~65", "", ("55", "65"), ("66",)),
        ("eq", "180", "5%", ("171", "189"), ("170.9", "189.1")),
        ("le", "45%", "2%", ("47",), ("47.1",)),
    ],
)
def test_both_ends_are_allowed_and_nothing_beyond(operator, target, tolerance, passes, fails):
    allowed = limits(operator, target, tolerance)
    assert [status(allowed, v) for v in passes] == ["pass"] * len(passes)
    assert [status(allowed, v) for v in fails] == ["fail"] * len(fails)


def test_a_tolerance_in_percent_is_points_where_the_unit_is_percent():
    assert limits("eq", "60", "5%", "%") == judging.Limits(D(55), D(65))
    assert limits("eq", "60", "5%", "N") == judging.Limits(D(57), D(63))


def test_tenths_are_not_binary_fractions():
    """0.1 + 0.2 is 0.3 here; as floats the reading 0.3 would lie outside 0.1 ± 0.2."""
    assert status(limits("eq", "0.1", "0.2"), "0.3") == "pass"
    assert status(limits("le", "0.7", "0.1"), "0.8") == "pass"
    assert written(judge(limits("le", "0.1", "0.2"), [D("0.4")]).excess) == "0.1"


@quick
@given(numbers, amounts)
def test_exactly_at_the_tolerance_passes_and_one_unit_of_the_last_place_beyond_fails(target, tolerance):
    allowed = limits("eq", str(target), str(tolerance))
    assert status(allowed, target + tolerance) == status(allowed, target - tolerance) == "pass"
    assert status(allowed, target + tolerance + LAST) == status(allowed, target - tolerance - LAST) == "fail"
    assert status(limits("le", str(target), str(tolerance)), target + tolerance) == "pass"
    assert status(limits("le", str(target), str(tolerance)), target + tolerance + LAST) == "fail"
    assert status(limits("ge", str(target), str(tolerance)), target - tolerance) == "pass"
    assert status(limits("ge", str(target), str(tolerance)), target - tolerance - LAST) == "fail"


@quick
@given(amounts, amounts, amounts, numbers)
def test_a_range_is_what_lies_between_its_ends_widened(first, second, tolerance, value):
    low, high = sorted((first, second))
    inside = low - tolerance <= value <= high + tolerance
    assert status(limits("between", f"{low}–{high}", str(tolerance)), value) == ("pass" if inside else "fail")


@quick
@given(numbers, amounts, st.lists(numbers, min_size=1, max_size=10))
def test_one_bad_piece_fails_the_round_and_the_deciding_one_lies_furthest_out(target, tolerance, values):
    allowed = limits("eq", str(target), str(tolerance))
    found = judge(allowed, values)
    assert (found.status == "fail") == any(abs(v - target) > tolerance for v in values)
    assert abs(found.deciding - target) == max(abs(v - target) for v in values)
    assert found.excess == abs(found.deciding - target) - tolerance
    assert judge(allowed, list(reversed(values))).status == found.status


@quick
@given(numbers)
def test_a_reading_stays_exactly_what_was_written(value):
    text = written(value)
    assert reading(text) == value
    assert written(reading(text)) == text or value == 0
    assert type(reading(text)) is Decimal


@quick
@given(numbers, amounts, numbers, numbers)
def test_better_is_nearer_and_the_opposite_is_worse(target, tolerance, now, before):
    allowed = limits("eq", str(target), str(tolerance))
    here, there = judge(allowed, [now]), judge(allowed, [before])
    change, back = compare(here, there), compare(there, here)
    assert change.delta == now - before == -back.delta
    opposite = {"better": "worse", "worse": "better", "same": "same"}
    assert back.trend == opposite[change.trend]
    assert (change.trend == "better") == (abs(now - target) < abs(before - target))


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("96.2", "", "96.2"), (" 96.20 ", "", "96.20"), ("９６．２", "", "96.2"), ("96。2", "", "96.2"), ("1,200.5", "", "1200.5"),
        ("126,400", "次", "126400"), ("96.2 mm", "mm", "96.2"), ("96.2MM", "mm", "96.2"), ("-3.5", "°C", "-3.5"), ("−3.5", "", "-3.5"),
        (".5", "", "0.5"), ("+7", "", "7"), ("45%", "%", "45"), ("-0", "", "0"), ("000012", "", "12"),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(typed, unit, value):
    assert written(reading(typed, unit)) == value


@pytest.mark.parametrize("blank", [None, "", "  ", "　"])
def test_nothing_is_nothing(blank):
    assert reading(blank) is None


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "inf",
        "-Infinity",
        "1e308",
        "1E5",
        "0x1f",
        "96.2.1",
        "约 96",
        "≤45",
        "--3",
        "mm",
        "1_000",
        "=1+1",
        "12 kg",
        "１２a",
        "1/2",
        "'96",
    ],
)
def test_case_31_nonsense_is_refused_with_words(typed):
    with pytest.raises(judging.Nonsense) as wrong:
        reading(typed, "mm")
    assert "96.2" in str(wrong.value) or "point" in str(wrong.value)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1,5", "Write a decimal point: 1.5 instead of 1,5"),
        ("12,34", "12.34"),
        ("9" * 41, "too long"),
        ("1" + "0" * 12, "12 digits"),
        ("0.0000001", "6 digits"),
    ],
)
def test_the_refusal_says_what_would_be_right(session, typed, says):
    with pytest.raises(judging.Nonsense) as wrong:
        reading(typed)
    assert says in str(wrong.value.message)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50))
def test_whatever_is_typed_gives_a_bounded_decimal_or_a_refusal(text):
    try:
        value = reading(text, "mm")
    except judging.Nonsense:
        return
    assert value is None or (value.is_finite() and abs(value) < judging.BEYOND and len(written(value)) <= 24)


def test_words_are_judged_by_ticks_alone():
    assert limits("is", "纸托") is None
    assert judge(None).status == "missing"
    assert judge(None, ticks=[True, True]).status == "pass"
    assert judge(None, ticks=[True, False]).status == "fail"
    assert compare(judge(None, ticks=[True]), judge(None, ticks=[False])) == judging.Change(None, "better")


@pytest.mark.parametrize(
    ("operator", "target"),
    [("eq", "soft"), ("between", "5"), ("between", "5–6–7"), ("le", "NaN"), ("ge", "1e99"), ("between", "a–b"), ("eq", "")],
)
def test_a_target_that_is_no_number_is_judged_by_tick(operator, target):
    """A brief made by hand may hold one; nothing is guessed from it."""
    assert limits(operator, target) is None


def test_nothing_read_is_missing_and_compares_with_nothing():
    allowed = limits("le", "45")
    assert judge(allowed).status == "missing"
    assert compare(judge(allowed), judge(allowed, [D(40)])) is None
    assert compare(judge(allowed, [D(40)]), Judgement("pass", count=1)) is None


def test_within_a_range_no_place_is_better():
    allowed = limits("between", "55–65")
    assert compare(judge(allowed, [D(60)]), judge(allowed, [D(56)])) == judging.Change(D(4), "same")
    assert compare(judge(allowed, [D(60)]), judge(allowed, [D(66)])).trend == "better"


@quick
@given(numbers, numbers)
def test_le_and_ge_prefer_opposite_directions(now, before):
    assume(now != before)
    less, more = limits("le", "0"), limits("ge", "0")
    down = compare(judge(less, [now]), judge(less, [before])).trend
    up = compare(judge(more, [now]), judge(more, [before])).trend
    assert {down, up} == {"better", "worse"}
    assert down == ("better" if now < before else "worse")
