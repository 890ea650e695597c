"""The forms of the consortium: a version's text and parties, promises, ownership, and deliveries."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, MultipleFileField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from incubator.briefs.fields import CURRENCY, AmountField, check_amount
from incubator.codevelopment import words
from incubator.kernel.forms import AppForm, ChoiceField, PlainNumberField, RowForm
from incubator.products.forms import Version, optional_id, sensible_date, text

LONG = 20_000
MOST_OWNERS = 4
MOST_QUANTITY = 10_000_000


class AgreementForm(AppForm):
    """Title, text and parties of a draft."""

    version = Version()
    title = text(_l("Title"), 200, required=True)
    text = text(_l("What is agreed"), LONG, area=True)
    parties = SelectMultipleField(_l("Parties"), coerce=int)


class AmountForm(AppForm):
    """A contribution: money and tooling by value, hours by quantity and rate, data by quantity and value."""

    kind = SelectField(_l("Kind"), choices=list(words.CONTRIBUTION_KINDS.items()))
    description = text(_l("What"), 300, required=True)
    currency = ChoiceField(_l("Currency"), choices=CURRENCY, default="CNY")
    value = AmountField(_l("Worth"), [Optional(), check_amount])
    quantity = PlainNumberField(_l("Hours or units"), [Optional(), NumberRange(Decimal("0.01"), MOST_QUANTITY)], places=2)
    unit = text(_l("Unit"), 30)
    hourly = AmountField(_l("Rate per hour"), [Optional(), check_amount])
    due_on = DateField(_l("Due"), [Optional(), sensible_date])

    def validate_kind(self, field: Any) -> None:
        """What the kind needs; hours are worth their number times the rate, so they take no value of their own."""
        if field.data == "design_hours":
            if not (self.quantity.data and self.hourly.data):
                raise ValidationError(_l("Design hours need the number of hours and the agreed rate."))
        elif not self.value.data:
            raise ValidationError(_l("Give its value."))

    def amounts(self) -> dict[str, Any]:
        """What the services take: kind, description, unit, due_on, currency, quantity in hundredths, value and hourly as Money or None."""
        currency, hours = self.currency.data, self.kind.data == "design_hours"
        quantity = self.quantity.data if self.kind.data in ("design_hours", "data") else None
        return {
            "kind": self.kind.data,
            "description": self.description.data,
            "currency": currency,
            "unit": "h" if hours else self.unit.data if quantity else "",
            "quantity_hundredths": int(quantity * 100) if quantity else None,
            "hourly": self.hourly.money(currency) if hours else None,
            "value": None if hours else self.value.money(currency),
            "due_on": self.due_on.data,
        }


class PromiseForm(AmountForm):
    organisation_id = SelectField(_l("Party"), coerce=optional_id, validators=[InputRequired(_l("Choose a party."))])


class BookForm(AmountForm):
    """A contribution on top of what was promised, delivered with its evidence."""

    delivered_on = DateField(_l("Delivered on"), [InputRequired(_l("Choose a date.")), sensible_date])
    files = MultipleFileField(_l("Proof of delivery"))


class DeliverForm(AppForm):
    """How much of a promise arrived and when; hours and units by quantity, money by value."""

    version = Version()
    currency = ChoiceField(choices=CURRENCY)
    delivered_on = DateField(_l("Delivered on"), [InputRequired(_l("Choose a date.")), sensible_date])
    quantity = PlainNumberField(_l("Hours or units"), [Optional(), NumberRange(Decimal("0.01"), MOST_QUANTITY)], places=2)
    value = AmountField(_l("Worth"), [Optional(), check_amount])
    files = MultipleFileField(_l("Proof of delivery"))


class OwnerForm(RowForm):
    """One owner; a row without an organisation is left out."""

    organisation_id = SelectField(_l("Owned by"), coerce=optional_id)
    share = PlainNumberField(_l("Share, %"), [Optional(), NumberRange(Decimal("0.01"), 100)], places=2)


class ItemForm(AppForm):
    """A thing that will be owned, its owners in percent, its licence and buy-back."""

    kind = SelectField(_l("Kind"), choices=list(words.ITEM_KINDS.items()))
    title = text(_l("What is owned"), 200, required=True)
    owners = FieldList(FormField(OwnerForm), _l("Who owns it"), max_entries=MOST_OWNERS, min_entries=MOST_OWNERS)
    licence = text(_l("Licence terms"), 4000, area=True)
    buy_back = text(_l("Buy-back"), 4000, area=True)

    def shares(self) -> list[tuple[int, int]]:
        """(organisation, hundredths of a percent) of the rows that are filled."""
        rows = [row.form for row in self.owners if row.form.organisation_id.data]
        return [(row.organisation_id.data, int((row.share.data or 0) * 100)) for row in rows]

    def validate_owners(self, _field: Any) -> None:
        shares = self.shares()
        if len({organisation for organisation, _ in shares}) != len(shares):
            raise ValidationError(_l("Each owner may stand once."))
        if sum(share for _, share in shares) != 10_000 or any(share == 0 for _, share in shares):
            raise ValidationError(_l("The shares add to %(sum)s%%, not to 100%%.", sum=f"{sum(s for _, s in shares) / 100:g}"))
