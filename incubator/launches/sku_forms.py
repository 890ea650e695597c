"""The forms of SKUs, their factory, codes and prices, and of channels."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from incubator.briefs import words as brief_words
from incubator.briefs.fields import AmountField, check_amount, choices, stripped
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import AppForm, ChoiceField
from incubator.kernel.money import COMMON_CURRENCIES, Money
from incubator.launches import fields, gtin, words
from incubator.products.forms import optional_id, text

ZONES = available_timezones()
# Where cross-border channels sell, beside the currencies in which briefs are priced.
CURRENCIES = [(c, c) for c in (*COMMON_CURRENCIES, "INR", "THB", "VND", "IDR", "MYR", "PHP", "BRL", "MXN", "RUB", "AED")]


class SkuForm(AppForm):
    """A SKU: create and edit."""

    code = StringField(
        _l("SKU code"),
        [InputRequired(_l("This cannot be empty.")), Length(max=60), Regexp(r"[^\t\r\n,;]+\Z", message=_l("No commas or semicolons."))],
        filters=[stripped],
    )
    name_zh = text(_l("Name in Chinese"), 200, required=True)
    name_en = text(_l("Name in English"), 200)
    gtin = StringField(_l("GTIN"), [Optional(), Length(max=20)], filters=[stripped])
    gtin_exemption = text(_l("Why it needs no GTIN"), 500)
    colour = text(_l("Colour"), 80)
    size = text(_l("Article size"), 80)
    pack = text(_l("Pack"), 80)
    price = AmountField(_l("Planned launch price"), [Optional(), check_amount])
    currency = ChoiceField(_l("Currency"), choices=CURRENCIES, default="CNY")
    units_per_carton = fields.quantity(_l("Units per carton"))
    planned_units_per_week = fields.quantity(_l("Planned units per week"))
    is_legacy = BooleanField(_l("Sold before it had a brief"))
    factory_id = SelectField(_l("Factory"), coerce=optional_id)
    version = fields.version()

    def validate_gtin(self, field: StringField) -> None:
        if field.data and gtin.normal(field.data) is None:
            raise ValidationError(_l("“%(value)s” is no GTIN: check the length and the last digit.", value=field.data))

    def values(self) -> dict[str, Any]:
        """What `service.create` and `service.edit` take."""
        plain = ("code", "name_zh", "name_en", "gtin", "gtin_exemption", "colour", "size", "pack", "currency", "is_legacy")
        price = self.price.money(self.currency.data).minor if self.price.data else None
        amounts = {name: self[name].data or 0 for name in ("units_per_carton", "planned_units_per_week")}
        return {**{name: self[name].data for name in plain}, **amounts, "launch_price_minor": price}


class MakerForm(AppForm):
    """A change of the factory that makes a SKU."""

    factory_id = SelectField(_l("Factory"), coerce=optional_id, validators=[InputRequired(_l("Choose a factory."))])
    from_on = fields.day(_l("Makes it from"), required=True)
    note = text(_l("Why"), 500)


class AliasForm(AppForm):
    code = text(_l("Other code"), 80, required=True)
    channel_id = SelectField(_l("Channel"), coerce=optional_id)


class PriceForm(AppForm):
    """A price on a channel, in the channel's currency."""

    channel_id = SelectField(_l("Channel"), coerce=optional_id, validators=[InputRequired(_l("Choose a channel."))])
    price = AmountField(_l("Price"), [InputRequired(_l("Give its price."))])
    valid_from = fields.day(_l("Valid from"), required=True)
    valid_to = fields.day(_l("Until"))

    def validate_valid_to(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_l("It ends before it begins."))

    def money(self, currency: str) -> Money:
        """The price in the channel's currency; Invalid when it is no amount in it."""
        try:
            amount = self.price.money(currency)
        except ValueError as error:
            shown = (self.price.data or "")[:30]
            raise Invalid(
                {"price": [_l("“%(value)s” is not an amount in %(currency)s, like 89.90.", value=shown, currency=currency)]}
            ) from error
        if amount.minor == 0:
            raise Invalid({"price": [_l("An amount must be greater than zero.")]})
        return amount


class EndPriceForm(AppForm):
    valid_to = fields.day(_l("Last day"), required=True)


class ChannelForm(AppForm):
    """A channel of the brand."""

    name_zh = text(_l("Name in Chinese"), 120, required=True)
    name_en = text(_l("Name in English"), 120)
    platform = ChoiceField(_l("Platform"), choices=choices(words.PLATFORMS), default="tmall")
    currency = ChoiceField(_l("Currency"), choices=CURRENCIES, default="CNY")
    timezone = text(_l("Time zone"), 60, required=True, default="Asia/Shanghai")
    buyer_kind = ChoiceField(_l("Buyers"), choices=choices(brief_words.BUYER_KINDS), default="consumer")
    version = fields.version()

    def validate_timezone(self, field: StringField) -> None:
        if field.data not in ZONES:
            raise ValidationError(_l("Write a time zone like Asia/Shanghai."))
