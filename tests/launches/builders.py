"""Rows of this package for tests, put there directly: `a_sku(product, factory)`, `a_channel(brand)` …"""

from datetime import date, timedelta
from itertools import count
from typing import Any

from incubator.kernel import clock
from incubator.launches import checklist_service, gtin
from incubator.launches.launch_models import ChecklistItem, Launch, LaunchChannel, LaunchPlan, LaunchSku
from incubator.launches.models import Channel, Sku, SkuFactory, SkuPrice
from incubator.launches.probe_models import Probe, ProbeChannel
from incubator.products.models import Product
from incubator.samples.models import GoldenSample, SampleRound
from tests.builders import a_product, an_actor, an_organisation, put

_numbers = count(1)


def a_gtin() -> str:
    """A valid GTIN of a company prefix that is reserved for use inside a shop."""
    body = f"2{next(_numbers):011d}"
    return gtin.normal(body + str(gtin.check_digit(body))) or ""


def a_channel(brand: Any = None, platform: str = "tmall", **values: Any) -> Channel:
    brand = brand or an_organisation("brand")
    return put(Channel(brand_id=brand.id, platform=platform, **{"name_zh": f"渠道 {next(_numbers)}", **values}))


def a_golden_sample(brief: Any, factory: Any, user_id: int) -> GoldenSample:
    """A valid golden sample of the brief's product."""
    now, product = clock.now(), brief.product
    who = {"brand_id": product.brand_id, "product_id": product.id, "factory_id": factory.id, "state_since": now}
    round = put(
        SampleRound(
            brief_id=brief.id, brief_revision=1, number=1, kind="approval", state="sealed", quantity=1, due_on=now.date(), **who
        )
    )  # fmt: skip
    number = f"GS-2026-{next(_numbers):04d}"
    return put(
        GoldenSample(round_id=round.id, round_number=1, number=number, sealed_at=now, sealed_by_id=user_id, storage_place="A 柜", **who)
    )


def a_sku(product: Product | None = None, factory: Any = None, **values: Any) -> Sku:
    """A complete SKU (GTIN, price), made by `factory` when one is given."""
    product = product or a_product(stage="preproduction")
    number = next(_numbers)
    given = {
        "code": f"SKU-{number:04d}", "name_zh": f"午睡枕 {number}", "name_en": f"Nap pillow {number}", "gtin": a_gtin(),
        "launch_price_minor": 8900, "state_since": clock.now(), "planned_units_per_week": 321, **values,
    }  # fmt: skip
    sku = put(Sku(brand_id=product.brand_id, product_id=product.id, factory_organisation_id=factory.id if factory else None, **given))
    if factory:
        put(SkuFactory(sku_id=sku.id, organisation_id=factory.id, from_on=clock.today() - timedelta(days=30), created_at=clock.now()))
    return sku


def a_price(sku: Sku, channel: Channel, minor: int = 8900, valid_from: date | None = None, valid_to: date | None = None) -> SkuPrice:
    return put(
        SkuPrice(
            sku_id=sku.id, channel_id=channel.id, price_minor=minor, currency=channel.currency,
            valid_from=valid_from or clock.today() - timedelta(days=10), valid_to=valid_to, created_at=clock.now(),
        )
    )  # fmt: skip


def a_plan(product: Product, first: int = 500, capacity: int = 300) -> LaunchPlan:
    return put(LaunchPlan(product_id=product.id, brand_id=product.brand_id, first_order_quantity=first, capacity_per_week=capacity))


def a_launch(product: Product, skus: Any = (), channels: Any = (), day: date | None = None, **values: Any) -> Launch:
    launch = Launch(
        product=product, brand_id=product.brand_id, number=values.pop("number", next(_numbers)), state_since=clock.now(),
        launch_on=day or clock.today() + timedelta(days=14), **values,
    )  # fmt: skip
    launch.channels = [LaunchChannel(channel_id=c.id) for c in channels]
    launch.skus = [LaunchSku(sku_id=s.id) for s in skus]
    return put(launch)


def a_checklist(product: Product, channel: Channel, actor: Any = None, done: bool = False) -> list[ChecklistItem]:
    actor = actor or an_actor(product.brand)
    items = checklist_service.start(product, channel, clock.today() + timedelta(days=20), actor, clock.now())
    for item in items if done else ():
        item.done_at, item.proof = clock.now(), "看过"
    return items


def a_probe(product: Product, *channels: Channel, **values: Any) -> Probe:
    today = clock.today()
    given = {
        "belief": "上班族愿意为可拆洗多付两成", "metric": "units_per_week", "threshold_x100": 5000, "from_on": today - timedelta(days=20),
        "to_on": today + timedelta(days=8), "units": 500, "number": next(_numbers), "state_since": clock.now(), **values,
    }  # fmt: skip
    probe = Probe(product=product, brand_id=product.brand_id, **given)
    probe.channels = [ProbeChannel(channel_id=c.id) for c in channels]
    return put(probe)
