"""The import of channel prices: its columns, its known sources, what is asked beside the file."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from incubator.imports.forms import OptionsForm
from incubator.imports.kinds import Column, Kind, Preset
from incubator.kernel.actor import Actor
from incubator.launches import fields, launch_queries, price_import, queries, words
from incubator.launches.price_import import LABELS
from incubator.products.forms import optional_id


class PriceOptions(OptionsForm):
    """On which channel the prices hold, from when, and what becomes of codes that nobody knows."""

    asked = ("channel_id",)
    channel_id = SelectField(_l("Channel"), coerce=optional_id, validators=[InputRequired(_l("Choose a channel."))])
    valid_from = fields.day(_l("Valid from, where the file does not say"))
    product_id = SelectField(_l("Codes that no SKU has"), coerce=optional_id)

    @property
    def obstacle(self) -> tuple[Any, Any, str] | None:
        if self.channel_id.choices:
            return None
        return _l("Prices stand on a channel. Open the first one."), _l("New channel"), "launches.new_channel"

    def values(self) -> dict[str, Any]:
        day = self.valid_from.data.isoformat() if self.valid_from.data else ""
        return {"channel_id": self.channel_id.data, "product_id": self.product_id.data, "valid_from": day}


def options(actor: Actor, **given: Any) -> PriceOptions:
    """The open channels, and the products in which unknown codes may become legacy SKUs."""
    form = PriceOptions(**given)
    form.channel_id.choices = [(c.id, f"{words.named(c)} ({c.currency})") for c in launch_queries.channels(actor, only_open=True)]
    products = [(i, gettext("become legacy SKUs of “%(name)s”", name=name)) for i, name in queries.products(actor)]
    form.product_id.choices = [("", gettext("are refused")), *products]
    return form


def marketplace(name: str, title: str) -> Preset:
    """The price list of Indian marketplaces: one column of prices (MRP) per marketplace, of which one is taken."""
    headings = {"Sku": "sku", "Catalog": "name", f"{title} MRP": "price"}
    return Preset(f"marketplaces.{name}", f"{title} MRP", headings)


PRICES = Kind(
    name="launches.prices",
    title=_l("Channel prices"),
    rule="sku.edit",
    columns=(
        Column("sku", LABELS["sku"], True, _l("Its own code, or another one on this channel."), "NAP-01", ("sku", "SKU", "编码", "货号")),
        Column("price", LABELS["price"], True, _l("In the currency of the channel."), "89.90", ("MRP", "单价", "售价")),
        Column("valid_from", LABELS["valid_from"], False, _l("A day, like 2027-03-01. Blank: as chosen beside the file, else today."), "2027-03-01"),
        Column("valid_to", LABELS["valid_to"], False, _l("The last day. Blank: until further notice."), ""),
        Column("name", LABELS["name"], False, _l("Only for codes that become legacy SKUs."), "午睡枕 燕麦色"),
    ),
    read=price_import.read,
    plan=price_import.plan,
    apply=price_import.apply,
    presets=tuple(
        marketplace(name, title)
        for name, title in (
            ("ajio", "Ajio"), ("amazon", "Amazon"), ("amazon_fba", "Amazon FBA"), ("flipkart", "Flipkart"), ("limeroad", "Limeroad"),
            ("myntra", "Myntra"), ("paytm", "Paytm"), ("snapdeal", "Snapdeal"),
        )
    ),
    options=options,
    help=_l("Each row sets the price of a SKU on one channel. An open price ends the day before the new one begins."),
    done="launches.skus",
    done_label=_l("To the SKUs"),
)  # fmt: skip
KINDS = (PRICES,)
