"""The forms of templates, closing days, reminders and calendar feeds."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from incubator.kernel.forms import AppForm, RowForm, WholeNumberField
from incubator.products.forms import Version, optional_id, sensible_date, stripped, text
from incubator.products.models import PARTS
from incubator.schedule import words
from incubator.schedule.apply_service import Wish
from incubator.schedule.defaults import Row, Template
from incubator.schedule.forms import optional_text
from incubator.schedule.template_service import MOST_ROWS

BLANK_ROWS = 2
CODE = Regexp(r"[a-z0-9_-]+\Z", message=_l("Small letters, figures, hyphen and underscore only."))


class ApplyForm(AppForm):
    """Which template, from which day, in which language; and who owes each part."""

    template = SelectField(_l("Template"))
    direction = SelectField(_l("Counted"), choices=list(words.DIRECTION.items()), default="start")
    day = DateField(_l("Day"), [InputRequired(_l("Choose a date.")), sensible_date])
    language = SelectField(_l("Names in"), choices=[("zh", "中文"), ("en", "English")])

    def offer(self, templates: Sequence[Template], partners: dict[str, list[tuple[int, str]]], language: str) -> None:
        """The templates, and for each part those who take part with it; the only one of a part is the answer at first."""
        self.template.choices = [(template.key, template.name(language)) for template in templates]
        for part, field in self.parties():
            rows = partners.get(part, [])
            field.choices = [("", _l("Nobody yet")), *rows]
            if field.raw_data is None:
                field.data = rows[0][0] if len(rows) == 1 else None

    def parties(self) -> list[tuple[str, Any]]:
        return [(part, self[f"party_{part}"]) for part in PARTS]

    def wish(self) -> Wish:
        return Wish(self.direction.data, self.day.data, {part: field.data for part, field in self.parties()}, self.language.data)


for _part, _label in words.parts()[1:]:
    setattr(ApplyForm, f"party_{_part}", SelectField(_label, coerce=optional_id))


class TemplateRow(RowForm):
    """A milestone of a template; `after` lists the codes that it waits for."""

    code = StringField(_l("Code"), [Optional(), Length(max=30), CODE], filters=[stripped])
    name_zh = text(_l("Name in Chinese"), 200)
    name_en = text(_l("Name in English"), 200)
    stage = SelectField(_l("Stage"), choices=words.stages, coerce=optional_text)
    days = WholeNumberField(_l("Working days"), [Optional(), NumberRange(0, 1000)])
    after = StringField(_l("Waits for"), [Optional(), Length(max=300)], filters=[stripped])
    owner_part = SelectField(_l("Owed by"), choices=words.parts, coerce=optional_text)

    @property
    def is_blank(self) -> bool:
        return not (self.code.data or self.name_zh.data or self.name_en.data)


class TemplateForm(AppForm):
    name = text(_l("Name"), 120, required=True)
    rows = FieldList(FormField(TemplateRow), _l("Milestones"), max_entries=MOST_ROWS + BLANK_ROWS)
    version = Version()

    def add_blank_rows(self) -> None:
        """Room for more without a script; a script adds further rows."""
        for _ in range(min(BLANK_ROWS, MOST_ROWS - len(self.rows.entries))):
            self.rows.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for row in self._filled():
            for field in (row.code, row.name_zh):
                if not field.data:
                    field.errors, fine = [*field.errors, _l("This cannot be empty.")], False
        return bool(fine)

    def _filled(self) -> list[Any]:
        return [entry.form for entry in self.rows if not entry.form.is_blank]

    def data_rows(self) -> list[Row]:
        """The filled rows as a template holds them; an English name left out is the Chinese one."""
        return [
            Row(
                row.code.data, row.name_zh.data, row.name_en.data or row.name_zh.data, row.stage.data, row.days.data or 0,
                tuple(dict.fromkeys(row.after.data.replace("，", ",").replace(",", " ").split())), row.owner_part.data,
            )
            for row in self._filled()
        ]  # fmt: skip


def filled_from(found: Any) -> dict[str, Any]:
    """A template as the form's data."""
    rows = [
        {
            "code": r.code, "name_zh": r.name_zh, "name_en": r.name_en, "stage": r.stage or "", "days": r.duration_days,
            "after": ", ".join(map(str, r.after)), "owner_part": r.owner_part or "",
        }
        for r in found.rows
    ]  # fmt: skip
    return {"name": found.name, "version": found.version, "rows": rows}


class CopyForm(AppForm):
    name = text(_l("Name of your template"), 120, required=True)


class ClosureForm(AppForm):
    """Closing days of an organisation, first and last day included."""

    organisation_id = SelectField(_l("Organisation"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])
    name = text(_l("Why"), 120, required=True)
    starts_on = DateField(_l("First day"), [InputRequired(_l("Choose a date.")), sensible_date])
    ends_on = DateField(_l("Last day"), [InputRequired(_l("Choose a date.")), sensible_date])


class ReminderForm(AppForm):
    """0 switches a step off."""

    soon_days = WholeNumberField(_l("Days before"), [InputRequired(_l("Enter a number.")), NumberRange(0, 30)])
    owner_after = WholeNumberField(_l("Working days late: product’s owner"), [InputRequired(_l("Enter a number.")), NumberRange(0, 60)])
    programme_after = WholeNumberField(
        _l("Working days late: programme’s owner"), [InputRequired(_l("Enter a number.")), NumberRange(0, 60)]
    )
    version = Version()


class FeedForm(AppForm):
    scope = SelectField(_l("What it holds"), choices=list(words.FEED_SCOPE.items()))
