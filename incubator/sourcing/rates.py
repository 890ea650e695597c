"""The exchange rates of an enquiry: frozen on the day on which the prices are opened, with the day and source of each."""

from datetime import date
from decimal import Decimal
from typing import Any

from incubator.briefs.models import BriefTarget
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.money import COMMON_CURRENCIES, RATE_SCALE, ExchangeRate, freeze_rate
from incubator.sourcing.decision_models import CostBasis
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation, QuotationOffer

Frozen = list[dict[str, Any]]


def freeze(rfq: Rfq, on: date) -> Frozen:
    """[{base, quote, on, rate_e8, source}]: the rates between the currencies of the offers, the targets and those that may be asked for.

    Refused, naming the pair, when a rate that an offer needs is missing: from its currency to that of the comparison.
    """
    offered = access.select_visible(QuotationOffer, SYSTEM, QuotationOffer.currency).join(
        Quotation, Quotation.id == QuotationOffer.quotation_id
    )
    needed = set(db.session.scalars(offered.where(Quotation.rfq_id == rfq.id, Quotation.is_received)))
    targets = set(
        db.session.scalars(access.select_visible(BriefTarget, SYSTEM, BriefTarget.currency).where(BriefTarget.brief_id == rfq.brief_id))
    )
    compared = db.session.scalars(access.select_visible(CostBasis, SYSTEM, CostBasis.currency).where(CostBasis.rfq_id == rfq.id)).one()
    for currency in sorted(needed):
        freeze_rate(currency, compared, on)
    bases, quotes = needed | targets, {compared, *rfq.currencies} | targets
    return [row for base in sorted(bases) for quote in sorted(quotes) if base != quote for row in _row(base, quote, on)]


def _row(base: str, quote: str, on: date) -> Frozen:
    query = access.select_visible(ExchangeRate, SYSTEM).where(
        ExchangeRate.base == base, ExchangeRate.quote == quote, ExchangeRate.on_date <= on
    )
    row = db.session.scalar(query.order_by(ExchangeRate.on_date.desc()).limit(1))
    return (
        [] if row is None else [{"base": base, "quote": quote, "on": row.on_date.isoformat(), "rate_e8": row.rate_e8, "source": row.source}]
    )


def rate(frozen: Frozen, base: str, quote: str) -> Decimal | None:
    """How many units of `quote` one of `base` buys; None when no such rate was frozen."""
    if base == quote:
        return Decimal(1)
    found = next((row for row in frozen if (row["base"], row["quote"]) == (base, quote)), None)
    return Decimal(found["rate_e8"]) / RATE_SCALE if found else None


def reachable(frozen: Frozen, bases: set[str]) -> list[str]:
    """The currencies in which offers of `bases` can be compared."""
    return [quote for quote in COMMON_CURRENCIES if all(rate(frozen, base, quote) is not None for base in bases)]
