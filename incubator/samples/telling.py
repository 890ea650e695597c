"""Who is told of which step: the other side, in the app, and by mail where something is asked of it. A factory learns of its own rounds only."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel.actor import Actor
from incubator.samples.models import SampleRound

notices.register(
    {
        "sample.request": _l("%(brand)s asks for samples of “%(name)s” (round %(number)s), to be shipped by %(due)s."),
        "sample.change": _l("%(brand)s changed what it asks for: “%(name)s”, round %(number)s, to be shipped by %(due)s."),
        "sample.start": _l("%(factory)s has started making the samples of “%(name)s” (round %(number)s)."),
        "sample.ship": _l("%(factory)s shipped the samples of “%(name)s” (round %(number)s)."),
        "sample.receive": _l("Your samples of “%(name)s” (round %(number)s) have arrived."),
        "sample.measure": _l("Your samples of “%(name)s” (round %(number)s) have been measured."),
        "sample.approve": _l("Your samples of “%(name)s” (round %(number)s) are approved."),
        "sample.approve_with_comments": _l("Your samples of “%(name)s” (round %(number)s) are approved with comments."),
        "sample.reject": _l("Your samples of “%(name)s” (round %(number)s) are rejected. Read why."),
        "sample.seal": _l("Your sample of “%(name)s” (round %(number)s) is sealed as the golden sample."),
        "sample.soon": _l("Samples of “%(name)s” (round %(number)s) are to be shipped by %(due)s."),
        "sample.due": _l("Samples of “%(name)s” (round %(number)s) are to be shipped today."),
        "sample.late": _l("Samples of “%(name)s” (round %(number)s) were to be shipped by %(due)s and are late."),
    }
)
BY_THE_FACTORY = ("start", "ship")
IN_THE_APP = ("start", "receive", "measure")  # news that asks for nothing


def tell(round: SampleRound, step: str, actor: Actor, now: datetime) -> None:
    """Tell the side that did not take `step`."""
    people = brand_people(round) if step in BY_THE_FACTORY else notices.people_of(round.factory_id)
    organisation_id = round.brand_id if step in BY_THE_FACTORY else round.factory_id
    others = [user for user in people if user.id != actor.user_id]
    send(others, round, step, now, organisation_id, by_mail=step not in IN_THE_APP)


def send(people: list[User], round: SampleRound, text: str, now: datetime, organisation_id: int, *, by_mail: bool = True) -> None:
    notices.notify(people, f"sample.{text}", f"/samples/{round.id}", now, organisation_id, by_mail, **_params(round))


def _params(round: SampleRound) -> dict[str, Any]:
    return {
        "name": round.product.name,
        "number": round.number,
        "due": round.due_on.isoformat(),
        "brand": round.brand.label,
        "factory": round.factory.label,
    }


def brand_people(round: SampleRound) -> list[User]:
    """Who asked for the round and who owns the product, while they are there; else the brand's managers."""
    concerned = {round.requested_by_id, round.product.owner_id}
    return [u for u in notices.people_of(round.brand_id) if u.id in concerned] or notices.people_of(round.brand_id, managers_only=True)
