"""Sales are the brand's alone. A factory learns of its SKUs what a feedback pack tells it, and nothing here; it keeps the lots that it made."""

from typing import Any

from sqlalchemy import ColumnElement, false

from incubator.kernel.actor import Actor
from incubator.sales.lexicon_models import BrandLexicon, HeardText, LexiconWord
from incubator.sales.lot_models import ProductionLot, SkuLotReason, SkuLotWeek, StaleLots
from incubator.sales.models import FeedCode, NonProduct, SalesSettings, SkuGrade, SkuWeek, SkuWeekReason, StaleWeek
from incubator.sales.outlook_models import HeroRule, Learning, SkuOutlook, SkuSupply
from incubator.sales.stock_models import SkuMeasure, StockDay, TrafficDay


def _own(model: Any) -> Any:
    def criterion(actor: Actor) -> ColumnElement[bool]:
        return model.brand_id == actor.organisation_id if actor.role == "brand" else false()

    return criterion


def _lots(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "factory":
        return ProductionLot.factory_organisation_id == actor.organisation_id
    criterion: ColumnElement[bool] = _own(ProductionLot)(actor)
    return criterion


def _may_edit_lot(actor: Actor, lot: Any) -> bool:
    """The brand its own; the factory that made it, until a measurement rests on it. Without a lot: whether the actor may enter any."""
    if lot is None:
        return actor.role in ("brand", "factory")
    if actor.role == "factory":
        return lot.factory_organisation_id == actor.organisation_id and lot.used_at is None
    return actor.role == "brand" and lot.brand_id == actor.organisation_id


OWN = (
    SkuWeek, SkuWeekReason, SkuGrade, FeedCode, NonProduct, SalesSettings, StaleWeek, SkuLotWeek, SkuLotReason, StaleLots, LexiconWord, BrandLexicon, HeardText,
)  # fmt: skip
LEARNT = (StockDay, TrafficDay, SkuMeasure, SkuOutlook, Learning, SkuSupply, HeroRule)
VISIBLE = {model: _own(model) for model in (*OWN, *LEARNT)} | {ProductionLot: _lots}
RULES = {
    "sales.import": lambda actor, record: actor.role == "brand",
    "sales.lexicon": lambda actor, word: actor.role == "brand" and (word is None or word.brand_id == actor.organisation_id),
    "sales.lot": _may_edit_lot,
    "sales.resolve": lambda actor, code: actor.role == "brand" and (code is None or code.brand_id == actor.organisation_id),
    "sales.settle": lambda actor, record: actor.role == "brand" and (record is None or record.brand_id == actor.organisation_id),
}
