"""What holds for ordering a SKU again: what the brand wrote on the SKU, else the awarded quotation of its factory, the carton, the brand's setting.

Reads and one write; the arithmetic is in `reorder`. A quotation's prices are never read here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_

from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict
from incubator.launches.models import Sku
from incubator.sales import reorder
from incubator.sales.models import SalesSettings
from incubator.sales.outlook_models import SkuSupply
from incubator.sourcing.decision_models import RfqAward
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation, QuotationTechnical


def terms(brand_id: int, sku_ids: Sequence[int]) -> dict[int, reorder.Terms]:
    """SKU → what holds for it, in four queries."""
    settings = db.session.scalar(access.select_visible(SalesSettings, SYSTEM).where(SalesSettings.brand_id == brand_id))
    service_bp, review_days = (settings.service_bp, settings.review_days) if settings else (9500, 28)
    own = {s.sku_id: s for s in db.session.scalars(access.select_visible(SkuSupply, SYSTEM).where(SkuSupply.sku_id.in_(id_set(sku_ids))))}
    quoted = _quoted(brand_id)
    skus = access.select_visible(Sku, SYSTEM, Sku.id, Sku.product_id, Sku.factory_organisation_id, Sku.units_per_carton)
    return {
        row.id: _terms(
            own.get(row.id), quoted.get((row.product_id, row.factory_organisation_id)), row.units_per_carton, service_bp, review_days
        )
        for row in db.session.execute(skus.where(Sku.id.in_(id_set(sku_ids))))
    }


def _terms(own: SkuSupply | None, quoted: Any, carton: int, service_bp: int, review_days: int) -> reorder.Terms:
    lead = own.lead_days if own and own.lead_days else quoted.lead_days if quoted else reorder.LEAD_DAYS
    moq = own.moq if own and own.moq else quoted.moq if quoted else 0
    multiple = own.multiple if own and own.multiple else carton or 1
    bp = own.service_bp if own and own.service_bp else service_bp
    source = "own" if own and own.lead_days else "quotation" if quoted else "assumed"
    return reorder.Terms(min(lead, reorder.LONGEST_LEAD), moq, multiple, bp / 10_000, review_days, source)


def _quoted(brand_id: int) -> dict[tuple[int, int], Any]:
    """(product, factory) → lead_days and moq of the latest awarded quotation."""
    query = access.select_visible(
        RfqAward, SYSTEM, Rfq.product_id, Quotation.organisation_id, QuotationTechnical.lead_days, QuotationTechnical.moq
    )
    query = query.join(Rfq, Rfq.id == RfqAward.rfq_id).join(
        Quotation, or_(Quotation.id == RfqAward.quotation_id, Quotation.id == RfqAward.second_id)
    )
    query = query.join(QuotationTechnical, QuotationTechnical.quotation_id == Quotation.id).where(Rfq.brand_id == brand_id)
    return {(row.product_id, row.organisation_id): row for row in db.session.execute(query.order_by(RfqAward.decided_at))}


def of_sku(sku_id: int, actor: Actor) -> SkuSupply | None:
    found: SkuSupply | None = db.session.scalar(access.select_visible(SkuSupply, actor).where(SkuSupply.sku_id == sku_id))
    return found


def change(sku: Sku, values: dict[str, Any], version: int | None, actor: Actor, now: datetime) -> SkuSupply:
    """Write down what holds for a SKU (moq, lead_days, multiple, service_bp; None: as quoted).

    Conflict when somebody else has changed it since `version` was read.
    """
    access.require("sales.settle", actor, sku)
    row = of_sku(sku.id, actor)
    if (row.version if row else 0) != (version or 0):
        raise Conflict()
    if row is None:
        row = SkuSupply(brand_id=sku.brand_id, sku_id=sku.id, sku=sku, created_at=now)
        db.session.add(row)
    row.moq, row.lead_days, row.multiple, row.service_bp = values["moq"], values["lead_days"], values["multiple"], values["service_bp"]
    row.updated_at = now
    db.session.flush()
    audit.record("sku_supply.change", row, actor, now, code=sku.code)
    return row
