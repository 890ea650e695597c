"""Lines of feeds to facts: what is a sale, what came back, what is neither, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.sales import lines
from incubator.sales.lines import WrongCell
from incubator.sales.reasons import reason_of

TODAY = date(2026, 11, 22)
UK = {"order_no": "536365", "code": "85123a", "description": "HEART", "quantity": "6", "at": "2010-12-01 08:26:00", "price": "2.55", "customer": "17850.0",
      "region": "United Kingdom"}  # fmt: skip


def uk(**cells):
    return lines.uk_shop({**UK, **cells}, 2, TODAY)


def generic(**cells):
    base = {"order_no": "A1", "code": "k-1", "quantity": "2", "at": "2026-03-01", "price": "10.00"}
    return lines.generic({**base, **cells}, 2, TODAY)


def test_a_sale_of_the_uk_shop():
    read = uk()
    (fact,) = read.facts
    assert (read.kind, fact.code, fact.units, fact.price_e4, fact.amount_minor, fact.day) == (
        "sale",
        "85123A",
        6,
        25_500,
        1530,
        date(2010, 12, 1),
    )
    assert fact.week == date(2010, 11, 29) and "17850" not in fact.customer and fact.line_id == fact.content


@pytest.mark.parametrize(
    ("cells", "kind", "units"),
    [
        ({"order_no": "C536365", "quantity": "-6"}, "return", 6),
        ({"quantity": "-6", "price": "0.0"}, "adjustment", -6),
        ({"quantity": "-6"}, "adjustment", -6),
        ({"order_no": "A563185", "code": "B", "quantity": "1", "price": "-11062.06"}, "adjustment", 1),
        ({"code": "POST"}, "adjustment", 6),
        ({"code": "m"}, "adjustment", 6),
        ({"code": "gift_0001_20"}, "adjustment", 6),
        ({"code": "DCGS0003"}, "sale", 6),
        ({"price": "0"}, "adjustment", 6),
        ({"price": "0.001"}, "sale", 6),
        ({"customer": ""}, "sale", 6),
        ({"order_no": "C536365", "quantity": "6"}, "sale", 6),
    ],
)
def test_what_a_line_of_the_uk_shop_is(cells, kind, units):
    read = uk(**cells)
    assert (read.kind, read.facts[0].units) == (kind, units)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"quantity": "six"}, "quantity"), ({"quantity": "1.5"}, "quantity"), ({"quantity": "1e9"}, "quantity"), ({"quantity": "NaN"}, "quantity"),
        ({"price": "Nill"}, "price"), ({"price": ""}, "price"), ({"price": "inf"}, "price"), ({"at": "yesterday"}, "at"), ({"at": "1970-01-01"}, "at"),
        ({"at": "2030-01-01"}, "at"), ({"code": " "}, "code"), ({"order_no": ""}, "order_no"),
    ],
)  # fmt: skip
def test_case_22_a_cell_that_cannot_be_read_is_named(app, cells, column):
    with app.test_request_context(), pytest.raises(WrongCell) as wrong:
        uk(**cells)
    assert wrong.value.column == column and wrong.value.message


def test_an_order_of_tmall_is_a_sale_and_its_refund_a_return():
    order = {
        "order_no": "6",
        "amount": "327.7",
        "region": "浙江省",
        "at": "2020-02-20 23:56:39",
        "paid_at": "2020-02-20 23:56:53",
        "refund": "178.8",
    }
    read = lines.tmall_orders(order, 2, TODAY)
    assert [(f.kind, f.amount_minor, f.units) for f in read.facts] == [("sale", 32_770, 1), ("return", 17_880, 1)]
    assert lines.tmall_orders({**order, "paid_at": ""}, 2, TODAY).kind == "unpaid"
    assert [f.kind for f in lines.tmall_orders({**order, "refund": "0.0"}, 2, TODAY).facts] == ["sale"]


def test_any_shop_says_returns_by_a_word_or_a_sign():
    for cells in ({"kind": "退货"}, {"kind": "Refund"}, {"quantity": "-2"}, {"quantity": "-2", "kind": "return"}):
        read = generic(**cells, reason="拉链坏了")
        assert (read.kind, read.facts[0].units, read.facts[0].amount_minor, read.facts[0].reason) == ("return", 2, 2000, "quality")
    assert generic(amount="19.90", price="").facts[0].amount_minor == 1990


def test_a_shops_own_line_number_makes_a_line_known_again():
    first, corrected, other = generic(line_key="1"), generic(line_key="1", quantity="3"), generic(line_key="2")
    assert first.facts[0].line_id == corrected.facts[0].line_id != other.facts[0].line_id
    assert first.facts[0].content != corrected.facts[0].content


@given(st.integers(-10_000, 10_000).filter(bool), st.decimals(Decimal("0.01"), Decimal("99999"), places=2))
def test_amounts_are_exact(units, price):
    fact = lines.generic({"order_no": "A", "code": "K", "quantity": str(units), "at": "2026-03-01", "price": str(price)}, 2, TODAY).facts[0]
    assert fact.units == abs(units) and fact.amount_minor == int(abs(units) * price * 100)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "unstated"), ("尺码偏小", "size"), ("有刺鼻异味", "smell"), ("The zip broke after a week", "quality"), ("快递破损", "damaged"),
     ("7天无理由退货", "changed_mind"), ("qwerty", "other"), ("少件", "missing_part"), ("quality", "quality")],
)  # fmt: skip
def test_a_buyers_words_to_a_reason(text, reason):
    assert reason_of(text) == reason
