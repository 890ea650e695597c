"""The forms of one SKU's screen: the answer with a day for each choice, so that the proposed day is right before anything is typed; and a question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, StringField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import choices, text
from incubator.feedback import words
from incubator.feedback.models import MOST_QUANTITY
from incubator.kernel.forms import AppForm, ChoiceField, WholeNumberField
from incubator.products.forms import sensible_date


def _day(choice: str) -> Any:
    return DateField(words.DAYS[choice], [Optional(), sensible_date])


class SkuForm(AppForm):
    """What the factory answers to one SKU. `shown` says which answer the page showed."""

    shown = StringField(validators=[Optional(), Length(max=40)], widget=HiddenInput(), default="")
    choice = ChoiceField(_l("Reply"), choices=[("", ""), *choices(words.CHOICES)], default="")
    quantity = WholeNumberField(_l("Quantity"), [Optional(), NumberRange(1, MOST_QUANTITY)])
    on_reorder = _day("reorder")
    on_fix = _day("fix")
    on_stop = _day("stop")
    what = text(_l("What you change"), 1000, area=True)
    lot = text(_l("From which lot or date"), 120)
    note = text(_l("Note"), 2000, area=True)
    photos = MultipleFileField(_l("Photos"), [Optional()])
    playbook_id = WholeNumberField(_l("A playbook that others proved"), [Optional(), NumberRange(1)])

    def as_data(self) -> dict[str, Any]:
        """The answer as the service takes it: the day is that of the choice."""
        day = self[f"on_{self.choice.data}"].data if f"on_{self.choice.data}" in self._fields else None
        return {"on": day, **{name: self[name].data for name in ("choice", "quantity", "what", "lot", "note", "playbook_id")}}


class QuestionForm(AppForm):
    """A question to the brand, or its answer."""

    body = text(_l("Question"), 4000, required=True, area=True)
