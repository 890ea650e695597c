"""Who reads what of an enquiry. The brand reads all of it, but a quotation's envelopes one by one: the technical part once the enquiry is
closed, the prices once they are opened. A factory reads the enquiries it was asked in and its own quotation; nobody else reads anything.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.sourcing.decision_models import CostBasis, RfqAward, RfqOpening, RfqReviewer, TechnicalSheet
from incubator.sourcing.models import Rfq, RfqAddendum, RfqClarification, RfqCriterion, RfqQuestion, RfqRequirement
from incubator.sourcing.quotation_models import (
    PriceBreak,
    Quotation,
    QuotationDraft,
    QuotationOffer,
    QuotationOutcome,
    QuotationTechnical,
    RequirementAnswer,
)

ATTACHABLE = ("draft", "issued", "reissued")


def _rfqs(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Rfq.brand_id == actor.organisation_id
    if actor.role == "factory":
        asked = select(Quotation.rfq_id).where(Quotation.organisation_id == actor.organisation_id)
        return and_(Rfq.issued_at.is_not(None), Rfq.id.in_(asked))
    return false()


def _ids(actor: Actor) -> Any:
    return select(Rfq.id).where(_rfqs(actor))


def _quotations(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Quotation.brand_id == actor.organisation_id
    return and_(Quotation.organisation_id == actor.organisation_id, within(Quotation.rfq_id, _ids(actor)))


def _quotation_ids(actor: Actor) -> Any:
    return select(Quotation.id).where(_quotations(actor))


def _technical(actor: Actor) -> Any:
    """Ids of the quotations whose technical part the actor reads: the brand's once it was received at the closing, and one's own."""
    found = _quotation_ids(actor)
    return found.where(Quotation.is_received) if actor.role == "brand" else found


def _priced(actor: Actor) -> Any:
    """Ids of the quotations whose prices the actor reads: the brand's once they were opened, and one's own."""
    if actor.role != "brand":
        return _quotation_ids(actor)
    opened = select(Rfq.id).where(Rfq.brand_id == actor.organisation_id, Rfq.opened_at.is_not(None))
    return _technical(actor).where(within(Quotation.rfq_id, opened))


def _questions(actor: Actor) -> ColumnElement[bool]:
    mine = within(RfqQuestion.rfq_id, _ids(actor))
    return mine if actor.role == "brand" else and_(mine, RfqQuestion.organisation_id == actor.organisation_id)


def _brand_only(column: Any, actor: Actor) -> ColumnElement[bool]:
    return within(column, _ids(actor)) if actor.role == "brand" else false()


def _sheets(actor: Actor) -> ColumnElement[bool]:
    """One's own; a colleague's after the opening, so that nobody scores with an eye on another's scores."""
    opened = select(Rfq.id).where(Rfq.brand_id == actor.organisation_id, Rfq.opened_at.is_not(None))
    return and_(
        _brand_only(TechnicalSheet.rfq_id, actor), or_(TechnicalSheet.user_id == actor.user_id, within(TechnicalSheet.rfq_id, opened))
    )


def _answers(actor: Actor) -> Any:
    return select(QuotationTechnical.id).where(within(QuotationTechnical.quotation_id, _technical(actor)))


def _offers(actor: Actor) -> Any:
    return select(QuotationOffer.id).where(within(QuotationOffer.quotation_id, _priced(actor)))


VISIBLE = {
    Rfq: _rfqs,
    RfqRequirement: lambda actor: within(RfqRequirement.rfq_id, _ids(actor)),
    RfqCriterion: lambda actor: within(RfqCriterion.rfq_id, _ids(actor)),
    RfqAddendum: lambda actor: within(RfqAddendum.rfq_id, _ids(actor)),
    RfqClarification: lambda actor: within(RfqClarification.rfq_id, _ids(actor)),
    RfqQuestion: _questions,
    Quotation: _quotations,
    QuotationDraft: lambda actor: within(QuotationDraft.quotation_id, _quotation_ids(actor)) if actor.role == "factory" else false(),
    QuotationTechnical: lambda actor: within(QuotationTechnical.quotation_id, _technical(actor)),
    RequirementAnswer: lambda actor: within(RequirementAnswer.technical_id, _answers(actor)),
    QuotationOffer: lambda actor: within(QuotationOffer.quotation_id, _priced(actor)),
    PriceBreak: lambda actor: within(PriceBreak.offer_id, _offers(actor)),
    QuotationOutcome: lambda actor: within(QuotationOutcome.quotation_id, _quotation_ids(actor)),
    RfqReviewer: lambda actor: _brand_only(RfqReviewer.rfq_id, actor),
    TechnicalSheet: _sheets,
    CostBasis: lambda actor: _brand_only(CostBasis.rfq_id, actor),
    RfqOpening: lambda actor: _brand_only(RfqOpening.rfq_id, actor),
    RfqAward: lambda actor: _brand_only(RfqAward.rfq_id, actor),
}


def _is_own(actor: Actor, rfq: Any) -> bool:
    return actor.role == "brand" and (rfq is None or rfq.brand_id == actor.organisation_id)


def _may_quote(actor: Actor, quotation: Any) -> bool:
    return actor.role == "factory" and quotation.organisation_id == actor.organisation_id and quotation.rfq.takes_quotations


RULES = {
    "rfq.create": _is_own,
    "rfq.edit": lambda actor, rfq: _is_own(actor, rfq) and rfq.state == "draft",
    "rfq.invite": lambda actor, rfq: _is_own(actor, rfq) and rfq.state in ATTACHABLE,
    "rfq.attach": lambda actor, rfq: _is_own(actor, rfq) and rfq.state in ATTACHABLE,
    "rfq.answer": lambda actor, rfq: _is_own(actor, rfq) and rfq.takes_quotations,
    "rfq.basis": lambda actor, rfq: _is_own(actor, rfq) and rfq.state not in ("awarded", "cancelled"),
    "rfq.appoint": lambda actor, rfq: _is_own(actor, rfq) and rfq.state == "technical_review",
    "rfq.score": lambda actor, rfq: _is_own(actor, rfq) and rfq.state == "technical_review",
    "quotation.quote": _may_quote,
}

files.register_subject("rfq", _ids)
files.register_subject("quotation_technical", _technical)
files.register_subject("quotation_offer", _priced)
