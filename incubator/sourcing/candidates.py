"""Whom a brand may ask for a quotation, and why they fit. The one place that chooses candidates."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import ColumnElement, func

from incubator.accounts.models import Organisation
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.filters import contains
from incubator.products.models import Participant
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import SUBMITTED, Quotation

MOST = 200


@dataclass(frozen=True)
class Candidate:
    """A factory that may be asked: its name and place, and what speaks for it, in words; the best reasons first."""

    organisation_id: int
    name: str
    city: str
    reasons: tuple[str, ...]
    rank: int


def _may_be_asked() -> ColumnElement[bool]:
    return (Organisation.kind == "factory") & Organisation.disabled_at.is_(None)


def named(organisation_ids: Iterable[int], actor: Actor) -> dict[int, str]:
    """Id → name of those that may be asked."""
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.short_name)
    rows = db.session.execute(query.where(_may_be_asked(), Organisation.id.in_(list(organisation_ids))))
    return {row.id: row.short_name or row.name for row in rows}


def of(rfq: Rfq, actor: Actor, text: str = "") -> list[Candidate]:
    """The factories that were not asked yet, those with the best reasons first; a fixed number of queries."""
    asked = access.select_visible(Quotation, actor, Quotation.organisation_id).where(Quotation.rfq_id == rfq.id)
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.city)
    query = query.where(_may_be_asked(), Organisation.id.not_in(asked))
    if text:
        query = query.where(contains(Organisation.name, text) | contains(Organisation.short_name, text) | contains(Organisation.city, text))
    rows = db.session.execute(query.order_by(Organisation.name).limit(MOST)).all()
    known = _Known(rfq, actor)
    found = [Candidate(r.id, r.name, r.city, *known.speaks_for(r.id)) for r in rows]
    return sorted(found, key=lambda c: (-c.rank, c.name))


class _Known:
    """What the brand's own records say about factories: parts taken and quotations given."""

    def __init__(self, rfq: Rfq, actor: Actor) -> None:
        parts = access.select_visible(Participant, actor, Participant.organisation_id, Participant.product_id)
        rows = db.session.execute(parts.where(Participant.part == "factory")).all()
        self.here = {r.organisation_id for r in rows if r.product_id == rfq.product_id}
        self.products: dict[int, set[int]] = {}
        for row in rows:
            self.products.setdefault(row.organisation_id, set()).add(row.product_id)
        quoted = access.select_visible(Quotation, actor, Quotation.organisation_id, func.count(Quotation.id))
        quoted = quoted.where(Quotation.state.in_((*SUBMITTED, "won", "lost"))).group_by(Quotation.organisation_id)
        self.quoted: dict[int, int] = {i: n for i, n in db.session.execute(quoted)}

    def speaks_for(self, organisation_id: int) -> tuple[tuple[str, ...], int]:
        """(reasons in words, how much they weigh)."""
        made, quoted = len(self.products.get(organisation_id, ())), self.quoted.get(organisation_id, 0)
        reasons: list[Any] = []
        if organisation_id in self.here:
            reasons.append(gettext("takes part in this product"))
        if made:
            reasons.append(ngettext("takes part in %(num)s of your products", "takes part in %(num)s of your products", made))
        if quoted:
            reasons.append(ngettext("answered %(num)s of your enquiries", "answered %(num)s of your enquiries", quoted))
        return tuple(reasons), 100 * (organisation_id in self.here) + 10 * min(made, 9) + min(quoted, 9)
