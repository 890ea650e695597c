"""What came of the demo's feedback, told through the services: a complaint and its closure, playbooks and their use, scores of weeks, webhooks, a question.

Its webhooks are paused: a demo writes into nobody's chat.
"""

from datetime import timedelta
from typing import Any

from incubator.accounts import webhook_service
from incubator.demo.feedback_stories import nobody
from incubator.feedback import (
    answer_service,
    capability,
    pack_page,
    playbook_queries,
    playbook_service,
    question_service,
    score_queries,
    score_service,
    service,
)
from incubator.feedback.models import WAITING, FeedbackAction, FeedbackEffect, FeedbackPack
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.signals import subjects, wall_service
from incubator.signals.models import Voice

SCORED_WEEKS = 14
COMPLAINED, TAKES = "CABLE-01", "眠岛寝具"
BOOKS = {
    "smell": {
        "title": "TPE 密封件去味：换料、烘料、留样评级",
        "problem": "拆开有明显塑料味，夏天和密闭包装里更重，买家不敢放卧室。集中在换过一次垫圈料之后。",
        "topic": "密封垫圈",
        "what": "1. 垫圈改用食品级 TPE，来料附 VOC 报告。\n2. 注塑后 60℃ 烘 8 小时，摊开，不装袋。\n"
        "3. 每批留样 3 件，密封 72 小时后三人评味，2 级以下才放行。\n4. 旧料封存退供应商，不与新料混线。",
        "effort": "每件加 0.12 元，烘箱占用 8 小时，不用改模",
    },
    "quality": {
        "title": "绗缝跑毛：针距 12 改 9 厘米，包边双针",
        "problem": "洗两次边上开线、第三周跑毛。抽检时没有水洗这一项。",
        "topic": "包边与绗缝",
        "what": "1. 绗缝针距由 12 厘米改 9 厘米。\n2. 包边单针改双针，回针 3 道。\n3. 每 50 件抽 1 件水洗 5 次，开线即停线。",
        "effort": "每件多 40 秒车缝，约 0.9 元",
    },
}
DINGTALK, FEISHU = "https://oapi.dingtalk.com/robot/send?access_token=demo", "https://open.feishu.cn/open-apis/bot/v2/hook/demo"
HOOKS = (
    ("chen.guoqiang", "竹溪座椅", "dingtalk", "竹溪生产群", DINGTALK, ["sent", "reminder", "overdue", "question", "digest"]),
    ("lin.xiao", "源选", "feishu", "品控与采购群", FEISHU, ["overdue", "question", "acknowledged", "measured"]),
)


def tell(world: Any) -> None:
    """After the packs and their effects."""
    if not getattr(world, "channels", None):
        return
    _complain(world)
    _publish(world)
    _use(world)
    _score(world)
    _hook(world)
    _ask(world)


def _effects() -> list[FeedbackAction]:
    query = access.select_visible(FeedbackAction, SYSTEM).join(FeedbackEffect).where(FeedbackEffect.verdict == "improved")
    return list(db.session.scalars(query.order_by(FeedbackAction.id)))


def _complain(world: Any) -> None:
    """The first buyer who wrote of the smell went on the wall, and was answered with what was measured."""
    action = next((a for a in _effects() if a.section.code == COMPLAINED), None)
    if action is None:
        return
    actor, opened = world.actor("lin.xiao"), action.created_at - timedelta(days=9)
    heard = access.select_visible(Voice, actor).where(Voice.product_ref == COMPLAINED, Voice.text.contains("味"))
    voice = db.session.scalar(heard.order_by(Voice.id.desc()).limit(1))
    if voice is None:
        return
    about = subjects.find("sku", action.sku_id, actor)
    complaint = wall_service.open_complaint(voice, world.users["tang.yu"].id, about, actor, opened)
    owner = world.actor("tang.yu")
    wall_service.take(complaint, action.due_on, None, owner, opened + timedelta(days=1))
    assert action.effect is not None
    proof = "新料批次的退货率已经测过，区间与之前不重叠；工厂留样评级 2 级。"
    wall_service.close(
        complaint, proof, f"https://example.com/reports/{action.id}", None, None, owner, action.effect.measured_at + timedelta(hours=6)
    )


def _publish(world: Any) -> None:
    """One is published; the other was proposed by its factory, and still names somebody."""
    brand = world.actor("lin.xiao")
    for action in _effects():
        reason = next((r["reason"] for r in action.section.reasons if r["reason"] in BOOKS), None)
        if reason is None or playbook_queries.of_action(action.id, brand) is not None:
            continue
        data = {**BOOKS[reason], "reason": reason, "days": 9}
        maker = world.actor_of(action.pack.factory.label)
        if maker is not None:
            data["what"] = f"{data['what']}\n5. 由{maker.organisation_name[:6]}的{maker.name}每周复核一次。"
        assert action.effect is not None
        at = action.effect.measured_at + timedelta(hours=8)
        book = playbook_service.propose(action, data, maker or brand, at)
        if maker is None:
            playbook_service.publish(book, brand, at + timedelta(hours=1))


def _use(world: Any) -> None:
    """Another factory takes it for what comes back at its own, and acknowledges its latest pack."""
    brand, factory = world.actor("lin.xiao"), world.organisations[TAKES]
    books = playbook_queries.listing(brand, {}, None).rows
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.factory_id == factory.id, FeedbackPack.state.in_(WAITING))
    pack = db.session.scalar(query.order_by(FeedbackPack.week.desc()).limit(1))
    if not books or pack is None or not pack.sections:
        return
    maker, at = nobody(factory), world.now - timedelta(hours=2)
    given = pack_page.proposed(pack, {s.id: {"choice": "carry_on"} for s in pack.sections[1:]}, at.date())
    service.answer(pack, given, maker, at)
    answer_service.take(pack.sections[0], books[0], maker, at)
    service.acknowledge(pack, maker, at)


def _score(world: Any) -> None:
    """As the job did on each Monday."""
    monday = score_service.monday_of(world.now)
    for ago in range(SCORED_WEEKS - 1, -1, -1):
        on = monday - timedelta(weeks=ago)
        for factory_id, facts in sorted(score_queries.facts(on).items()):
            for ability in capability.ABILITIES:
                score_service.keep(factory_id, capability.score(ability, facts), on, world.now - timedelta(weeks=ago))


def _hook(world: Any) -> None:
    for handle, short_name, kind, name, url, events in HOOKS:
        data = {"kind": kind, "name": name, "url": url, "secret": "", "language": "zh", "events": events}
        actor = world.actor(handle)
        made = webhook_service.add(world.organisations[short_name], data, actor, world.ago(3))
        webhook_service.pause(made, True, actor, world.ago(3))


def _ask(world: Any) -> None:
    """The chair factory waits for an answer about the last SKU of its latest pack."""
    maker = world.actor("chen.guoqiang")
    pack = db.session.scalar(access.select_visible(FeedbackPack, maker).order_by(FeedbackPack.week.desc()).limit(1))
    if pack is not None and len(pack.sections) > 1:
        words = "这一款退回来的外箱有没有照片？我们想分清是运输还是装箱的问题。"
        question_service.ask(pack.sections[-1], words, maker, world.now - timedelta(minutes=50))
