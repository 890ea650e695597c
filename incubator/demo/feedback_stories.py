"""The feedback of the demo's sales, told through the services: packs of ten weeks, answers, promises kept and measured, one overdue, the latest waiting.

The bad batches of `sales_stories` lead to a fix that is then measured as an improvement. The same every time.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zlib import crc32

from sqlalchemy import select, update

from incubator.demo import lot_stories
from incubator.demo.sales_stories import BAD_BATCH
from incubator.feedback import action_service, compiling, finding_service, measuring, pack_page, service, window
from incubator.feedback.models import FeedbackAction, FeedbackPack, PackSection
from incubator.kernel import access, clock
from incubator.kernel import workflow as machines
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.launches import service as launches
from incubator.launches.models import Sku
from incubator.products import comments, participation
from incubator.sales import grading
from incubator.signals import import_service, reading
from incubator.signals import service as signals

WEEKS = 12
SECOND_SOURCE = ("CABLE-01", "CABLE-02", "RISER-02", "RISER-03")  # moved to the chair factory, whose owner the demo lets one sign in as
OVERDUE = "合作塑业"
SAID = {
    "quality": ("洗了两次边上就开线，羽感还在，但没法再用了。", "同事同款没事，我这床第三周跑毛，估计是批次问题。"),
    "smell": ("拆开味道很大，放阳台散了一个星期还有，不敢放卧室。", "塑料味冲鼻子，孩子说头疼，退了。"),
    "size": ("比页面写的窄两厘米，插排刚好塞不进去。",),
    "damaged": ("箱子一角压扁了，里面磕掉一块漆。",),
    "not_as_described": ("图上是胡桃木，收到偏红，和桌子不搭。",),
    "changed_mind": ("东西没问题，买重了。",),
}
FIXES = {
    "smell": ("换食品级 TPE 垫圈，注塑后 60℃ 烘 8 小时再装箱；每批留样做气味评级。", "2026-LX-17 批起"),
    "quality": ("绗缝针距由 12 改 9 厘米，包边改双针；每 50 床抽 1 床水洗 5 次。", "Y-0826 批起"),
    "size": ("模具内腔放 1.5 毫米，首件三坐标全检。", "下一批起"),
    "damaged": ("纸托四角加厚，整箱 1.2 米跌落六面通过再出货。", "下一批起"),
    "not_as_described": ("换回 7 号色板，每卷开卷比色留样。", "下一批起"),
}
DONE = {
    "fix": (
        "已按承诺改完，首批 300 件全检合格，自检记录随货附上。",
        "换料后留样三天复评，等级 2 级；照片在附件。",
        "产线已切换，旧料封存退回供应商。",
    ),
    "reorder": ("已入仓，箱唛与装箱单随货。", "分两车送到，仓库已签收。"),
    "stop": ("产线已停，余料封存；成品库存发完为止。", "最后一批已出完，模具保养后入库。"),
}


def tell(world: Any) -> None:
    """A second source for a few SKUs, then the weeks one after the other, then what came of the promises."""
    if not getattr(world, "channels", None):
        return
    _second_source(world)
    lot_stories.tell(world)
    last = grading.last_complete_week(world.now.date())
    _listen(world, last)
    for ago in range(WEEKS - 1, -1, -1):
        _week(world, last - timedelta(weeks=ago), ago)
    _measure(world)
    _ask(world)


def _second_source(world: Any) -> None:
    actor, at, factory = world.actor("shen.ke"), world.ago(24), world.organisations["竹溪座椅"]
    for code in SECOND_SOURCE:
        sku = db.session.scalar(access.select_visible(Sku, SYSTEM).where(Sku.code == code))
        if sku is None:
            continue
        if factory.id not in dict(launches.factories_of(sku.product_id)):
            participation.add_participant(sku.product, factory.id, actor, at)
        launches.give_to_factory(sku, factory.id, at.date(), "钣金与装配线在竹溪，产能更稳。", actor, at)


def _listen(world: Any, last: date) -> None:
    """What buyers wrote below each SKU in the weeks of the packs: a remark a week, of the bad batch while it was sold."""
    actor = world.actor("lin.xiao")
    source = signals.source_named("买家评价", "shop_review", actor, world.ago(WEEKS))
    skus = db.session.scalars(access.select_visible(Sku, SYSTEM).where(Sku.brand_id == actor.organisation_id)).all()
    rows = [_remark(sku, last + timedelta(days=6 - 7 * ago)) for sku in skus for ago in range(WEEKS + window.SHOWN)]
    import_service.write(rows, source.id, actor, world.now)


def _remark(sku: Sku, until: date) -> dict[str, Any]:
    draw = Random(crc32(f"{sku.code} {until}".encode()))  # noqa: S311 - an invented story
    bad = BAD_BATCH.get(sku.code)
    reason = bad[2] if bad else draw.choice(("size", "damaged", "not_as_described", "changed_mind"))
    words = draw.choice(SAID[reason] if bad is None or _still_bad(bad, until) else SAID["changed_mind"])
    day = until - timedelta(days=draw.randint(0, 6))
    return {
        "digest": reading.digest(sku.code, day, words), "text": words, "category": sku.product.category, "product": sku.name_zh, "product_ref": sku.code,
        "channel": "shop_review", "buyer_kind": "consumer", "language": "zh", "mood": "mixed" if words in SAID["changed_mind"] else "bad", "score": None,
        "said_on": day.isoformat(), "bought_on": None, "line": None,
    }  # fmt: skip


def _still_bad(bad: tuple[int, int, str, float], until: date) -> bool:
    return (clock.today() - until).days // 7 >= bad[1] - 3


def _week(world: Any, week: date, ago: int) -> None:
    """Monday after the week: compiled and sent; then, unless it is the latest, answered in the days after."""
    sent = datetime.combine(week + timedelta(days=7), time(1, 40), tzinfo=world.now.tzinfo)
    sent = sent if ago else max(sent, world.now - timedelta(hours=20))
    brand_id = world.organisations["源选"].id
    finding_service.look(brand_id, week, sent - timedelta(minutes=20))
    for draft in compiling.drafts(brand_id, week).values():
        service.send_all(brand_id, week, draft, sent)
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.brand_id == brand_id, FeedbackPack.week == week)
    for pack in db.session.scalars(query).all():
        maker = world.actor_of(pack.factory.label) or nobody(pack.factory)
        if ago == 1 and pack.factory.label == OVERDUE:
            machines.fire(pack, "expire", SYSTEM, now=min(sent + timedelta(days=6), world.now))
        elif ago:
            _answer(pack, maker, sent + timedelta(days=1 + pack.id % 3, hours=2), world.now)


def nobody(organisation: Any) -> Actor:
    """Somebody of a factory in which the demo employs nobody."""
    return Actor("factory", organisation_id=organisation.id, name=organisation.label, organisation_name=organisation.label, locale="zh")


def _answer(pack: FeedbackPack, maker: Actor, at: datetime, now: datetime) -> None:
    given = pack_page.proposed(pack, {}, at.date())
    for section in pack.sections:
        answer = given[section.id]
        if answer["choice"] == "fix" and (_is_being_fixed(section) or _is_sought(section, at, now)):
            given[section.id] = {"choice": "carry_on", "note": "原因在查，整改见前后两份报告的承诺。"}
        elif answer["choice"] == "stop" and now - at > timedelta(weeks=2):
            given[section.id] = {"choice": "carry_on", "note": "旧料还有一批，先卖完再定。"}
        elif answer["choice"] == "fix":
            reason = next((r["reason"] for r in section.reasons if r["reason"] in FIXES), "quality")
            answer["what"], answer["lot"] = FIXES[reason]
        elif answer["choice"] == "reorder" and crc32(f"{section.code}{pack.week}".encode()) % 4:
            given[section.id] = {"choice": "carry_on", "note": "库存够卖三周，先不补。"}
    service.read(pack, maker, at - timedelta(hours=1))
    service.answer(pack, given, maker, at)
    service.acknowledge(pack, maker, at + timedelta(minutes=6))
    _keep(pack, maker, at, now)


def _is_being_fixed(section: PackSection) -> bool:
    """Once a quarter is often enough to promise the same."""
    query = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.id).where(
        FeedbackAction.sku_id == section.sku_id, FeedbackAction.kind == "fix", FeedbackAction.factory_id == section.pack.factory_id
    )
    return db.session.scalar(query.limit(1)) is not None


def _is_sought(section: PackSection, at: datetime, now: datetime) -> bool:
    """The smell took weeks to find: it was promised to be mended only when it was at its worst."""
    return section.code == "CABLE-01" and (now - at) > timedelta(weeks=8, days=6)


def _keep(pack: FeedbackPack, maker: Actor, at: datetime, now: datetime) -> None:
    """Promises are done a few days on, where these have passed; one in nine is dropped."""
    query = access.select_visible(FeedbackAction, SYSTEM).where(FeedbackAction.pack_id == pack.id).order_by(FeedbackAction.id)
    for action in db.session.scalars(query).all():
        done = at + timedelta(days=3 + action.id % 5)
        if done > now:
            continue
        if action.kind == "reorder" and action.id % 9 == 0:
            action_service.drop(action, "布料要等到下月，改由下一份报告再补。", maker, done)
        else:
            action_service.finish(action, done.date(), DONE[action.kind][action.id % len(DONE[action.kind])], (), maker, done)


def _measure(world: Any) -> None:
    """As the job did this Monday."""
    monday = datetime.combine(world.now.date() - timedelta(days=world.now.weekday()), time(2, 50), tzinfo=world.now.tzinfo)
    at, last = min(monday, world.now), 0
    while actions := measuring.waiting(at, last):
        for action in actions:
            last = action.id
            measuring.measure(action, at)
    for pack in measuring.finished(at):
        measuring.close(pack, at)
    db.session.flush()
    db.session.execute(update(FeedbackPack).where(FeedbackPack.id.in_(select(FeedbackPack.id))).values(updated_at=FeedbackPack.state_since))


def _ask(world: Any) -> None:
    """The chair factory asks about the latest pack, and is answered."""
    factory, brand = world.actor("chen.guoqiang"), world.actor("shen.ke")
    pack = db.session.scalar(access.select_visible(FeedbackPack, factory).order_by(FeedbackPack.week.desc()).limit(1))
    if pack is None or not pack.sections:
        return
    section = pack.sections[0]
    comments.add(
        section.product, section, "退回来的这几件能寄两件给我们看看吗？想确认是不是同一批。", None, factory, world.now - timedelta(hours=3)
    )
    comments.add(section.product, section, "今天寄出，顺丰到付改成我们付。", factory.organisation_id, brand, world.now - timedelta(hours=1))
