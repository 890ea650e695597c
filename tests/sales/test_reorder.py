"""The reorder proposal, reckoned by hand, and from when a SKU is a hero."""

from datetime import date

import pytest

from incubator.sales import heroes, reorder
from incubator.sales.heroes import Threshold
from incubator.sales.reorder import Stock, Terms, propose, rounded

TODAY = date(2026, 3, 4)  # a Wednesday
PATH = [10.0] * 13


def proposal(on_hand, on_order=0, path=PATH, **terms):
    """Ten a week; 21 days and a week need 40, at most 55; 21 and 28 days need 70, at most 90."""
    return propose(path, (40.0, 55.0), (70.0, 90.0), Stock(on_hand, on_order, TODAY), Terms(**{"lead_days": 21, **terms}), TODAY)


def test_below_the_point_it_is_ordered_now_up_to_the_level():
    found = proposal(30, 20)
    assert (found.position, found.point, found.up_to, found.needed, found.quantity) == (50, 55, 90, 40, 40)
    assert (found.is_due, found.order_on, found.ready_on) == (True, "2026-03-04", "2026-03-25")


def test_above_the_point_it_waits_for_the_monday_that_brings_it_there():
    found = proposal(75)
    assert (found.is_due, found.order_on, found.ready_on) == (False, "2026-03-16", "2026-04-06"), "75 − 20 = 55 after two weeks"
    assert found.quantity == 35, "90 − 75 and the twenty sold until then"


def test_a_full_warehouse_needs_nothing_within_thirteen_weeks():
    found = proposal(500)
    assert (found.quantity, found.order_on, found.ready_on, found.is_due, found.needed) == (None, None, None, False, 0)


def test_what_was_sold_and_is_not_there_is_ordered_too():
    assert proposal(-12).quantity == 102


@pytest.mark.parametrize(
    ("needed", "moq", "multiple", "quantity"),
    [(40, 0, 1, 40), (40, 500, 1, 500), (40, 100, 24, 120), (41, 0, 12, 48), (0, 500, 12, 0), (-3, 0, 0, 0)],
)
def test_at_least_the_minimum_and_whole_packs(needed, moq, multiple, quantity):
    assert rounded(needed, moq, multiple) == quantity


def test_terms_stand_beside_the_quantity():
    found = proposal(10, moq=300, multiple=24, source="quotation").as_json()
    assert (found["quantity"], found["moq"], found["multiple"], found["source"], found["service"]) == (312, 300, 24, "quotation", 0.95)


def test_cover_counts_weeks_and_parts_of_one():
    assert reorder.cover(25, PATH) == 2.5 and reorder.cover(0, PATH) == 0 and reorder.cover(-5, PATH) == 0
    assert reorder.cover(150, PATH) == 15 and reorder.cover(10**6, PATH) == reorder.LONGEST_COVER
    assert reorder.cover(5, [0.0] * 13) == reorder.LONGEST_COVER and reorder.cover(5, []) == reorder.LONGEST_COVER


RULES = [Threshold("units", 50, 3), Threshold("units", 80, 2, category="椅"), Threshold("revenue", 900, 1, programme_id=7)]


def test_the_most_exact_threshold_holds():
    assert heroes.threshold(RULES, 1, "灯") == RULES[0] and heroes.threshold(RULES, 1, "椅") == RULES[1]
    assert heroes.threshold(RULES, 7, "灯") == RULES[2] and heroes.threshold(RULES, 7, "椅") == RULES[1]
    both = Threshold("units", 1, 1, 7, "椅")
    assert heroes.threshold([*RULES, both], 7, "椅") == both and heroes.threshold([], 7, "椅") is None


def test_a_hero_has_reached_it_in_each_of_the_last_weeks():
    assert heroes.is_hero(RULES[0], [0, 50, 50, 60], [0] * 4) and not heroes.is_hero(RULES[0], [90, 90, 49, 90], [0] * 4)
    assert heroes.is_hero(RULES[2], [0], [900]) and not heroes.is_hero(RULES[2], [999], [899]) and not heroes.is_hero(None, [9], [9])
    assert heroes.streak(RULES[0], [50, 10, 50, 50], [0] * 4) == 2
