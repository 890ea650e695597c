"""Reads what a comparison is made of, as far as the actor may: before the opening there is nothing to read, and so nothing to compare."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.briefs.models import BriefTarget
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.sourcing import comparison, rates
from incubator.sourcing.comparison import Comparison, Entry, Target
from incubator.sourcing.decision_models import CostBasis, RfqAward, RfqOpening, TechnicalSheet
from incubator.sourcing.landed_cost import LEGS, Basis, Leg, Offer
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation, QuotationOffer, QuotationTechnical, RequirementAnswer

BP = Decimal(10_000)


def cost_basis(rfq: Rfq, actor: Actor) -> CostBasis:
    """The stored rates of an enquiry of the actor's brand."""
    found: CostBasis = db.session.scalars(access.select_visible(CostBasis, actor).where(CostBasis.rfq_id == rfq.id)).one()
    return found


def opening(rfq: Rfq, actor: Actor) -> RfqOpening | None:
    query = access.select_visible(RfqOpening, actor).where(RfqOpening.rfq_id == rfq.id).options(joinedload(RfqOpening.opened_by))
    found: RfqOpening | None = db.session.scalar(query)
    return found


def award(rfq: Rfq, actor: Actor) -> RfqAward | None:
    options = (joinedload(RfqAward.decided_by), joinedload(RfqAward.winner).joinedload(Quotation.organisation))
    query = access.select_visible(RfqAward, actor).where(RfqAward.rfq_id == rfq.id)
    found: RfqAward | None = db.session.scalar(query.options(*options, joinedload(RfqAward.second).joinedload(Quotation.organisation)))
    return found


def sheets(rfq: Rfq, actor: Actor) -> list[TechnicalSheet]:
    """The score sheets that the actor may read."""
    query = access.select_visible(TechnicalSheet, actor).where(TechnicalSheet.rfq_id == rfq.id).options(joinedload(TechnicalSheet.user))
    return list(db.session.scalars(query.order_by(TechnicalSheet.id)))


def as_basis(row: CostBasis) -> Basis:
    """The stored rates as the calculation takes them."""
    return Basis(
        row.currency, row.amortise_over, {name: Leg(row.amount(f"{name}_shipment"), row.amount(f"{name}_unit")) for name in LEGS},
        row.insurance_bp / BP, row.duty_bp / BP, row.duty_on,
    )  # fmt: skip


def target(rfq: Rfq, currency: str, frozen: rates.Frozen, actor: Actor) -> Target | None:
    """The brief's target in `currency`: its own, or the first that a frozen rate converts. None where the brand named none."""
    query = access.select_visible(BriefTarget, actor).where(BriefTarget.brief_id == rfq.brief_id)
    rows = list(db.session.scalars(query.order_by((BriefTarget.currency == currency).desc(), BriefTarget.id)))
    for row in rows:
        if (rate := rates.rate(frozen, row.currency, currency)) is not None:
            return Target(row.price.major * rate, Decimal(row.margin_bp) / BP)
    return None


def target_of(rfq: Rfq, opened: RfqOpening | None, actor: Actor) -> Target | None:
    """The target in the currency of the comparison; None before the opening."""
    return target(rfq, cost_basis(rfq, actor).currency, opened.rates, actor) if opened else None


def compare(rfq: Rfq, actor: Actor) -> Comparison | None:
    """The received quotations side by side; None before the opening."""
    opened = opening(rfq, actor)
    if opened is None:
        return None
    basis = as_basis(cost_basis(rfq, actor))
    found = entries(rfq, opened, actor)
    known = {c: r for c in {e.offer.currency for e in found} if (r := rates.rate(opened.rates, c, basis.currency)) is not None}
    comparable = [e for e in found if e.offer.currency in known]
    return comparison.compare(comparable, rfq.quantities, basis, known, target(rfq, basis.currency, opened.rates, actor))


def entries(rfq: Rfq, opened: RfqOpening, actor: Actor) -> list[Entry]:
    """What was offered, in a fixed number of queries."""
    offers = access.select_visible(QuotationOffer, actor, QuotationOffer, Quotation, Organisation)
    offers = offers.join(Quotation, Quotation.id == QuotationOffer.quotation_id).join(
        Organisation, Organisation.id == Quotation.organisation_id
    )
    rows = db.session.execute(
        offers.where(Quotation.rfq_id == rfq.id, Quotation.is_received).options(selectinload(QuotationOffer.breaks)).order_by(Quotation.id)
    ).all()
    technical = {t.quotation_id: t for t in technicals(rfq, actor)}
    deviations = _deviations(rfq, actor)
    return [
        _entry(offer, quotation, maker, technical[quotation.id], deviations.get(quotation.id, 0), opened)
        for offer, quotation, maker in rows
    ]


def technicals(rfq: Rfq, actor: Actor) -> list[QuotationTechnical]:
    """The technical parts that the actor may read."""
    query = access.select_visible(QuotationTechnical, actor).join(Quotation, Quotation.id == QuotationTechnical.quotation_id)
    return list(db.session.scalars(query.where(Quotation.rfq_id == rfq.id)))


def offers(rfq: Rfq, actor: Actor) -> list[QuotationOffer]:
    """The offers whose prices the actor may read."""
    query = access.select_visible(QuotationOffer, actor).join(Quotation, Quotation.id == QuotationOffer.quotation_id)
    return list(db.session.scalars(query.where(Quotation.rfq_id == rfq.id).options(selectinload(QuotationOffer.breaks))))


def _deviations(rfq: Rfq, actor: Actor) -> dict[int, int]:
    query = access.select_visible(RequirementAnswer, actor, Quotation.id, func.count(RequirementAnswer.id))
    query = query.join(QuotationTechnical, QuotationTechnical.id == RequirementAnswer.technical_id)
    query = query.join(Quotation, Quotation.id == QuotationTechnical.quotation_id)
    query = query.where(Quotation.rfq_id == rfq.id, RequirementAnswer.verdict == "deviates").group_by(Quotation.id)
    return {quotation_id: number for quotation_id, number in db.session.execute(query)}


def _entry(
    offer: QuotationOffer, quotation: Quotation, maker: Organisation, technical: QuotationTechnical, deviations: int, opened: RfqOpening
) -> Entry:
    breaks = tuple((b.quantity_from, Money(b.unit_minor, offer.currency).major) for b in offer.breaks)
    facts: dict[str, Any] = {
        "state": quotation.state, "incoterm": offer.incoterm, "place": offer.place, "tooling": offer.tooling, "mould_owner": offer.mould_owner,
        "payment_terms": offer.payment_terms, "valid_until": offer.valid_until, "note": offer.note, "lead_days": technical.lead_days,
        "sample_days": technical.sample_days, "tooling_days": technical.tooling_days, "moq": technical.moq,
        "monthly_capacity": technical.monthly_capacity, "deviations": deviations, "organisation_id": quotation.organisation_id,
        "breaks": [(b.quantity_from, Money(b.unit_minor, offer.currency)) for b in offer.breaks],
    }  # fmt: skip
    kept = opened.points.get(str(quotation.id), {"points": 0, "criteria": {}})
    facts["criteria"] = {int(c): value for c, value in kept["criteria"].items()}
    return Entry(quotation.id, maker.label, kept["points"], Offer(offer.currency, offer.incoterm, breaks, offer.tooling.major), facts)


def is_valid(entry: Entry, today: date) -> bool:
    """Whether the offer still binds the factory."""
    valid_until: date = entry.facts["valid_until"]
    return entry.facts["state"] in ("submitted", "revised") and valid_until >= today
