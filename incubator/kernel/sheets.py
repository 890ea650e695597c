"""Reads CSV and XLSX that strangers send, row by row. It refuses bombs before it unpacks them, and whatever has too many rows.

A CSV is decoded as it is read, so that half a million lines take no more memory than their bytes.
"""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from flask_babel import lazy_gettext as _l

from incubator.kernel import isolated, sniff
from incubator.kernel.errors import Invalid, TooLarge

MOST_ROWS = 100_000  # of a workbook, and of whatever is read as a whole
MOST_STREAMED = 500_000  # of a CSV that is read row by row
MOST_COLUMNS = 300
MOST_CELLS = 3_000_000  # rows × columns, as `sheet_process` says too: a row is as wide as the header, whatever it holds
MOST_STREAMED_CELLS = 15_000_000
MOST_LINES = 1_000_000  # of a CSV, blank ones included
LONGEST_RECORD = 1_000_000  # characters of one row of a CSV
WIDEST = 16_384  # what a spreadsheet can have: blank cells up to there are forgiven
MOST_BYTES = 20 * 1024 * 1024
MOST_STREAMED_BYTES = 128 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024
MOST_STRINGS = 48 * 1024 * 1024
MOST_PARTS = 500
READER_MEMORY = 400  # MiB of address space for the child that reads a workbook
READER_SECONDS = 20
DELIMITERS = (",", "\t", ";", "|")
INVISIBLE = str.maketrans("", "", "\ufeff\u200b\u2060")  # what copying leaves in headings, unseen
ENCODINGS = ("utf-8", "gb18030", "cp1252")
Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Stream:
    """Headers, how many rows there are at most, and the rows as (line number in the file, cells as text), once.

    A row has as many cells as there are headers. `is_cut`: the last line of a CSV has no end, as when a transfer broke off.
    """

    headers: list[str]
    expected: int
    rows: Rows
    is_cut: bool = False


@dataclass(frozen=True)
class Sheet:
    """The same with all rows at hand."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def dicts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(line number, header → cell) per row."""
        return ((line, dict(zip(self.headers, cells, strict=False))) for line, cells in self.rows)


def read(data: bytes) -> Sheet:
    """A whole CSV or XLSX file of at most 100,000 rows and 20 MB. TooLarge, or Invalid with what to do about it."""
    if len(data) > MOST_BYTES:
        raise TooLarge(_l("This file is larger than 20 MB. Make it smaller, or split it."))
    sheet = _stream(data, "", MOST_ROWS, MOST_CELLS)
    return Sheet(sheet.headers, list(sheet.rows))


def stream(data: bytes, encoding: str = "") -> Stream:
    """The same row by row: a CSV (UTF-8, UTF-16 or GB 18030; comma, tab, semicolon or bar) may have 500,000 rows.

    `encoding` is tried before the others. Limits and damage are found when the row is reached, as TooLarge or Invalid.
    """
    if len(data) > (MOST_BYTES if data.startswith(b"PK") else MOST_STREAMED_BYTES):
        raise TooLarge(_l("This file is too large. Make it smaller, or split it."))
    return _stream(data, encoding, MOST_STREAMED, MOST_STREAMED_CELLS)


def _stream(data: bytes, encoding: str, most_rows: int, most_cells: int) -> Stream:
    lines = _workbook(data) if data.startswith(b"PK") else _csv(data, encoding, most_rows)
    filled = ((line, found) for line, cells in lines if (found := _trimmed(cells)))
    first = next(filled, None)
    if first is None:
        raise _invalid(_l("This file is empty."))
    headers = [_plain(cell.translate(INVISIBLE).strip()) for cell in first[1]]
    is_cut = not data.startswith(b"PK") and not set(b"\r\n") & set(data[-2:])
    return Stream(headers, data.count(b"\n"), _fitted(filled, len(headers), most_rows, most_cells), is_cut)


def _fitted(filled: Rows, width: int, most_rows: int, most_cells: int) -> Rows:
    most = min(most_rows, most_cells // width + 1)
    for number, (line, cells) in enumerate(filled):
        if number == most:
            raise _too_many_rows(most_rows) if most == most_rows else _too_many_cells(most_cells)
        row = cells if len(cells) == width else [*cells[:width], *[""] * (width - len(cells))]
        yield line, list(map(_plain, row)) if "'" in "".join(row) else row


def _trimmed(cells: list[str]) -> list[str]:
    """Without blanks around cells and behind the last. It counts first: 300,000 commas are one short line."""
    width = len(cells)
    if 0 < width <= MOST_COLUMNS and cells[-1].strip():
        return list(map(str.strip, cells))
    while 0 < width <= WIDEST and not cells[width - 1].strip():
        width -= 1
    if width > MOST_COLUMNS:
        raise TooLarge(_l("This file has more than %(n)s columns.", n=MOST_COLUMNS))
    return [cell.strip() for cell in cells[:width]]


def _plain(cell: str) -> str:
    """Takes back the quote that our own exports put before a cell which a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@") else cell


def _csv(data: bytes, encoding: str, most_rows: int) -> Rows:
    """The rows with the number of the line on which each ends, as an editor shows it."""
    text = io.TextIOWrapper(io.BytesIO(data), _encoding(data, encoding), newline="")
    first = text.readline(LONGEST_RECORD + 1)
    record = _Record()
    reader = csv.reader(record.lines(chain([first], text)), delimiter=_delimiter(first))
    try:
        for cells in reader:
            record.size = 0
            if reader.line_num > MOST_LINES:
                raise _too_many_rows(most_rows)
            yield reader.line_num, cells
    except csv.Error as error:
        raise _invalid(
            _l("Line %(line)s cannot be read: a quotation mark is open, or a cell is too long.", line=reader.line_num)
        ) from error


def _delimiter(head: str) -> str:
    """The commonest of the usual ones in the first line, quoted parts left out."""
    bare = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


class _Record:
    """The lines of a text, of which one row takes no more than it may; `size` is what the present row has taken."""

    size = 0

    def lines(self, text: Iterator[str]) -> Iterator[str]:
        for found in text:
            self.size += len(found)
            if self.size > LONGEST_RECORD:
                raise TooLarge(_l("A row of this file is too long. Is a quotation mark open?"))
            yield found.replace("\0", "")


def _encoding(data: bytes, hint: str) -> str:
    """The name of the encoding: what a byte-order mark says, then the hint, then UTF-8, then GB 18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        raise _invalid(_l("This is not a CSV file. Save it as CSV (UTF-8) or XLSX and send it again."))
    elif data.startswith(codecs.BOM_UTF8):
        names = ("utf-8-sig",)
    else:
        names = tuple(dict.fromkeys(("utf-8", *([hint] if hint in ENCODINGS else []), "gb18030")))
    for name in names:
        if sniff.decodes(data, name):
            return name
    raise _invalid(_l("The characters of this file cannot be read. Save it as CSV (UTF-8) and send it again."))


def _workbook(data: bytes) -> Rows:
    _refuse_bombs(data)
    try:
        answer = isolated.run("sheet_process", data, READER_SECONDS, READER_MEMORY)
    except isolated.ChildFailed as error:
        raise _invalid(
            _l("This workbook cannot be read. Open it, save it anew as XLSX with one small sheet, and send it again.")
        ) from error
    lines = io.BytesIO(answer)
    shape = json.loads(next(lines))
    if shape["height"] > MOST_ROWS + 1:
        raise _too_many_rows(MOST_ROWS)
    if shape["height"] * shape["width"] > MOST_CELLS:
        raise _too_many_cells(MOST_CELLS)
    return ((number, json.loads(line)) for number, line in enumerate(lines, start=1 + shape["start"]))


def _refuse_bombs(data: bytes) -> None:
    """By what the archive declares; what it conceals meets the reader's memory limit."""
    try:
        parts = sniff.parts(data)
    except zipfile.BadZipFile as error:
        raise _invalid(_l("This is not an XLSX file.")) from error
    strings = sum(p.file_size for p in parts if "sharedstrings" in p.filename.lower())
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED or strings > MOST_STRINGS:
        raise TooLarge(_l("This workbook unpacks to more than the limit. Keep the one sheet that matters, or send CSV."))


def _too_many_rows(most: int) -> TooLarge:
    return TooLarge(_l("This file has more than %(n)s rows. Split it.", n=most))


def _too_many_cells(most: int) -> TooLarge:
    return TooLarge(_l("This file has more than %(n)s cells. Split it, or take columns out.", n=most))


def _invalid(message: object) -> Invalid:
    return Invalid({"file": [message]}, message)
