"""What a person fills in beside the file: where it comes from, what its kind asks for, and which heading is which."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from incubator.imports.kinds import Kind
from incubator.imports.mapping import Mapped
from incubator.kernel.forms import AppForm, ChoiceField, WholeNumberField


class NameForm(AppForm):
    """What people call a mapping."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])


class VersionForm(AppForm):
    """Which earlier version counts again."""

    number = WholeNumberField(_l("Version"), [InputRequired(), NumberRange(min=1, max=100_000)])


class OptionsForm(AppForm):
    """Beside the file; a kind that asks for more derives from it."""

    also_expected = frozenset({"file"})
    asked: tuple[str, ...] = ()  # selects of which nobody's first choice is right by chance
    preset = ChoiceField(_l("Known format"), default="")

    @property
    def obstacle(self) -> tuple[Any, Any, str] | None:
        """What must be there first: (sentence, label of a button, its endpoint)."""
        return None

    def values(self) -> dict[str, Any]:
        """What the import keeps as its options, as JSON."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "preset")}


def options_form(kind: Kind, actor: Any, **given: Any) -> OptionsForm:
    """The form of `kind`, with its presets to choose from."""
    form: OptionsForm = kind.options(actor, **given) if kind.options else OptionsForm(**given)
    form.preset.choices = [("", _l("As its headings say")), *((p.name, p.title) for p in kind.presets)]
    for name in form.asked:
        _ask(form[name])
    return form


def _ask(field: Any) -> None:
    """Where there is a choice, or what was chosen is gone, nothing is chosen until somebody does."""
    there = {str(value) for value, _ in field.choices}
    if len(there) > 1 or (there and field.data and str(field.data) not in there):
        field.choices = [("", _l("– choose –")), *field.choices]


def column_field(name: str) -> str:
    return f"column_{name}"


def chosen(kind: Kind, form: Any, among: list[str] | None = None) -> Mapped:
    """Column → heading as the form says; `among` leaves out what is no heading of the file."""
    said = {column.name: form[column_field(column.name)].data for column in kind.columns}
    return {name: heading for name, heading in said.items() if heading and (among is None or heading in among)}


def mapping_form(kind: Kind, headings: list[str], mapped: Mapped, given: frozenset[str]) -> AppForm:
    """One select of headings per column; `given` columns have a value without any."""

    choices = [("", _l("– not in this file –")), *((h, h) for h in headings)]
    fields: dict[str, Any] = {}
    for column in kind.columns:
        needed = column.required and column.name not in given
        rule: Any = InputRequired(_l("Say which heading this is.")) if needed else Optional()
        fields[column_field(column.name)] = SelectField(column.label, [rule], choices=choices)
    form: Any = type("MappingForm", (AppForm,), {**fields, "also_expected": frozenset({"step"})})
    return form(data={column_field(name): heading for name, heading in mapped.items()})
