"""Who sees a milestone: the product's brand. (What a partner owes is shown in its own portal.)"""

from incubator.schedule.models import Milestone

VISIBLE = {
    Milestone: lambda actor: Milestone.brand_id == (actor.organisation_id if actor.role == "brand" else -1),
}

RULES = {
    "milestone.edit": lambda actor, milestone: actor.role == "brand",
}
