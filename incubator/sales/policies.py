"""Sales are the brand's alone. A factory learns of its SKUs what a feedback pack tells it, and nothing here."""

from typing import Any

from sqlalchemy import ColumnElement, false

from incubator.kernel.actor import Actor
from incubator.sales.models import FeedCode, SalesSettings, SkuGrade, SkuWeek, SkuWeekReason, StaleWeek


def _own(model: Any) -> Any:
    def criterion(actor: Actor) -> ColumnElement[bool]:
        return model.brand_id == actor.organisation_id if actor.role == "brand" else false()

    return criterion


VISIBLE = {model: _own(model) for model in (SkuWeek, SkuWeekReason, SkuGrade, FeedCode, SalesSettings, StaleWeek)}
RULES = {
    "sales.import": lambda actor, record: actor.role == "brand",
    "sales.resolve": lambda actor, code: actor.role == "brand" and (code is None or code.brand_id == actor.organisation_id),
}
