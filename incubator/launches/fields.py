"""The pieces of which the forms of this package are made: versions, quantities, days, boxes, figures."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from incubator.briefs.fields import MOST, number_in
from incubator.kernel.forms import WholeNumberField
from incubator.launches.probe_models import SCALE
from incubator.products.forms import sensible_date

LARGEST_VALUE = 10**9


def version() -> WholeNumberField:
    return WholeNumberField(widget=HiddenInput(), validators=[Optional()])


def quantity(label: Any) -> WholeNumberField:
    return WholeNumberField(label, [Optional(), NumberRange(0, MOST)], default=0)


def day(label: Any, *, required: bool = False) -> DateField:
    first: Any = InputRequired(_l("Choose a date.")) if required else Optional()
    return DateField(label, [first, sensible_date])


class MultiCheckboxField(SelectMultipleField):
    """Several of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def several(label: Any) -> MultiCheckboxField:
    return MultiCheckboxField(label, coerce=int)


class ValueField(StringField):
    """A threshold or reading with at most two decimals; `x100` gives it in hundredths."""

    @property
    def x100(self) -> int:
        return int((Decimal(str(number_in(self.data))) * SCALE).to_integral_value())

    def pre_validate(self, form: Any) -> None:
        found = number_in(self.data)
        if found is None or not 0 <= found <= LARGEST_VALUE:
            raise ValidationError(_l("“%(value)s” is not a number from 0 on.", value=(self.data or "")[:20]))
