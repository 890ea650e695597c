"""What people settle: the service level, from when a SKU is a hero, and how a SKU is supplied."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from incubator.kernel.forms import AppForm, PlainNumberField, WholeNumberField
from incubator.kernel.money import COMMON_CURRENCIES, Money
from incubator.launches import fields
from incubator.sales import words
from incubator.sales.outlook_models import MEASURES

MOST_UNITS = 10_000_000
LEAST_SERVICE, MOST_SERVICE = 50, Decimal("99.9")


class Percent(PlainNumberField):
    """A share of a hundred, kept as hundredths of a percent."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, places=None, **named)

    @property
    def bp(self) -> int | None:
        return None if self.data is None else round(self.data * 100)


class SettingsForm(AppForm):
    service = Percent(
        _l("Service level, %"), [InputRequired(), NumberRange(LEAST_SERVICE, MOST_SERVICE)],
        description=_l("In how many of a hundred deliveries the stock is to last until the next one has come."),
    )  # fmt: skip
    review_days = WholeNumberField(
        _l("Days from one order to the next"),
        [InputRequired(), NumberRange(7, 182)],
        description=_l("An order is to last that long after the lead time."),
    )
    currency = SelectField(
        _l("Reporting currency"), choices=[(c, c) for c in COMMON_CURRENCIES],
        description=_l("Channels of other currencies are added up in it, each line at the rate of its day."),
    )  # fmt: skip
    version = fields.version()


class HeroForm(AppForm):
    programme_id = SelectField(_l("Programme"), coerce=int, default=0)
    category = StringField(
        _l("Category"), [Length(max=80)], filters=[lambda text: (text or "").strip()], description=_l("Blank is every category.")
    )
    measure = SelectField(_l("Measured by"), choices=[(name, words.HERO_MEASURES[name]) for name in MEASURES])
    least = PlainNumberField(_l("At least, a week"), [InputRequired(), NumberRange(1, MOST_UNITS)])
    weeks = WholeNumberField(_l("Weeks running"), [InputRequired(), NumberRange(1, 52)], default=4)

    def validate_least(self, field: Any) -> None:
        if self.measure.data == "units" and field.data is not None and field.data != int(field.data):
            raise ValidationError(gettext("Units are whole numbers."))

    def values(self, currency: str) -> dict[str, Any]:
        """The columns of a rule; revenue in minor units of `currency`."""
        least = Money.parse(str(self.least.data), currency).minor if self.measure.data == "revenue" else int(self.least.data or 0)
        named = {"programme_id": self.programme_id.data or None, "category": self.category.data}
        return {**named, "measure": self.measure.data, "least": least, "weeks": self.weeks.data}


class SupplyForm(AppForm):
    """Each blank is as the quotation, the carton or the brand's setting says."""

    moq = WholeNumberField(_l("Minimum order"), [Optional(), NumberRange(1, MOST_UNITS)])
    lead_days = WholeNumberField(_l("Lead time, days"), [Optional(), NumberRange(1, 365)])
    multiple = WholeNumberField(_l("Ordered in packs of"), [Optional(), NumberRange(1, 100_000)])
    service = Percent(_l("Service level, %"), [Optional(), NumberRange(LEAST_SERVICE, MOST_SERVICE)])
    version = fields.version()

    def values(self) -> dict[str, Any]:
        return {"moq": self.moq.data, "lead_days": self.lead_days.data, "multiple": self.multiple.data, "service_bp": self.service.bp}
