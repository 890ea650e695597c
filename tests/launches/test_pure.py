"""GTINs by their check digit, title lengths, checklist templates, the drawing of readings: no database."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.launches import checklists, gtin, probe_charts
from incubator.launches.models import PLATFORMS

# The GS1 worked example, and published numbers of each length.
VALID = {
    "6291041500213": "06291041500213",
    "036000291452": "00036000291452",
    "96385074": "00000096385074",
    "10012345678902": "10012345678902",
}


@pytest.mark.parametrize(("typed", "kept"), VALID.items())
def test_a_valid_gtin_is_kept_in_fourteen_digits_and_shown_as_typed(typed, kept):
    assert gtin.normal(typed) == kept
    assert gtin.shown(kept) == typed
    assert gtin.normal(f" {typed[:3]}-{typed[3:]} ".replace("-", " ")) == kept


@pytest.mark.parametrize(
    "typed", ["6291041500214", "629104150021", "", "0000000000000", "629104150021X", "６２９１０４１５００２１３", "1" * 15, "-", "=1+1"]
)
def test_what_is_no_gtin_is_refused(typed):
    assert gtin.normal(typed) is None


@given(
    st.sampled_from((7, 11, 12, 13)).flatmap(lambda n: st.text("123456789", min_size=n, max_size=n)), st.integers(0, 12), st.integers(1, 9)
)
def test_every_single_wrong_digit_is_found(body, position, shift):
    number = body + str(gtin.check_digit(body))
    place = position % len(number)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert gtin.normal(number) and gtin.normal(wrong) is None


def test_every_platform_has_a_template_with_stock_and_price_and_no_key_twice():
    assert set(checklists.TEMPLATES) == set(PLATFORMS) == set(checklists.TITLES)
    for tasks in checklists.TEMPLATES.values():
        keys = [task.key for task in tasks]
        assert {"price", "stock", "gtin"} <= set(keys) and len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("title", "platform", "over"),
    [("枕" * 30, "tmall", 0), ("枕" * 30 + "a", "tmall", 1), ("枕" * 31, "1688", 2), ("a" * 200, "amazon", 0), ("枕" * 201, "amazon", 1)],
)
def test_a_title_is_as_long_as_its_channel_counts(title, platform, over):
    assert checklists.too_long(title, platform) == over


def test_a_task_is_named_by_its_template_or_by_itself():
    assert str(checklists.label("stock", "tmall")) == "Stock in place and counted"
    assert checklists.label("own-1", "tmall", "直播间预热") == "直播间预热"


def a_probe(*values, threshold=100, direction="at_least"):
    readings = [SimpleNamespace(on_date=date(2026, 1, 1 + n), value_x100=v) for n, v in enumerate(values)]
    met = (lambda v: v >= threshold) if direction == "at_least" else (lambda v: v <= threshold)
    return SimpleNamespace(readings=readings, threshold_x100=threshold, is_met_by=met)


def test_readings_are_drawn_within_the_picture():
    assert probe_charts.of(a_probe(5)) is None
    drawing = probe_charts.of(a_probe(10, 90, 150))
    assert [p.is_met for p in drawing.points] == [False, False, True]
    assert drawing.points[0].x == 2 and drawing.points[-1].x == 98
    assert all(0 <= p.y <= probe_charts.HEIGHT for p in drawing.points) and drawing.points[0].y > drawing.threshold > drawing.points[-1].y


def test_equal_readings_do_not_divide_by_nothing():
    assert probe_charts.of(a_probe(100, 100, 100)).threshold == probe_charts.TOP
