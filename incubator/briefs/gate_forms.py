"""The forms of the value gate: who signs, the signature, the verdict."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from incubator.briefs import words
from incubator.briefs.fields import choices, fail, text
from incubator.kernel.forms import AppForm, RowForm, WholeNumberField
from incubator.products.forms import sensible_date


class SubmitForm(AppForm):
    """Who shall sign, and by when."""

    signatories = SelectMultipleField(_l("Organisations that sign beside you"), coerce=int)
    due_on = DateField(_l("Decide by"), [Optional(), sensible_date])
    note = text(_l("Note to the reviewers"), 1000, area=True)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])


class MoveForm(AppForm):
    """A step of the brief's own way, with a note where the step asks for one."""

    note = text(_l("Note"), 4000, area=True)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])


class SignForm(AppForm):
    """Scores for the two criteria of the brief's type, and why."""

    first = RadioField(choices=[(n, str(n)) for n in range(1, 6)], coerce=int, validators=[InputRequired(_l("Choose a score."))])
    second = RadioField(choices=[(n, str(n)) for n in range(1, 6)], coerce=int, validators=[InputRequired(_l("Choose a score."))])
    statement = text(_l("Your judgement"), 4000, required=True, area=True)


class ConditionForm(RowForm):
    """A dated condition; a row without text is left out."""

    text = text(_l("Condition"), 200)
    due_on = DateField(_l("By"), [Optional(), sensible_date])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.text.data or self.due_on.data or not valid:
            return valid
        return fail(self.due_on, _l("Date the condition."))


class DecideForm(AppForm):
    """The verdict, its reason, and the conditions of a conditional pass."""

    outcome = RadioField(_l("Verdict"), choices=choices(words.OUTCOMES), validators=[InputRequired(_l("Choose the verdict."))])
    reason = text(_l("Reason"), 4000, required=True, area=True)
    conditions = FieldList(FormField(ConditionForm), _l("Conditions"), max_entries=20)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])
