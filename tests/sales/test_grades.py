"""The rule of grades, checked by hand at its edges."""

import pytest

from incubator.sales.grades import Before, Run, graded


def run(sku_id, pace, plan=0, *, category="椅", age=20, returned=0):
    """Eight weeks of `pace` units each."""
    return Run(sku_id, category, [pace] * 8, [returned] * 8, age, plan)


@pytest.mark.parametrize(
    ("pace", "grade"), [(150, "hit"), (149, "strong"), (90, "strong"), (89, "flat"), (40, "flat"), (39, "stale"), (0, "stale")]
)
def test_against_its_own_plan(pace, grade):
    figures = graded([run(1, pace, 100)])[1]
    assert (figures.grade, figures.against, figures.base, figures.index) == (grade, "plan", 100.0, pace / 100)


def test_against_the_median_of_its_category_or_of_all():
    chairs = [run(n, 10 * n) for n in range(1, 6)]
    figures = graded([*chairs, run(9, 60, category="灯")])
    assert (figures[5].against, figures[5].base, figures[5].grade) == ("category", 30.0, "hit")
    assert (figures[9].against, figures[9].base) == ("all", 35.0)


def test_a_young_sku_has_no_grade_and_is_no_peer():
    figures = graded([run(1, 100, age=3), *[run(n, 10) for n in range(2, 8)]])
    assert figures[1].grade is None and figures[2].base == 10.0 and figures[2].grade == "strong"


def test_no_sale_in_four_weeks_is_stale_whatever_was_before():
    run_out = Run(1, "椅", [500] * 4 + [0] * 4, [0] * 8, 30, 10)
    assert graded([run_out])[1].grade == "stale"


def test_what_comes_back_too_often_is_no_hit():
    peers = [run(n, 10, returned=1) for n in range(2, 40)]
    bad, fair, few = run(1, 100, returned=30), run(1, 100, returned=5), Run(1, "椅", [0] * 7 + [19], [0] * 7 + [19], 20)
    assert (graded([bad, *peers])[1].grade, graded([bad, *peers])[1].held_back) == ("strong", True)
    assert graded([fair, *peers])[1].grade == "hit"
    assert graded([few, *peers])[1].return_rate is None


def test_alone_without_a_plan_it_sells_or_it_does_not():
    assert graded([run(1, 7)])[1].grade == "strong"
    assert graded([run(1, 0)])[1].grade == "stale"
    assert graded([]) == {}


def again(index, last_grade, last_index):
    """The grade of a SKU with a plan of 100 at `index`, after a week with that grade and index."""
    return graded([run(1, round(100 * index), 100)], {1: Before(last_grade, last_index)})[1].grade


@pytest.mark.parametrize(
    ("index", "last_grade", "last_index", "grade"),
    [
        (1.55, "strong", 1.4, "strong"),  # over the limit, but by less than a tenth and for the first week
        (1.55, "strong", 1.52, "hit"),  # for the second week
        (1.66, "strong", 1.0, "hit"),  # by more than a tenth
        (1.45, "hit", 1.6, "hit"),  # under it by less than a tenth, for the first week
        (1.45, "hit", 1.48, "strong"),
        (1.34, "hit", 2.0, "strong"),
        (0.35, "hit", 2.0, "stale"),  # a fall through all limits is no noise
        (0.85, "stale", 0.1, "flat"),
        (0.42, "stale", 0.1, "stale"),
        (0.0, "hit", 2.0, "stale"),  # no sale in four weeks needs no second week
        (1.5, None, None, "hit"),  # nothing before: the plain limits
    ],
)
def test_a_limit_is_crossed_by_a_tenth_or_for_two_weeks(index, last_grade, last_index, grade):
    assert again(index, last_grade, last_index) == grade


def test_the_grade_before_is_read_from_either_rule():
    old = {"grade": "strong", "index": 1.7, "held_back": True}
    assert Before.of(old) == Before("hit", 1.7), "held back for its returns, not for its index"
    assert Before.of({**old, "held_back": False}) == Before("strong", 1.7)
    assert Before.of({**old, "kept": "flat"}) == Before("flat", 1.7)


def test_plan_and_category_weigh_alike():
    chairs = [run(n, 40) for n in range(2, 7)]
    figures = graded([run(1, 60, 90), *chairs])[1]
    assert (figures.against, figures.base, figures.index, figures.grade, figures.by_plan) == ("both", 60.0, 1.0, "strong", "flat")
    timid = graded([run(1, 60, 10), *chairs])[1]
    assert timid.by_plan == "hit" and timid.index == 3.0
    lone = graded([run(1, 60, 90), *chairs[:3]])[1]
    assert (lone.against, lone.base) == ("plan", 90.0), "three others are no category"


def test_ten_thousand_are_graded_in_a_moment():
    runs = [Run(n, f"品类 {n % 7}", [n % 50] * 8, [0] * 8, 20) for n in range(10_000)]
    assert len(graded(runs)) == 10_000
