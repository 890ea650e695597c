"""What people say about codes: which SKU one is, or which product and factories many become."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from incubator.kernel.forms import AppForm


class CodesForm(AppForm):
    """The chosen codes; the field is drawn by hand, as a tick box per row."""

    codes = SelectMultipleField(_l("Codes"), [InputRequired()], coerce=int, validate_choice=False)


class ResolveForm(CodesForm):
    sku = StringField(_l("SKU code"), [InputRequired(), Length(max=60)])


class AdoptForm(CodesForm):
    product_id = SelectField(_l("Product"), [InputRequired()], coerce=int)
