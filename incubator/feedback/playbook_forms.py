"""The forms of a playbook: its words, and where it is used."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, NumberRange, Optional

from incubator.briefs.fields import choices, text
from incubator.feedback import playbook_service, words
from incubator.feedback.forms import hidden_number
from incubator.kernel.forms import AppForm, ChoiceField, WholeNumberField


class PlaybookForm(AppForm):
    """What was wrong, what was done and what it took, so that a stranger could do it."""

    version = hidden_number()
    title = text(_l("Title"), 120, required=True)
    problem = text(_l("The problem"), 2000, required=True, area=True)
    reason = ChoiceField(_l("Reason of returns"), choices=choices(words.REASONS))
    topic = text(_l("Part or fault"), 60)
    what = text(_l("What was done"), 4000, required=True, area=True)
    effort = text(_l("What it took"), 300)
    days = WholeNumberField(_l("Days until it was done"), [Optional(), NumberRange(0, 3650)])

    def as_data(self) -> dict[str, Any]:
        return {name: self[name].data for name in playbook_service.FIELDS}


class UseForm(AppForm):
    """The SKU of a waiting pack for which a playbook is taken."""

    section_id = WholeNumberField(validators=[InputRequired(), NumberRange(1)])


class NoteForm(AppForm):
    """A step with its reason."""

    version = hidden_number()
    note = text(_l("Why"), 1000, area=True)
