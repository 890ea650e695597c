"""Who sees a plan: the product's brand all of it; an organisation what it owes and what is shared with its part, while it takes part.

What waits for what, templates and rules of reminding are the brand's. Closing days are seen by who is closed, and by the
brands it works for; a note that a brand made about a partner is that brand's alone. A feed is its owner's.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.products.models import Participant, Product
from incubator.products.policies import joined_products
from incubator.schedule.calendar_models import CalendarFeed, Closure
from incubator.schedule.models import Milestone, MilestoneLink
from incubator.schedule.plan_models import PlanTemplate, PlanTemplateRow, ReminderSetting


def _milestones(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Milestone.brand_id == actor.organisation_id
    if actor.organisation_id is None:
        return false()
    mine = Participant.organisation_id == actor.organisation_id, Participant.left_at.is_(None)
    parts = select(Participant.part).where(*mine, Participant.product_id == Milestone.product_id).correlate(Milestone)
    shared = or_(Milestone.organisation_id == actor.organisation_id, Milestone.shared_with_part.in_(parts))
    return and_(Milestone.product_id.in_(joined_products(actor)), shared)


def _closures(actor: Actor) -> ColumnElement[bool]:
    own = Closure.recorded_by_id == actor.organisation_id
    if actor.organisation_id is None:
        return false()
    if actor.role != "brand":
        return own
    partners = (
        select(Participant.organisation_id)
        .join(Product, Product.id == Participant.product_id)
        .where(Product.brand_id == actor.organisation_id, Participant.left_at.is_(None))
    )
    return or_(own, and_(Closure.recorded_by_id == Closure.organisation_id, Closure.organisation_id.in_(partners)))


def _brand(actor: Actor) -> int:
    """The brand that the actor acts for; of anybody else, none."""
    return (actor.organisation_id if actor.role == "brand" else None) or -1


def _own_templates(actor: Actor) -> Any:
    return select(PlanTemplate.id).where(PlanTemplate.brand_id == _brand(actor))


VISIBLE = {
    Milestone: _milestones,
    MilestoneLink: lambda actor: MilestoneLink.brand_id == _brand(actor),
    PlanTemplate: lambda actor: PlanTemplate.brand_id == _brand(actor),
    PlanTemplateRow: lambda actor: access.within(PlanTemplateRow.template_id, _own_templates(actor)),
    ReminderSetting: lambda actor: ReminderSetting.brand_id == _brand(actor),
    Closure: _closures,
    CalendarFeed: lambda actor: CalendarFeed.user_id == actor.user_id,
}


def _may_finish(actor: Actor, milestone: Any) -> bool:
    """The brand, or the organisation that owes it."""
    return actor.role == "brand" or (actor.organisation_id is not None and milestone.organisation_id == actor.organisation_id)


RULES = {
    "milestone.edit": lambda actor, milestone: actor.role == "brand",
    "milestone.finish": _may_finish,
    "plan_template.edit": lambda actor, template: actor.role == "brand",
    "reminders.edit": lambda actor, programme: actor.role == "brand" and programme.brand_id == actor.organisation_id,
    "closure.edit": lambda actor, closure: closure is None or closure.recorded_by_id == actor.organisation_id,
}
