"""Who sees what of a launch. The brand all of its own; a factory the SKUs that it makes and the day they go on sale.

Design firms, launch partners and brand companies see names (no drafts), channels and launch days of the products they take part in,
a launch partner also the tasks that are its own. Prices, plans, tests and reviews are the brand's alone; nobody else sees anything.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.launches.launch_models import (
    ChecklistItem,
    ComplianceProof,
    Launch,
    LaunchChannel,
    LaunchPlan,
    LaunchSku,
    PreproductionReview,
)
from incubator.launches.models import Channel, Sku, SkuAlias, SkuFactory, SkuPrice
from incubator.launches.probe_models import Probe, ProbeChannel, ProbeReading, ProbeVerdict
from incubator.products.policies import joined_products

PARTNERS = ("design_firm", "launch_partner", "brand_company")
PUBLIC_STATES = ("planned", "live")


def _own(column: Any, actor: Actor) -> ColumnElement[bool]:
    """Rows of the actor's own brand; none for anybody else."""
    return column == actor.organisation_id if actor.role == "brand" else false()


def _skus(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "factory":
        return Sku.factory_organisation_id == actor.organisation_id
    if actor.role in PARTNERS:
        return and_(Sku.state != "draft", Sku.product_id.in_(joined_products(actor)))
    return _own(Sku.brand_id, actor)


def _sku_ids(actor: Actor) -> Any:
    return select(Sku.id).where(_skus(actor))


def _of_own_sku(column: Any, actor: Actor) -> ColumnElement[bool]:
    return within(column, _sku_ids(actor)) if actor.role == "brand" else false()


def _makers(actor: Actor) -> ColumnElement[bool]:
    """The brand the whole history, a factory its own lines of it."""
    if actor.role == "factory":
        return SkuFactory.organisation_id == actor.organisation_id
    return _of_own_sku(SkuFactory.sku_id, actor)


def _launches(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "factory":
        made = select(LaunchSku.launch_id).where(within(LaunchSku.sku_id, _sku_ids(actor)))
        return and_(Launch.state.in_(PUBLIC_STATES), Launch.id.in_(made))
    if actor.role in PARTNERS:
        return and_(Launch.state.in_(PUBLIC_STATES), Launch.product_id.in_(joined_products(actor)))
    return _own(Launch.brand_id, actor)


def _launch_ids(actor: Actor) -> Any:
    return select(Launch.id).where(_launches(actor))


def _launch_channels(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.role == "factory" else within(LaunchChannel.launch_id, _launch_ids(actor))


def _items(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "launch_partner":
        return and_(ChecklistItem.organisation_id == actor.organisation_id, ChecklistItem.product_id.in_(joined_products(actor)))
    return _own(ChecklistItem.brand_id, actor)


def _channels(actor: Actor) -> ColumnElement[bool]:
    """A partner those on which a product of its own goes on sale, or where it has a task."""
    if actor.role in PARTNERS:
        sold = select(LaunchChannel.channel_id).where(_launch_channels(actor))
        return or_(Channel.id.in_(sold), Channel.id.in_(select(ChecklistItem.channel_id).where(_items(actor))))
    return _own(Channel.brand_id, actor)


def _of_own_probe(column: Any, actor: Actor) -> ColumnElement[bool]:
    return within(column, select(Probe.id).where(_own(Probe.brand_id, actor)))


VISIBLE = {
    Sku: _skus,
    SkuFactory: _makers,
    SkuAlias: lambda actor: _own(SkuAlias.brand_id, actor),
    SkuPrice: lambda actor: _of_own_sku(SkuPrice.sku_id, actor),
    Channel: _channels,
    LaunchPlan: lambda actor: _own(LaunchPlan.brand_id, actor),
    ComplianceProof: lambda actor: _own(ComplianceProof.brand_id, actor),
    PreproductionReview: lambda actor: _own(PreproductionReview.brand_id, actor),
    ChecklistItem: _items,
    Launch: _launches,
    LaunchChannel: _launch_channels,
    LaunchSku: lambda actor: and_(within(LaunchSku.launch_id, _launch_ids(actor)), within(LaunchSku.sku_id, _sku_ids(actor))),
    Probe: lambda actor: _own(Probe.brand_id, actor),
    ProbeChannel: lambda actor: _of_own_probe(ProbeChannel.probe_id, actor),
    ProbeReading: lambda actor: _of_own_probe(ProbeReading.probe_id, actor),
    ProbeVerdict: lambda actor: _of_own_probe(ProbeVerdict.probe_id, actor),
}


def _is_own(actor: Actor, record: Any) -> bool:
    return actor.role == "brand" and (record is None or record.brand_id == actor.organisation_id)


def _may_do(actor: Actor, item: ChecklistItem) -> bool:
    """A task is done by the brand, or by the launch partner that it is assigned to."""
    return _is_own(actor, item) or (actor.role == "launch_partner" and item.organisation_id == actor.organisation_id)


RULES = {
    "sku.edit": lambda actor, sku: _is_own(actor, sku) and (sku is None or getattr(sku, "state", "") != "retired"),
    "channel.edit": _is_own,
    "launch.edit": _is_own,
    "checklist.edit": _is_own,
    "checklist.do": _may_do,
}

files.register_subject("sku", _sku_ids)
files.register_subject("checklist_item", lambda actor: select(ChecklistItem.id).where(_items(actor)))
files.register_subject("compliance_proof", lambda actor: select(ComplianceProof.id).where(_own(ComplianceProof.brand_id, actor)))
