"""The award (定标): one decision that nothing updates, and what each factory learns of its own quotation. It counts no bidder aloud."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.kernel import access, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.sourcing import comparison, comparison_queries, telling
from incubator.sourcing.comparison import Cell, Column, Comparison
from incubator.sourcing.decision_models import CostBasis, RfqAward, RfqOpening
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation, QuotationOutcome


@dataclass(frozen=True)
class Choice:
    """To whom, at which of the three quantities; a second source takes what `share` leaves."""

    quotation_id: int
    quantity: int
    share: int = 100
    second_id: int | None = None

    def share_of(self, quotation_id: int) -> int:
        """Percent of the volume; 0 for whoever was not chosen."""
        return {self.second_id: 100 - self.share, self.quotation_id: self.share}.get(quotation_id, 0)


def award(rfq: Rfq, choice: Choice, reason: str, actor: Actor, now: datetime, expected: int | None = None) -> RfqAward:
    """Decide, keep what the decision rests on, and tell every factory about its own quotation.

    Invalid for a choice that does not fit, Refused when an offer no longer binds, Conflict when a colleague decided first.
    """
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    compared = comparison_queries.compare(rfq, SYSTEM)
    if compared is not None and rfq.state == "opened":
        _check(compared, rfq, choice, now)
    workflow.fire(rfq, "award", actor, note=reason, now=now, expected=expected)
    assert actor.user_id is not None and compared is not None
    decision = RfqAward(
        rfq=rfq, quotation_id=choice.quotation_id, share=choice.share, second_id=choice.second_id, quantity=choice.quantity, reason=reason.strip(),
        decided_by_id=actor.user_id, decided_at=now, snapshot=_snapshot(rfq, compared),
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    for column in compared.columns:
        _conclude(rfq, column, compared, choice, now)
    events.publish("rfq.decided", rfq, actor, now)
    return decision


def _check(compared: Comparison, rfq: Rfq, choice: Choice, now: datetime) -> None:
    if choice.quantity not in rfq.quantities:
        raise Invalid({"quantity": [gettext("Choose one of the three quantities.")]})
    if choice.second_id == choice.quotation_id:
        raise Invalid({"second": [gettext("The second source is another factory than the first.")]})
    if (choice.second_id is None) != (choice.share == 100) or not 1 <= choice.share <= 100:
        raise Invalid({"share": [gettext("A share below 100% needs a second source, and a second source needs a share.")]})
    for name, quotation_id in (("winner", choice.quotation_id), ("second", choice.second_id)):
        if quotation_id is not None:
            _check_offer(compared.column(quotation_id), name, choice.quantity, now)


def _check_offer(column: Column | None, field: str, quantity: int, now: datetime) -> None:
    if column is None:
        raise Invalid({field: [gettext("Choose one of the quotations that were compared.")]})
    if column.at(quantity).landed is None:
        raise Invalid({field: [gettext("%(name)s offers nothing at this quantity.", name=column.entry.name)]})
    if not comparison_queries.is_valid(column.entry, now.date()):
        raise Refused(gettext("The offer of %(name)s no longer binds it: it has expired.", name=column.entry.name))


def _snapshot(rfq: Rfq, compared: Comparison) -> dict[str, Any]:
    """The comparison as it stood, in plain data: amounts are minor units, parts exact decimals as text."""
    opened: RfqOpening = db.session.scalars(access.select_visible(RfqOpening, SYSTEM).where(RfqOpening.rfq_id == rfq.id)).one()
    basis: CostBasis = comparison_queries.cost_basis(rfq, SYSTEM)
    rates = {c.name: getattr(basis, c.name) for c in basis.__table__.columns if c.name not in ("id", "rfq_id", "created_at", "updated_at")}
    return {
        "currency": compared.currency,
        "quantities": list(compared.quantities),
        "basis": rates,
        "rates": opened.rates,
        "quotations": [_column(column) for column in compared.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    entry = column.entry
    return {
        "quotation_id": entry.quotation_id,
        "name": entry.name,
        "points": entry.points,
        "incoterm": entry.offer.incoterm,
        "currency": entry.offer.currency,
        "tooling_minor": entry.facts["tooling"].minor,
        "cells": [_cell(cell) for cell in column.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.landed is None or cell.price is None:
        return {"quantity": cell.quantity}
    return {
        "quantity": cell.quantity,
        "price_minor": cell.price.minor,
        "landed_minor": cell.landed.unit.minor,
        "total_minor": cell.landed.total.minor,
        "parts": {name: str(part) for name, part in cell.landed.parts.items()},
        "margin": None if cell.margin is None else str(cell.margin),
    }


def _conclude(rfq: Rfq, column: Column, compared: Comparison, choice: Choice, now: datetime) -> None:
    """One quotation wins, or is told how it stood to the awarded range; what has expired stays expired and is told, too."""
    quotation: Quotation = access.get_visible(Quotation, column.entry.quotation_id, SYSTEM)
    share = choice.share_of(quotation.id)
    winners = [compared.column(i) for i in (choice.quotation_id, choice.second_id) if i is not None]
    awarded = max((w.at(choice.quantity) for w in winners if w), key=lambda c: c.landed.exact if c.landed else 0)
    db.session.add(
        QuotationOutcome(
            quotation_id=quotation.id, at=now, share=share, technical_points=column.entry.points,
            technical_met=column.entry.points >= rfq.technical_threshold,
            price_band="lowest" if share else comparison.band(column.at(choice.quantity), awarded),
        )
    )  # fmt: skip
    if quotation.is_submitted:
        workflow.fire(quotation, "win" if share else "lose", SYSTEM, now=now)
    telling.tell_outcome(quotation, "rfq.won" if share else "rfq.lost", now)


def winners(rfq: Rfq) -> list[int]:
    """The organisations that were chosen, the first source first."""
    decision = comparison_queries.award(rfq, SYSTEM)
    if decision is None:
        return []
    return [q.organisation_id for q in (decision.winner, decision.second) if q]
