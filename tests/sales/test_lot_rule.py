"""Sales and returns laid to lots by arrays, against the same rule told unit by unit; and what must hold whatever comes in."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.sales import lots
from incubator.sales.lots import NOBODY, Lines, Lot

BACKENDS = ("sqlite",)
CODES = ("", "", "", "L0", "L1", "STRANGE")
Row = tuple[int, int, str, int, int, int]  # day, units, lot code, order, link, sold on


def lines_of(rows: list[Row], those: list[Lot]) -> Lines:
    rows = sorted(rows, key=lambda row: row[0])
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(6)]
    places = {lot.code: n for n, lot in enumerate(those)}
    day, units, order, link, sold_on = (np.array(columns[n], dtype=np.int64) for n in (0, 1, 3, 4, 5))
    lot = np.array([places.get(code, NOBODY) for code in columns[2]], dtype=np.int64)
    coded = np.array([code != "" for code in columns[2]], dtype=bool)
    return Lines(day, day // 7 * 7, units, lot, coded, order, day > -1, day * 0, link, sold_on, order % 3)


def unit_by_unit(rows: list[Row], those: list[Lot]) -> dict[tuple[int, int], int]:
    """(line, lot) → units, as a warehouse would hand them out."""
    rows = sorted(rows, key=lambda row: row[0])
    left = [max(0, lot.units - sum(units for _, units, code, *_ in rows if code == lot.code)) for lot in those]
    given_out: dict[tuple[int, int], int] = {}
    for n, (day, units, code, *_) in enumerate(rows):
        if code:
            place = next((k for k, lot in enumerate(those) if lot.code == code), NOBODY)
            given_out[n, place] = given_out.get((n, place), 0) + units
            continue
        for _unit in range(units):
            place = next((k for k, lot in enumerate(those) if lot.available <= day and left[k]), NOBODY)
            if place != NOBODY:
                left[place] -= 1
            given_out[n, place] = given_out.get((n, place), 0) + 1
    return given_out


def pieces(found: lots.Pieces) -> dict[tuple[int, int], int]:
    told: dict[tuple[int, int], int] = {}
    for line, lot, units in zip(found.line.tolist(), found.lot.tolist(), found.units.tolist(), strict=True):
        told[line, lot] = told.get((line, lot), 0) + units
    return told


@pytest.mark.parametrize("seed", range(60))
def test_arrays_hand_out_what_a_warehouse_would(seed):
    draw = Random(seed)
    those = sorted(
        (Lot(n, f"L{n}", draw.randint(0, 30), draw.randint(1, 30)) for n in range(draw.randint(0, 4))), key=lambda lot: lot.available
    )
    rows = [
        (draw.randint(0, 40), draw.randint(1, 9), draw.choice(CODES), draw.randint(1, 9), draw.randint(1, 20), -1)
        for _ in range(draw.randint(0, 15))
    ]
    assert pieces(lots.of_sales(lines_of(rows, those), those)) == unit_by_unit(rows, those)


ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 50), st.sampled_from(CODES), st.integers(1, 9), st.integers(1, 20), st.integers(-1, 60)),
    max_size=20,
)
LOTS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 80)), max_size=4).map(
    lambda pairs: [Lot(n, f"L{n}", day, units) for n, (day, units) in enumerate(sorted(pairs))]
)


@given(ROWS, ROWS, LOTS)
@settings(max_examples=150, deadline=None)
def test_the_lots_of_a_week_add_up_to_the_week(sold, back, those):
    sales, returns = lines_of(sold, those), lines_of(back, those)
    laid = lots.of_sales(sales, those)
    for lines, found in ((sales, laid), (returns, lots.of_returns(returns, sales, laid))):
        told = lots.by_week(lines, found)
        for week in set(lines.week.tolist()):
            here = lines.week == week
            assert sum(units for (_, w), (units, _, _) in told.items() if w == week) == lines.units[here].sum()
            assert sum(orders for (_, w), (_, orders, _) in told.items() if w == week) == len(set(lines.order[here].tolist()))
        assert all(0 <= guessed <= units for units, _, guessed in told.values())
        by_reason = lots.by_reason(lines, found)
        assert sum(units for units, _ in by_reason.values()) == lines.units.sum()
    held = {lot: sum(u for (_, place), u in pieces(laid).items() if place == n) for n, lot in enumerate(those)}
    coded = {n: sum(row[1] for row in sold if row[2] == lot.code) for n, lot in enumerate(those)}
    assert all(units <= max(lot.units, coded[n]) for n, (lot, units) in enumerate(held.items()))


def test_a_return_goes_to_its_code_then_its_order_then_its_day():
    those = [Lot(7, "L0", 0, 10), Lot(8, "L1", 10, 10)]
    sales = lines_of([(0, 10, "", 1, 101, -1), (10, 5, "", 2, 102, -1), (20, 5, "L1", 3, 103, -1)], those)
    laid = lots.of_sales(sales, those)
    assert laid.home.tolist() == [0, 1, 1]
    back = [
        (30, 1, "L0", 9, 103, -1),  # its code, though its order was of the other lot
        (31, 1, "", 9, 101, -1),  # its order
        (32, 1, "", 9, 103, -1),  # its order, whose lot is known
        (33, 1, "", 9, 999, 3),  # the day of its sale
        (34, 1, "", 9, 999, -1),  # its own day less fourteen
        (35, 1, "STRANGE", 9, 101, -1),  # a lot that nobody entered
    ]
    found = lots.of_returns(lines_of(back, those), sales, laid, delay=14)
    assert found.lot.tolist() == [0, 0, 1, 0, 1, NOBODY]
    assert found.estimated.tolist() == [False, True, False, True, True, False]


def test_what_was_sold_before_the_first_lot_is_nobodys():
    those = [Lot(1, "L0", 10, 5)]
    sales = lines_of([(0, 3, "", 1, 1, -1), (12, 4, "", 2, 2, -1), (13, 4, "", 3, 3, -1)], those)
    laid = lots.of_sales(sales, those)
    assert pieces(laid) == {(0, NOBODY): 3, (1, 0): 4, (2, 0): 1, (2, NOBODY): 3}
    early = lots.of_returns(lines_of([(0, 1, "", 9, 999, -1)], those), sales, laid)
    assert early.lot.tolist() == [NOBODY] and not early.estimated.any()


def test_a_day_that_sums_orders_counts_them_all():
    those = [Lot(1, "L0", 0, 100)]
    sales = lines_of([(0, 30, "", 1, -1, -1)], those)
    summed = Lines(**{**vars(sales), "named": np.array([False]), "told": np.array([12])})
    assert lots.by_week(summed, lots.of_sales(summed, those)) == {(0, 0): (30, 12, 30)}
