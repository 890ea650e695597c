"""What a factory promised: kept as tracked work with a milestone of the product, done with a proof, or dropped with a reason."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.feedback import finding_service, telling, words
from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.file_table import StoredFile
from incubator.schedule import service as schedule
from incubator.schedule.localday import day_in
from incubator.schedule.models import Milestone

MOST_PHOTOS = 20  # of one answer or promise


def promise(pack: FeedbackPack, section: PackSection, answer: FeedbackAnswer, actor: Actor, now: datetime) -> FeedbackAction:
    """The answer of an acknowledged pack as a promise, and a milestone that the brand reads in its plan.

    Milestones are the brand's, so the system sets it; the factory finds the promise in its own list.
    """
    assert answer.on is not None
    action = FeedbackAction(
        pack_id=pack.id, section_id=section.id, brand_id=pack.brand_id, factory_id=pack.factory_id, product_id=section.product_id,
        sku_id=section.sku_id, kind=answer.choice, quantity=answer.quantity, due_on=answer.on, what=answer.what, lot=answer.lot,
        note=answer.note, state_since=now, promised_by_id=actor.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(action)
    db.session.flush()
    audit.record("feedback_action.promise", action, actor, now, code=section.code, what=str(words.CHOICES[action.kind]))
    with force_locale(pack.language):
        name = gettext("%(factory)s: %(what)s %(code)s", factory=pack.factory.label, what=words.CHOICES[action.kind], code=section.code)
    schedule.add(section.product, name[:200], answer.on, SYSTEM, now, source=_source(action))
    return action


def _source(action: FeedbackAction) -> str:
    return f"feedback:{action.id}"


def finish(
    action: FeedbackAction,
    done_on: date,
    note: str,
    photos: Sequence[Any],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
    lot: str = "",
) -> None:
    """The factory has done it: on a day that has come, with a note or a photo that shows it, and from the lot that it now knows."""
    if done_on > day_in(actor.timezone, now):
        raise Invalid({"done_on": [gettext("This day has not come yet.")]})
    if done_on < day_in(actor.timezone, action.created_at):
        raise Invalid({"done_on": [gettext("On this day it had not been promised yet.")]})
    chosen = [upload for upload in photos if upload and upload.filename]
    if not note.strip() and not chosen and not _photos("feedback_action", action.id):
        raise Invalid({"note": [gettext("Say what was done, or show it on a photo.")]})
    workflow.fire(action, "finish", actor, now=now, expected=expected, code=action.section.code)
    action.lot = lot.strip() or action.lot
    action.done_on, action.closing_note, action.closed_by_id = done_on, note.strip(), actor.user_id
    for upload in chosen:
        _refuse_more("feedback_action", action.id)
        files.store(upload, actor, now, kind="photo", subject=("feedback_action", action.id), product_id=action.product_id)
    if milestone := _milestone(action):
        schedule.finish(milestone, SYSTEM, now)
    finding_service.acted(action, now)
    telling.of_action(action, "done", actor, now)
    settle(action.pack, now)


def drop(action: FeedbackAction, note: str, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """It will not be done, and why; its milestone goes."""
    workflow.fire(action, "drop", actor, note=note, now=now, expected=expected, code=action.section.code)
    action.closing_note, action.closed_by_id = note.strip(), actor.user_id
    milestone = _milestone(action)
    if milestone and milestone.done_at is None:
        schedule.delete(milestone, SYSTEM, now)
    telling.of_action(action, "dropped", actor, now)
    settle(action.pack, now)


def _milestone(action: FeedbackAction) -> Milestone | None:
    """The brand may have deleted it."""
    query = access.select_visible(Milestone, SYSTEM).where(Milestone.product_id == action.product_id, Milestone.source == _source(action))
    found: Milestone | None = db.session.scalar(query)
    return found


def settle(pack: FeedbackPack, now: datetime) -> None:
    """A pack has been acted on once nothing promised is open. The lock lets of two last closings the second see the first."""
    db.session.flush()
    db.session.refresh(pack, with_for_update={"of": FeedbackPack})
    promised = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.id).where(
        FeedbackAction.pack_id == pack.id, FeedbackAction.state == "promised"
    )
    if pack.state == "acknowledged" and db.session.scalar(promised.limit(1)) is None:
        workflow.fire(pack, "act", SYSTEM, now=now)
        pack.acted_at = now
        db.session.flush()


def photograph(section: PackSection, uploads: Sequence[Any], actor: Actor, now: datetime) -> int:
    """Keep pictures with the answer to a section; whoever reads the answer sees them. How many."""
    access.require("feedback.answer", actor, section.pack)
    chosen = [upload for upload in uploads if upload and upload.filename]
    for upload in chosen:
        keep_photo(section, upload, actor, now)
    return len(chosen)


def keep_photo(section: PackSection, upload: Any, actor: Actor, now: datetime) -> StoredFile:
    """One of them. Refused beyond MOST_PHOTOS."""
    db.session.refresh(section.pack, with_for_update={"of": FeedbackPack})
    access.require("feedback.answer", actor, section.pack)
    _refuse_more("feedback_section", section.id)
    kept = files.store(upload, actor, now, kind="photo", subject=("feedback_section", section.id), product_id=section.product_id)
    audit.record("feedback.photo", section, actor, now, file=kept.name, file_id=kept.id)
    return kept


def keep_proof(action: FeedbackAction, upload: Any, actor: Actor, now: datetime) -> StoredFile:
    """A picture with an open promise. Conflict when it was closed meanwhile, Refused beyond MOST_PHOTOS."""
    db.session.refresh(action, with_for_update={"of": FeedbackAction})
    if action.state != "promised":
        raise Conflict(what=workflow.last_act(action, actor))
    _refuse_more("feedback_action", action.id)
    return files.store(upload, actor, now, kind="photo", subject=("feedback_action", action.id), product_id=action.product_id)


def _refuse_more(subject_type: str, subject_id: int) -> None:
    if _photos(subject_type, subject_id) >= MOST_PHOTOS:
        raise Refused(_l("There are %(n)s photos already.", n=MOST_PHOTOS))


def _photos(subject_type: str, subject_id: int) -> int:
    query = access.select_visible(StoredFile, SYSTEM, func.count(StoredFile.id))
    return db.session.scalar(query.where(StoredFile.subject_type == subject_type, StoredFile.subject_id == subject_id)) or 0


def remove_photo(section: PackSection, file: StoredFile, actor: Actor, now: datetime) -> None:
    """Take away a picture of a draft."""
    access.require("feedback.answer", actor, section.pack)
    audit.record("feedback.photo_remove", section, actor, now, file=file.name, file_id=file.id)
    files.remove(file)
