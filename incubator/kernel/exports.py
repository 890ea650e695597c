"""Writes CSV and XLSX that open in a spreadsheet without running anything: text stays text, numbers stay numbers."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from flask import Response
from werkzeug.wsgi import FileWrapper

from incubator.kernel.money import Money
from incubator.kernel.names import clean_name, disposition
from incubator.kernel.sniff import SPREADSHEET

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d+)?")
SPOOL = 4 * 1024 * 1024  # bytes kept in memory before a temporary file takes over
MOST_ROWS = 1_048_575
LONGEST_CELL = 32_000
Rows = Iterable[Sequence[Any]]


def download(columns: Sequence[Any], rows: Rows, fmt: str, name: str) -> Response:
    """A download of `rows` under `columns`; `fmt` is "csv" or "xlsx". Rows are read now, while the session is open."""
    target: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 - closed with the response
    (_write_xlsx if fmt == "xlsx" else _write_csv)(target, [str(c) for c in columns], rows)
    size = target.tell()
    target.seek(0)
    response = Response(FileWrapper(target), mimetype=SPREADSHEET if fmt == "xlsx" else "text/csv")
    response.headers["Content-Disposition"] = disposition(f"{clean_name(name, 'export')}.{fmt}")
    response.content_length = size
    return response


def neutral(text: str) -> str:
    """`text` with a quote before it if a spreadsheet would run it; "-12.5" is a number and stays."""
    return f"'{text}" if text.startswith(RISKY) and not NUMBER.fullmatch(text) else text


def value(cell: Any) -> Any:
    """A cell as a number, a date, a flag or text; moments are in UTC without an offset, because spreadsheets know none."""
    if isinstance(cell, Money):
        return cell.major
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None, microsecond=0)
    if cell is None or isinstance(cell, int | float | Decimal | date):
        return cell
    return str(cell)[:LONGEST_CELL]


def _write_csv(target: IO[bytes], columns: list[str], rows: Rows) -> None:
    text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([neutral(c) for c in columns])
    writer.writerows([neutral(v) if isinstance(v := value(cell), str) else v for cell in row] for row in rows)
    text.detach()


def _write_xlsx(target: IO[bytes], columns: list[str], rows: Rows) -> None:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    formats = {
        "head": book.add_format({"bold": True, "quote_prefix": True}),
        "risky": book.add_format({"quote_prefix": True}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for x, column in enumerate(columns):
        sheet.write_string(0, x, column, formats["head"])
        sheet.set_column(x, x, max(10, min(40, 2 + len(column))))
    for y, row in enumerate(_limited(rows), start=1):
        for x, cell in enumerate(row):
            _write_cell(sheet, y, x, value(cell), formats)
    book.close()


def _limited(rows: Rows) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            return
        yield row


def _write_cell(sheet: Any, y: int, x: int, cell: Any, formats: dict[Any, Any]) -> None:
    if isinstance(cell, str):
        sheet.write_string(y, x, cell, formats["risky"] if cell.startswith(RISKY) else None)
    elif isinstance(cell, date):
        sheet.write_datetime(y, x, cell, formats[type(cell)])
    elif isinstance(cell, bool):
        sheet.write_boolean(y, x, cell)
    elif cell is not None:
        sheet.write_number(y, x, cell)
