"""The rule of grades, checked by hand at its edges."""

import pytest

from incubator.sales.grades import Run, graded


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
