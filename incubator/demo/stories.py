"""The life of each demo product, told through the services: brief, comparison, review, signatures, verdict, stages, milestones, remarks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from incubator.accounts.models import Notification
from incubator.briefs import gate_service, service
from incubator.briefs.criteria import CRITERIA
from incubator.briefs.gate_models import GateReview
from incubator.briefs.models import ProductBrief
from incubator.demo import (
    codevelopment_stories,
    feedback_stories,
    investors_stories,
    launch_stories,
    sales_stories,
    samples_stories,
    schedule_stories,
    sourcing_stories,
    stock_stories,
    way_back_stories,
)
from incubator.demo import products as told
from incubator.kernel import workflow
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.money import Money
from incubator.products import comments, participation
from incubator.products import service as spine
from incubator.products.models import Product
from incubator.schedule import service as schedule
from incubator.schedule.models import Milestone

EVENTS = ("award", "seal", "tool_up", "test_launch", "launch", "scale", "hand_over")
REACHED = {
    "sourcing": 0,
    "sampling": 1,
    "codevelopment": 2,
    "preproduction": 3,
    "test_launch": 4,
    "launch": 5,
    "scale": 6,
    "handed_over": 7,
}
SIGNERS = ("青禾生活", "木石设计", "余杭选品中心", "蓝鲸渠道", "竹溪座椅", "精岳模具")
MILESTONES = {
    "brief": (("关卡评审", 9), ("询价发出", 24)),
    "scale": (("季度补货决定", 30),),
}
VERDICT = "对比过三款参照品，差异有实测；价格与交期都能守住。"
FRESH = timedelta(days=10)
PARTS_OF_A_REQUIREMENT = ("attribute", "operator", "target", "unit", "tolerance", "priority", "evidence")


def tell(world: Any) -> None:
    """Write every product of `told.PRODUCTS`, oldest first, and tidy what is old news."""
    schedule_stories.prepare(world)
    for n, row in enumerate(sorted(told.PRODUCTS, key=lambda r: -r[5])):
        _one(world, n, *row)
    sales_stories.tell(world)
    stock_stories.tell(world)
    samples_stories.tell(world)
    codevelopment_stories.tell(world)
    feedback_stories.tell(world)
    sourcing_stories.tell(world)
    way_back_stories.tell(world)
    schedule_stories.notes_of_the_brand(world)
    schedule.refresh_outlook(db.session.scalars(select(Product.id)).all(), world.now)
    investors_stories.tell(world)
    db.session.execute(update(Notification).where(Notification.created_at < world.now - FRESH).values(read_at=world.now))
    db.session.execute(delete(OutboxMail).where(OutboxMail.created_at < world.now - FRESH))


def _one(
    world: Any, n: int, name: str, kind: str, category: str, stage: str, programme: str, weeks: int, partners: tuple[str, ...]
) -> None:
    author, began = world.actor("shen.ke" if n % 3 else "lin.xiao"), world.ago(weeks)
    if stage in ("signal", "segment", "stopped"):
        product = spine.create(
            world.programmes[programme], name, kind, author, began, category=category, owner_id=author.user_id, start="signal"
        )
        _early(product, stage, author, began)
        return
    brief = service.create(world.programmes[programme], _data(name, kind, programme, n, began), author, began)
    brief.product.category, brief.product.owner_id = category, author.user_id
    brief.product.launch_on = (began + timedelta(weeks=40)).date()
    for partner in partners:
        participation.add_participant(brief.product, world.organisations[partner].id, author, began)
    _compare(brief, author, began, n)
    _judge(world, brief, author, partners, stage, n, began)
    _advance(world, brief.product, stage, began)
    launch_stories.finish(world, brief.product, stage)
    _plan(world, brief.product, stage, n, began)
    _settle(world, brief, stage)


def _settle(world: Any, brief: ProductBrief, stage: str) -> None:
    """Past conditions are met, and rows carry the day of their last act instead of the day of the import."""
    owner = world.actor("zhou.heng")
    for milestone in db.session.scalars(
        select(Milestone).where(Milestone.product_id == brief.product_id, Milestone.source.startswith("gate:"))
    ):
        if milestone.due_on < world.now.date():
            schedule.finish(milestone, owner, world.now - timedelta(days=(world.now.date() - milestone.due_on).days))
    db.session.flush()
    for model, row in ((ProductBrief, brief), (Product, brief.product)):
        db.session.execute(update(model).where(model.id == row.id).values(updated_at=row.state_since))
    for review in db.session.scalars(select(GateReview).where(GateReview.brief_id == brief.id)):
        acted = review.decision.decided_at if review.decision else review.created_at
        db.session.execute(update(GateReview).where(GateReview.id == review.id).values(updated_at=acted))


def _early(product: Product, stage: str, author: Any, began: datetime) -> None:
    if stage == "segment":
        workflow.fire(product, "segment", author, now=began + timedelta(days=2))
    if stage == "stopped":
        workflow.fire(product, "stop", author, note="三轮测款动销率低于 8%，需求是被补贴买出来的。", now=began + timedelta(weeks=9))
    db.session.execute(update(Product).where(Product.id == product.id).values(updated_at=product.state_since))


def _data(name: str, kind: str, programme: str, n: int, began: datetime) -> dict[str, Any]:
    need, reason = told.NEEDS[kind]
    price = Money(6900 + 7300 * (n % 9), "CNY")
    return {
        "title": name, "type": kind, "segment": told.SEGMENTS[programme], "buyer_kind": ("consumer", "live_streamer", "group_leader")[n % 3],
        "scenario": ("test_launch", "small_wholesale", "dropship")[n % 3], "need": need, "reason_to_choose": reason,
        "customisation": ("none", "logo", "packaging")[n % 3], "customisation_notes": "", "compliance": "GB 4706.1\nCCC" if kind == "hero" else "GB 18401",
        "first_order_quantity": 300 + 100 * (n % 5), "annual_quantity": 6000 + 1500 * n, "moq": 100 + 50 * (n % 4),
        "launch_from": (began + timedelta(weeks=39)).date(), "launch_to": (began + timedelta(weeks=43)).date(),
        "targets": [{"currency": "CNY", "price": price, "cost": Money(price.minor * 46 // 100, "CNY"), "margin_bp": None}],
        "requirements": [dict(zip(PARTS_OF_A_REQUIREMENT, r, strict=True)) for r in told.REQUIREMENTS_OF.get(name, told.REQUIREMENTS)],
    }  # fmt: skip


def _compare(brief: ProductBrief, author: Any, began: datetime, n: int) -> None:
    for name, maker, price in told.REFERENCES[: 2 + n % 2]:
        data = {"name": name, "maker": maker, "url": "", "notes": "", "price": Money.parse(price, "CNY")}
        service.add_reference(brief, data, author, began + timedelta(days=1))
    for kind, statement, evidence in told.CLAIMS[: 1 + n % 2]:
        points = [
            {
                "reference_id": r.id, "attribute": "循环寿命", "aspect": kind, "their_value": "3 万次", "our_value": "12 万次",
                "verdict": "better", "evidence": evidence,
            }
            for r in brief.references
        ]  # fmt: skip
        service.add_claim(
            brief, {"kind": kind, "statement": statement, "evidence": evidence, "points": points}, author, began + timedelta(days=2)
        )


def _judge(world: Any, brief: ProductBrief, author: Any, partners: tuple[str, ...], stage: str, n: int, began: datetime) -> None:
    """Past the brief stage everything passed; at it, one in three is a draft, in review, or returned."""
    signer = next((p for p in SIGNERS if p in partners), None)
    waiting = stage == "brief"
    if signer is None and not waiting:
        signer = "青禾生活"
        participation.add_participant(brief.product, world.organisations[signer].id, author, began)
    if waiting and (signer is None or n % 4 == 3):
        return
    sent = world.now - timedelta(days=5 + n % 5) if waiting else began + timedelta(days=6)
    due = world.now.date() + timedelta(days=4) if waiting else None
    review = gate_service.submit(brief, [world.organisations[str(signer)].id], author, sent, due_on=due, note="请重点看循环寿命的证据。")
    _remark(world, brief, author, str(signer), sent)
    if waiting:
        _half_signed(world, review, str(signer), author, n, sent)
        return
    _sign(world, review, "zhou.heng", sent)
    _sign(world, review, str(signer), sent)
    conditional = [("补两份第三方检测报告", (sent + timedelta(weeks=4)).date())] if n % 5 == 0 else []
    decide = "conditional" if conditional else "go"
    gate_service.decide(review, decide, VERDICT, conditional, world.actor("zhou.heng"), sent + timedelta(days=3))


def _half_signed(world: Any, review: GateReview, signer: str, author: Any, n: int, sent: datetime) -> None:
    if n % 2:
        _sign(world, review, signer, sent)
    if n % 5 == 0:
        gate_service.decide(review, "hold", "参照品缺一款主流竞品，补齐后再议。", [], world.actor("zhou.heng"), sent + timedelta(days=4))


def _sign(world: Any, review: GateReview, who: str, sent: datetime) -> None:
    actor = world.actor(who) if who in world.users else world.actor_of(who)
    scores = dict.fromkeys(CRITERIA[review.brief.type], 4)
    gate_service.sign(review, scores, "实测报告看过，差异成立。", actor, sent + timedelta(days=2))


def _remark(world: Any, brief: ProductBrief, author: Any, signer: str, at: datetime) -> None:
    comments.add(brief.product, brief, "参照品的价格按近 30 天成交均价填的。", None, author, at)
    comments.add(brief.product, brief, "麻烦看一下循环寿命的测试条件。", world.organisations[signer].id, author, at)


def _advance(world: Any, product: Product, stage: str, began: datetime) -> None:
    owner, steps = world.actor("zhou.heng"), REACHED.get(stage, 0)
    span = (world.now - began) / (steps + 3)
    for n, event in enumerate(EVENTS[:steps], 2):
        at = began + span * n
        if not samples_stories.lead(world, product, event, at) and not launch_stories.lead(world, product, event, at):
            workflow.fire(product, event, owner, now=at)


def _plan(world: Any, product: Product, stage: str, n: int, began: datetime) -> None:
    if stage in schedule_stories.PLANNED:
        schedule_stories.plan(world, product, stage, n, began)
        return
    owner = world.actor("lin.xiao" if n % 2 else "shen.ke")
    for name, days in MILESTONES.get(stage, ()):
        due = (world.now + timedelta(days=days + n % 4)).date()
        schedule.add(product, name, due, owner, world.now - timedelta(days=30), owner_id=owner.user_id)
