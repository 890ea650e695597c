"""The pieces of which the forms of briefs are made: texts, quantities, amounts, numbers, and how a row says what is wrong with it."""

import math
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from incubator.kernel.forms import WholeNumberField
from incubator.kernel.money import COMMON_CURRENCIES, Money

MOST = 1_000_000_000
LONG = 8000
TURNING = dict.fromkeys((0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def stripped(value: str | None) -> str:
    """Without what no database stores, and without the marks that turn the reading direction of what follows."""
    return (value or "").translate(TURNING).strip()


def choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(table.items())


def text(label: Any, longest: int, *, required: bool = False, area: bool = False) -> Any:
    kind = TextAreaField if area else StringField
    first: list[Any] = [InputRequired(_l("This cannot be empty."))] if required else [Optional()]
    return kind(label, [*first, Length(max=longest)], filters=[stripped])


def quantity(label: Any) -> WholeNumberField:
    return WholeNumberField(label, [Optional(), NumberRange(0, MOST)], default=0)


LONGEST_AMOUNT = 30


class AmountField(StringField):
    """An amount in major units; `money(currency)` gives it as Money, and raises ValueError with words when it is none."""

    def money(self, currency: str) -> Money:
        if len(self.data or "") > LONGEST_AMOUNT:
            raise ValueError("more digits than any amount has")
        amount = Money.parse(self.data or "", currency)
        if amount.minor < 0:
            raise ValueError("negative amount")
        return amount


def check_amount(form: Any, field: AmountField) -> None:
    """Form validator: an amount greater than zero in the currency of the same row."""
    if not field.data:
        return
    try:
        amount = field.money(form.currency.data or "CNY")
    except ValueError as error:
        message = _l(
            "“%(value)s” is not an amount in %(currency)s, like 89.90.", value=field.data[:LONGEST_AMOUNT], currency=form.currency.data
        )
        raise ValidationError(message) from error
    if amount.minor == 0:
        raise ValidationError(_l("An amount must be greater than zero."))


CURRENCY = [(c, c) for c in COMMON_CURRENCIES]


def number_in(value: Any) -> float | None:
    try:
        found = float(str(value).replace(",", "").replace("%", "").strip())
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) < 1e12 else None


def is_range(target: str) -> bool:
    ends = [number_in(part) for part in target.replace("~", "–").replace("-", "–").split("–")]
    return len(ends) == 2 and None not in ends and ends[0] <= ends[1]  # type: ignore[operator]


def fail(field: Any, message: Any) -> bool:
    field.errors = [*field.errors, message]
    return False


def percent_to_bp(value: str | None) -> int | None:
    """ "38.5" or "38.5%" to 3850 basis points; None for blank."""
    share = number_in(value) if value else None
    return None if share is None else int((Decimal(str(share)) * 100).to_integral_value())
