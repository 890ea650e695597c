"""The checks that this package adds before series production: brief, SKUs, prices, certificates, first order and capacity. It only reads."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.kernel import access, clock
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.i18n import listed
from incubator.launches.launch_models import ComplianceProof, LaunchPlan
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.products.readiness import register_check

APPROVED = ("accepted", "in_development", "launched", "reviewed")
LONGEST_NEED = 200


def brief_of(product_id: int) -> ProductBrief | None:
    """The product's brief, whoever asks: the checks speak of its state and needs only."""
    return db.session.scalar(access.select_visible(ProductBrief, SYSTEM).where(ProductBrief.product_id == product_id))


def target_of(product_id: int, currency: str) -> int | None:
    """The brief's target price in minor units of a currency; the brand's secret, so only the brand's own pages may use it."""
    query = access.select_visible(BriefTarget, SYSTEM, BriefTarget.price_minor).join(ProductBrief)
    return db.session.scalar(query.where(ProductBrief.product_id == product_id, BriefTarget.currency == currency))


def needs_of(brief: ProductBrief | None) -> list[str]:
    """The compliance needs of a brief: one per line."""
    lines = brief.compliance.splitlines() if brief else []
    return list(dict.fromkeys(line.strip()[:LONGEST_NEED] for line in lines if line.strip()))


def proofs_of(product_id: int) -> dict[str, ComplianceProof]:
    query = access.select_visible(ComplianceProof, SYSTEM).where(ComplianceProof.product_id == product_id)
    return {proof.need: proof for proof in db.session.scalars(query)}


def plan_of(product_id: int) -> LaunchPlan | None:
    return db.session.scalar(access.select_visible(LaunchPlan, SYSTEM).where(LaunchPlan.product_id == product_id))


def _brief_is_approved(product: Product, _actor: Actor) -> Any:
    brief = brief_of(product.id)
    if brief is None:
        return _l("The product has no brief.")
    return None if brief.state in APPROVED else _l("The brief has not passed the value gate.")


def _prices_are_set(product: Product, _actor: Actor) -> Any:
    query = access.select_visible(Sku, SYSTEM, func.count(), func.count(Sku.launch_price_minor))
    skus, priced = db.session.execute(query.where(Sku.product_id == product.id, Sku.state != "retired")).one()
    if not skus:
        return _l("There is no SKU yet.")
    return _l("%(n)s of %(all)s SKUs have no planned launch price.", n=skus - priced, all=skus) if priced < skus else None


def _certificates_are_there(product: Product, actor: Actor) -> Any:
    proofs, today = proofs_of(product.id), clock.today(actor.timezone)
    missing, expired = [], []
    for need in needs_of(brief_of(product.id)):
        proof = proofs.get(need)
        if proof is None:
            missing.append(need)
        elif proof.valid_until and proof.valid_until < today:
            expired.append(need)
    if missing:
        return _l("Not proved yet: %(needs)s.", needs=listed(missing))
    return _l("Expired: %(needs)s.", needs=listed(expired)) if expired else None


def _volumes_are_stated(product: Product, _actor: Actor) -> Any:
    plan = plan_of(product.id)
    if plan is None or not plan.first_order_quantity:
        return _l("State the first order.")
    return None if plan.capacity_per_week else _l("State what the factory can make in a week.")


register_check("brief", _l("The brief has passed the value gate"), _brief_is_approved, 10)
register_check("prices", _l("Every SKU has its planned price"), _prices_are_set, 30)
register_check("certificates", _l("Every compliance need of the brief is proved"), _certificates_are_there, 40)
register_check("volumes", _l("First order and factory capacity are stated"), _volumes_are_stated, 60)
