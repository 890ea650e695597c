"""What forms and addresses say, as values for the services: amounts in a currency, filters of a list."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs.fields import AmountField
from incubator.kernel.errors import Invalid
from incubator.kernel.money import Money
from incubator.products.forms import stripped

LONGEST = 80
LARGEST_ID = 2**62


def amount(field: AmountField, currency: str) -> Money:
    """An amount greater than zero; Invalid with words when it is none."""
    try:
        found = field.money(currency)
    except ValueError as error:
        raise Invalid(
            {field.name: [_l("“%(value)s” is not an amount in %(currency)s.", value=str(field.data)[:30], currency=currency)]}
        ) from error
    if found.minor <= 0:
        raise Invalid({field.name: [_l("An amount must be greater than zero.")]})
    return found


def filters(args: Mapping[str, Any], **known: tuple[str, ...]) -> dict[str, Any]:
    """From the address: `programme` and `investor` as ids, `q` as text, and the names of `known` with one of their values. The rest is ignored."""
    found: dict[str, Any] = {name: _id(args.get(name)) for name in ("programme", "investor")}
    found["q"] = stripped(args.get("q"))[:LONGEST]
    for name, values in known.items():
        found[name] = args.get(name) if args.get(name) in values else ""
    return {name: value for name, value in found.items() if value}


def _id(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) < LARGEST_ID else 0
