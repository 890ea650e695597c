"""A product's plan as JSON under /api/v1: to its brand the whole of it, to a partner what it owes and what is shared with it."""

from typing import Any

from apiflask import APIBlueprint, Schema, fields
from flask import url_for

from incubator.kernel import clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.products import frame
from incubator.schedule import plan, queries
from incubator.schedule.models import Milestone

blueprint = APIBlueprint("schedule_api", __name__, url_prefix="/api/v1", tag="Milestones")


def _day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


class WaitsOut(Schema):
    """What a milestone waits for, and how many working days lie between."""

    milestone_id = fields.Integer()
    lag_days = fields.Integer()


class MilestoneOut(Schema):
    """A milestone. What comes after `mine` is given to the brand alone."""

    id = fields.Integer()
    name = fields.String()
    stage = fields.String(allow_none=True)
    forecast_on = _day()
    done_on = _day()
    late = fields.Boolean()
    mine = fields.Boolean(metadata={"description": "Whether your organisation owes it."})
    baseline_on = _day()
    starts_on = _day()
    latest_on = _day()
    not_before_on = _day()
    duration_days = fields.Integer()
    float_days = fields.Integer(allow_none=True)
    critical = fields.Boolean()
    owner_part = fields.String(allow_none=True)
    organisation_id = fields.Integer(allow_none=True)
    owner = fields.String(allow_none=True)
    waits_for = fields.List(fields.Nested(WaitsOut))


class PlanOut(Schema):
    """The milestones of a product, open ones by day, then those that are met."""

    product_id = fields.Integer()
    items = fields.List(fields.Nested(MilestoneOut))
    href = fields.String()


@blueprint.get("/products/<int:product_id>/milestones")
@blueprint.output(PlanOut)
@web.allow(*ORGANISATION_KINDS)
def get_plan(product_id: int) -> Any:
    """The plan of a product as far as you may know it."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    today = clock.today(actor.timezone)
    rows = queries.of_product(product, actor)
    items = [_item(row, actor.organisation_id, actor.role == "brand", today) for row in rows]
    if actor.role == "brand":
        written = plan.load(product.id, product.brand_id)
        slots = written.slots()
        items = [item | _for_the_brand(row, slots[row.id], written) for item, row in zip(items, rows, strict=True)]
    return {"product_id": product.id, "items": items, "href": url_for("schedule.plan", product_id=product.id)}


def _item(row: Milestone, organisation_id: int | None, is_brand: bool, today: Any) -> dict[str, Any]:
    return {
        "id": row.id, "name": row.name, "stage": row.stage, "forecast_on": row.due_on.isoformat(), "done_on": _iso(row.actual_on),
        "late": row.done_at is None and row.due_on < today,
        "mine": row.organisation_id is None if is_brand else row.organisation_id == organisation_id,
    }  # fmt: skip


def _for_the_brand(row: Milestone, slot: Any, written: plan.Plan) -> dict[str, Any]:
    waits = [{"milestone_id": link.before, "lag_days": link.lag} for link in written.links if link.after == row.id]
    return {
        "baseline_on": row.baseline_on.isoformat(), "starts_on": slot.start.isoformat(), "latest_on": _iso(slot.latest),
        "not_before_on": _iso(row.not_before_on), "duration_days": row.duration_days, "float_days": slot.float_days,
        "critical": slot.critical, "owner_part": row.owner_part, "organisation_id": row.organisation_id,
        "owner": row.owner.name if row.owner else None, "waits_for": waits,
    }  # fmt: skip


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
