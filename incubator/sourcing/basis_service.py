"""Changes the rates of the landed cost of an enquiry, until it is decided. It changes no quotation and no exchange rate."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.sourcing import comparison_queries, rates
from incubator.sourcing.decision_models import CostBasis
from incubator.sourcing.models import Rfq


def save(rfq: Rfq, data: dict[str, Any], actor: Actor, now: datetime) -> CostBasis:
    """Keep the rates; `data` holds the columns of CostBasis. Invalid for a currency into which no frozen rate leads."""
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    if actor.organisation_id == rfq.brand_id and not access.may("rfq.basis", actor, rfq) and actor.scope == "write":
        raise Refused(gettext("The decision is made; the rates that it rests on stay as they were."))
    access.require("rfq.basis", actor, rfq)
    opening = comparison_queries.opening(rfq, actor)
    if opening is not None:
        offered = {entry.offer.currency for entry in comparison_queries.entries(rfq, opening, actor)}
        if data["currency"] not in rates.reachable(opening.rates, offered):
            raise Invalid({"currency": [gettext("When the prices were opened, there was no exchange rate into this currency.")]})
    basis = comparison_queries.cost_basis(rfq, actor)
    changed = sorted(name for name, value in data.items() if getattr(basis, name) != value)
    for name, value in data.items():
        setattr(basis, name, value)
    basis.updated_at = now
    db.session.flush()
    audit.record("rfq.basis", rfq, actor, now, changed=changed)
    return basis
