"""Brand A's lots and own words for the sweeps, with one value per route argument; a lot and a word of the stranger beside them."""

from datetime import timedelta
from typing import Any

from incubator.kernel import clock
from incubator.launches.models import Sku
from incubator.sales import lexicon_service, lot_service
from tests import builders
from tests import world as the_world
from tests.launches.builders import a_sku


def populate(world: Any, manager: Any, partners: list[Any]) -> None:
    me = the_world.actor(manager)
    product = builders.a_product(builders.a_programme(manager.memberships[0].organisation), "launch", owner_id=manager.id)
    factory = next(partner for partner in partners if partner.kind == "factory")
    builders.a_participant(product, factory)
    lot, word = things(a_sku(product, factory, state="listed"), me)
    world.values |= {"lot_id": lot.id, "word_id": word.id}
    stranger = world.strangers["brand"]
    other = builders.a_product(builders.a_programme(stranger.memberships[0].organisation), "launch", owner_id=stranger.id)
    things(a_sku(other, None, state="listed"), the_world.actor(stranger))


def things(sku: Sku, actor: Any) -> tuple[Any, Any]:
    """A lot of the SKU and a word of the brand."""
    data = {"code": "L1", "available_on": clock.today() - timedelta(days=30), "units": 100}
    lot = lot_service.enter(sku, data, actor, clock.now())
    return lot, lexicon_service.add_word("小蓝帽", "quality", "container", actor, clock.now())
