"""Brand A's SKUs, channels, prices, test launch, checklist and launch for the sweeps, with one value per route argument."""

from datetime import timedelta
from typing import Any

from incubator.kernel import clock, files
from incubator.launches.launch_models import ComplianceProof
from incubator.launches.models import SkuAlias
from incubator.launches.probe_models import ProbeReading
from incubator.products.models import Product
from tests.builders import a_brief, a_participant, a_product, a_programme, put
from tests.launches.builders import a_channel, a_checklist, a_launch, a_plan, a_price, a_probe, a_sku


def populate(world: Any, manager: Any, partners: list[Any]) -> None:
    """A product before its launch with everything that this package keeps; every partner takes part in it."""
    brand = manager.memberships[0].organisation
    product = a_product(a_programme(brand), "preproduction", owner_id=manager.id)
    a_brief(product, manager, state="accepted", compliance="GB 18401")
    for partner in partners:
        a_participant(product, partner)
    factory, launch_partner = (next(p for p in partners if p.kind == kind) for kind in ("factory", "launch_partner"))
    channel = a_channel(brand)
    sku = a_sku(product, factory, state="ready")
    price = a_price(sku, channel)
    alias = put(SkuAlias(brand_id=brand.id, sku_id=sku.id, channel_id=channel.id, code="TM-1", created_at=clock.now()))
    a_plan(product)
    put(ComplianceProof(product_id=product.id, brand_id=brand.id, need="GB 18401", reference="CNAS-1", created_at=clock.now()))
    probe = a_probe(product, channel)
    put(ProbeReading(probe_id=probe.id, on_date=clock.today() - timedelta(days=3), value_x100=4200, source="后台", created_at=clock.now()))
    item = a_checklist(product, channel)[0]
    item.organisation_id = launch_partner.id
    launch = a_launch(product, [sku], [channel])
    photo = _photo(sku, manager)
    world.values |= {
        "sku_id": sku.id, "price_id": price.id, "alias_id": alias.id, "channel_id": channel.id, "probe_id": probe.id, "item_id": item.id,
        "launch_id": launch.id, ("launches.remove_photo", "file_id"): photo.id, ("launches.move_sku", "event"): "reopen",
    }  # fmt: skip
    for endpoint in ("tab", "gate", "tests", "new_test", "checklist", "new_launch", "skus_of_product", "new_sku"):
        world.values[f"launches.{endpoint}", "product_id"] = product.id


def _photo(sku: Any, manager: Any) -> Any:
    from tests.world import a_picture, actor

    return files.store(a_picture(), actor(manager), clock.now(), kind="photo", subject=("sku", sku.id), product_id=sku.product_id)


def more(product: Product, factory: Any, number: int) -> None:
    """As many more rows of every list of this package, for the counts of queries."""
    channels = [a_channel(product.brand) for _ in range(5)]
    for _ in range(number):
        sku = a_sku(product, factory)
        a_price(sku, channels[0])
    a_launch(product, [sku], channels)
    a_checklist(product, channels[1])
