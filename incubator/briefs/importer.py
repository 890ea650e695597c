"""One line of a sheet of briefs: words of either language to validated values. Pure but for the forms' texts.

It applies nothing; `import_service` does, all rows or none. A row is known again by its `code`, so an import can be repeated.
Whatever a form has found right once is not asked again: the same words, numbers and dates stand in many rows.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from incubator.briefs import content, fields, forms, intake, words
from incubator.imports.kinds import Cells as Given
from incubator.imports.kinds import Line, Refusal
from incubator.kernel.forms import Cells
from incubator.kernel.i18n import listed

LABELS: dict[str, Any] = {
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
NUMBERS = ("first_order_quantity", "annual_quantity", "moq")
REQUIREMENT_PARTS = ("attribute", "operator", "target", "unit", "tolerance", "priority", "evidence")
SIGNS = {"=": "eq", "<=": "le", "≤": "le", ">=": "ge", "≥": "ge"}
TARGET_COLUMNS = ("currency", "price", "cost", "margin")


class ImportRow(forms.BriefFields):
    """A brief's own fields with its code."""

    code = fields.text(_l("Code"), 40, required=True)


@cache
def _codes(name: str) -> dict[str, str]:
    """Lower-case word in either language, or the code itself, to the code of a choice."""
    table = words.CODES[name]
    found = {code: code for code in table}
    for locale in ("zh", "en"):
        with force_locale(locale):
            found.update({str(word).lower(): code for code, word in table.items()})
    return found


def read(cells: Iterable[Given]) -> Iterator[Line]:
    """Every line as a row of data for the services, or as what is wrong with it."""
    checker = RowChecker()
    return (checker.check(line, values) for line, values in cells)


class RowChecker:
    """Checks one row after another with the same three forms: making a form anew costs as much as checking with it."""

    def __init__(self) -> None:
        self.form = ImportRow(formdata=Cells(), meta={"csrf": False})
        self.target = forms.TargetForm(formdata=Cells())
        self.known = Known(self.form)
        self.requirement = RequirementReader()
        self.lines: dict[str, int] = {}

    def check(self, line: int, values: dict[str, str]) -> Line:
        """The row, or what is wrong with it."""
        refusals = self._twice(line, values["code"])
        requirements, wrong = self.requirement.read(values["requirements"])
        said = self.known.row(values)
        if said is None:
            refusals += [Refusal(str(LABELS[n]), values[n], str(m)) for n, m in self._field_errors(values)]
        if refusals or wrong:
            return Line(line, refusals=[*refusals, *wrong])
        if said is None:
            said = self.known.learn(values, self._said())
        return Line(line, said | {"line": line, "requirements": requirements})

    def _said(self) -> dict[str, Any]:
        targets = [] if self.target.is_blank else [intake.target_data(self.target)]
        return {"code": self.form.code.data, **intake.fields_data(self.form), "targets": targets}

    def _twice(self, line: int, code: str) -> list[Refusal]:
        first = self.lines.setdefault(code, line)
        if first == line or not code:
            return []
        return [Refusal(str(LABELS["code"]), code, gettext("This code stands on line %(line)s, too.", line=first))]

    def _field_errors(self, values: dict[str, str]) -> Iterator[tuple[str, Any]]:
        """(column, message) for everything that the two forms refuse."""
        given = {n: _code(n, v) for n, v in values.items() if v}
        given.update({n: given[n].replace(",", "") for n in NUMBERS if n in given})
        money = {n: given.pop(n) for n in TARGET_COLUMNS if n in given}
        given.pop("requirements", None)
        self.form.process(Cells(given))
        self.target.process(Cells({"currency": "CNY", **money} if money else {}))
        for checked in (self.form, self.target) if money else (self.form,):
            if not checked.validate():
                yield from (
                    (name, _remedy(name, values.get(name, ""), messages[0]))
                    for name, messages in checked.errors.items()
                    if _is_cause(name, checked)
                )


class Known:
    """What the forms have found right so far. A row made of such values, and of texts that fit, needs no form."""

    def __init__(self, form: ImportRow) -> None:
        bounds = {f.name: [v for v in f.validators if isinstance(v, Length)] for f in form}
        self.texts = {
            f.name: (bounds[f.name][0].max, any(isinstance(v, InputRequired) for v in f.validators)) for f in form if bounds[f.name]
        }
        self.names = [name for name in content.FIELDS if name not in self.texts]
        self.values: dict[tuple[str, str], Any] = {}
        self.targets: dict[tuple[str, ...], Any] = {}

    def row(self, values: dict[str, str]) -> dict[str, Any] | None:
        """The data of a row, or None when a form must look at it."""
        found: dict[str, Any] = {}
        try:
            found["targets"] = self.targets[tuple(values[n] for n in TARGET_COLUMNS)]
            for name in self.names:
                found[name] = self.values[name, values[name]]
        except KeyError:
            return None
        for name, (longest, required) in self.texts.items():
            found[name] = text = fields.stripped(values[name])
            if len(text) > longest or (required and not text):
                return None
        small = forms.is_below_moq(found["first_order_quantity"], found["moq"])
        return None if small or forms.is_backwards(found["launch_from"], found["launch_to"]) else found

    def learn(self, values: dict[str, str], said: dict[str, Any]) -> dict[str, Any]:
        """Remember a row that the forms found right."""
        self.targets[tuple(values[n] for n in TARGET_COLUMNS)] = said["targets"]
        self.values.update({(name, values[name]): said[name] for name in self.names})
        return said


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
    """Reads the requirements of a cell. How a target is put is checked once; its attribute and evidence only have to fit."""

    def __init__(self) -> None:
        self.form = forms.RequirementForm(formdata=Cells())
        self.known: set[tuple[str, ...]] = set()

    def read(self, text: str) -> tuple[list[dict[str, str]], list[Refusal]]:
        """One per line or ";", parts split by "|": attribute | operator | target | unit | tolerance | priority | evidence."""
        rows: list[dict[str, str]] = []
        errors: list[Refusal] = []
        for part in (p for p in text.replace("；", ";").replace("\n", ";").split(";") if p.strip()):
            values = _requirement_values(part)
            if self._is_right(values):
                rows.append({n: values.get(n, "") for n in content.REQUIREMENT_FIELDS})
            else:
                message = next(str(m) for messages in self.form.errors.values() for m in messages)
                errors.append(Refusal(str(LABELS["requirements"]), part.strip(), message))
        return rows, errors

    def _is_right(self, values: dict[str, str]) -> bool:
        put = tuple(values.get(n, "") for n in REQUIREMENT_PARTS[1:-1])
        if put in self.known and 0 < len(values["attribute"]) <= forms.LONGEST_NAME and len(values.get("evidence", "")) <= fields.LONG:
            return True
        self.form.process(Cells(values))
        if not self.form.validate():
            return False
        self.known.add(put)
        return True


def _requirement_values(part: str) -> dict[str, str]:
    values = dict(zip(REQUIREMENT_PARTS, map(fields.stripped, part.split("|")), strict=False))
    values["operator"] = SIGNS.get(values.get("operator", ""), _code("operator", values.get("operator") or "is"))
    values["priority"] = _code("priority", values.get("priority") or "must")
    return values
