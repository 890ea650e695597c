"""Whom a brand may ask for a quotation, and why they fit: the approved factories of the directory. The one place that chooses candidates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import func

from incubator.factories import filters as narrowing
from incubator.factories import queries as factories
from incubator.factories import words as factory_words
from incubator.factories.filters import Filters
from incubator.factories.models import Capability, Factory
from incubator.kernel import access, i18n
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Participant
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import SUBMITTED, Quotation

MOST = 200


@dataclass(frozen=True)
class Candidate:
    """A factory that may be asked: where it is, and what speaks for it, in words. `rank` orders them, the best first."""

    organisation_id: int
    factory_id: int
    name: str
    city: str
    state: str
    reasons: tuple[str, ...]
    rank: int


def named(organisation_ids: Collection[int], actor: Actor) -> dict[int, str]:
    """Organisation → name, of those that may be asked: approved, also under conditions, and able to sign in."""
    rows = db.session.execute(factories.approved_for(actor).where(Factory.organisation_id.in_(list(organisation_ids))))
    return {row.organisation_id: row.short_name or row.name for row in rows}


def of(rfq: Rfq, actor: Actor, wanted: Mapping[str, Any], today: date) -> list[Candidate]:
    """The factories that were not asked yet, best reasons first; `wanted` may hold q, category, process and moq. A fixed number of queries."""
    asked = access.select_visible(Quotation, actor, Quotation.organisation_id).where(Quotation.rfq_id == rfq.id)
    query = factories.approved_for(actor).where(Factory.organisation_id.is_not(None), Factory.organisation_id.not_in(asked))
    rows = db.session.execute(
        narrowing.narrow(query, Filters.read(wanted), actor, today).order_by(Factory.name, Factory.id).limit(MOST)
    ).all()
    known = _Known(rfq, rows, actor, today)
    found = [
        Candidate(r.organisation_id, r.id, i18n_name(r), r.city, r.state, *known.speaks_for(r))
        for r in rows
    ]  # fmt: skip
    return sorted(found, key=lambda c: (-c.rank, c.name))


def i18n_name(row: Any) -> str:
    """The factory's name in the reader's language, where it has one."""
    first, other = (row.name_zh, row.name_en) if i18n.language() == "zh" else (row.name_en, row.name_zh)
    return str(first or other)


class _Known:
    """What the directory and the brand's own records say about the factories of one page."""

    def __init__(self, rfq: Rfq, rows: Collection[Any], actor: Actor, today: date) -> None:
        self.rfq, self.today = rfq, today
        parts = access.select_visible(Participant, actor, Participant.organisation_id, Participant.product_id)
        taken = db.session.execute(parts.where(Participant.part == "factory")).all()
        self.here = {r.organisation_id for r in taken if r.product_id == rfq.product_id}
        self.products: dict[int, set[int]] = {}
        for row in taken:
            self.products.setdefault(row.organisation_id, set()).add(row.product_id)
        quoted = access.select_visible(Quotation, actor, Quotation.organisation_id, func.count(Quotation.id))
        quoted = quoted.where(Quotation.state.in_((*SUBMITTED, "won", "lost"))).group_by(Quotation.organisation_id)
        self.quoted: dict[int, int] = {i: n for i, n in db.session.execute(quoted)}
        self.beside = factories.beside(list(rows), actor)
        fitting = access.select_visible(Capability, actor, Capability.factory_id).where(Capability.moq <= rfq.quantity_1)
        self.small = set(db.session.scalars(fitting.where(Capability.factory_id.in_([r.id for r in rows]))))

    def speaks_for(self, row: Any) -> tuple[tuple[str, ...], int]:
        """(reasons in words, how much they weigh)."""
        weighed = [(text, weight) for text, weight in (*self._own(row.organisation_id), *self._directory(row)) if weight]
        return tuple(text for text, _ in weighed), sum(weight for _, weight in weighed)

    def _own(self, organisation_id: int) -> list[tuple[str, int]]:
        made, quoted = len(self.products.get(organisation_id, ())), self.quoted.get(organisation_id, 0)
        return [
            (gettext("takes part in this product"), 60 if organisation_id in self.here else 0),
            (ngettext("takes part in %(num)s of your products", "takes part in %(num)s of your products", made), 4 * min(made, 5)),
            (ngettext("answered %(num)s of your enquiries", "answered %(num)s of your enquiries", quoted), 3 * min(quoted, 5)),
        ]

    def _directory(self, row: Any) -> list[tuple[str, int]]:
        category = self.rfq.product.category
        certificates = self.beside["certificates"].get(row.id, (0, None))[0]
        has_tier = bool(row.tier) and row.tier_until is not None and row.tier_until >= self.today
        return [
            (
                gettext("makes %(category)s", category=category),
                40 if category and category in self.beside["categories"].get(row.id, ()) else 0,
            ),
            (gettext("starts at %(n)s pieces or fewer", n=i18n.number(self.rfq.quantity_1)), 15 if row.id in self.small else 0),
            (str(factory_words.TIERS.get(row.tier, row.tier)), 12 if has_tier else 0),
            (ngettext("%(num)s valid certificate", "%(num)s valid certificates", certificates), 2 * min(certificates, 5)),
        ]
