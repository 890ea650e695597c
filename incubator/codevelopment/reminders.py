"""Who is told what by the clock: an owner before its deliverable is due and when it is late, the brand when a review is.

Each is told once per threshold; a new due day or a new revision begins anew. The brand's own due days are the plan's to remind of.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import joinedload

from incubator.codevelopment.models import Deliverable
from incubator.codevelopment.queries import REVIEWABLE
from incubator.codevelopment.service import page
from incubator.codevelopment.telling import tell, tell_brand
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.schedule.queries import ENDED

SOON = timedelta(days=3)
BATCH = 200


def batch(now: datetime) -> int:
    """Tell of up to BATCH deliverables in the caller's transaction; how many."""
    found = list(db.session.scalars(_due(now.date())))
    for deliverable in found:
        _remind(deliverable, now)
    db.session.flush()
    return len(found)


def _due(today: date) -> Any:
    told, owed = Deliverable.reminded_for, Deliverable.state.in_(("planned", "changes_asked"))
    foreign = Deliverable.owner_id != Deliverable.brand_id
    late = and_(owed, foreign, Deliverable.due_on < today, told != "late")
    soon = and_(owed, foreign, Deliverable.due_on >= today, Deliverable.due_on <= today + SOON, told == "")
    review = and_(Deliverable.state.in_(REVIEWABLE), Deliverable.review_due_on < today, told != "review")
    query = access.select_visible(Deliverable, SYSTEM).join(Product, Product.id == Deliverable.product_id)
    query = query.where(Product.state.not_in(ENDED), or_(late, soon, review)).options(joinedload(Deliverable.product))
    return query.order_by(Deliverable.due_on, Deliverable.id).limit(BATCH).with_for_update(of=Deliverable, skip_locked=True)


def _remind(deliverable: Deliverable, now: datetime) -> None:
    product, url = deliverable.product, page(deliverable)
    said: dict[str, Any] = {"title": deliverable.title, "name": product.name}
    if deliverable.state in REVIEWABLE:
        deliverable.reminded_for = "review"
        tell_brand(product, "deliverable.review", url, now, SYSTEM, due=str(deliverable.review_due_on), **said)
        return
    deliverable.reminded_for = "late" if deliverable.due_on < now.date() else "soon"
    tell(deliverable.owner_id, f"deliverable.{deliverable.reminded_for}", url, now, SYSTEM, due=deliverable.due_on.isoformat(), **said)
