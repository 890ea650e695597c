"""One sheet of briefs, row by row: headings and words in either language to validated values. Pure but for the forms' texts.

It applies nothing; `import_service` does, all rows or none. A row is known again by its `code`, so an import can be repeated.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from incubator.briefs import content, fields, forms, intake, words
from incubator.kernel.forms import Cells
from incubator.kernel.i18n import listed
from incubator.kernel.money import Money

COLUMNS: dict[str, Any] = {
    "code": _l("Code"),
    **{name: content.LABELS[name] for name in content.FIELDS},
    "currency": _l("Currency"),
    "price": _l("Target price"),
    "cost": _l("Target cost"),
    "margin": _l("Target margin, %"),
    "requirements": _l("Requirements"),
}
REQUIRED = ("code", "title")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
DATES = ("launch_from", "launch_to")
NUMBERS = ("first_order_quantity", "annual_quantity", "moq")
REQUIREMENT_PARTS = ("attribute", "operator", "target", "unit", "tolerance", "priority", "evidence")
SIGNS = {"=": "eq", "<=": "le", "≤": "le", ">=": "ge", "≥": "ge"}
TARGET_COLUMNS = ("currency", "price", "cost", "margin")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell: the sheet's own line number, the column, the value, and what would be right."""

    line: int
    column: str
    value: str
    message: str


@dataclass
class Checked:
    """Rows that are right, as data for the services, and everything that is not."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def dump(rows: Sequence[dict[str, Any]]) -> bytes:
    """Checked rows as JSON, to be applied later."""
    return json.dumps(rows, default=lambda v: [v.minor, v.currency] if isinstance(v, Money) else v.isoformat(), ensure_ascii=False).encode()


def load(data: bytes) -> list[dict[str, Any]]:
    """What `dump` wrote, with dates and Money."""
    rows: list[dict[str, Any]] = json.loads(data)
    for row in rows:
        row.update({name: date.fromisoformat(row[name]) for name in DATES if row[name]})
        for target in row["targets"]:
            target.update({name: Money(*target[name]) for name in ("price", "cost") if target[name]})
    return rows


class ImportRow(forms.BriefFields):
    """A brief's own fields with its code."""

    code = fields.text(_l("Code"), 40, required=True)


def columns_of(headers: Sequence[str]) -> tuple[dict[str, int], list[RowError]]:
    """Which column of the sheet holds what. Errors: a required heading is missing, one is unknown, or one stands twice."""
    known, found, errors = _headings(), {}, []
    for index, header in enumerate(headers):
        text = str(header or "").strip()
        name = known.get(text.lower())
        if name is None and text:
            errors.append(RowError(1, text, text, gettext("This heading is not known. Take the headings from the example sheet.")))
        elif name in found:
            errors.append(RowError(1, text, text, gettext("This heading stands twice.")))
        elif name:
            found[name] = index
    missing = [n for n in REQUIRED if n not in found]
    errors += [RowError(1, str(COLUMNS[n]), "", gettext("The sheet needs a column “%(name)s”.", name=COLUMNS[n])) for n in missing]
    return found, errors


@cache
def _headings() -> dict[str, str]:
    """Lower-case heading in either language, or the field's own name, to the field."""
    found = {name: name for name in COLUMNS}
    for locale in ("zh", "en"):
        with force_locale(locale):
            found.update({str(label).lower(): name for name, label in COLUMNS.items()})
    return found


@cache
def _codes(name: str) -> dict[str, str]:
    """Lower-case word in either language, or the code itself, to the code of a choice."""
    table = words.CODES[name]
    found = {code: code for code in table}
    for locale in ("zh", "en"):
        with force_locale(locale):
            found.update({str(word).lower(): code for code, word in table.items()})
    return found


def check(headers: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Checked]:
    """Check `rows` ((line number, cells) each); yields the same growing result after every row, so that progress can be shown."""
    result = Checked()
    found, result.errors = columns_of(headers)
    if result.errors:
        yield result
        return
    checker = RowChecker(result)
    for line, cells in rows:
        checker.check(line, {name: cells[index] for name, index in found.items()})
        yield result


class RowChecker:
    """Checks one row after another with the same three forms: making a form anew costs as much as checking with it."""

    def __init__(self, result: Checked) -> None:
        self.result = result
        self.form = ImportRow(formdata=Cells(), meta={"csrf": False})
        self.target = forms.TargetForm(formdata=Cells())
        self.requirement = RequirementReader()
        self.lines: dict[str, int] = {}

    def check(self, line: int, values: dict[str, str]) -> None:
        """Add the row to the result, or what is wrong with it."""
        errors = [RowError(line, str(COLUMNS[n]), values.get(n, ""), str(m)) for n, m in _field_errors(self.form, self.target, values)]
        errors += self._twice(line, values["code"])
        requirements, wrong = self.requirement.read(line, values.get("requirements", ""))
        if errors or wrong:
            self.result.errors += errors + wrong
            return
        row = {"line": line, "code": self.form.code.data, **intake.fields_data(self.form), "requirements": requirements}
        row["targets"] = [] if self.target.is_blank else [intake.target_data(self.target)]
        self.result.rows.append(row)

    def _twice(self, line: int, code: str) -> list[RowError]:
        first = self.lines.setdefault(code, line)
        if first == line or not code:
            return []
        return [RowError(line, str(COLUMNS["code"]), code, gettext("This code stands on line %(line)s, too.", line=first))]


def _field_errors(form: ImportRow, target: Any, values: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """(column, message) for everything that the two forms refuse."""
    given = {n: _code(n, v) for n, v in values.items() if v}
    given.update({n: given[n].replace(",", "") for n in NUMBERS if n in given})
    money = {n: given.pop(n) for n in TARGET_COLUMNS if n in given}
    given.pop("requirements", None)
    form.process(Cells(given))
    target.process(Cells({"currency": "CNY", **money} if money else {}))
    for checked in (form, target) if money else (form,):
        if not checked.validate():
            yield from (
                (name, _remedy(name, values.get(name, ""), messages[0]))
                for name, messages in checked.errors.items()
                if _is_cause(name, checked)
            )


def _is_cause(name: str, checked: Any) -> bool:
    """An amount cannot be judged in a currency that is itself wrong."""
    return name not in ("price", "cost", "margin") or "currency" not in checked.errors


def _remedy(name: str, value: str, message: Any) -> Any:
    """What would be right, where the form only says that something is not."""
    if value and name in words.CODES:
        return gettext("“%(value)s” is none of these: %(words)s.", value=value, words=listed(words.CODES[name].values()))
    if value and name in NUMBERS and not value.lstrip("-").isdecimal():
        return gettext("“%(value)s” is not a whole number, like 500.", value=value)
    if value and name in ("launch_from", "launch_to") and not ISO_DAY.fullmatch(value):
        return gettext("“%(value)s” is not a date, like 2027-03-01.", value=value)
    return message


def _code(name: str, value: str) -> str:
    return _codes(name).get(value.lower(), value) if name in words.CODES else value


class RequirementReader:
    """Reads the requirements of a cell. The same words stand in many rows of a sheet, and are checked once."""

    def __init__(self) -> None:
        self.form = forms.RequirementForm(formdata=Cells())
        self.known: dict[str, dict[str, str]] = {}

    def read(self, line: int, text: str) -> tuple[list[dict[str, str]], list[RowError]]:
        """One per line or ";", parts split by "|": attribute | operator | target | unit | tolerance | priority | evidence."""
        rows, errors = [], []
        for part in (p for p in text.replace("；", ";").replace("\n", ";").split(";") if p.strip()):
            if part in self.known or self._is_right(part):
                rows.append(self.known[part])
            else:
                message = next(str(m) for messages in self.form.errors.values() for m in messages)
                errors.append(RowError(line, str(COLUMNS["requirements"]), part.strip(), message))
        return rows, errors

    def _is_right(self, part: str) -> bool:
        self.form.process(Cells(_requirement_values(part)))
        if not self.form.validate():
            return False
        self.known[part] = {n: self.form[n].data for n in content.REQUIREMENT_FIELDS}
        return True


def _requirement_values(part: str) -> dict[str, str]:
    values = dict(zip(REQUIREMENT_PARTS, (c.strip() for c in part.split("|")), strict=False))
    values["operator"] = SIGNS.get(values.get("operator", ""), _code("operator", values.get("operator") or "is"))
    values["priority"] = _code("priority", values.get("priority") or "must")
    return values
