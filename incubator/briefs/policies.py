"""Who reads a brief: its brand; those asked to sign its review; those who take part in the product, once it is accepted.

Targets and the brand's gate figures are the brand's alone. A party never learns which other parties were asked.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from incubator.briefs.gate_models import (
    ComparisonPoint,
    GateCondition,
    GateDecision,
    GateFigure,
    GateReview,
    GateSignatory,
    GateSignature,
    ValueClaim,
)
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, ReferenceProduct, Requirement
from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.products.policies import joined_products

SHARED_STATES = ("accepted", "in_development", "launched", "reviewed", "closed")


def _asked_to_sign(actor: Actor) -> Any:
    return select(GateSignatory.review_id).where(GateSignatory.organisation_id == actor.organisation_id)


def _briefs(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return ProductBrief.brand_id == actor.organisation_id
    reviewed = select(GateReview.brief_id).where(GateReview.id.in_(_asked_to_sign(actor)))
    takes_part = ProductBrief.product_id.in_(joined_products(actor))
    return and_(takes_part, or_(ProductBrief.state.in_(SHARED_STATES), ProductBrief.id.in_(reviewed)))


def _ids(actor: Actor) -> Any:
    return select(ProductBrief.id).where(_briefs(actor))


def _brand_only(column: Any, actor: Actor) -> ColumnElement[bool]:
    own = select(ProductBrief.id).where(ProductBrief.brand_id == (actor.organisation_id if actor.role == "brand" else -1))
    return within(column, own)


def _reviews(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return GateReview.brand_id == actor.organisation_id
    return and_(GateReview.id.in_(_asked_to_sign(actor)), within(GateReview.brief_id, _ids(actor)))


def _review_ids(actor: Actor) -> Any:
    return select(GateReview.id).where(_reviews(actor))


def _signatories(actor: Actor) -> ColumnElement[bool]:
    """The brand sees everyone who was asked; anyone else sees itself and the brand."""
    mine = within(GateSignatory.review_id, _review_ids(actor))
    if actor.role == "brand":
        return mine
    brands = select(GateReview.brand_id).where(GateReview.id == GateSignatory.review_id).correlate(GateSignatory).scalar_subquery()
    return and_(mine, or_(GateSignatory.organisation_id == actor.organisation_id, GateSignatory.organisation_id == brands))


def _decisions(actor: Actor) -> Any:
    return select(GateDecision.id).where(within(GateDecision.review_id, _review_ids(actor)))


VISIBLE = {
    ProductBrief: _briefs,
    BriefTarget: lambda actor: _brand_only(BriefTarget.brief_id, actor),
    BriefRevision: lambda actor: _brand_only(BriefRevision.brief_id, actor),
    Requirement: lambda actor: within(Requirement.brief_id, _ids(actor)),
    ReferenceProduct: lambda actor: within(ReferenceProduct.brief_id, _ids(actor)),
    ValueClaim: lambda actor: within(ValueClaim.brief_id, _ids(actor)),
    ComparisonPoint: lambda actor: within(ComparisonPoint.claim_id, select(ValueClaim.id).where(within(ValueClaim.brief_id, _ids(actor)))),
    GateReview: _reviews,
    GateSignatory: _signatories,
    GateSignature: lambda actor: within(GateSignature.signatory_id, select(GateSignatory.id).where(_signatories(actor))),
    GateDecision: lambda actor: within(GateDecision.review_id, _review_ids(actor)),
    GateCondition: lambda actor: within(GateCondition.decision_id, _decisions(actor)),
    GateFigure: lambda actor: within(GateFigure.decision_id, _decisions(actor)) if actor.role == "brand" else GateFigure.id == -1,
}


def _is_own(actor: Actor, brief: Any) -> bool:
    return actor.role == "brand" and (brief is None or brief.brand_id == actor.organisation_id)


def _may_sign(actor: Actor, review: Any) -> bool:
    asked = any(s.organisation_id == actor.organisation_id and s.signature is None for s in review.signatories)
    signed = any(s.signature and s.signature.user_id == actor.user_id for s in review.signatories)
    return asked and review.state == "open" and not signed and not review.brief.is_work_of(actor.user_id)


RULES = {
    "brief.create": _is_own,
    "brief.edit": lambda actor, brief: _is_own(actor, brief) and brief.is_editable,
    "brief.clone": _is_own,
    "brief.attach": lambda actor, brief: _is_own(actor, brief) and brief.state != "closed",
    "gate.sign": _may_sign,
}

files.register_subject("product_brief", _ids)
files.register_subject("reference_product", lambda actor: select(ReferenceProduct.id).where(within(ReferenceProduct.brief_id, _ids(actor))))
