"""What a contribution is worth: hours times rate, and any currency in the programme's at a rate that is frozen with it."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.codevelopment.ledger_models import Amounts
from incubator.kernel.errors import Invalid
from incubator.kernel.money import LARGEST_MINOR, FrozenRate, Money, freeze_rate


def worth(quantity_hundredths: int, hourly: Money) -> Money:
    """Hours (in hundredths) times the rate of one hour, rounded half up to the minor unit."""
    exact = Decimal(quantity_hundredths) * hourly.minor / 100
    return Money(int(exact.to_integral_value(ROUND_HALF_UP)), hourly.currency)


def require_sensible(*amounts: Money) -> None:
    """Invalid for what no consortium holds: nothing at all, or more than a database column does."""
    if any(not 0 < amount.minor <= LARGEST_MINOR for amount in amounts):
        raise Invalid({"value": [_l("This is not a sensible amount. Check the figures.")]})


def columns(data: dict[str, Any], base_currency: str, on: date) -> dict[str, Any]:
    """The columns of `Amounts` from `agreement_forms.AmountForm.amounts()`, at the rate of `on`. Refused without such a rate."""
    value = worth(data["quantity_hundredths"], data["hourly"]) if data["kind"] == "design_hours" else data["value"]
    require_sensible(value)
    rate = freeze_rate(value.currency, base_currency, on)
    plain = {name: data[name] for name in ("kind", "description", "unit", "quantity_hundredths")}
    return plain | {
        "hourly_minor": data["hourly"].minor if data["hourly"] else None,
        "value_minor": value.minor,
        "currency": value.currency,
        **_at(rate, value),
    }


def _at(rate: FrozenRate, value: Money) -> dict[str, Any]:
    base = rate.convert(value)
    require_sensible(base)
    return {"base_minor": base.minor, "base_currency": rate.quote, "rate_e8": rate.rate_e8, "rate_on": rate.on}


def assign(row: Any, values: dict[str, Any]) -> None:
    """Set columns of an amount by name; none of them is a state."""
    for name, value in values.items():
        setattr(row, name, value)


def refreeze(row: Amounts, on: date) -> None:
    """The same value at the rate of `on`."""
    assign(row, _at(freeze_rate(row.currency, row.base_currency, on), row.value))


def revalue(row: Amounts, value: Money) -> None:
    """Another value at the rate that was frozen before."""
    base = row.frozen_rate.convert(value)
    require_sensible(value, base)
    row.value_minor, row.base_minor = value.minor, base.minor


def copied(row: Amounts) -> dict[str, Any]:
    """The columns of `row` that every kind of amount has."""
    names = (
        "kind", "description", "quantity_hundredths", "unit", "hourly_minor", "value_minor", "currency", "base_minor", "base_currency",
        "rate_e8", "rate_on",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}
