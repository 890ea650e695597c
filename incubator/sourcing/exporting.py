"""The comparison as a sheet: one line per quotation and quantity, amounts as numbers, the frozen rates below."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel import exports
from incubator.sourcing import landed_cost, words
from incubator.sourcing.comparison import Cell, Column, Comparison
from incubator.sourcing.models import Rfq

PART_WORDS = {
    "price": _l("Unit price"),
    "tooling": _l("Tooling"),
    "origin": _l("To the port"),
    "carriage": _l("Main carriage"),
    "insurance": _l("Insurance"),
    "duty": _l("Import duty"),
    "delivery": _l("To the destination"),
}


def download(rfq: Rfq, compared: Comparison, fmt: str) -> Response:
    """`fmt` is "csv" or "xlsx"."""
    return exports.download(_head(compared), _rows(compared), fmt, f"{rfq.code} {_('comparison')}")


def _head(compared: Comparison) -> list[str]:
    parts = [f"{PART_WORDS[name]} ({compared.currency})" for name in landed_cost.PARTS]
    return [
        _("Factory"), _("Technical points"), _("Quantity"), _("Incoterm"), _("Unit price as quoted"), _("Currency"), *parts,
        f"{_('Landed cost')} ({compared.currency})", _("Margin"), _("Unit price for the target"), _("Lead time, days"), _("MOQ"),
        _("Valid until"), _("Payment terms"), _("Deviations"),
    ]  # fmt: skip


def _rows(compared: Comparison) -> Iterator[list[Any]]:
    for column in compared.columns:
        yield from (_row(column, cell, compared.currency) for cell in column.cells)


def _row(column: Column, cell: Cell, currency: str) -> list[Any]:
    entry, facts = column.entry, column.entry.facts
    first = [entry.name, entry.points, cell.quantity, entry.offer.incoterm]
    last = [
        facts["lead_days"],
        facts["moq"],
        facts["valid_until"],
        str(words.PAYMENT_TERMS[facts["payment_terms"]]),
        facts["deviations"],
    ]
    if cell.landed is None or cell.price is None:
        return [*first, None, entry.offer.currency, *[None] * (len(landed_cost.PARTS) + 3), *last]
    parts = [landed_cost.rounded(cell.landed.parts[name], currency).major for name in landed_cost.PARTS]
    margin = None if cell.margin is None else round(cell.margin, 4)
    reached = cell.price_for_target.major if cell.price_for_target else None
    return [*first, cell.price.major, entry.offer.currency, *parts, cell.landed.unit.major, margin, reached, *last]
