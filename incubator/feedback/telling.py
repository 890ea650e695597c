"""Who is told of which step, in the reader's language and with a link; no notice and no mail holds a figure of the pack."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.kernel.actor import Actor

notices.register(
    {
        "feedback.sent": _l("%(brand)s: how your SKUs sold in the week from %(week)s. Please answer by %(due)s."),
        "feedback.soon": _l("The feedback pack of %(brand)s for the week from %(week)s is to be answered by %(due)s."),
        "feedback.late": _l("The feedback pack of %(brand)s for the week from %(week)s was to be answered by %(due)s and is overdue."),
        "feedback.escalated": _l("%(factory)s has not answered the feedback pack of the week from %(week)s, due on %(due)s."),
        "feedback.acknowledged": _l("%(factory)s has answered the feedback pack of the week from %(week)s."),
        "feedback.done": _l("%(factory)s has done what it promised for %(code)s."),
        "feedback.dropped": _l("%(who)s dropped what was promised for %(code)s."),
        "feedback.measured": _l("What you changed on %(code)s has been measured."),
    }
)


def factory(pack: FeedbackPack, text: str, now: datetime) -> int:
    """Everybody in the factory; how many."""
    people = notices.people_of(pack.factory_id)
    notices.notify(people, f"feedback.{text}", f"/feedback/packs/{pack.id}", now, pack.factory_id, **_params(pack))
    return len(people)


def brand(pack: FeedbackPack, text: str, now: datetime) -> None:
    notices.notify(_managers(pack), f"feedback.{text}", f"/feedback/packs/{pack.id}", now, pack.brand_id, **_params(pack))


def of_action(action: FeedbackAction, text: str, actor: Actor, now: datetime) -> None:
    """The side that did not close the promise; of a measured effect both sides, in the app only."""
    to_brand = text == "done" or (text == "dropped" and actor.role == "factory")
    people = _managers(action.pack) if to_brand else notices.people_of(action.factory_id)
    organisation_id = action.brand_id if to_brand else action.factory_id
    params = {"code": action.section.code, "factory": action.pack.factory.label, "who": actor.organisation_name}
    notices.notify(people, f"feedback.{text}", f"/feedback/actions/{action.id}", now, organisation_id, text != "measured", **params)


def _managers(pack: FeedbackPack) -> list[User]:
    return notices.people_of(pack.brand_id, managers_only=True)


def _params(pack: FeedbackPack) -> dict[str, Any]:
    due = pack.due_on.isoformat() if pack.due_on else ""
    return {"brand": pack.brand.label, "factory": pack.factory.label, "week": pack.week.isoformat(), "due": due}
