"""The forms of reports: the draft, and a question about a released one."""

from flask_babel import lazy_gettext as _l
from wtforms import MonthField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from incubator.investors import words
from incubator.kernel.forms import AppForm, WholeNumberField
from incubator.products.forms import Version, sensible_date, text

LONGEST = 8000


class MultiCheckboxField(SelectMultipleField):
    """A choice of several as check boxes, which a phone can tap; WTForms' own draws a list that needs a key held down."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TextsForm(AppForm):
    """What the brand says itself, in both languages, and to whom."""

    title = text(_l("Title"), 200, description=_l("Leave it empty to use the programme's name."))
    headline_zh = text(_l("Summary in Chinese"), LONGEST, area=True)
    headline_en = text(_l("Summary in English"), LONGEST, area=True)
    risks_zh = text(_l("Outlook and risks in Chinese"), LONGEST, area=True)
    risks_en = text(_l("Outlook and risks in English"), LONGEST, area=True)
    audience = MultiCheckboxField(
        _l("Addressed to"), coerce=int, description=_l("Each sees the report and its own commitments, and none of the others.")
    )


class ReportForm(TextsForm):
    period = SelectField(_l("Period"), choices=list(words.PERIODS.items()), default="quarter")
    month = MonthField(_l("Month, or any month of the quarter"), [InputRequired(_l("Choose a month.")), sensible_date])


class EditReportForm(TextsForm):
    version = Version()


class RemarkForm(AppForm):
    body = text(_l("Question or answer"), LONGEST, required=True, area=True)
    investor_id = WholeNumberField(validators=[Optional(), NumberRange(1, 2**62)])
