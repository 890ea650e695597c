"""One of everything of feedback for the sweeps: a pack with answers and promises, one that waits, and a small world for the stranger."""

from typing import Any

from incubator.accounts import webhook_service, webhooks
from incubator.accounts.webhook_models import WebhookDelivery
from incubator.feedback import action_service, capability, playbook_service, question_service, score_service
from incubator.feedback.finding_models import Finding
from incubator.feedback.models import FeedbackEffect
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, clock
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.signals import wall_service
from incubator.signals.subjects import Subject
from tests import world as the_world
from tests.builders import put
from tests.feedback.builders import WEEK, Desk
from tests.samples.builders import a_photo
from tests.signals.builders import a_voice


def populate(world: Any, manager: Any, partners: Any) -> None:
    factory = next(p for p in partners if p.kind == "factory")
    maker = world.insiders["factory"]
    desk = Desk(brand=manager.memberships[0].organisation, factory=factory, user=manager, maker=maker)
    desk.week -= WEEK
    acknowledged = desk.pack("acknowledged")
    desk.week += WEEK
    pack = desk.pack("sent")
    action_service.photograph(pack.sections[0], [a_photo()], desk.maker_actor, clock.now())
    photo = _photo(pack.sections[0].id)
    world.values |= {
        "pack_id": pack.id, "section_id": pack.sections[0].id, "action_id": acknowledged.sections[0].action.id,
        ("feedback.remove_photo", "file_id"): photo, ("feedback.finding", "finding_id"): _finding(desk),
    }  # fmt: skip
    world.values |= _way_back(desk, acknowledged, pack)
    section = pack.sections[0].id
    the_world.BODIES |= {
        "feedback_api.finish_promise": lambda _ids: {"done_on": clock.today().isoformat(), "note": "?"},
        "feedback_api.drop_promise": lambda _ids: {"note": "?"},
        "feedback_api.ask_question": lambda _ids: {"body": "?"},
        "feedback.set_finding_aside": lambda _ids: {"note": "?"},
        "feedback.ask": lambda _ids: {"body": "?"},
        "feedback.use_playbook": lambda _ids: {"section_id": section},
    }
    the_world.BODIES["feedback_api.put_answers"] = lambda _ids: {"drafts": 0, "answers": [{"section_id": section, "choice": "carry_on"}]}
    stranger = world.strangers["brand"]
    Desk(brand=stranger.memberships[0].organisation, user=stranger).pack("sent")


def _finding(desk: Desk) -> int:
    return int(db.session.scalars(db.select(Finding.id).where(Finding.brand_id == desk.brand.id)).first())


def _way_back(desk: Any, acknowledged: Any, pack: Any) -> dict[str, Any]:
    """A question, a playbook of each kind, a webhook with a message, scores, and a complaint about a SKU."""
    now = clock.now()
    question_service.ask(pack.sections[0], "问", desk.maker_actor, now)
    question = db.session.scalars(access.select_visible(FeedbackQuestion, desk.actor)).first()
    books = [_book(section.action, desk) for section in acknowledged.sections]
    playbook_service.publish(books[0], desk.actor, now)
    service = {"kind": "generic", "name": "ERP", "url": "https://erp.example.com/in", "secret": "s", "language": "zh", "events": ["sent"]}
    hooks = [
        webhook_service.add(actor_side, service, actor, now)
        for actor_side, actor in ((desk.brand, desk.actor), (desk.factory, desk.maker_actor))
    ]
    for hook in hooks:
        webhooks.write(hook, "sent", "webhook.test", "/", now, "sweep", name="ERP")
    delivery = db.session.scalars(access.select_visible(WebhookDelivery, desk.actor)).first()
    score_service.keep(desk.factory.id, capability.score("produce", {"kept": capability.Fact(8, 9)}), now.date(), now)
    about = Subject("sku", desk.bad.id, desk.bad.code, desk.bad.product_id)
    complaint = wall_service.open_complaint(a_voice(desk.actor), desk.user.id, about, desk.actor, now)
    assert question is not None and delivery is not None
    return {
        "number": 1, "question_id": question.id, "playbook_id": books[1].id, "webhook_id": hooks[0].id, "delivery_id": delivery.id,
        ("feedback.ledger_complaint", "complaint_id"): complaint.id, ("accounts.move_webhook", "verb"): "test", ("feedback.move_playbook", "event"): "decline",
    }  # fmt: skip


def _book(action: Any, desk: Any) -> Any:
    """A playbook of a promise, with the effect that it needs."""
    day = clock.today()
    rate = {"sold": 100, "returned": 9, "weeks": 4, "rate": 0.09, "low": 0.05, "high": 0.16}
    put(
        FeedbackEffect(
            action_id=action.id, since=day, until=day, units_before=[50], units_after=[50], rate_before=rate, rate_after=rate, verdict="improved",
            table_version=1, measured_at=clock.now(),
        )
    )  # fmt: skip
    db.session.expire(action, ["effect"])
    data = {"title": "换料去味", "problem": "有味道", "reason": "smell", "topic": "", "what": "换硅胶圈", "effort": "", "days": 3}
    return playbook_service.propose(action, data, desk.actor, clock.now())


def _photo(section_id: int) -> int:
    query = db.select(StoredFile.id).where(StoredFile.subject_id == section_id, StoredFile.subject_type == "feedback_section")
    return int(db.session.scalars(query).one())
