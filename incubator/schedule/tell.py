"""Who is told that a forecast moved or a promise was met. A partner learns the day of its own milestone, and never what moved it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access, i18n
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.products.models import Participant, Product
from incubator.schedule.models import Milestone

notices.register(
    {
        "milestone.pushed": _l("“%(cause)s” moved your milestones of “%(product)s”: %(names)s."),
        "milestone.replanned": _l("Your milestones of “%(product)s” have new days: %(names)s."),
        "milestone.new_day": _l("“%(name)s” of “%(product)s” is now due on %(due)s."),
        "milestone.met": _l("%(organisation)s has met “%(name)s” of “%(product)s”."),
    }
)


def moved(product_id: int, brand_id: int, moves: Sequence[Any], cause: str, actor: Actor, now: datetime) -> None:
    """One line for each colleague whose milestones moved, one for each milestone that a partner owes."""
    if not moves:
        return
    rows = _moved_rows(product_id, [move.key for move in moves])
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.organisation_id is None and row.owner_id not in (None, actor.user_id):
            names[row.owner_id].append(row.name)
        if row.organisation_id is not None and row.takes_part:
            _tell_partner(row, now)
    if not names:
        return
    text, url = "milestone.pushed" if cause else "milestone.replanned", f"/products/{product_id}/plan"
    for user in db.session.scalars(access.select_visible(User, SYSTEM).where(User.id.in_(list(names)), User.disabled_at.is_(None))):
        own = names[user.id]
        listed = ", ".join(own[:3]) + (" …" if len(own) > 3 else "")
        notices.notify([user], text, url, now, brand_id, by_mail=False, cause=cause, product=rows[0].product, names=listed)


def _moved_rows(product_id: int, ids: list[int]) -> Sequence[Any]:
    takes_part = (
        Participant.product_id == product_id,
        Participant.organisation_id == Milestone.organisation_id,
        Participant.left_at.is_(None),
    )
    partner = access.select_visible(Participant, SYSTEM, Participant.id).where(*takes_part).correlate(Milestone).exists()
    columns = (
        Milestone.id, Milestone.name, Milestone.due_on, Milestone.organisation_id, Milestone.owner_id, Product.name.label("product"),
        Product.id.label("product_id"), partner.label("takes_part"),
    )  # fmt: skip
    query = access.select_visible(Milestone, SYSTEM, *columns).join(Product, Product.id == Milestone.product_id)
    return db.session.execute(query.where(Milestone.id.in_(id_set(ids))).order_by(Milestone.due_on)).all()


def _tell_partner(row: Any, now: datetime) -> None:
    for user in notices.people_of(row.organisation_id):
        due = i18n.day_in(row.due_on, user.locale)
        url = f"/products/{row.product_id}/plan"
        notices.notify([user], "milestone.new_day", url, now, row.organisation_id, name=row.name, product=row.product, due=due)


def met(milestone: Milestone, actor: Actor, now: datetime) -> None:
    """What a partner says it has met, the brand's owner hears."""
    if actor.organisation_id in (None, milestone.brand_id):
        return
    product = db.session.execute(
        access.select_visible(Product, SYSTEM, Product.name, Product.owner_id).where(Product.id == milestone.product_id)
    ).one()
    owner = milestone.owner_id or product.owner_id
    query = access.select_visible(User, SYSTEM).where(User.id == owner, User.disabled_at.is_(None))
    readers = list(db.session.scalars(query)) or notices.people_of(milestone.brand_id, managers_only=True)
    values = {"organisation": actor.organisation_name, "name": milestone.name, "product": product.name}
    notices.notify(readers, "milestone.met", f"/products/{milestone.product_id}/plan", now, milestone.brand_id, **values)
