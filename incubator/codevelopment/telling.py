"""Whom to tell of something in co-development: the other side, and never the person who did it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel.actor import Actor
from incubator.products.models import Product

notices.register(
    {
        "engagement.invited": _l("%(brand)s invites you to co-develop “%(name)s”."),
        "engagement.accepted": _l("%(who)s accepted your invitation to “%(name)s”."),
        "engagement.declined": _l("%(who)s declined your invitation to “%(name)s”."),
        "engagement.withdrawn": _l("%(brand)s withdrew the invitation to “%(name)s”."),
        "engagement.ended": _l("Your engagement in “%(name)s” has ended."),
        "deliverable.planned": _l("“%(title)s” of “%(name)s” is yours to deliver by %(due)s."),
        "deliverable.submitted": _l("%(who)s submitted revision %(number)s of “%(title)s”."),
        "deliverable.accepted": _l("Revision %(number)s of “%(title)s” was accepted."),
        "deliverable.changes": _l("Changes are asked for “%(title)s”, revision %(number)s."),
        "deliverable.dropped": _l("“%(title)s” is no longer needed."),
        "deliverable.shared": _l("“%(title)s” of “%(name)s” was shared with you."),
        "deliverable.soon": _l("“%(title)s” of “%(name)s” is due on %(due)s."),
        "deliverable.late": _l("“%(title)s” of “%(name)s” was due on %(due)s and is late."),
        "deliverable.review": _l("The review of “%(title)s” (“%(name)s”) was promised for %(due)s."),
        "annotation.added": _l("%(who)s annotated “%(title)s”."),
        "consortium.sign_please": _l("The consortium agreement of “%(name)s” waits for your signature."),
        "consortium.signed": _l("%(who)s signed the consortium agreement of “%(name)s”."),
        "consortium.in_force": _l("The consortium agreement of “%(name)s” is in force."),
        "consortium.withdrawn": _l("A version of the consortium agreement of “%(name)s” was withdrawn."),
        "contribution.delivered": _l("%(who)s delivered “%(title)s” to the consortium of “%(name)s”."),
        "contribution.verified": _l("“%(title)s” was verified."),
        "contribution.sent_back": _l("“%(title)s” was sent back."),
        "contribution.released": _l("You were released from the promise “%(title)s”."),
        "room.shared": _l("The data room folder “%(folder)s” of “%(name)s” was shared with you."),
    }
)


def tell(organisation_id: int, text: str, url: str, now: datetime, actor: Actor, by_mail: bool = True, **params: Any) -> None:
    """The people of one organisation, but not the actor."""
    people = [u for u in notices.people_of(organisation_id) if u.id != actor.user_id]
    notices.notify(people, text, url, now, organisation_id, by_mail, **params)


def tell_brand(product: Product, text: str, url: str, now: datetime, actor: Actor, by_mail: bool = True, **params: Any) -> None:
    """Who leads the product, but not the actor."""
    people = [u for u in leaders(product) if u.id != actor.user_id]
    notices.notify(people, text, url, now, product.brand_id, by_mail, **params)


def leaders(product: Product) -> list[User]:
    """The product's owner, or the brand's managers where nobody owns it."""
    if product.owner is not None and product.owner.disabled_at is None:
        return [product.owner]
    return notices.people_of(product.brand_id, managers_only=True)
