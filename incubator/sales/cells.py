"""Cells of sheets of days, as text, to numbers, days and moments. Pure; it refuses what is not one, and says what would be right."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

Cells = Mapping[str, str]
DAY_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y%m%d",
)
EARLIEST = date(1990, 1, 1)
LARGEST = 10_000_000_000
LONGEST_CODE = 80


class WrongCell(ValueError):
    """A cell that cannot be read: the column, and what would be right."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message = column, value, message


def code(cells: Cells) -> str:
    """The article's code in capitals; WrongCell for a blank and for more than 80 characters."""
    text = cells.get("code", "").strip().upper()
    if not text:
        raise WrongCell("code", "", _("This cell is blank."))
    if len(text) > LONGEST_CODE:
        raise WrongCell("code", text, _("A code has at most %(n)s characters.", n=LONGEST_CODE))
    return text


def whole(cells: Cells, column: str) -> int:
    """A whole number, signed ("1.0" and "1,200" are whole); WrongCell for anything else."""
    text = cells.get(column, "").replace(",", "").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > LARGEST or number != number.to_integral_value():
        raise WrongCell(column, text, _("“%(value)s” is not a whole number, like 12.", value=text))
    return int(number)


def counted(cells: Cells, column: str) -> int | None:
    """A number of things or people; None where the cell is blank or a dash."""
    if cells.get(column, "").strip() in ("", "-", "--"):
        return None
    number = whole(cells, column)
    if number < 0:
        raise WrongCell(column, cells[column], _("A count cannot be below zero."))
    return number


def moment(cells: Cells, column: str, zone: Any, today: date) -> tuple[date, datetime]:
    """(the day in `zone`, the moment in UTC; of a cell without an hour, that day's midnight); not before 1990 and not after tomorrow."""
    text = cells.get(column, "").strip()
    found = next((parsed for form in DAY_FORMATS if (parsed := _parsed(text, form, zone))), None)
    if found is None:
        raise WrongCell(column, text, _("“%(value)s” is not a date, like 2026-03-01 or 2026-03-01 14:05:00.", value=text))
    if not EARLIEST <= found.date() <= today + timedelta(days=1):
        raise WrongCell(column, text, _("%(value)s is not a day on which this can have happened.", value=text))
    return found.date(), found.astimezone(UTC)


def _parsed(text: str, form: str, zone: Any) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        return None
