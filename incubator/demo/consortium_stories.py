"""The consortium of the demo's desk (in force, with deliveries) and chair (waiting for one signature), and the desk's data room."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage

from incubator.codevelopment import agreement_queries, agreement_service, ledger_service, room_queries, room_service, signing_service
from incubator.codevelopment.agreement_content import content_hash
from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.ledger_models import Contribution
from incubator.kernel import access
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.models import Product

TEXT = """一、目的
共同开发一款可被另一家工厂重复的产品，先把产品做对，再谈收入。

二、决定
外观与用户体验由品牌方决定；工艺与模具方案由制造方提出，双方书面确认后执行。

三、保密
各方只知道自己的出资金额与费率；共同文本与份额对全体签约方公开。

四、退出
任何一方退出，其已交付且经核验的出资继续有效，权属按下列约定处理。"""


def tell(world: Any, desk: Product, chair: Product) -> None:
    _desk(world, desk)
    _chair(world, chair)
    _room(world, desk)


def _money(kind: str, what: str, amount: str, due: date, currency: str = "CNY") -> dict[str, Any]:
    value = Money.parse(amount, currency)
    return {
        "kind": kind,
        "description": what,
        "currency": currency,
        "unit": "",
        "quantity_hundredths": None,
        "hourly": None,
        "value": value,
        "due_on": due,
    }


def _hours(what: str, hours: int, rate: str, due: date) -> dict[str, Any]:
    return {"kind": "design_hours", "description": what, "currency": "CNY", "unit": "h", "quantity_hundredths": hours * 100,
            "hourly": Money.parse(rate, "CNY"), "value": None, "due_on": due}  # fmt: skip


def _draft(world: Any, product: Product, weeks: float, parties: tuple[str, ...], promises: list[tuple[str, dict[str, Any]]]) -> Agreement:
    leader, at = world.actor("zhou.heng"), world.ago(weeks)
    ids = {name: world.organisations[name].id for name in parties}
    agreement = agreement_service.draft(product, leader, at)
    agreement_service.edit(
        agreement, f"{product.name.partition('（')[0]}共创联合体", TEXT, list(ids.values()), agreement.version, leader, at
    )
    for party, data in promises:
        agreement_service.set_promise(agreement, None, ids[party], data, leader, at)
    return agreement


def _owned(world: Any, agreement: Agreement, at: Any, rows: tuple[tuple[str, str, dict[str, int], str, str], ...]) -> None:
    for kind, title, owners, licence, buy_back in rows:
        shares = [(world.organisations[name].id, share * 100) for name, share in owners.items()]
        data = {"kind": kind, "title": title, "licence": licence, "buy_back": buy_back, "shares": shares}
        agreement_service.set_item(agreement, None, data, world.actor("zhou.heng"), at)


def _sign(world: Any, agreement: Agreement, *handles: str, at: Any) -> None:
    for n, handle in enumerate(handles):
        actor = world.actor(handle)
        signing_service.sign(agreement, content_hash(agreement, actor.organisation_id), actor, at + timedelta(days=n + 1))


def _desk(world: Any, product: Product) -> None:
    due = world.ago(4).date()
    promises = [
        ("源选", _money("cash", "开发启动资金", "300000", world.ago(9).date())),
        ("源选", _money("data", "12 个月退货与吐槽数据（脱敏）", "40000", due)),
        ("竹溪座椅", _money("tooling", "立柱冲压模与工装", "180000", due)),
        ("木石设计", _hours("工业设计与 CMF 工时", 420, "380", due)),
        ("精岳模具", _money("tooling", "线槽模具制造，尾款抵作出资", "150000", due)),
        ("精岳模具", _money("cash", "海外试模差旅", "6000", world.now.date() + timedelta(days=30), "USD")),
    ]
    agreement = _draft(world, product, 13, ("源选", "竹溪座椅", "木石设计", "精岳模具"), promises)
    _owned(world, agreement, world.ago(13), (
        ("ip", "整桌外观设计专利", {"源选": 60, "木石设计": 40}, "品牌方独占使用五年；设计方可用于作品展示。", "五年后任一方可按评估价的 80% 回购对方份额。"),
        ("mould", "线槽模具（一模两穴）", {"源选": 50, "精岳模具": 30, "竹溪座椅": 20}, "仅用于本产品；停产后由精岳保管。", "品牌方可按账面净值回购。"),
        ("data", "使用与退货数据", {"源选": 100}, "联合体成员可用于改进本产品。", ""),
    ))  # fmt: skip
    signing_service.propose(agreement, world.actor("zhou.heng"), world.ago(12.5))
    _sign(world, agreement, "zhou.heng", "chen.guoqiang", "wu.min", "he.jun", at=world.ago(12.4))
    _deliver(world, product)


def _deliver(world: Any, product: Product) -> None:
    """Cash and data are verified, hours come in two parts, tooling waits to be verified, the travel is still promised."""
    rows = {
        c.description: c
        for c in db.session.scalars(
            access.select_visible(Contribution, world.actor("zhou.heng")).where(Contribution.product_id == product.id)
        )
    }
    acts = (
        ("开发启动资金", "zhou.heng", 9, True),
        ("12 个月退货与吐槽数据（脱敏）", "shen.ke", 6, True),
        ("工业设计与 CMF 工时", "wu.min", 3, True),
        ("线槽模具制造，尾款抵作出资", "he.jun", 1, False),
    )
    for what, handle, weeks, verified in acts:
        row, at = rows[what], world.ago(weeks)
        hours = 39_600 if row.kind == "design_hours" else None
        ledger_service.deliver(
            row, at.date(), hours, None, [_file(f"{what[:10]} 凭证.csv", f"项目,说明\n{what},已核对\n")], world.actor(handle), at
        )
        if verified:
            ledger_service.settle(row, "verify", world.actor("lin.xiao"), at + timedelta(days=2), None)
    extra = _hours("展会样机加班工时（约定之外）", 24, "380", world.now.date())
    at = world.ago(0.5)
    ledger_service.book(product, extra, at.date(), [_file("加班工时表.csv", "日期,小时\n周六,12\n周日,12\n")], world.actor("wu.min"), at)


def _file(name: str, text: str) -> FileStorage:
    return FileStorage(BytesIO(text.encode()), name, content_type="text/csv")


def _chair(world: Any, product: Product) -> None:
    due = world.now.date() + timedelta(days=60)
    promises = [
        ("源选", _money("cash", "开发启动资金", "220000", due)),
        ("竹溪座椅", _money("tooling", "气杆座与底盘工装", "90000", due)),
        ("木石设计", _hours("腰托随动结构工时", 260, "420", due)),
    ]
    agreement = _draft(world, product, 2, ("源选", "竹溪座椅", "木石设计"), promises)
    _owned(
        world,
        agreement,
        world.ago(2),
        (("ip", "腰托随动结构实用新型", {"源选": 50, "木石设计": 50}, "双方均可自用，对外许可需一致同意。", "无"),),
    )
    signing_service.propose(agreement, world.actor("zhou.heng"), world.ago(1.5))
    _sign(world, agreement, "zhou.heng", "chen.guoqiang", at=world.ago(1.4))
    assert agreement_queries.whole(agreement.id, world.actor("wu.min")).state == "proposed"


def _room(world: Any, product: Product) -> None:
    """Three folders: one for the brand alone, one to read, one into which the mould factory puts its records."""
    leader, at = world.actor("zhou.heng"), world.ago(11)
    cost = room_service.create_folder(product, "成本测算（仅品牌）", "目标成本与毛利，不外发。", leader, at)
    tests = room_service.create_folder(product, "第三方检测报告", "承重、噪音、气味；供设计与模具参考。", leader, at)
    trials = room_service.create_folder(product, "试模记录与尺寸数据", "模具厂每次试模后上传。", leader, at)
    for folder, name in (
        (cost, "目标成本 v3.csv"),
        (tests, "承重 12 万次循环.csv"),
        (tests, "噪音 45 dB 报告.csv"),
        (trials, "测点定义.csv"),
    ):
        room_service.upload(folder, _file(name, "项目,值\n示例,1\n"), leader, at)
    until = world.now.date() + timedelta(days=90)
    room_service.share(tests, world.organisations["木石设计"].id, "read", until, leader, at + timedelta(days=1))
    room_service.share(tests, world.organisations["精岳模具"].id, "read", until, leader, at + timedelta(days=1))
    room_service.share(trials, world.organisations["精岳模具"].id, "upload", None, leader, at + timedelta(days=1))
    maker = world.actor("he.jun")
    room_service.upload(trials, _file("T0 尺寸报告.csv", "测点,标准,实测\nA,24.00,24.11\n"), maker, world.ago(7))
    for row in room_queries.files_of(tests, maker, None).rows:
        room_service.download(room_queries.file(row.id, maker), maker, world.ago(6))
