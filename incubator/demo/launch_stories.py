"""The way to market of the demo's later products, told through the services: SKUs, review, test launches, checklists, launch."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from incubator.demo import launches as told
from incubator.kernel import workflow
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.launches import (
    channel_service,
    checklist_service,
    checks,
    gate_service,
    gtin,
    launch_queries,
    launch_service,
    probe_service,
    queries,
    service,
)
from incubator.launches.models import Channel, Sku
from incubator.products import participation
from incubator.products.models import Product

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def lead(world: Any, product: Product, event: str, at: datetime) -> bool:
    """Tell what leads to a stage of `product`; whether it was told, and the product has moved by it."""
    if product.name not in told.SKUS or event not in ("test_launch", "launch"):
        return False
    if event == "test_launch":
        _prepare(world, product, at - 3 * WEEK)
        gate_service.decide(product, "go", "封样、证书、产能都在，按首单量投产。", [], world.actor("zhou.heng"), at)
    else:
        _test(world, product, product.state_since, at)
        _launch(world, product, at)
    return True


def finish(world: Any, product: Product, stage: str) -> None:
    """Where the product stands today: half a review, a running test, a launch to come, a change of factory."""
    if stage == "preproduction":
        _wait(world, product)
    if stage == "test_launch":
        _run(world, product)
    if product.name == "可水洗羽感被":
        _change_factory(world, product)
    if product.name == "显示器增高架":
        _legacy(world, product)
    db.session.flush()
    db.session.execute(update(Sku).where(Sku.product_id == product.id).values(updated_at=Sku.state_since))


def _channels(world: Any) -> dict[str, Channel]:
    if not hasattr(world, "channels"):
        world.channels = {
            key: channel_service.create(dict(zip(("name_zh", "name_en", "platform", "currency", "timezone", "buyer_kind"), row, strict=True)),
                                        world.actor("lin.xiao"), world.ago(100))
            for key, row in told.CHANNELS.items()
        }  # fmt: skip
    return world.channels


def _prepare(world: Any, product: Product, at: datetime) -> list[Sku]:
    """SKUs with their factory, the proofs that the brief asks for, first order and capacity."""
    actor = world.actor("lin.xiao")
    stem, english, factory, _channels_sold, rows = told.SKUS[product.name]
    target = checks.target_of(product.id, "CNY") or 9900
    for need in checks.needs_of(checks.brief_of(product.id)):
        gate_service.prove(product, need, told.PROOF.get(need, "CNAS-2025-0311"), (world.now + 40 * WEEK).date(), actor, at)
    gate_service.state_volumes(product, 600, 900, "工厂两条线，旺季可加一班。", actor, at)
    skus = []
    for n, (colour, size, pack, percent) in enumerate(rows, 1):
        body = f"2{product.id:05d}{n:06d}"
        data = {
            "code": f"{stem}-{n:02d}", "name_zh": f"源选{product.name}", "name_en": english, "colour": colour, "size": size, "pack": pack,
            "gtin": gtin.normal(body + str(gtin.check_digit(body))), "launch_price_minor": target * percent // 10_000 * 100 - 100,
            "units_per_carton": 24 // n, "planned_units_per_week": 120 // n,
        }  # fmt: skip
        sku = service.create(product, data, actor, at + n * DAY, world.organisations[factory].id)
        workflow.fire(sku, "make_ready", actor, now=at + 9 * DAY)
        skus.append(sku)
    return skus


def _own(world: Any, product: Product) -> list[Sku]:
    return [queries.whole(row.id, world.actor("lin.xiao")) for row in queries.of_product(product, world.actor("lin.xiao"))]


def _probe(world: Any, product: Product, row: tuple[Any, ...], start: datetime, weeks: int) -> Any:
    actor, channels = world.actor("lin.xiao"), _channels(world)
    price = max(sku.launch_price_minor or 0 for sku in _own(world, product))
    data = {
        "belief": row[0], "metric": row[1], "direction": row[2], "threshold_x100": row[3], "units": row[4], "currency": "CNY", "price_minor": price,
        "budget_minor": row[4] * 3000, "from_on": start.date(), "to_on": (start + weeks * WEEK).date(),
    }  # fmt: skip
    probe = probe_service.plan(product, data, [channels[key].id for key in told.SKUS[product.name][3]], actor, start - 3 * DAY)
    workflow.fire(probe, "start", actor, now=start)
    for n, value in enumerate(row[5], 1):
        day = start + n * (min(weeks * WEEK, world.now - start)) / (len(row[5]) + 1)
        probe_service.note_reading(probe, day.date(), value, f"生意参谋 · 第 {n} 周", actor, day)
    return probe


def _test(world: Any, product: Product, since: datetime, until: datetime) -> None:
    """The decided test launches, one after the other between two stages."""
    rows = told.PROBES.get(product.name, ())
    for n, row in enumerate(rows):
        share = (until - since - 4 * DAY) / len(rows)
        start = since + DAY + n * share
        probe = _probe(world, product, row, start, max(1, share // WEEK - 1))
        decided = start + share - DAY
        probe_service.judge(probe, row[6], row[7], row[8], (decided + 8 * WEEK).date(), world.actor("zhou.heng"), decided)


def _price_and_check(world: Any, product: Product, day: datetime, done: int = 100) -> None:
    """Prices from the launch day on, and the checklists of the channels, `done` per cent of each."""
    actor, channels = world.actor("shen.ke"), _channels(world)
    for key in told.SKUS[product.name][3]:
        for sku in _own(world, product):
            price = Money(sku.launch_price_minor or 100, "CNY")
            channel_service.set_price(sku, channels[key], price, day.date(), None, actor, day - 5 * WEEK)
            code = f"{key.upper()}{sku.id:06d}"
            service.add_alias(sku, code, channels[key], actor, day - 5 * WEEK)
        items = checklist_service.start(product, channels[key], day.date(), actor, day - 4 * WEEK)
        for n, item in enumerate(items[: len(items) * done // 100]):
            checklist_service.do(item, told.DONE[n % len(told.DONE)], actor, min(day - 3 * WEEK + n * DAY, world.now))


def _plan_launch(world: Any, product: Product, day: datetime, at: datetime) -> Any:
    actor, channels = world.actor("lin.xiao"), _channels(world)
    keys, skus = told.SKUS[product.name][3], [sku.id for sku in _own(world, product)]
    return launch_service.plan(product, day.date(), [channels[key].id for key in keys], skus, "首批到仓后开售。", actor, at)


def _launch(world: Any, product: Product, at: datetime) -> None:
    _price_and_check(world, product, at)
    launch = _plan_launch(world, product, at, at - 4 * WEEK)
    launch_service.go_live(launch, world.actor("zhou.heng"), at)


def _wait(world: Any, product: Product) -> None:
    """One review waits for a proof; the other let the product go under conditions."""
    _prepare(world, product, world.ago(5))
    if product.name == "手作青瓷咖啡杯":
        due = world.now.date() + timedelta(days=12)
        conditions = [("釉面铅镉溶出复检报告（第三方）", due), ("礼盒跌落测试 1.2 米", due + timedelta(days=5))]
        gate_service.decide(
            product, "conditional", "釉色稳定，但铅镉复检要等新釉料批次。", conditions, world.actor("zhou.heng"), world.ago(1)
        )


def _run(world: Any, product: Product) -> None:
    """A test launch that runs today, a launch that is planned, tasks half done, one of them a partner's."""
    _probe(world, product, told.RUNNING[product.name], world.ago(4), 6)
    day = world.now + 3 * WEEK
    _price_and_check(world, product, day, done=40)
    _plan_launch(world, product, day, world.ago(1))
    partner = world.organisations["蓝鲸渠道"].id
    actor = world.actor("lin.xiao")
    for item in launch_queries.items_of(product, actor):
        if item.done_at is None and item.key in ("live_room", "video") and partner in dict(checklist_service.partners_of(product.id)):
            checklist_service.assign(item, item.owner_id, partner, item.due_on, actor, world.ago(0.5))


def _change_factory(world: Any, product: Product) -> None:
    """The largest size moved to another factory: feedback on older lots still goes to the first."""
    actor, at = world.actor("shen.ke"), world.ago(6)
    second = world.organisations["眠岛寝具"].id
    participation.add_participant(product, second, actor, at)
    service.give_to_factory(_own(world, product)[-1], second, at.date(), "冬被绗缝设备在眠岛。", actor, at)


def _legacy(world: Any, product: Product) -> None:
    """What was sold before the platform, and is sold no more."""
    actor, at = world.actor("shen.ke"), world.ago(60)
    data = {"code": "OLD-RISER-2023", "name_zh": "旧款铁艺增高架", "name_en": "Old steel riser", "gtin_exemption": "平台上线前的白牌库存，无条码。",
            "launch_price_minor": 5900, "is_legacy": True}  # fmt: skip
    sku = service.create(product, data, actor, at, world.organisations["拾光收纳"].id)
    for event in ("make_ready", "list"):
        workflow.fire(sku, event, actor, now=at)
    workflow.fire(sku, "retire", actor, note="新款上市后停售，剩余 40 只转员工内购。", now=world.ago(30))
