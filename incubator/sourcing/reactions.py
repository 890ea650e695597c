"""What follows from an award: the winner takes part in the product, which moves on to sampling. A product that stops ends its enquiries."""

from flask_babel import gettext

from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.events import Event, Reaction
from incubator.products import participation
from incubator.sourcing import award_service, service
from incubator.sourcing.models import Rfq

ENDED = ("awarded", "cancelled")


def let_the_winner_take_part(event: Event) -> None:
    """Of the chosen factories alone: whoever else was asked never appears on the product."""
    rfq: Rfq = event.record
    for organisation_id in award_service.winners(rfq):
        participation.add_participant(rfq.product, organisation_id, event.actor, event.at)
    if rfq.product.state == "sourcing":
        workflow.fire(rfq.product, "award", event.actor, now=event.at)


def cancel_open_enquiries(event: Event) -> None:
    """Nobody quotes for a product that has been stopped; the factories learn only that it has."""
    open_ones = access.select_visible(Rfq, SYSTEM).where(Rfq.product_id == event.record.id, Rfq.state.not_in(ENDED))
    for rfq in db.session.scalars(open_ones.order_by(Rfq.id)):
        service.cancel(rfq, gettext("The product was stopped."), SYSTEM, event.at)


REACTIONS: dict[str, list[Reaction]] = {"rfq.decided": [let_the_winner_take_part], "product.stop": [cancel_open_enquiries]}
