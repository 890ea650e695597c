"""Three feeds of the demo's brand, with what came by them: orders pushed every night, returns from a folder whose headings somebody said twice,
and reviews to be pulled, which rest. Invented; each file goes in as it would by itself, in transactions of its own."""

import io
from csv import writer
from datetime import datetime, timedelta
from typing import Any

from incubator.feeds import jobs, places, service, taking, timing
from incubator.feeds.models import Feed
from incubator.feeds.service import Wish
from incubator.imports import kinds, mapping_service
from incubator.imports.models import DataImport
from incubator.imports.service import set_mapping
from incubator.kernel import access, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun
from incubator.launches.models import Sku
from incubator.products.models import Product

NIGHTS = 5
RETURNS = ("退货单号", "货号", "退回件数", "退款单价", "登记时间", "买家原因", "仓位")
WHY = ("拉链坏了，合不上", "颜色和图片不一样", "尺寸偏小", "不想要了")
READ_AS = {"order_no": "退货单号", "code": "货号", "quantity": "退回件数", "price": "退款单价", "at": "登记时间"}


def tell(world: Any) -> None:
    """Set the feeds up and let their files come; nothing where the demo sells nothing."""
    channels = list(getattr(world, "channels", {}).values())
    skus = _skus()
    if not channels or not skus:
        return
    owner, options = world.actor("lin.xiao"), {"channel_id": str(channels[0].id)}
    db.session.commit()
    began = world.now - timedelta(days=30)
    lines = kinds.find("sales.lines")
    pushed = service.create(lines, "push", Wish("天猫旗舰店每日订单", options=options), owner, began)
    folder = service.create(lines, "folder", Wish("退货仓登记表", options=options, place="退货仓", rhythm="day", hour=7), owner, began)
    pulled = Wish("口碑平台评价日报", place="https://koubei.example/export/reviews.csv", rhythm="day", hour=6)
    resting = service.create(kinds.find("signals.voices"), "pull", pulled, owner, began)
    workflow.fire(resting, "pause", owner, now=began)
    resting.next_at = None
    folder.next_at = timing.next_after(folder.rhythm, folder.hour, folder.timezone, world.now)
    db.session.commit()
    for night in range(NIGHTS, 0, -1):
        _come(pushed, f"orders-{night}.csv", _orders(skus, world.now, night), owner, world.now - timedelta(days=night - 1, hours=3))
    _returns(folder, skus, world, owner)


def _skus() -> list[Any]:
    query = access.select_visible(Sku, SYSTEM, Sku.code, Sku.launch_price_minor).join(Product, Product.id == Sku.product_id)
    return list(db.session.execute(query.where(Product.state.in_(("launch", "scale")), Sku.currency == "CNY").order_by(Sku.id).limit(6)))


def _orders(skus: list[Any], now: datetime, night: int) -> bytes:
    """A night's lines; in the last one somebody has written a number in words."""
    day, rows = now.date() - timedelta(days=night), list[tuple[Any, ...]]()
    for n, sku in enumerate(skus):
        rows.append((f"DP{day:%Y%m%d}{n:03d}", sku.code, 1 + n % 2, f"{day} {9 + n}:15:00", (sku.launch_price_minor or 9900) / 100))
    if night == 1:
        rows.append((f"DP{day:%Y%m%d}099", skus[0].code, "两件", f"{day} 21:40:00", 99))
    return _sheet(("订单编号", "SKU", "数量", "下单时间", "单价"), rows)


def _sheet(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    writer(text).writerows([heads, *rows])
    return text.getvalue().encode()


def _come(feed: Feed, name: str, data: bytes, owner: Actor, at: datetime) -> DataImport:
    """A file comes and is imported, as the job would do it."""
    taken = taking.take(feed, owner, name, data, places.digest("demo", feed.name, name), at)
    assert taken is not None
    db.session.commit()
    made = _worked(taken, at)
    if made.status == "mapping" and feed.transport == "push":
        set_mapping(made, ["订单编号", "SKU", "数量", "下单时间", "单价"], _push_mapping(), owner, at)
        db.session.commit()
        made = jobs.import_now(made.id, owner, at, lambda *_: None)
        _end(made, at)
    return made


def _push_mapping() -> dict[str, str]:
    return {"order_no": "订单编号", "code": "SKU", "quantity": "数量", "at": "下单时间", "price": "单价"}


class _Run:
    """Stands for the worker's handle."""

    def progress(self, *_numbers: int) -> None:
        """Nobody watches."""


def _worked(taken: Any, at: datetime) -> DataImport:
    jobs.take_in(_Run(), at, taken.id)
    made: DataImport = access.get_visible(DataImport, taken.import_id, SYSTEM)
    _end(made, at)
    return made


def _end(made: DataImport, at: datetime) -> None:
    run: JobRun = access.get_visible(JobRun, int(made.run_id or 0), SYSTEM)
    run.status, run.started_at, run.ended_at, run.attempt = "done", at, at, 1
    db.session.commit()


def _returns(feed: Feed, skus: list[Any], world: Any, owner: Actor) -> None:
    """Two sheets of the warehouse: the headings of the first were said, and corrected by a colleague; those of the second are new and wait."""
    at = world.now - timedelta(days=2, hours=4)
    rows = [
        (f"TH{n:04d}", sku.code, -1, (sku.launch_price_minor or 9900) / 100, f"{at.date()} 10:0{n}:00", WHY[n % len(WHY)], f"A-{n}")
        for n, sku in enumerate(skus[:4])
    ]
    made = _come(feed, "退货登记 上周.csv", _sheet(RETURNS, rows), owner, at)
    set_mapping(made, list(RETURNS), READ_AS, owner, at)
    made.mapping = {**READ_AS, "reason": "买家原因"}
    made.mapping_version_id = mapping_service.remember(made, list(RETURNS), world.actor("shen.ke"), at + timedelta(hours=1)).id
    db.session.commit()
    jobs.import_now(made.id, owner, at, lambda *_: None)
    _end(made, at)
    heads = ("入库单", "条码", "件数", "入库时间", "备注")
    again = [(f"RK{n:04d}", sku.code, -1, f"{world.now.date()} 08:1{n}:00", WHY[n % len(WHY)]) for n, sku in enumerate(skus[:3])]
    _come(feed, "退货登记 新表.csv", _sheet(heads, again), owner, world.now - timedelta(hours=1))
