"""Co-development of the demo's products: invitations, deliverables with drawn revisions and annotations. The consortium's story follows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from incubator.codevelopment import annotation_service, engagement_service, page_queries, revision_service, service
from incubator.codevelopment.models import Deliverable
from incubator.demo import consortium_stories, drawings
from incubator.kernel import workflow
from incubator.kernel.db import db
from incubator.products import comments, participation
from incubator.products.models import Product

DESK, CHAIR, PAD, COOKER = "静音升降桌（双电机、带线槽与儿童锁、可收纳显示器臂）", "云朵托腰人体工学椅", "恒温杯垫", "低糖电饭煲"
TERMS = "设计费按里程碑支付：概念 30%，结构 40%，试模确认 30%。\n图纸与模具数据保密三年；未经书面同意不得展示。"
STEP = b"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('demo'),'2;1');\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"
BOM = "序号,名称,材质,数量\n1,桌面板,E0 级竹集成材,1\n2,三节立柱,Q235 冷轧钢,2\n3,静音电机,24V 直流,2\n4,线槽,SPCC 喷粉,1\n"


def tell(world: Any) -> None:
    """The desk's whole story, the chair's beginning, and what two finished products left behind."""
    found = {p.name: p for p in db.session.scalars(select(Product).where(Product.name.in_((DESK, CHAIR, PAD, COOKER))))}
    _invite(world, found)
    _desk(world, found[DESK])
    _chair(world, found[CHAIR])
    for product in (found[PAD], found[COOKER]):
        _finished(world, product)
    consortium_stories.tell(world, found[DESK], found[CHAIR])


def _invite(world: Any, found: dict[str, Product]) -> None:
    """The desk gets a designer, the chair a mould factory; one invitation still waits for its answer."""
    leader = world.actor("zhou.heng")
    plans: list[tuple[Product, str, str, float, str | None]] = [
        (found[DESK], "木石设计", "整桌工业设计与 CMF，含桌腿、线槽、控制面板；不含电控软件。", 16, "wu.min"),
        (found[DESK], "精岳模具", "立柱外壳、线槽与控制盒三副模具：设计、制造、T0–T2 试模。", 15, "he.jun"),
        (found[CHAIR], "精岳模具", "腰托骨架模具评审与报价，样品确认后开模。", 5, "he.jun"),
        (found[CHAIR], "木石设计", "腰托随动结构与整椅造型，跟到首批量产。", 18, "wu.min"),
        (found[COOKER], "木石设计", "第二代外观与按键面板，沿用现有内胆与控制板。", 0.4, None),
    ]
    for product, short, scope, weeks, answers in plans:
        at = world.ago(weeks)
        data = {
            "organisation_id": world.organisations[short].id,
            "scope": scope,
            "terms": TERMS,
            "starts_on": at.date(),
            "ends_on": (at + timedelta(weeks=40)).date(),
        }
        engagement = engagement_service.invite(product, data, leader, at)
        if answers:
            engagement_service.move(engagement, "accept", world.actor(answers), at + timedelta(days=2))


class Work:
    """One deliverable and the people around it; time goes forward with each act."""

    def __init__(self, world: Any, product: Product, row: tuple[str, str, str, str], weeks: float, due: int):
        title, kind, owner, self.handle = row
        self.world, self.leader, self.owner = world, world.actor("zhou.heng"), world.actor(self.handle)
        self.at = world.ago(weeks)
        data = {
            "title": title, "kind": kind, "owner_id": world.organisations[owner].id, "due_on": (world.now + timedelta(days=due)).date(), "review_days": 5,
            "description": "按企划书与结构评审会纪要执行，图面注明关键尺寸与公差。", "acceptance": "关键尺寸齐全；能直接用于报价与开模；源文件随附。",
        }  # fmt: skip
        self.deliverable: Deliverable = service.plan(product, data, world.actor("lin.xiao"), self.at)

    def submit(self, note: str, *files: FileStorage, keep: tuple[int, ...] = (), days: int = 6) -> "Work":
        self.at = min(self.at + timedelta(days=days), self.world.now - timedelta(hours=9))
        revision_service.submit(self.deliverable, note, files, keep, self.owner, self.at)
        return self

    def decide(self, outcome: str, reason: str, days: int = 3) -> "Work":
        self.at = min(self.at + timedelta(days=days), self.world.now - timedelta(hours=3))
        service.decide(self.deliverable, outcome, reason, self.deliverable.current_number, self.leader, self.at)
        return self

    def review(self) -> "Work":
        service.move(self.deliverable, "review", self.leader, self.at + timedelta(hours=4))
        return self

    def mark(self, shape: str, place: tuple[int, int, int, int], body: str, by: Any = None) -> Any:
        revision = page_queries.revisions(self.deliverable, self.leader)[-1]
        picture = revision_service.pictures(revision)[0]
        where = dict(zip(("x", "y", "width", "height"), place, strict=True))
        return annotation_service.add(
            self.deliverable, picture.file_id, shape, where, body, by or self.leader, self.at + timedelta(hours=5)
        )

    def answer(self, annotation: Any, body: str, resolved: bool = False) -> None:
        annotation_service.answer(annotation, self.deliverable, body, self.owner, self.at + timedelta(hours=20))
        if resolved:
            annotation_service.settle(annotation, self.deliverable, True, self.leader, self.at + timedelta(hours=26))

    def settle(self) -> None:
        """The row carries the day of its last act, not that of the import."""
        db.session.flush()
        db.session.execute(update(Deliverable).where(Deliverable.id == self.deliverable.id).values(updated_at=self.deliverable.state_since))


def upload(name: str, data: bytes, kind: str = "application/octet-stream") -> FileStorage:
    return FileStorage(BytesIO(data), name, content_type=kind)


def _pictures(title: str, paint: Callable[[Any, int], None], revision: int, name: str) -> FileStorage:
    return drawings.sheet(name, title, revision, paint)


def _desk(world: Any, product: Product) -> None:
    works = [_shape(world, product), _structure(world, product), _cmf(world, product), _moulds(world, product)]
    bom = Work(world, product, ("物料清单 BOM（含替代料）", "bom", "竹溪座椅", "chen.guoqiang"), 9, -30)
    bom.submit("首版，电机给了两家替代。", upload("升降桌 BOM.csv", BOM.encode())).decide("accept", "替代料写得清楚，可以询价。")
    trial = Work(world, product, ("线槽与控制盒 T1 试模报告", "mould_trial_t1", "精岳模具", "he.jun"), 3, 2)
    pack = Work(world, product, ("工艺单：喷粉、贴皮与总装节拍", "tech_pack", "竹溪座椅", "chen.guoqiang"), 5, -4)
    box = Work(world, product, ("一次性成型纸托包装，单箱可过 1.2 米跌落", "packaging", "木石设计", "wu.min"), 2, 24)
    for work in (*works, bom, trial, pack, box):
        work.settle()
    service.share(works[1].deliverable, world.organisations["精岳模具"].id, world.actor("zhou.heng"), world.ago(2))


def _shape(world: Any, product: Product) -> Work:
    """Two rounds, accepted; its annotations are resolved."""
    work = Work(world, product, ("整桌工业设计：三视图与爆炸图", "industrial_design", "木石设计", "wu.min"), 15, -70)
    work.submit("第一版三视图。", _pictures("整桌三视图", drawings.desk, 1, "整桌三视图.png"))
    mark = work.mark("rectangle", (2600, 3300, 4800, 700), "横梁太薄，升到最高时会晃；直播间吐槽最多的就是晃。")
    work.answer(mark, "改成 42 mm 折弯梁，并加一道加强筋。", resolved=True)
    work.decide("ask_changes", "横梁加强；线材没有收的地方，请加线槽。")
    work.submit("横梁加高，新增线槽。", _pictures("整桌三视图", drawings.desk, 2, "整桌三视图.png"), upload("整桌.step", STEP))
    return work.decide("accept", "晃动量模拟 3.1 mm，达到企划书要求。")


def _structure(world: Any, product: Product) -> Work:
    """Waits for the brand's review, with one question carried over from the first revision."""
    work = Work(world, product, ("立柱与线槽结构图（含线束走向）", "structure", "木石设计", "wu.min"), 5, -6)
    work.submit(
        "结构首版，线束走桌板下方。", _pictures("立柱与线槽结构", drawings.desk, 1, "立柱结构.png"), upload("立柱结构.step", STEP), days=9
    )
    work.mark("rectangle", (3300, 3900, 3500, 900), "线槽放这里会碰膝盖：坐姿 95 百分位膝高 540 mm，请给出净空。")
    solved = work.mark("pin", (7450, 3350, 0, 0), "控制盒散热孔朝下会进灰，能不能朝后？")
    work.answer(solved, "可以，下一版改到背面。", resolved=True)
    work.decide("ask_changes", "净空没有标注；控制盒散热方向要改。")
    work.submit(
        "标注了净空，控制盒散热孔改到背面，新增线槽分段图。",
        _pictures("立柱与线槽结构", drawings.desk, 2, "立柱结构.png"),
        _pictures("线槽分段", drawings.mould, 1, "线槽分段.png"),
        upload("立柱结构.step", STEP + b"\n"),
        days=8,
    )
    work.mark("pin", (5000, 4250, 0, 0), "分段接缝在正中，会看见吗？请补一张渲染。")
    leader, at = world.actor("zhou.heng"), work.at
    comments.add(product, work.deliverable, "下周三前答复，不影响 T1。", world.organisations["木石设计"].id, leader, at)
    return work


def _cmf(world: Any, product: Product) -> Work:
    work = Work(world, product, ("CMF 色板：竹皮、喷粉与亲肤漆", "cmf", "木石设计", "wu.min"), 3, 5)
    return work.submit("六块色板，主推 01 与 03。", _pictures("CMF 色板", drawings.swatches, 1, "CMF 色板.png"), days=16).review()


def _moulds(world: Any, product: Product) -> Work:
    """The drawing was accepted; the first trial was sent back and came again."""
    drawing = Work(world, product, ("线槽模具图（一模两穴）", "mould_drawing", "精岳模具", "he.jun"), 12, -58)
    drawing.submit(
        "动模、定模与冷却。",
        _pictures("线槽模具 动模", drawings.mould, 1, "动模.png"),
        upload("线槽模具.dxf", b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"),
    )
    drawing.mark("rectangle", (1700, 2500, 6600, 500), "只有一路冷却，周期守不住 42 秒。")
    drawing.decide("ask_changes", "冷却改两路。").submit("冷却改为两路。", _pictures("线槽模具 动模", drawings.mould, 2, "动模.png"))
    drawing.decide("accept", "可以开模。").settle()
    work = Work(world, product, ("线槽 T0 试模：缩水与毛边记录", "mould_trial_t0", "精岳模具", "he.jun"), 8, -25)
    work.submit("首件 30 模，毛边 0.15 mm。", _pictures("T0 首件", drawings.mould, 2, "T0 首件.png"))
    return work.decide("accept", "毛边可接受，缩水在 T1 复核。")


def _chair(world: Any, product: Product) -> None:
    work = Work(world, product, ("腰托随动结构：侧视与行程", "structure", "木石设计", "wu.min"), 8, 6)
    work.submit("行程 0–60 mm。", _pictures("腰托随动结构", drawings.chair, 1, "腰托侧视.png"), days=12)
    work.mark("pin", (6400, 4300, 0, 0), "支点在这里，矮个子会顶到胯骨。上移 25 mm 试试。")
    work.mark("rectangle", (5300, 3500, 1500, 1700), "行程弧线没有标公差。")
    work.decide("ask_changes", "支点上移 25 mm，标公差后再交一版。", days=4).settle()
    skeleton = Work(world, product, ("腰托骨架模具可行性（DFM）", "mould_drawing", "精岳模具", "he.jun"), 3, 11)
    skeleton.settle()


def _finished(world: Any, product: Product) -> None:
    """Everything was accepted long ago."""
    began: datetime = product.created_at
    weeks = (world.now - began) / timedelta(weeks=1)
    if not any(p.organisation_id == world.organisations["精岳模具"].id for p in product.participants):
        participation.add_participant(product, world.organisations["精岳模具"].id, world.actor("zhou.heng"), began)
    work = Work(world, product, ("外壳模具 T2 试模：签样记录", "mould_trial_t2", "精岳模具", "he.jun"), weeks * 0.5, -int(weeks * 2))
    work.submit("T2 合格，尺寸报告随附。", upload("尺寸报告.csv", "测点,标准,实测\nA,24.00,24.02\nB,8.50,8.49\n".encode()))
    work.decide("accept", "按此签样。").settle()
    assert workflow.state_of(work.deliverable).name == "accepted"
