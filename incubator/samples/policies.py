"""Who sees a sample round: its brand, and its factory while it takes part in the product. No factory sees another's, nor how many there are.

Design firms and mould factories of the product read approved results alone, from the decision, without whose they are; nobody else anything.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, select

from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.products.policies import joined_products
from incubator.samples.models import GoldenSample, SampleDecision, SampleReading, SampleRequirement, SampleRound

PARTNERS = ("design_firm", "mould_factory")
APPROVED = ("approved", "approved_with_comments")


def _own(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Rows with a brand, a product and a factory: the brand's own, or the factory's own while it takes part."""
    if actor.role == "brand":
        return model.brand_id == actor.organisation_id
    if actor.role == "factory":
        return and_(model.factory_id == actor.organisation_id, model.product_id.in_(joined_products(actor)))
    return false()


def _round_ids(actor: Actor) -> Any:
    return select(SampleRound.id).where(_own(SampleRound, actor))


def _requirement_ids(actor: Actor) -> Any:
    return select(SampleRequirement.id).where(within(SampleRequirement.round_id, _round_ids(actor)))


def _decisions(actor: Actor) -> ColumnElement[bool]:
    if actor.role in PARTNERS:
        return and_(SampleDecision.outcome.in_(APPROVED), SampleDecision.product_id.in_(joined_products(actor)))
    return within(SampleDecision.round_id, _round_ids(actor))


VISIBLE = {
    SampleRound: lambda actor: _own(SampleRound, actor),
    SampleRequirement: lambda actor: within(SampleRequirement.round_id, _round_ids(actor)),
    SampleReading: lambda actor: within(SampleReading.requirement_id, _requirement_ids(actor)),
    SampleDecision: _decisions,
    GoldenSample: lambda actor: _own(GoldenSample, actor),
}


def _is_own_product(actor: Actor, product: Any) -> bool:
    return actor.role == "brand" and (product is None or product.brand_id == actor.organisation_id)


def _is_brands(actor: Actor, round: Any) -> bool:
    return actor.role == "brand" and round.brand_id == actor.organisation_id


def _may_photograph(actor: Actor, round: Any) -> bool:
    """The factory while the sample is with it or under way, the brand until it has decided."""
    if actor.role == "factory":
        return round.factory_id == actor.organisation_id and round.state in ("requested", "in_making", "shipped")
    return _is_brands(actor, round) and not round.is_decided


RULES = {
    "sample.request": _is_own_product,
    "sample.change": lambda actor, round: _is_brands(actor, round) and round.state == "requested",
    "sample.measure": lambda actor, round: _is_brands(actor, round) and round.takes_readings,
    "sample.photograph": _may_photograph,
}

files.register_subject("sample_round", _round_ids)
files.register_subject("sample_requirement", _requirement_ids)
