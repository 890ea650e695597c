"""Money in minor units and a currency; exchange rates are dated rows that a decision freezes. No floats anywhere."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision
from flask_babel import lazy_gettext as _l
from moneyed import CURRENCIES
from sqlalchemy import BigInteger, CheckConstraint, Date, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Model, db
from incubator.kernel.errors import Refused

COMMON_CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "KRW", "AUD", "CAD", "SGD")
RATE_SCALE = 10**8
LARGEST_MINOR = 10**15  # a thousand milliards of yuan in fen: beyond any order, within a 64-bit integer


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (fen, cents) of an ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str | Decimal, currency: str) -> "Money":
        """Decimal text in major units ("89.90") to Money; ValueError when it is no amount or too precise."""
        if currency not in CURRENCIES:
            raise ValueError(f"unknown currency {currency!r}")
        try:
            scaled = Decimal(str(text).replace(",", "").strip()).scaleb(get_currency_precision(currency))
        except ArithmeticError as error:
            raise ValueError(f"not an amount: {text!r}") from error
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > LARGEST_MINOR:
            raise ValueError(f"not an amount in {currency}: {text!r}")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def format(self, locale: str) -> str:
        """As people of `locale` ("zh", "en") write it."""
        return format_currency(self.major, self.currency, locale=locale)


class ExchangeRate(Model):
    """One `base` buys `rate_e8` / 10⁸ `quote` from `on` until a later row."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("base", "quote", "on_date"), CheckConstraint("rate_e8 > 0", "rate_positive"))

    base: Mapped[str] = mapped_column(String(3))
    quote: Mapped[str] = mapped_column(String(3))
    on_date: Mapped[date] = mapped_column(Date)
    rate_e8: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]

    @property
    def rate(self) -> Decimal:
        return Decimal(self.rate_e8) / RATE_SCALE


@dataclass(frozen=True)
class FrozenRate:
    """The rate a decision used, kept with the decision so that a later rate changes nothing."""

    base: str
    quote: str
    on: date
    rate_e8: int

    def convert(self, amount: Money) -> Money:
        """`amount` in `quote`, rounded half up to its minor unit."""
        if amount.currency != self.base:
            raise ValueError(f"rate is for {self.base}, not {amount.currency}")
        shift = get_currency_precision(self.quote) - get_currency_precision(self.base)
        exact = (Decimal(amount.minor) * self.rate_e8 / RATE_SCALE).scaleb(shift)
        return Money(int(exact.to_integral_value(ROUND_HALF_UP)), self.quote)


def freeze_rate(base: str, quote: str, on: date) -> FrozenRate:
    """The latest rate on or before `on`; Refused, naming the pair and day, when an administrator has entered none."""
    if base == quote:
        return FrozenRate(base, quote, on, RATE_SCALE)
    row = db.session.scalar(
        select(ExchangeRate)
        .where(ExchangeRate.base == base, ExchangeRate.quote == quote, ExchangeRate.on_date <= on)
        .order_by(ExchangeRate.on_date.desc())
        .limit(1)
    )
    if row is None:
        raise Refused(
            _l(
                "There is no exchange rate from %(base)s to %(quote)s by %(on)s. Ask an administrator to enter one.",
                base=base,
                quote=quote,
                on=on,
            )
        )
    return FrozenRate(base, quote, row.on_date, row.rate_e8)
