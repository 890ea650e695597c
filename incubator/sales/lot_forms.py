"""What a person says of a production lot."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, NumberRange

from incubator.kernel.forms import AppForm, WholeNumberField
from incubator.launches import fields
from incubator.products.forms import optional_id, text
from incubator.sales.lot_models import MOST_UNITS
from incubator.sales.lot_service import FIELDS


class LotForm(AppForm):
    """A lot; a factory is not asked who made it."""

    code = text(_l("Lot"), 60, required=True)
    units = WholeNumberField(_l("Units"), [InputRequired(_l("Give the units of the lot, like 1200.")), NumberRange(1, MOST_UNITS)])
    available_on = fields.day(_l("On sale from"), required=True)
    made_on = fields.day(_l("Made on"))
    factory_organisation_id = SelectField(_l("Factory"), coerce=optional_id)
    note = text(_l("Note"), 1000, area=True)
    version = fields.version()

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in FIELDS if name in self}


class NewLotForm(LotForm):
    """The same, and the SKU that it is of."""

    sku = text(_l("SKU code"), 60, required=True)
