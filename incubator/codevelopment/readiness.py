"""Whether co-development is finished before pre-production: a warning for the brand, which may have its reasons."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.codevelopment import agreement_service
from incubator.codevelopment.models import Deliverable
from incubator.codevelopment.workflow import OPEN_STATES
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products import frame
from incubator.products.models import Product


def missing(product: Product, actor: Actor) -> list[Any]:
    """What is still open, in words: no deliverable at all, some that are not accepted, a consortium that is not in force."""
    reasons: list[Any] = []
    query = access.select_visible(Deliverable, actor, Deliverable.title).where(Deliverable.product_id == product.id)
    titles = list(db.session.scalars(query.where(Deliverable.state.in_(OPEN_STATES)).order_by(Deliverable.due_on).limit(100)))
    if titles:
        one, many = _l("“%(title)s” is not accepted yet."), _l("%(num)s deliverables are not accepted yet, first “%(title)s”.")
        text = (one if len(titles) == 1 else many) % {"num": len(titles), "title": titles[0]}
        reasons.append(text)
    elif db.session.scalar(query.limit(1)) is None:
        reasons.append(_l("No deliverable was asked of anybody yet."))
    if agreement_service.of_product(product, "in_force") is None:
        reasons.append(_l("The consortium agreement is not signed by all parties."))
    return reasons


def panel(product: Product, actor: Actor) -> dict[str, Any] | None:
    """For the overview, while the next step is pre-production."""
    if product.state != "codevelopment":
        return None
    reasons = missing(product, actor)
    return {"reasons": reasons, "product": product} if reasons else None


frame.register_panel("codevelopment", "codevelopment/_readiness.html", 30, panel)
