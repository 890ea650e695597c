"""The answer to one SKU of a pack, as a phone gives it: one screen, one SKU. Colleagues may answer different SKUs at the same time."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.feedback import playbook_service, service, suggesting
from incubator.feedback.models import FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.schedule.localday import day_in


def seen(answer: FeedbackAnswer | None) -> str:
    """What a page carries of the answer that it showed, so that a colleague's later one is not overwritten unread."""
    return "" if answer is None else answer.updated_at.isoformat()


def answer_one(section: PackSection, data: dict[str, Any], shown: str, actor: Actor, now: datetime) -> FeedbackAnswer:
    """Keep the draft for one SKU. Conflict when a colleague has answered it since the page `shown`; Invalid for a day that has passed,
    or when the choice lacks what it needs."""
    pack = section.pack
    service.read(pack, actor, now)
    db.session.refresh(pack, with_for_update={"of": FeedbackPack})
    service.may_answer(pack, actor, None)
    row = db.session.scalar(access.select_visible(FeedbackAnswer, actor).where(FeedbackAnswer.section_id == section.id))
    if row is not None and row.answered_by_id != actor.user_id and seen(row) != shown:
        raise Conflict(what=workflow.last_act(pack, actor))
    row = row or FeedbackAnswer(section_id=section.id, pack_id=pack.id, created_at=now)
    service.fill(row, data)
    _refuse_incomplete(row, actor, now)
    row.answered_by_id, row.updated_at = actor.user_id, now
    db.session.add(row)
    pack.drafts, pack.updated_at = pack.drafts + 1, now
    db.session.flush()
    playbook_service.choose(section, data.get("playbook_id") if row.choice == "fix" else None, actor, now)
    audit.record("feedback.answer", pack, actor, now, n=1)
    return row


def take(section: PackSection, book: Any, actor: Actor, now: datetime) -> None:
    """Answer a SKU with “fix” in the words of a playbook, by the usual day: a draft like any other, to be looked at and confirmed."""
    today = day_in(actor.timezone, now)
    row = db.session.scalar(access.select_visible(FeedbackAnswer, actor).where(FeedbackAnswer.section_id == section.id))
    data = {"choice": "fix", "what": book.what[:1000], "on": suggesting.day_for("fix", today), "playbook_id": book.id}
    answer_one(section, data, seen(row), actor, now)


def _refuse_incomplete(row: FeedbackAnswer, actor: Actor, now: datetime) -> None:
    """The screen asks for one thing at a time, so it says at once what is missing."""
    missing: dict[str, list[Any]] = {}
    if not row.choice:
        missing["choice"] = [gettext("Choose one of the four.")]
    if row.choice == "reorder" and not row.quantity:
        missing["quantity"] = [gettext("Say how many.")]
    if row.choice == "fix" and not row.what.strip():
        missing["what"] = [gettext("Say what you change.")]
    if row.choice in ("reorder", "fix", "stop") and (row.on is None or row.on < day_in(actor.timezone, now)):
        missing[f"on_{row.choice}"] = [gettext("Name a day that has not passed.")]
    if missing:
        raise Invalid(missing)
