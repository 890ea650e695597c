"""What people say about codes: which SKU one is, or which product and factories many become."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from incubator.kernel.forms import AppForm
from incubator.products.forms import optional_id


class CodesForm(AppForm):
    """The chosen codes; the field is drawn by hand, as a tick box per row."""

    codes = SelectMultipleField(_l("Codes"), [InputRequired()], coerce=int, validate_choice=False)


class NonProductForm(AppForm):
    """A form of codes that are no products."""

    pattern = StringField(
        _l("Codes"),
        [
            InputRequired(),
            Length(max=80),
            Regexp(r"[^*]*[^*\s][^*]*[*]?|[*]?[^*]*[^*\s][^*]*", message=_l("A code, with one * in front or behind for anything.")),
        ],
    )


class ResolveForm(CodesForm):
    sku = StringField(_l("SKU code"), [InputRequired(), Length(max=60)])


class AdoptForm(CodesForm):
    product_id = SelectField(_l("Product"), [InputRequired(_l("Choose a product."))], coerce=optional_id)
