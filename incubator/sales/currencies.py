"""Amounts of a brand's channels in one currency: the one it reports in, at the rate of each line's day, which is kept with the line."""

from collections.abc import Sequence
from datetime import date

from babel.numbers import get_currency_precision

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.money import RATE_SCALE, ExchangeRate
from incubator.launches.models import Channel
from incubator.sales.models import SalesSettings

USUAL = "CNY"
ALWAYS = date(1900, 1, 1)
Rates = Sequence[tuple[date, int]]


def reporting(brand_id: int) -> str:
    """The currency in which a brand adds its channels up."""
    query = access.select_visible(SalesSettings, SYSTEM, SalesSettings.currency).where(SalesSettings.brand_id == brand_id)
    return db.session.scalar(query) or USUAL


def to_report(channel: Channel) -> tuple[Rates, int]:
    """((from day, rate × 10⁸) … of the channel's currency in the reporting one, digits that its minor units have more); no rates, no sums."""
    wanted = reporting(channel.brand_id)
    if channel.currency == wanted:
        return [(ALWAYS, int(RATE_SCALE))], 0
    query = access.select_visible(ExchangeRate, SYSTEM, ExchangeRate.on_date, ExchangeRate.rate_e8)
    query = query.where(ExchangeRate.base == channel.currency, ExchangeRate.quote == wanted).order_by(ExchangeRate.on_date)
    shift = get_currency_precision(wanted) - get_currency_precision(channel.currency)
    return [(day, e8) for day, e8 in db.session.execute(query)], shift
