"""The samples of the demo's products, told through the services: rejected first tries, measured rounds, golden samples, one that replaced another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from incubator.demo import products as told
from incubator.demo.sample_photos import photo
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products import comments, participation
from incubator.products.models import Product
from incubator.samples import decision_service, judging, measure_service, service
from incubator.samples.models import SampleRequirement, SampleRound

PAST = ("codevelopment", "preproduction", "test_launch", "launch", "scale")
CARRIERS = ("顺丰速运", "德邦快递", "跨越速运", "京东物流")
PLACES = ("杭州余杭样品间 B 柜 3 层", "杭州余杭样品间 A 柜 1 层（恒温）", "杭州萧山仓 二楼封样架 07 号")
REASONS = {
    "rejected": "首件结构可行，但必须项超差，先改再测；改好后三件一起送，附自检记录。",
    "approved_with_comments": "必须项全部合格，可以继续；列出的问题在下一轮改掉，不另收打样费。",
    "approved": "与企划书逐条对过，三件一致，可以封样。",
}
INSTRUCTIONS = "按企划书现行版本打样；每件贴编号，随附自检表与材质证明。颜色以 2025 年 9 月寄出的色板为准。"
TENTH, WHOLE = Decimal("0.1"), Decimal(1)


@dataclass(frozen=True)
class Step:
    """One round: its kind, where it ends, what fails by how much, and which remark that gets."""

    kind: str
    end: str
    bad: tuple[str, ...] = ()
    remark: str = ""
    days: int = 0
    pieces: int = 3


CHAIR = (
    Step("development", "rejected", ("腰托支撑力", "扶手晃动量"), "扶手立柱与底座间隙过大，请加衬套并复测晃动量。", 68),
    Step("counter", "approved_with_comments", ("网布色差 ΔE",), "网布换回 7 号色板的供应商。", 41),
    Step("approval", "measured", ("网布色差 ΔE",), "", 12),
)
SECOND_SOURCE = (Step("development", "received", (), "", 9),)
PAN = (
    Step("development", "rejected", ("噪音", "气味等级"), "空烧 10 分钟仍有味，请换釉料批次并提供 SGS 报告。", 52),
    Step("counter", "in_making", (), "", 24),
)
USUAL = (Step("development", "rejected", ("噪音",), "噪音来自装配间隙，请调整公差后再送。"), Step("approval", "sealed"))
FIRST_FAULT = {
    "可水洗羽感被": ("水洗 10 次跑绒量", "绗缝针距太大，跑绒超标，请改小针距后再送。"),
    "抗菌收纳箱 60 升": ("盖子开合", "盖扣第四千次断裂，请加厚卡扣后再送。"),
    "磁吸理线盒": ("磁吸盖开合", "磁铁胶脱开，请改为包覆后再送。"),
}
AGAIN = Step("pre_production", "sealed", ("色差 ΔE",), "量产批色差按 ±1.5 控制，首批全检。")


def tell(world: Any) -> None:
    """Rounds for every product with a factory that has come to sampling or beyond; oldest first."""
    for n, row in enumerate(told.PRODUCTS):
        name, stage, partners = row[0], row[3], row[6]
        factory = _factory(world, partners)
        product = db.session.scalar(select(Product).where(Product.name == name))
        if factory is None or product is None:
            continue
        if stage == "sampling":
            _at_sampling(world, product, factory, n)
        elif stage in PAST:
            _sealed_again(world, product, factory, n, row[5])
    _new_request(world)


def _at_sampling(world: Any, product: Product, factory: str, n: int) -> None:
    is_chair = "工学椅" in product.name
    _play(world, product, factory, CHAIR if is_chair else PAN, n)
    if is_chair:
        participation.add_participant(product, world.organisations["合作塑业"].id, world.actor("lin.xiao"), world.ago(3))
        _play(world, product, "合作塑业", SECOND_SOURCE, n + 1)


def lead(world: Any, product: Product, event: str, at: datetime) -> bool:
    """Tell the rounds up to the golden sample that takes a product on to co-development; whether it has moved by that."""
    n, row = next((n, row) for n, row in enumerate(told.PRODUCTS) if row[0] == product.name)
    factory = _factory(world, row[6])
    if event != "seal" or factory is None:
        return False
    days = (world.now - at).days + 7
    _play(world, product, factory, (_dated(_first(product), days + 21), _dated(USUAL[1], days)), n)
    return product.state == "codevelopment"


def _factory(world: Any, partners: tuple[str, ...]) -> str | None:
    return next((p for p in partners if world.organisations[p].kind == "factory"), None)


def _sealed_again(world: Any, product: Product, factory: str, n: int, weeks: int) -> None:
    """Those beyond pre-production have a second, later golden sample, which took the place of the first."""
    if product.state not in ("codevelopment", "preproduction"):
        _play(world, product, factory, (_dated(AGAIN, weeks * 7 * 30 // 100),), n)


def _first(product: Product) -> Step:
    """The first round of a product: it fails in what its article is known for, else in noise."""
    fault, remark = FIRST_FAULT.get(product.name, (USUAL[0].bad[0], USUAL[0].remark))
    return Step(USUAL[0].kind, USUAL[0].end, (fault,), remark)


def _dated(step: Step, days: int) -> Step:
    return Step(step.kind, step.end, step.bad, step.remark, days)


def _new_request(world: Any) -> None:
    """What the chair factory finds on its phone: a shipment sample of its second product, asked for the day before yesterday."""
    product = db.session.scalar(select(Product).where(Product.name.like("静音升降桌%")))
    if product is not None:
        _play(world, product, "竹溪座椅", (Step("pre_production", "requested", (), "", 2),), 5)


def _play(world: Any, product: Product, factory: str, script: tuple[Step, ...], n: int) -> None:
    brand, last = world.actor("shen.ke" if n % 2 else "lin.xiao"), None
    maker = world.actor_of(factory) or _nobody(world.organisations[factory])
    for m, step in enumerate(script):
        at = world.now - timedelta(days=step.days, hours=3 + m)
        due = at + timedelta(days=9 + n % 5)
        data = {"kind": step.kind, "quantity": 3 + n % 3, "due_on": due.date(), "instructions": INSTRUCTIONS}
        last = service.request(product, world.organisations[factory].id, data, brand, at, last if last and last.decision else None)
        _lead(world, last, step, (brand, maker), at, n + m)
        db.session.flush()
        db.session.execute(update(SampleRound).where(SampleRound.id == last.id).values(updated_at=last.state_since))
        db.session.expire(last, ["updated_at"])


def _nobody(organisation: Any) -> Actor:
    """Somebody of a factory in which the demo employs nobody."""
    return Actor("factory", organisation_id=organisation.id, name=organisation.label, organisation_name=organisation.label, locale="zh")


def _lead(world: Any, round: SampleRound, step: Step, sides: tuple[Actor, Actor], at: datetime, n: int) -> None:
    brand, maker = sides
    if step.end == "requested":
        return
    service.start(round, maker, at + timedelta(days=1))
    if step.end == "in_making":
        return
    shipped, arrived = at + timedelta(days=4), at + timedelta(days=6)
    way = {"carrier": CARRIERS[n % 4], "tracking_number": f"SF{1_390_000_000 + n * 7_919_213}", "shipped_on": shipped.date()}
    service.ship(round, way, maker, shipped)
    came = {"received_on": arrived.date(), "condition": "intact", "condition_note": "", "pieces": step.pieces}
    service.receive(round, came, brand, arrived)
    if step.end == "received":
        return
    _measure(world, round, step, arrived + timedelta(hours=5), n)
    _decide(world, round, step, arrived + timedelta(days=1), n)


def _measure(world: Any, round: SampleRound, step: Step, at: datetime, n: int) -> None:
    engineer = world.actor("tang.yu")
    cells = {
        (r.id, piece): _read(r, r.attribute in step.bad, piece + n) for r in round.requirements for piece in range(1, round.pieces + 1)
    }
    measure_service.read(round, cells, engineer, at)
    if step.end in ("sealed", "measured") or n % 3 == 0:
        service.photograph(round, [photo(n * 3 + k, f"样品 {k + 1}.jpg") for k in range(2)], 0, engineer, at)
    measure_service.finish(round, engineer, at)


def _read(requirement: SampleRequirement, fails: bool, seed: int) -> tuple[str | None, bool | None]:
    """A believable reading: a little inside the limit, or a little outside when it fails; pieces differ."""
    limits = judging.limits(requirement.operator, requirement.target, requirement.tolerance, requirement.unit)
    if limits is None:
        return None, not fails
    spread = Decimal(seed % 5) / 100
    if limits.lower is not None and limits.upper is not None:
        middle, half = (limits.lower + limits.upper) / 2, (limits.upper - limits.lower) / 2
        value = middle - half * (Decimal("1.5") if fails else Decimal("0.35")) - half * spread
    elif limits.upper is not None:
        value = limits.upper * ((Decimal("1.16") if fails else Decimal("0.86")) + spread)
    else:
        assert limits.lower is not None
        value = limits.lower * ((Decimal("0.9") if fails else Decimal("1.04")) + spread)
    return judging.written(value.quantize(WHOLE if value > 1000 else TENTH)), None


def _decide(world: Any, round: SampleRound, step: Step, at: datetime, n: int) -> None:
    if step.end == "measured":
        comments.add(round.product, round, "色差还差一点，和工厂确认过是染料批次；请林晓定。", None, world.actor("tang.yu"), at)
        return
    outcome = "approved" if step.end == "sealed" and not step.bad else "approved_with_comments" if step.end == "sealed" else step.end
    remarks = {r.id: step.remark for r in round.requirements if r.attribute == (step.bad or ("",))[-1] and step.remark}
    decision_service.decide(round, outcome, REASONS[outcome], remarks, world.actor("zhou.heng"), at)
    if step.end == "sealed":
        sealed = at + timedelta(days=2)
        decision_service.seal(round, PLACES[n % 3], ("brand", "factory"), (), world.actor("tang.yu"), sealed)
