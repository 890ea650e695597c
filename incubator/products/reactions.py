"""What follows from a product's stage: a stop keeps its reason and tells those who take part. It moves no stage itself."""

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.events import Event
from incubator.products.models import Participant, Product

notices.register({"product.stopped": _l("“%(name)s” has been stopped.")})


def keep_the_reason_and_tell(event: Event) -> None:
    """The reason stays with the brand; the parties learn only that the product has ended."""
    product: Product = event.record
    product.stopped_reason = (event.data.get("note") or "").strip()
    query = access.select_visible(Participant, SYSTEM, Participant.organisation_id).where(
        Participant.product_id == product.id, Participant.left_at.is_(None)
    )
    for organisation_id in set(db.session.scalars(query)):
        people = notices.people_of(organisation_id)
        notices.notify(people, "product.stopped", f"/products/{product.id}", event.at, organisation_id, name=product.name)


REACTIONS = {"product.stop": [keep_the_reason_and_tell]}
