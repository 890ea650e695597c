"""Lines of feeds to facts: what is a sale, what came back, what is neither, and what is refused."""

import hashlib
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.sales import lines, rules
from incubator.sales.reasons import reason_of

TODAY = date(2026, 11, 22)
SHANGHAI = lines.Setting(2, "Asia/Shanghai", "Asia/Shanghai", TODAY, "consumer", "CNY")
UK = {"order_no": "536365", "code": "85123a", "description": "HEART", "quantity": "6", "at": "2010-12-01 08:26:00", "price": "2.55", "customer": "17850.0",
      "region": "United Kingdom"}  # fmt: skip
ANY = {"order_no": "A1", "code": "k-1", "quantity": "2", "at": "2026-03-01", "price": "10.00"}


@pytest.fixture(autouse=True)
def _language(app):
    with app.test_request_context():
        yield


def read(source, *rows, setting=SHANGHAI, fill_down=()):
    """What became of lines, the first of which stands in line 2."""
    with lines.Reader(source, setting, fill_down) as reader:
        return told(reader, rows)


def told(reader, rows, first=2):
    names = {name for row in rows for name in row}
    reading = reader.read(range(first, first + len(rows)), {name: [row.get(name, "") for row in rows] for name in names})
    table = reading.facts
    facts = [SimpleNamespace(**{name: table[name][n].as_py() for name in table.column_names}) for n in range(table.num_rows)]
    return SimpleNamespace(
        **{**vars(reading), "facts": sorted(facts, key=lambda f: (f.line, f.derived)), "kind": facts[0].outcome if facts else None}
    )


def uk(**cells):
    return read("uk_shop", {**UK, **cells})


def generic(**cells):
    return read("", {**ANY, **cells})


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


def test_a_line_keeps_the_id_that_earlier_releases_gave_it():
    said = [{**UK}.get(name, "") for name in rules.FIRST]
    assert list(rules.FIRST) == sorted(rules.FIRST)
    assert uk().facts[0].content == hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


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
def test_case_22_a_cell_that_cannot_be_read_is_named(cells, column):
    found = uk(**cells)
    (wrong,) = found.wrong
    assert (wrong.line, wrong.check.column, wrong.value) == (2, column, cells[column].strip()) and wrong.check.says(wrong.value)
    assert found.lines == 0 and found.facts == []


def test_an_order_of_tmall_is_a_sale_and_its_refund_a_return():
    order = {
        "order_no": "6",
        "amount": "327.7",
        "region": "浙江省",
        "at": "2020-02-20 23:56:39",
        "paid_at": "2020-02-20 23:56:53",
        "refund": "178.8",
    }
    found = read("tmall_orders", order)
    assert [(f.kind, f.amount_minor, f.units) for f in found.facts] == [("sale", 32_770, 1), ("return", 17_880, 1)]
    assert read("tmall_orders", {**order, "paid_at": ""}).unpaid == 1
    assert [f.kind for f in read("tmall_orders", {**order, "refund": "0.0"}).facts] == ["sale"]


def test_any_shop_says_returns_by_a_word_or_a_sign():
    for cells in ({"kind": "退货"}, {"kind": "Refund"}, {"quantity": "-2"}, {"quantity": "-2", "kind": "return"}):
        found = generic(**cells, reason="拉链坏了")
        assert (found.kind, found.facts[0].units, found.facts[0].amount_minor, found.facts[0].reason) == ("return", 2, 2000, "quality")
        assert found.facts[0].reason_text == "拉链坏了"
    assert generic(amount="19.90", price="").facts[0].amount_minor == 1990


def test_a_shops_own_line_number_makes_a_line_known_again():
    first, corrected, other = generic(line_key="1"), generic(line_key="1", quantity="3"), generic(line_key="2")
    assert first.facts[0].line_id == corrected.facts[0].line_id != other.facts[0].line_id
    assert first.facts[0].content != corrected.facts[0].content


@given(
    st.lists(
        st.tuples(st.integers(-10_000, 10_000).filter(bool), st.decimals(Decimal("0.01"), Decimal("99999"), places=2)),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_amounts_are_exact(pairs):
    rows = [{**ANY, "order_no": f"A{n}", "quantity": str(units), "price": str(price)} for n, (units, price) in enumerate(pairs)]
    for fact, (units, price) in zip(read("", *rows).facts, pairs, strict=True):
        assert fact.units == abs(units) and fact.amount_minor == int(abs(units) * price * 100)


def test_halves_of_a_cent_go_to_the_even_neighbour():
    rows = [{**ANY, "quantity": "1", "price": price} for price in ("0.005", "0.015", "0.025", "1.0051")]
    assert [f.amount_minor for f in read("", *rows).facts] == [0, 2, 2, 101]


def test_a_time_with_its_zone_is_a_day_of_the_channel():
    days = [generic(at=at).facts[0].day for at in ("2026-03-01T18:00:00Z", "2026-03-01 18:00:00 +0000", "2026-03-01T23:00:00+08:00")]
    assert [d.isoformat() for d in days] == ["2026-03-02", "2026-03-02", "2026-03-01"]
    utc = SHANGHAI._replace(file_timezone="UTC")
    assert read("", {**ANY, "at": "2026-03-01 18:00:00"}, setting=utc).facts[0].day.isoformat() == "2026-03-02"
    london = SHANGHAI._replace(timezone="Europe/London", file_timezone="UTC")
    assert [
        read("", {**ANY, "at": f"{day} 23:30:00"}, setting=london).facts[0].day.isoformat() for day in ("2026-03-28", "2026-03-29")
    ] == ["2026-03-28", "2026-03-30"]


def test_an_order_that_was_cancelled_or_not_paid_sells_nothing():
    for status in ("交易关闭", "已取消", "Cancelled", "voided"):
        assert [f.kind for f in generic(status=status).facts] == ["cancelled"]
    assert generic(cancelled_at="2026-03-02 10:00:00 +0800").facts[0].kind == "cancelled"
    assert [generic(status=s).unpaid for s in ("等待买家付款", "Pending", "authorized")] == [1, 1, 1]
    assert generic(status="交易成功").facts[0].kind == "sale"


def test_the_other_lines_of_an_order_say_what_the_first_says_across_pieces_too():
    rows = [{**ANY, "status": "paid"}, {**ANY, "order_no": "A2", "code": "a", "status": "voided"}, {**ANY, "order_no": "A2", "code": "b"}]
    with lines.Reader("", SHANGHAI, ("status",)) as reader:
        first = told(reader, rows[:2])
        second = told(reader, [rows[2], {**ANY, "order_no": "A3"}], 4)
    assert [f.kind for f in first.facts] == ["sale", "cancelled"] and [f.kind for f in second.facts] == ["cancelled", "sale"]


def test_the_same_line_in_another_piece_is_a_duplicate():
    with lines.Reader("", SHANGHAI) as reader:
        assert told(reader, [ANY, ANY]).duplicates == 1 and told(reader, [ANY], 4).duplicates == 1


def test_a_partial_refund_gives_money_back_and_no_units():
    whole, part, told_units = generic(refund="20.00"), generic(refund="5.00"), generic(refund="5.00", refund_units="1")
    assert [(f.units, f.amount_minor) for found in (whole, part, told_units) for f in found.facts if f.derived] == [
        (2, 2000),
        (0, 500),
        (1, 500),
    ]


def test_returns_have_a_file_of_their_own():
    (fact,) = read("returns", {"order_no": "A1", "code": "k-1", "quantity": "1", "at": "2026-03-09", "refund": "10", "reason": "质量问题",
                               "reason_note": "拉链坏了", "sold_on": "2026-03-01", "lot": "L17"}).facts  # fmt: skip
    assert (fact.kind, fact.units, fact.amount_minor, fact.sold_on.isoformat(), fact.lot) == ("return", 1, 1000, "2026-03-01", "L17")
    assert fact.reason_text == "质量问题 拉链坏了"
    assert read("returns", {"code": "k", "quantity": "1", "at": "2026-03-09", "status": "退款关闭"}).facts[0].kind == "cancelled"


def test_a_day_of_an_article_says_how_many_orders_it_had():
    found = read(
        "daily", {"code": "k", "at": "2026-03-01", "quantity": "50", "amount": "500", "orders": "40", "refund_units": "2", "refund": "20"}
    )
    assert [(f.kind, f.units, f.amount_minor, f.orders_n) for f in found.facts] == [("sale", 50, 50_000, 40), ("return", 2, 2000, 0)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"currency": "USD"}, "currency"), ({"segment": "nobody"}, "segment"), ({"sold_on": "soon"}, "sold_on"), ({"refund": "x"}, "refund"),
     ({"refund_units": "1.5"}, "refund_units"), ({"quantity": "0"}, "quantity"), ({"kind": "zz"}, "kind"), ({"price": "-1"}, "price"),
     ({"amount": "x"}, "amount"), ({"orders": "-1"}, "orders"), ({"discount": "?"}, "discount")],
)  # fmt: skip
def test_what_any_shop_cannot_say(cells, column):
    (wrong,) = generic(**cells).wrong
    assert wrong.check.column == column and wrong.check.says(wrong.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "unstated"), ("尺码偏小", "size"), ("有刺鼻异味", "smell"), ("The zip broke after a week", "quality"), ("快递破损", "damaged"),
     ("7天无理由退货", "changed_mind"), ("qwerty", "other"), ("少件", "missing_part"), ("quality", "quality")],
)  # fmt: skip
def test_a_buyers_words_to_a_reason(text, reason):
    assert reason_of(text) == reason


AMAZON = {
    "order_no": "111-1",
    "code": "k-1",
    "quantity": "1",
    "at": "2026-03-01T10:00:00+00:00",
    "amount": "59.00",
    "status": "Unshipped",
    "currency": "CNY",
}


def test_an_order_of_amazon_told_again_in_another_state_is_the_same_line():
    first, later = read("amazon", AMAZON).facts[0], read("amazon", {**AMAZON, "status": "Shipped"}).facts[0]
    assert first.content != later.content
    assert first.line_id == later.line_id, "else the next file would count it twice"
    assert read("amazon", {**AMAZON, "code": "k-2"}).facts[0].line_id != first.line_id


def test_a_cancelled_order_of_amazon_has_no_units_and_takes_back_what_it_said():
    told_again = read("amazon", {**AMAZON, "status": "Cancelled", "quantity": "0", "amount": ""})
    (fact,) = told_again.facts
    assert (told_again.wrong, told_again.kind, fact.units, fact.amount_minor) == ([], "cancelled", 0, 0)
    assert fact.line_id == read("amazon", AMAZON).facts[0].line_id
    (wrong,) = read("amazon", {**AMAZON, "quantity": "0"}).wrong
    assert wrong.check.column == "quantity", "an order that stands has units"
    (wrong,) = read("amazon", {**AMAZON, "amount": ""}).wrong
    assert wrong.check.column == "price"


def test_an_order_of_shopify_told_again_in_another_state_is_the_same_line():
    row = {**ANY, "order_no": "#1001", "description": "Chair", "status": "paid"}
    paid, sent_back = read("shopify", row).facts[0], read("shopify", {**row, "status": "partially_refunded"}).facts[0]
    assert paid.line_id == sent_back.line_id
    assert read("shopify", {**row, "description": "Chair, blue"}).facts[0].line_id != paid.line_id


def test_a_line_without_a_key_of_the_shop_is_known_by_its_place_where_the_file_tells_of_states():
    def ids(*rows):
        return [f.line_id for f in read("", *rows).facts if not f.derived]

    two = [{**ANY, "price": "10.00"}, {**ANY, "price": "8.00"}]
    paid, sent = ([{**row, "status": status} for row in two] for status in ("已付款", "已发货"))
    assert ids(*paid) == ids(*sent) and len(set(ids(*paid))) == 2
    assert ids({**ANY, "status": "x"}) == ids({**ANY, "status": "x", "code": "K-1"}) != ids({**ANY, "status": "x", "code": "k-2"})
    assert ids(*two) != ids(*paid)  # without a state, a line is all that it says
    one, other = ({**ANY, "kind": "退货", "status": "x", "at": f"2026-03-0{day}"} for day in (8, 9))
    assert len({*ids(one), *ids(other), *ids({**ANY, "status": "x"})}) == 3


def test_places_go_on_in_the_next_piece_and_a_line_in_two_states_has_one():
    rows = [{**ANY, "price": price, "status": "paid", "updated_at": "2026-03-01"} for price in ("10.00", "8.00", "6.00")]
    with lines.Reader("", SHANGHAI) as reader:
        pieces = [
            told(reader, rows[:2]),
            told(reader, rows[2:], 4),
            told(reader, [{**rows[0], "updated_at": "2026-03-05", "status": "sent"}], 5),
        ]
    ids = [f.line_id for piece in pieces for f in piece.facts]
    assert len(set(ids)) == 3 and ids[3] == ids[0]
    unpaid = [{**rows[0], "status": "待付款"}, rows[1]]
    assert [f.line_id for f in read("", *unpaid).facts] == [ids[1]]


def test_an_order_that_was_refunded_came_back_whole_unless_the_file_says_how_much():
    whole, part, amazon = generic(status="已退款"), generic(status="Refunded", refund="5.00"), read("amazon", {**ANY, "status": "refunded"})
    assert [(f.units, f.amount_minor) for found in (whole, part, amazon) for f in found.facts if f.derived] == [
        (2, 2000),
        (0, 500),
        (2, 2000),
    ]
    assert [f.kind for f in generic(status="退款中").facts] == ["sale"]
