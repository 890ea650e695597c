"""Who is told what, in their own language. A notice names the enquiry, never a price, a score, another factory or how many there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation

notices.register(
    {
        "rfq.invited": _l("%(brand)s asks you for a quotation: “%(title)s”."),
        "rfq.reissued": _l("“%(title)s” was re-issued: read what changed, then confirm or revise your quotation."),
        "rfq.extended": _l("The deadline of “%(title)s” was extended."),
        "rfq.soon": _l("“%(title)s” closes in three days, and your quotation is not in yet."),
        "rfq.last": _l("“%(title)s” closes within a day, and your quotation is not in yet."),
        "rfq.answered": _l("%(brand)s answered your question about “%(title)s”."),
        "rfq.published": _l("There is a new answer for everyone asked about “%(title)s”."),
        "rfq.closed": _l("“%(title)s” was closed: the quotations wait for the technical review."),
        "rfq.closed_empty": _l("“%(title)s” was closed without a quotation."),
        "rfq.review": _l("You are asked to score the technical part of “%(title)s”."),
        "rfq.scored": _l("Every technical score of “%(title)s” is in: the prices may be opened."),
        "rfq.cancelled": _l("“%(title)s” was cancelled."),
        "rfq.won": _l("Your quotation for “%(title)s” was chosen."),
        "rfq.lost": _l("Your quotation for “%(title)s” was not chosen; read how it compared."),
        "rfq.question": _l("%(who)s asks something about “%(title)s”."),
        "rfq.declined": _l("%(who)s will not quote for “%(title)s”."),
        "rfq.received": _l("%(who)s submitted a quotation for “%(title)s”."),
        "rfq.withdrawn": _l("%(who)s withdrew its quotation for “%(title)s”."),
        "rfq.expired": _l("The quotation of %(who)s for “%(title)s” has expired."),
        "rfq.not_counted": _l("Your quotation for “%(title)s” did not answer the latest issue and was not taken."),
    }
)


def path(rfq: Rfq) -> str:
    return f"/rfqs/{rfq.id}"


def tell_factory(rfq: Rfq, organisation_id: int, text: str, now: datetime) -> None:
    """The people of one invited factory."""
    people = notices.people_of(organisation_id)
    notices.notify(people, text, path(rfq), now, organisation_id, title=rfq.title, brand=rfq.brand.label)


def tell_invited(rfq: Rfq, text: str, now: datetime, but: Iterable[str] = ()) -> None:
    """Every invited factory by itself, except those whose quotation is in one of the states `but`."""
    left_out = set(but)
    for quotation in rfq.quotations:
        if quotation.state not in left_out:
            tell_factory(rfq, quotation.organisation_id, text, now)


def tell_brand(rfq: Rfq, text: str, now: datetime, actor: Actor = SYSTEM, **params: Any) -> None:
    """The owner of the enquiry, or the brand's managers when nobody owns it; not whoever did it."""
    owner = db.session.scalar(access.select_visible(User, SYSTEM).where(User.id == rfq.owner_id, User.disabled_at.is_(None)))
    people = [owner] if owner else notices.people_of(rfq.brand_id, managers_only=True)
    notices.notify([u for u in people if u.id != actor.user_id], text, path(rfq), now, rfq.brand_id, title=rfq.title, **params)


def tell_people(rfq: Rfq, user_ids: Iterable[int], text: str, now: datetime, actor: Actor) -> None:
    """Named people of the brand."""
    wanted = set(user_ids) - {actor.user_id}
    notices.notify([u for u in notices.people_of(rfq.brand_id) if u.id in wanted], text, path(rfq), now, rfq.brand_id, title=rfq.title)


def tell_outcome(quotation: Quotation, text: str, now: datetime) -> None:
    tell_factory(quotation.rfq, quotation.organisation_id, text, now)
