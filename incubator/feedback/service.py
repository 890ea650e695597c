"""The verbs of a pack until it is acknowledged: compile, compile anew, send, read, answer, acknowledge. What was sent never changes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.feedback import action_service, compiling, finding_service, playbook_service, telling, window
from incubator.feedback.compiling import Draft
from incubator.feedback.models import KINDS, FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.upsert import insert_once
from incubator.schedule.localday import day_in

DAYS_TO_ANSWER = timedelta(days=5)
Data = dict[str, Any]


def compile_pack(brand_id: int, week: date, draft: Draft, actor: Actor, now: datetime) -> FeedbackPack | None:
    """The pack of one factory with its frozen sections; None when there is one of this week already."""
    access.require("feedback.compile", actor, None)
    pack_id = insert_once(
        FeedbackPack, brand_id=brand_id, factory_id=draft.factory_id, week=week, language=_language(draft.factory_id), state="compiled",
        state_since=now, revision=1, table_version=draft.table_version, compiled_at=now, reminded_for="", drafts=0, created_at=now, updated_at=now,
    )  # fmt: skip
    if pack_id is None:
        return None
    pack: FeedbackPack = access.get_visible(FeedbackPack, pack_id, actor)
    _freeze(pack, draft)
    audit.record("feedback.compile", pack, actor, now, week=week)
    events.publish("feedback.compile", pack, actor, now)
    return pack


def compile_week(week: date, actor: Actor, now: datetime) -> list[FeedbackPack]:
    """The packs of every factory of the actor's brand that has none of this week; Refused while sales of these weeks are being rolled up."""
    access.require("feedback.compile", actor, None)
    assert actor.organisation_id is not None
    _refuse_stale(actor.organisation_id, week)
    made = (compile_pack(actor.organisation_id, week, d, actor, now) for d in compiling.drafts(actor.organisation_id, week).values())
    return [pack for pack in made if pack is not None]


def recompile(pack: FeedbackPack, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Gather the figures anew while nobody but the brand has seen them; the old sections stay, and no longer count."""
    db.session.refresh(pack, with_for_update={"of": FeedbackPack})
    _refuse_moved(pack, expected, actor)
    access.require("feedback.compile", actor, pack)
    if pack.state != "compiled":
        raise Refused(_l("A pack that was sent stays as it is. Corrections stand in the next one."))
    _refuse_stale(pack.brand_id, pack.week)
    draft = compiling.drafts(pack.brand_id, pack.week).get(pack.factory_id) or Draft(pack.factory_id, [], pack.table_version)
    pack.revision += 1
    pack.table_version, pack.compiled_at, pack.updated_at = draft.table_version, now, now
    db.session.flush()
    _freeze(pack, draft)
    audit.record("feedback.recompile", pack, actor, now, week=pack.week)


def _refuse_stale(brand_id: int, week: date) -> None:
    if not window.is_rolled_up(brand_id, week):
        raise Refused(_l("Sales of these weeks are still being rolled up. Try again in a minute."))


def _freeze(pack: FeedbackPack, draft: Draft) -> None:
    db.session.add_all([PackSection(pack_id=pack.id, revision=pack.revision, **row) for row in draft.rows])
    db.session.flush()
    db.session.expire(pack, ["sections"])


def _language(factory_id: int) -> str:
    """What most people of the factory read; Chinese when it has none."""
    spoken = [user.locale for user in notices.people_of(factory_id)]
    return "en" if spoken.count("en") * 2 > len(spoken) else "zh"


def send(pack: FeedbackPack, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Address the pack to its factory: from now on it reads it, and has five days, counted where it is, to answer."""
    workflow.fire(pack, "send", actor, now=now, expected=expected)
    people = notices.people_of(pack.factory_id)
    pack.sent_at, pack.due_on = now, day_in(people[0].timezone if people else "Asia/Shanghai", now) + DAYS_TO_ANSWER
    db.session.flush()
    finding_service.told(pack, now)
    telling.factory(pack, "sent", now)


def read(pack: FeedbackPack, actor: Actor, now: datetime) -> None:
    """Somebody of the factory has opened it: a receipt, once. An overdue pack that is read stays overdue."""
    if actor.role != "factory" or pack.read_at is not None:
        return
    db.session.refresh(pack, with_for_update={"of": FeedbackPack})
    if pack.read_at is not None:
        return
    if pack.state == "sent":
        workflow.fire(pack, "read", actor, now=now)
    else:
        audit.record("feedback.read", pack, actor, now)
    pack.read_at, pack.read_by_id, pack.updated_at = now, actor.user_id, now
    db.session.flush()


def answer(pack: FeedbackPack, answers: Mapping[int, Data], actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Keep a draft: `answers` by section id, each choice, quantity, on, what, lot, note. Invalid for a section of another pack, or a day that has passed."""
    read(pack, actor, now)
    db.session.refresh(pack, with_for_update={"of": FeedbackPack})
    may_answer(pack, actor, expected)
    _refuse_nonsense(pack, answers, day_in(actor.timezone, now))
    own = {
        a.section_id: a for a in db.session.scalars(access.select_visible(FeedbackAnswer, actor).where(FeedbackAnswer.pack_id == pack.id))
    }
    for section_id, data in answers.items():
        row = own.get(section_id) or FeedbackAnswer(section_id=section_id, pack_id=pack.id, created_at=now)
        fill(row, data)
        row.answered_by_id, row.updated_at = actor.user_id, now
        db.session.add(row)
    pack.drafts, pack.updated_at = pack.drafts + 1, now
    db.session.flush()
    db.session.expire(pack, ["sections"])
    audit.record("feedback.answer", pack, actor, now, n=len(answers))


def fill(row: FeedbackAnswer, data: Data) -> None:
    """The parts of an answer; what its choice has no use for is left out."""
    choice = data.get("choice") or ""
    row.choice, row.note = choice, data.get("note") or ""
    row.quantity = data.get("quantity") if choice == "reorder" else None
    row.on = data.get("on") if choice in KINDS else None
    row.what, row.lot = (data.get("what") or "", data.get("lot") or "") if choice == "fix" else ("", "")


def may_answer(pack: FeedbackPack, actor: Actor, expected: int | None) -> None:
    """Conflict, with what the colleague did, when somebody answered in the meantime; Forbidden when it is not the actor's to answer."""
    own = actor.role == "factory" and actor.organisation_id == pack.factory_id
    if own and (not pack.waits or (expected is not None and expected != pack.drafts)):
        raise Conflict(what=workflow.last_act(pack, actor))
    access.require("feedback.answer", actor, pack)


def _refuse_nonsense(pack: FeedbackPack, answers: Mapping[int, Data], today: date) -> None:
    codes = {section.id: section.code for section in pack.sections}
    if set(answers) - set(codes):
        raise Invalid({"answers": [gettext("This SKU is not in the pack.")]})
    past = [codes[i] for i, data in answers.items() if data.get("on") and data.get("choice") != "carry_on" and data["on"] < today]
    if past:
        raise Invalid({"answers": [gettext("The day has passed for %(code)s.", code=", ".join(past))]})


def acknowledge(pack: FeedbackPack, actor: Actor, now: datetime) -> None:
    """Every answer becomes a promise that both track. Refused while a SKU has no complete answer; Conflict when somebody was first."""
    read(pack, actor, now)
    may_answer(pack, actor, None)
    workflow.fire(pack, "acknowledge", actor, now=now)
    pack.acknowledged_at, pack.acknowledged_by_id = now, actor.user_id
    db.session.flush()
    for section in pack.sections:
        assert section.answer is not None
        if section.answer.choice != "carry_on":
            action_service.promise(pack, section, section.answer, actor, now)
    playbook_service.bind(pack)
    telling.brand(pack, "acknowledged", now)
    action_service.settle(pack, now)


def _refuse_moved(pack: FeedbackPack, expected: int | None, actor: Actor) -> None:
    if expected is not None and expected != pack.version:
        raise Conflict(what=workflow.last_act(pack, actor))


def send_all(brand_id: int, week: date, draft: Draft, now: datetime) -> bool:
    """For the job: compile what is missing and send what is not sent, of one factory, in the caller's transaction. Whether one was sent."""
    compile_pack(brand_id, week, draft, SYSTEM, now)
    query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.brand_id == brand_id, FeedbackPack.week == week)
    pack = db.session.scalar(query.where(FeedbackPack.factory_id == draft.factory_id, FeedbackPack.state == "compiled"))
    if pack is None or not pack.sections:
        return False
    send(pack, SYSTEM, now)
    return True
