"""One of everything of samples for the sweeps: a received round with a photo, a sealed one, an approved one; a small world for the stranger."""

from typing import Any

from incubator.kernel import clock
from incubator.samples import service
from tests import world as the_world
from tests.samples.builders import Desk, a_photo


def populate(world: Any, manager: Any, partners: Any) -> None:
    factory = next(p for p in partners if p.kind == "factory")
    brand = manager.memberships[0].organisation
    desk = Desk(brand=brand, factory=factory, author=manager)
    for partner in partners:
        if partner.kind != "factory":
            the_world.builders.a_participant(desk.product, partner)
    sealed = desk.round("sealed")
    desk.round("approved")
    desk.round("requested")
    open_one = desk.round("received")
    photo = service.photograph(open_one, [a_photo()], 0, desk.actor, clock.now())[0]
    world.values |= {
        "round_id": open_one.id, "golden_id": sealed.golden.id, ("samples.remove_photo", "file_id"): photo.id,
        ("samples.of_product", "product_id"): desk.product.id, ("samples.create", "product_id"): desk.product.id,
    }  # fmt: skip
    requirement = open_one.requirements[0].id
    the_world.BODIES["samples_api.put_measurements"] = lambda ids: {
        "version": 1,
        "readings": [{"requirement_id": requirement, "piece": 1, "value": "1", "met": ""}],
    }
    stranger = world.strangers["brand"]
    Desk(brand=stranger.memberships[0].organisation, author=stranger).round("received")
