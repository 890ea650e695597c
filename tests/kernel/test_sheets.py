"""Sheets of strangers: encodings, delimiters, line numbers, limits."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from incubator.kernel import exports, sheets
from incubator.kernel.errors import Invalid, TooLarge
from incubator.kernel.money import Money
from tests.uploads import a_workbook

BACKENDS = ("sqlite",)  # no sheet asks a database


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_is_read_whatever_its_encoding_and_delimiter(encoding, delimiter):
    text = "品名?数量\r\n保温杯?12\r\n".replace("?", delimiter)
    sheet = sheets.read(text.encode(encoding))
    assert (sheet.headers, sheet.rows) == (["品名", "数量"], [(2, ["保温杯", "12"])])


def test_rows_keep_their_line_numbers_and_blank_ones_are_skipped():
    sheet = sheets.read(b'\nname,size\n\n"two\nlines",1\n ,\nlast,2,3\nshort\n')
    assert sheet.rows == [(5, ["two\nlines", "1"]), (7, ["last", "2"]), (8, ["short", ""])]
    assert next(sheet.dicts()) == (5, {"name": "two\nlines", "size": "1"})


def test_a_workbook_gives_text_of_numbers_and_dates():
    sheet = sheets.read(a_workbook([["sku", "price", "count", "code"], ["A-1", 12.5, 3.0, 6901234567892]]))
    assert sheet.rows == [(2, ["A-1", "12.5", "3", "6901234567892"])]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"a,b\n\0,1\n", b"\xff\xfe\x00\xd8", b"PK\x03\x04nothing", b'a,b\n"open,1\n' + b"x" * 200_000]
)
def test_what_is_no_sheet_is_refused_in_words(data):
    with pytest.raises(Invalid) as refusal:
        sheets.read(data)
    assert str(refusal.value.message).endswith(".")


def test_a_csv_is_streamed_up_to_half_a_million_rows_and_a_limit_is_met_where_it_is():
    stream = sheets.stream(b"n,m\n" + b"1,2\n" * (sheets.MOST_STREAMED + 1))
    assert stream.headers == ["n", "m"] and stream.expected == sheets.MOST_STREAMED + 2
    assert sum(1 for _ in zip(range(sheets.MOST_STREAMED), stream.rows, strict=False)) == sheets.MOST_STREAMED
    with pytest.raises(TooLarge):
        next(stream.rows)


def test_headings_lose_what_nobody_sees_and_quoted_delimiters_do_not_count():
    stream = sheets.stream('\ufeff订单编号 ,"a;b;c;d"\u200b\n1,2\n'.encode("utf-8-sig"))
    assert stream.headers == ["订单编号", "a;b;c;d"]


def test_a_hint_is_tried_before_gb18030_and_after_utf_8():
    text = "price\n£5\n"
    assert [cells for _, cells in sheets.stream(text.encode("cp1252"), "cp1252").rows] == [["£5"]]
    assert [cells for _, cells in sheets.stream(text.encode(), "cp1252").rows] == [["£5"]]


def test_more_than_a_hundred_thousand_rows_are_too_many():
    assert len(sheets.read(b"n\n" + b"1\n" * sheets.MOST_ROWS).rows) == sheets.MOST_ROWS
    with pytest.raises(TooLarge):
        sheets.read(b"n\n" + b"1\n" * (sheets.MOST_ROWS + 1))


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_what_we_export_we_can_read_back(fmt):
    row = [
        "=danger",
        Money(8990, "CNY"),
        Decimal("0.5"),
        date(2026, 11, 22),
        datetime(2026, 11, 22, 8, 30, 5, 7, tzinfo=UTC),
        -3,
        None,
        "名",
    ]
    answer = exports.download([f"c{n}" for n in range(8)], [row], fmt, "列表/2026")
    assert answer.headers["Content-Disposition"].endswith(f"filename*=UTF-8''2026.{fmt}")
    [(_line, cells)] = sheets.read(answer.get_data()).rows
    moment = "2026-11-22 08:30:05" if fmt == "csv" else "2026-11-22T08:30:05"
    assert cells == ["=danger", "89.90" if fmt == "csv" else "89.9", "0.5", "2026-11-22", moment, "-3", "", "名"]
