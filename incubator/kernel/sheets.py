"""Reads CSV and XLSX that strangers send. It refuses bombs before it unpacks them, and whatever has more than 100,000 rows."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from incubator.kernel import isolated, sniff
from incubator.kernel.errors import Invalid, TooLarge

MOST_ROWS = 100_000
MOST_COLUMNS = 300
MOST_CELLS = 3_000_000  # rows × columns, as `sheet_process` says too: a row is as wide as the header, whatever it holds
MOST_LINES = 1_000_000  # of a CSV, blank ones included
LONGEST_RECORD = 1_000_000  # characters of one row of a CSV
WIDEST = 16_384  # what a spreadsheet can have: blank cells up to there are forgiven
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024
MOST_STRINGS = 48 * 1024 * 1024
MOST_PARTS = 500
READER_MEMORY = 400  # MiB of address space for the child that reads a workbook
READER_SECONDS = 20
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class Sheet:
    """Headers, and rows as (line number in the file, cells as text); a row has as many cells as there are headers."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def dicts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(line number, header → cell) per row."""
        return ((line, dict(zip(self.headers, cells, strict=False))) for line, cells in self.rows)


def read(data: bytes) -> Sheet:
    """A CSV (UTF-8 or GB 18030; comma, tab or semicolon) or XLSX file. TooLarge, or Invalid with what to do about it."""
    if len(data) > MOST_BYTES:
        raise TooLarge(_l("This file is larger than 20 MB. Make it smaller, or split it."))
    lines = _workbook(data) if data.startswith(b"PK") else _csv(data)
    filled = ((line, found) for line, cells in lines if (found := _trimmed(cells)))
    first = next(filled, None)
    if first is None:
        raise _invalid(_l("This file is empty."))
    headers = [_plain(cell) for cell in first[1]]
    rows: list[tuple[int, list[str]]] = []
    for line, cells in filled:
        if len(rows) == MOST_ROWS:
            raise _too_many_rows()
        if len(rows) * len(headers) > MOST_CELLS:
            raise _too_many_cells()
        rows.append((line, [*map(_plain, cells[: len(headers)]), *[""] * (len(headers) - len(cells))]))
    return Sheet(headers, rows)


def _trimmed(cells: list[str]) -> list[str]:
    """Without blanks around cells and behind the last. It counts first: 300,000 commas are one short line."""
    width = len(cells)
    while 0 < width <= WIDEST and not cells[width - 1].strip():
        width -= 1
    if width > MOST_COLUMNS:
        raise TooLarge(_l("This file has more than %(n)s columns.", n=MOST_COLUMNS))
    return [cell.strip() for cell in cells[:width]]


def _plain(cell: str) -> str:
    """Takes back the quote that our own exports put before a cell which a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@") else cell


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    head = text[:65536].split("\n", 1)[0]
    record = _Record()
    reader = csv.reader(record.lines(text), delimiter=max(DELIMITERS, key=head.count))
    try:
        for cells in reader:
            record.size = 0
            if reader.line_num > MOST_LINES:
                raise _too_many_rows()
            yield reader.line_num, cells
    except csv.Error as error:
        raise _invalid(
            _l("Line %(line)s cannot be read: a quotation mark is open, or a cell is too long.", line=reader.line_num)
        ) from error


class _Record:
    """The lines of a text, of which one row takes no more than it may; `size` is what the present row has taken."""

    size = 0

    def lines(self, text: str) -> Iterator[str]:
        for found in LINE.finditer(text):
            self.size += found.end() - found.start()
            if self.size > LONGEST_RECORD:
                raise TooLarge(_l("A row of this file is too long. Is a quotation mark open?"))
            yield found.group()


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise _invalid(_l("This is not a CSV file. Save it as CSV (UTF-8) or XLSX and send it again."))
    try:
        return data.decode("utf-8-sig" if sniff.decodes(data, "utf-8") else "gb18030")
    except UnicodeDecodeError as error:
        raise _invalid(_l("The characters of this file cannot be read. Save it as CSV (UTF-8) and send it again.")) from error


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
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
        raise _too_many_rows()
    if shape["height"] * shape["width"] > MOST_CELLS:
        raise _too_many_cells()
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


def _too_many_rows() -> TooLarge:
    return TooLarge(_l("This file has more than %(n)s rows. Split it.", n=MOST_ROWS))


def _too_many_cells() -> TooLarge:
    return TooLarge(_l("This file has more than %(n)s cells. Split it, or take columns out.", n=MOST_CELLS))


def _invalid(message: object) -> Invalid:
    return Invalid({"file": [message]}, message)
