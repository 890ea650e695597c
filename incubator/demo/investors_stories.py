"""The money of the demo: two investors, their commitments and tranches in every state, two quarters of reports, and a draft."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from incubator.investors import report_service, service, sweep, tranche_service
from incubator.investors.models import Commitment, Tranche
from incubator.investors.report_models import ProgressReport, ReportOpening
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.models import KeyResult, Objective, Product

WAN = 1_000_000  # fen
TERMS = (
    "按里程碑分期出资，任一期以其条件全部成立为前提；品牌方须在每季度结束后三十日内提交进展报告。\n"
    "前三年不以盈利为考核，以新细分与可复制工厂数为准；第三年末双方复盘是否延续。\n"
    "资金专户管理，单笔超过 50 万元的支出事前告知。"
)
# investor, programme, contract, wan, weeks ago, contact, tranches: (name, wan, weeks until expected, conditions, how it ended)
COMMITMENTS: tuple[tuple[str, str, str, int, int, str, tuple[Any, ...]], ...] = (
    (
        "知行基金", "HOME26", "ZX-HOME-2024-018", 600, 100, "顾远 投资经理 138****2206",
        (
            ("首期·签约后三十日", 150, -96, (("date", None, -96),), "released"),
            ("二期·首款产品通过价值关卡", 150, -70, (("gate", "磁吸理线盒", None),), "released"),
            ("三期·两款产品上市（磁吸理线盒与显示器增高架同时在售）", 180, -3,
                (("stage", "磁吸理线盒", "launch"), ("stage", "显示器增高架", "launch")), "proposed"),
            ("四期·静音升降桌进入产前", 120, 18, (("stage", "静音升降桌（双电机、带线槽与儿童锁、可收纳显示器臂）", "preproduction"),), ""),
        ),
    ),
    (
        "远山资本", "HOME26", "YS-2025-HOME-07", 300, 60, "白露 合伙人",
        (
            ("首期", 100, -56, (("date", None, -56),), "released"),
            ("二期·鼠标垫通过价值关卡", 60, -18, (("gate", "人体工学鼠标垫", None),), "withheld"),
            ("二期（改）·护眼挂灯通过价值关卡", 80, -1, (("gate", "低蓝光护眼挂灯", None),), ""),
            ("三期·人体工学椅上市", 120, 30, (("stage", "云朵托腰人体工学椅", "launch"), ("date", None, 26)), ""),
        ),
    ),
    (
        "知行基金", "FACT26", "ZX-FACT-2025-003", 400, 76, "顾远 投资经理",
        (
            ("首期", 160, -72, (("date", None, -72),), "released"),
            ("二期·保温壶移交给工厂", 140, -6, (("stage", "轻量登山保温壶", "handed_over"),), "released"),
            ("三期·儿童雨靴测款", 100, 22, (("stage", "一体成型儿童雨靴", "test_launch"),), ""),
        ),
    ),
)  # fmt: skip
WITHHELD = "鼠标垫三轮测款动销率低于 8%，产品已停止，本期条件不会再成立。经双方书面确认，额度转入护眼挂灯。"
HEADLINES = (
    (
        "两款产品上市，一款进入放量。第二家工厂开始照打法复制，从评审到封样用了 41 天，比第一家少三周。",
        "Two products launched and one is scaling. A second factory began to repeat the playbook: 41 days from the gate to a sealed sample, "
        "three weeks fewer than the first.",
    ),
    (
        "收入第一次覆盖当季新增开支的四分之一。升降桌双电机方案进入共创，模具 T1 定在下月。\n下一季度的重点不是再开新品，而是让两家工厂自己走完一遍。",
        "For the first time revenue covered a quarter of the quarter's new spend. The standing desk entered co-development, with mould trial T1 next month.\n"
        "Next quarter is not about more products, but about two factories walking the whole way on their own.",
    ),
)
RISKS = (
    "主要风险：双电机供应商只有一家，备选样机下月到；护眼挂灯的检测排期可能推迟两周。",
    "Main risks: there is one supplier of the dual motor, a second source arrives next month; the lamp's lab slot may slip by two weeks.",
)


def tell(world: Any) -> None:
    for row in COMMITMENTS:
        _commit(world, *row)
    _dates_of_key_results(world)
    _report(world)


def _commit(
    world: Any, investor: str, programme: str, reference: str, wan: int, weeks: int, contact: str, tranches: tuple[Any, ...]
) -> None:
    owner, at = world.actor("zhou.heng"), world.ago(weeks)
    values = {"reference": reference, "amount": Money(wan * WAN, "CNY"), "signed_on": at.date(), "contact": contact, "terms": TERMS}
    commitment = service.commit(world.programmes[programme], world.organisations[investor].id, values, owner, at)
    for name, part, due, conditions, end in tranches:
        _tranche(world, commitment, (name, part, due, conditions), end, at + timedelta(days=2))


def _tranche(world: Any, commitment: Commitment, told: tuple[Any, ...], end: str, at: datetime) -> None:
    name, wan, weeks, conditions = told
    due = world.ago(-weeks).date()
    values = {"name": name, "amount": Money(wan * WAN, "CNY"), "due_on": due, "conditions": [_condition(world, *c) for c in conditions]}
    tranche = tranche_service.plan(commitment, values, world.actor("zhou.heng"), at)
    arrived = datetime.combine(due, time(2), world.now.tzinfo)
    if weeks < 0:
        sweep.look_at(tranche.id, arrived)
    if end in ("released", "proposed"):
        _pay(world, tranche, arrived + timedelta(hours=6), released=end == "released")
    if end == "withheld":
        tranche_service.withhold(tranche, WITHHELD, tranche.version, world.actor("lin.xiao"), arrived + timedelta(days=5))


def _condition(world: Any, kind: str, subject: str | None, value: Any) -> dict[str, Any]:
    product_id = db.session.scalar(select(Product.id).where(Product.name == subject)) if subject else None
    day = world.ago(-value).date() if kind == "date" else None
    return {"kind": kind, "product_id": product_id, "stage": value if kind == "stage" else None, "on_date": day}


def _pay(world: Any, tranche: Tranche, at: datetime, *, released: bool) -> None:
    paid = Money(tranche.amount_minor, "CNY")
    tranche_service.propose(tranche, at.date(), paid, f"ICBC{at:%Y%m%d}{tranche.id:04}", tranche.version, world.actor("zhou.heng"), at)
    if released:
        tranche_service.release(tranche, tranche.version, world.actor("lin.xiao"), at + timedelta(hours=20))


def _dates_of_key_results(world: Any) -> None:
    for programme in world.programmes.values():
        results = db.session.scalars(
            select(KeyResult).join(Objective).where(Objective.programme_id == programme.id).order_by(KeyResult.id)
        ).all()
        for n, result in enumerate(results, 1):
            result.due_on = programme.starts_on + timedelta(days=210 * n)
    db.session.flush()


def _report(world: Any) -> None:
    """The last two quarters of the first programme; the earlier was corrected after its release. The present one is a draft."""
    programme = world.programmes["HOME26"]
    both = [world.organisations[name].id for name in ("知行基金", "远山资本")]
    results = db.session.scalars(select(KeyResult).join(Objective).where(Objective.programme_id == programme.id)).all()
    final = {kr.id: kr.current for kr in results}
    for n, starts in enumerate(_quarters(world.now.date())):
        for kr in results:
            kr.current = round(kr.start + (final[kr.id] - kr.start) * (0.8, 1.0)[n])
        released = _one(world, programme, starts, n, both)
        if n == 0:
            _correct(world, released)
    report_service.write(
        programme, "quarter", world.now.date(), {**_texts(1), "headline_en": "", "risks_en": ""}, both, world.actor("lin.xiao"), world.now
    )


def _quarters(today: date) -> list[date]:
    """The first days of the last two quarters that are over, oldest first."""
    month = today.year * 12 + (today.month - 1) // 3 * 3
    return [date(m // 12, m % 12 + 1, 1) for m in range(month - 6, month, 3)]


def _texts(n: int) -> dict[str, str]:
    zh, en = HEADLINES[n]
    return {"title": "", "headline_zh": zh, "headline_en": en, "risks_zh": RISKS[0], "risks_en": RISKS[1]}


def _one(world: Any, programme: Any, starts: date, n: int, both: list[int]) -> ProgressReport:
    writer, chief = world.actor("lin.xiao"), world.actor("zhou.heng")
    report = ProgressReport(period="quarter", starts_on=starts)
    at = min(datetime.combine(report.ends_on, time(8), world.now.tzinfo) + timedelta(days=9), world.now - timedelta(hours=3))
    report = report_service.write(programme, "quarter", starts, _texts(n), both, writer, at)
    report_service.freeze(report, report.version, writer, at + timedelta(hours=1))
    report_service.release(report, report.version, chief, at + timedelta(hours=2))
    _read(world, report, at)
    return report


def _correct(world: Any, report: ProgressReport) -> None:
    """Twelve days later: one sentence was wrong, so a second edition replaced the first."""
    writer, chief, at = world.actor("lin.xiao"), world.actor("zhou.heng"), report.released_at + timedelta(days=12)  # type: ignore[operator]
    at = min(at, world.now - timedelta(hours=2))
    renewed = report_service.renew(report, writer, at)
    zh, en = HEADLINES[0]
    texts = {
        **_texts(0),
        "headline_zh": f"{zh}\n更正：第一版把 41 天写成了 31 天。",
        "headline_en": f"{en}\nCorrection: the first edition said 31 days.",
    }
    report_service.edit(renewed, texts, [a.organisation_id for a in renewed.audience], renewed.version, writer, at)
    report_service.freeze(renewed, renewed.version, writer, at + timedelta(minutes=10))
    report_service.release(renewed, renewed.version, chief, at + timedelta(minutes=30))
    investor, brand = world.actor("gu.yuan"), world.actor("zhou.heng")
    report_service.remark(
        renewed, "41 天里，等检测报告占了几天？如果去掉这一段，第二家工厂是否更快？", None, investor, at + timedelta(minutes=50)
    )
    report_service.remark(
        renewed,
        "检测排期占 13 天，两家相同。去掉之后第一家 49 天，第二家 28 天。",
        investor.organisation_id,
        brand,
        at + timedelta(minutes=90),
    )


def _read(world: Any, report: ProgressReport, at: datetime) -> None:
    reader = world.actor("gu.yuan")
    if at + timedelta(days=1) < world.now:
        db.session.add(
            ReportOpening(
                report_id=report.id, user_id=reader.user_id, organisation_id=reader.organisation_id, way="page", opened_at=at + timedelta(days=1, hours=2),
            )
        )  # fmt: skip
