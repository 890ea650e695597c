"""Percentages, differences of revisions, hours times rate, marks carried over: what needs no database."""

from types import SimpleNamespace as Row

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.codevelopment import viewer
from incubator.codevelopment.amounts import worth
from incubator.codevelopment.differences import compare
from incubator.codevelopment.shares import percentages
from incubator.kernel.money import Money


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ([1, 1, 1], [3334, 3333, 3333]),
        ([300_000, 38_000, 62_000], [7500, 950, 1550]),
        ([0, 5], [0, 10_000]),
        ([0, 0], [0, 0]),
        ([], []),
        ([1, 1, 1, 1, 1, 1], [1667, 1667, 1667, 1667, 1666, 1666]),
    ],
)
def test_the_largest_remainders_get_what_is_left(values, shares):
    assert percentages(values) == shares


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=30))
def test_shares_add_to_a_hundred_percent_and_none_is_off_by_a_hundredth(values):
    found, total = percentages(values), sum(values)
    assert sum(found) == (10_000 if total else 0)
    assert all(abs(share * total - value * 10_000) < total for share, value in zip(found, values, strict=True)) or not total


def test_a_negative_value_has_no_share():
    with pytest.raises(ValueError, match="negative"):
        percentages([1, -1])


def file(name, sha):
    return Row(name=name, sha256=sha)


def test_what_changed_between_two_revisions():
    found = compare([file("a", "1"), file("b", "1"), file("gone", "1")], [file("b", "1"), file("a", "2"), file("new", "1")])
    assert [(d.name, d.what) for d in found] == [("b", "same"), ("a", "changed"), ("new", "added"), ("gone", "removed")]


@pytest.mark.parametrize(("hours", "rate", "minor"), [(100, "380", 38_000), (150, "0.01", 2), (33, "100", 3300), (1, "0.33", 0)])
def test_hours_are_rounded_half_up(hours, rate, minor):
    assert worth(hours, Money.parse(rate, "CNY")).minor == minor


def a_view(revisions, marks, number=None, file_id=None):
    return viewer.build(revisions, marks, number, file_id)


def a_revision(number, *names):
    pictures = [
        Row(file_id=number * 10 + n, name=name, sha256=str(number), file=Row(is_inline=True, width=9)) for n, name in enumerate(names)
    ]
    return Row(id=number, number=number, files=pictures)


def a_mark(revision, name, resolved=None):
    return Row(revision_id=revision.id, revision=revision, file_name=name, resolved_at=resolved, number=1)


def test_what_was_left_open_is_carried_over_and_says_where_it_was():
    first, second = a_revision(1, "front.png"), a_revision(2, "front.png", "side.png")
    left, solved, gone = a_mark(first, "front.png"), a_mark(first, "front.png", "now"), a_mark(first, "old.png")
    seen = a_view([first, second], [left, solved, gone])
    assert [(m.annotation, m.was_on) for m in seen.marks] == [(left, 1)]
    assert [m.annotation for m in seen.elsewhere] == [gone]
    assert seen.open_by_file == {"front.png": 1, "old.png": 1}
    earlier = a_view([first, second], [left, solved], number=1)
    assert [m.annotation for m in earlier.marks] == [left, solved] and not earlier.is_current
    assert all(m.was_on is None for m in earlier.marks)


def test_an_unknown_revision_or_picture_shows_the_latest_and_the_first():
    only = a_revision(1, "a.png", "b.png")
    assert a_view([only], [], number=99, file_id=12345).picture.name == "a.png"
    assert a_view([only], [], file_id=11).picture.name == "b.png"
    assert a_view([], []).revision is None
