"""The forms of products, their people and comments. They bound every number and date, and know only their own fields."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from incubator.kernel.forms import AppForm, WholeNumberField
from incubator.products import words

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
LARGEST_VERSION = 2**31


def stripped(value: str | None) -> str:
    """Text without surrounding space and NUL, which PostgreSQL cannot hold."""
    return (value or "").replace("\x00", "").strip()


def optional_id(value: Any) -> int | None:
    """The id behind a select; nothing chosen is None."""
    return int(value) if value not in (None, "", "None") else None


def text(label: Any, longest: int, *, required: bool = False, area: bool = False, **kwargs: Any) -> Any:
    """A stripped text field of at most `longest` characters."""
    kind = TextAreaField if area else StringField
    first: Any = InputRequired(_l("This cannot be empty.")) if required else Optional()
    return kind(label, [first, Length(max=longest)], filters=[stripped], **kwargs)


def sensible_date(_form: Any, field: DateField) -> None:
    """Form validator: between the years 2000 and 2100."""
    if field.data is not None and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_l("Choose a date between 2000 and 2100."))


class Version(HiddenField):
    """The version of the row that the page showed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        value = valuelist[0] if valuelist else ""
        if not value.isascii() or not value.isdigit() or len(value) > 10:
            raise ValueError(_l("This page is damaged. Reload it and try again."))
        self.data = int(value)


class ProductForm(AppForm):
    """Create and edit a product."""

    name = text(_l("Name"), 200, required=True)
    type = SelectField(_l("Type"), choices=list(words.PRODUCT_TYPE.items()), default="hero")
    programme_id = SelectField(_l("Programme"), coerce=optional_id, validators=[InputRequired(_l("Choose a programme."))])
    owner_id = SelectField(_l("Owner"), coerce=optional_id)
    category = text(_l("Category"), 80)
    launch_on = DateField(_l("Launch planned for"), [Optional(), sensible_date])
    code = StringField(
        _l("Code"),
        [Optional(), Length(max=40), Regexp(r"[\w./-]+\Z", message=_l("Letters, figures, hyphen, dot and slash only."))],
        filters=[stripped],
    )

    def offer(self, programmes: list[tuple[int, str]], people: list[tuple[int, str]]) -> None:
        """Give the selects what this actor may choose."""
        self.programme_id.choices = [("", _l("Choose…")), *programmes] if len(programmes) != 1 else programmes
        self.owner_id.choices = [("", _l("Nobody yet")), *people]


class NewProductForm(ProductForm):
    start = SelectField(
        _l("It begins as"), choices=[("signal", _l("A signal: something buyers lack")), ("brief", _l("A brief: we know what to make"))]
    )


class EditProductForm(ProductForm):
    version = Version()
    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("This cannot be empty.")),
            Length(max=40),
            Regexp(r"[\w./-]+\Z", message=_l("Letters, figures, hyphen, dot and slash only.")),
        ],
        filters=[stripped],
    )


class MoveForm(AppForm):
    """A stage button, with the version that its page showed."""

    version = Version()
    note = text(_l("Reason"), 2000, area=True)


class ParticipantForm(AppForm):
    organisation_id = SelectField(_l("Organisation"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])


class SquadForm(AppForm):
    user_id = SelectField(_l("Colleague"), coerce=optional_id, validators=[InputRequired(_l("Choose a colleague."))])
    duty = text(_l("Duty"), 80)


class CommentForm(AppForm):
    """A remark; `subject_type` and `subject_id` name the record it is about."""

    body = text(_l("Comment"), 8000, required=True, area=True)
    subject_type = StringField(validators=[InputRequired(), Length(max=40)])
    subject_id = WholeNumberField(validators=[InputRequired(), NumberRange(1, 2**31)])
    audience_id = WholeNumberField(validators=[Optional(), NumberRange(1, 2**31)])


class UploadForm(AppForm):
    files = MultipleFileField(_l("Files"))
    participant_id = SelectField(_l("Who may see them"), coerce=optional_id)


class SavedViewForm(AppForm):
    name = text(_l("Name of the view"), 80, required=True)
    view = SelectField(default="list")
    also_expected = frozenset({"stage", "programme", "type", "owner", "risk", "category", "participant", "q", "sort"})
