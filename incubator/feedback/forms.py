"""The forms of feedback: the answers to a pack, and how a promise ends. Pages and JSON are validated by the same ones."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, MultipleFileField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import choices, text
from incubator.feedback import words
from incubator.feedback.models import MOST_QUANTITY
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.products.forms import sensible_date

MOST_SECTIONS = 200


def hidden_number() -> WholeNumberField:
    return WholeNumberField(widget=HiddenInput(), validators=[Optional()])


class AnswerRow(RowForm):
    """The answer to one SKU. A draft may be incomplete; what the choice has no use for is not kept."""

    section_id = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1)])
    choice = ChoiceField(_l("Reply"), choices=[("", ""), *choices(words.CHOICES)], default="")
    quantity = WholeNumberField(_l("Quantity"), [Optional(), NumberRange(1, MOST_QUANTITY)])
    on = DateField(_l("Day"), [Optional(), sensible_date])
    what = text(_l("What you change"), 1000, area=True)
    lot = text(_l("From which lot or date"), 120)
    note = text(_l("Note"), 2000, area=True)

    def as_data(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("choice", "quantity", "on", "what", "lot", "note")}


class PhotoRow(AnswerRow):
    """The same on the page, where pictures come with it."""

    photos = MultipleFileField(_l("Photos"), [Optional()])


class AnswersForm(AppForm):
    """The answers to a pack as JSON takes them. `drafts` is the number that the page showed."""

    drafts = hidden_number()
    answers = FieldList(FormField(AnswerRow), _l("Answers"), max_entries=MOST_SECTIONS)

    @property
    def by_section(self) -> dict[int, dict[str, Any]]:
        return {row.form.section_id.data: row.form.as_data() for row in self.answers}


class PackForm(AnswersForm):
    """The page of a pack: save, take over the suggestions, or acknowledge."""

    also_expected = frozenset({"step"})
    answers = FieldList(FormField(PhotoRow), _l("Answers"), max_entries=MOST_SECTIONS)


class DoneForm(AppForm):
    """When a promise was kept, and what shows it."""

    version = hidden_number()
    done_on = DateField(_l("Done on"), [InputRequired(_l("Name the day.")), sensible_date])
    lot = text(_l("From which lot"), 120)
    note = text(_l("What was done"), 4000, area=True)
    photos = MultipleFileField(_l("Photos"), [Optional()])


class DropForm(AppForm):
    """Why a promise will not be kept."""

    version = hidden_number()
    note = text(_l("Why"), 4000, required=True, area=True)


class AsideForm(AppForm):
    """Why a finding is set aside."""

    version = hidden_number()
    note = text(_l("Why"), 2000, required=True, area=True)


class VersionForm(AppForm):
    """A step that needs nothing but the version that its page showed."""

    version = hidden_number()


class PhotosForm(AppForm):
    """Pictures for the answer to one SKU."""

    photos = MultipleFileField(_l("Photos"), [Optional()])
