"""Closing what is open when a party leaves or a product stops. It acts as the system: the brand has decided already."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.models import Deliverable, DeliverableShare, Engagement
from incubator.codevelopment.room_models import RoomFolder, RoomShare
from incubator.codevelopment.workflow import OPEN_STATES
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products.models import Participant, Product


def end_engagements(participant: Participant, now: datetime) -> None:
    query = access.select_visible(Engagement, SYSTEM).where(Engagement.product_id == participant.product_id, Engagement.state == "active")
    for engagement in db.session.scalars(query.where(Engagement.organisation_id == participant.organisation_id)):
        workflow.fire(engagement, "end", SYSTEM, str(_l("It no longer takes part in the product.")), now)


def take_back(participant: Participant, now: datetime) -> None:
    """Rights to folders are revoked, shared deliverables unshared."""
    rooms = access.select_visible(RoomShare, SYSTEM).join(RoomFolder, RoomFolder.id == RoomShare.folder_id)
    rooms = rooms.where(RoomFolder.product_id == participant.product_id, RoomShare.revoked_at.is_(None))
    for given in db.session.scalars(rooms.where(RoomShare.organisation_id == participant.organisation_id)):
        given.revoked_at = now
    query = access.select_visible(DeliverableShare, SYSTEM).join(Deliverable, Deliverable.id == DeliverableShare.deliverable_id)
    query = query.where(Deliverable.product_id == participant.product_id)
    for shared in db.session.scalars(query.where(DeliverableShare.organisation_id == participant.organisation_id)):
        db.session.delete(shared)


def drop_what_is_open(product: Product, now: datetime) -> None:
    """Nothing is owed, offered or asked to be signed any more."""
    reason = str(_l("The product was stopped."))
    waiting = (
        (Deliverable, OPEN_STATES, "drop"),
        (Engagement, ("invited",), "withdraw"),
        (Agreement, ("draft", "proposed"), "withdraw"),
    )
    for model, states, event in waiting:
        query = access.select_visible(model, SYSTEM).where(model.product_id == product.id, model.state.in_(states))
        for record in db.session.scalars(query).all():
            workflow.fire(record, event, SYSTEM, reason, now)
