"""The verbs of the wall: put up, take in hand, reply, share, close with proof. None edits a word, none opens again what is closed."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.upsert import insert_once
from incubator.products import people
from incubator.signals import subjects, wall_queries
from incubator.signals.models import Voice
from incubator.signals.subjects import Subject
from incubator.signals.wall_models import Complaint, ComplaintReply, ComplaintShare

notices.register(
    {
        "complaint.owned": _l("A complaint on the wall is yours: “%(words)s”"),
        "complaint.shared": _l("%(brand)s shows you a complaint: “%(words)s”"),
        "complaint.reply": _l("%(author)s replied to a complaint: “%(words)s”"),
        "complaint.closed": _l("A complaint was closed with proof: “%(words)s”"),
        "complaint.waiting": _l("%(n)s of your complaints wait, the oldest for %(days)s days."),
    }
)
SHOWN_WORDS = 60


def open_complaint(
    voice: Voice, owner_id: int | None, subject: Subject | None, actor: Actor, now: datetime, follows: Complaint | None = None
) -> Complaint:
    """Put a voice on the wall, with an executive owner and what it is about. Invalid without an owner among the brand's people."""
    access.require("wall.open", actor, voice)
    if owner_id is None:
        raise Invalid({"owner_id": [gettext("Somebody must answer for it.")]})
    people.require_colleague(owner_id, voice.brand_id)
    about = subject or subjects.NOTHING
    complaint = Complaint(
        brand_id=voice.brand_id, voice_id=voice.id, product_id=about.product_id, subject_type=about.kind, subject_id=about.id,
        subject_name=about.name[:200], state="open", state_since=now, owner_id=owner_id, opened_by_id=actor.user_id, opened_at=now,
        follows_id=follows.id if follows else None,
    )  # fmt: skip
    db.session.add(complaint)
    db.session.flush()
    audit.record("complaint.open", complaint, actor, now)
    _tell([owner_id], "complaint.owned", complaint, actor, now)
    return complaint


def take(complaint: Complaint, promised_on: date | None, expected: int | None, actor: Actor, now: datetime) -> Complaint:
    """Say that it is being worked on, and for when something is promised."""
    workflow.fire(complaint, "take", actor, now=now, expected=expected)
    complaint.promised_on = promised_on
    db.session.flush()
    return complaint


def close(complaint: Complaint, note: str, url: str, upload: Any, expected: int | None, actor: Actor, now: datetime) -> Complaint:
    """Close it with proof: a note, and a file or a link. Conflict when it has moved on, Refused without proof."""
    db.session.refresh(complaint, with_for_update={"of": Complaint})
    stale = expected is not None and expected != complaint.version
    if complaint.state != "closed":
        complaint.proof_note, complaint.proof_url = note, url or ""
        if upload is not None and upload.filename:
            stored = files.store(upload, actor, now, subject=("complaint", complaint.id), product_id=complaint.product_id)
            complaint.proof_file_id = stored.id
        complaint.closed_by_id, complaint.closed_at = actor.user_id, now
    db.session.flush()
    workflow.fire(complaint, "close", actor, note=note, now=now, expected=-1 if stale else None)
    _tell([complaint.opened_by_id], "complaint.closed", complaint, actor, now)
    return complaint


def reply(complaint: Complaint, body: str, audience_id: int | None, actor: Actor, now: datetime) -> ComplaintReply:
    """Answer on the wall. A party writes to the brand; the brand to itself or to one organisation that the complaint is shared with."""
    access.require("wall.reply", actor, complaint)
    if actor.role != "brand":
        audience_id = actor.organisation_id
    elif audience_id is not None and audience_id not in dict(wall_queries.shared_with(complaint, actor)):
        raise Invalid({"audience_id": [gettext("Share the complaint with this organisation first.")]})
    said = ComplaintReply(
        complaint_id=complaint.id, author_id=actor.user_id, organisation_id=actor.organisation_id, audience_id=audience_id, body=body,
        created_at=now,
    )  # fmt: skip
    db.session.add(said)
    db.session.flush()
    audit.record("complaint.reply", complaint, actor, now, reply=said.id)
    if actor.role == "brand" and audience_id is not None:
        others = notices.people_of(audience_id)
        notices.notify(
            others, "complaint.reply", f"/wall/{complaint.id}", now, audience_id, False, author=actor.name, words=_words(complaint)
        )
    _tell([complaint.owner_id], "complaint.reply", complaint, actor, now)
    return said


def share(complaint: Complaint, organisation_id: int, actor: Actor, now: datetime) -> None:
    """Show the complaint to an organisation that takes part in its product, or that it is about; twice is once."""
    access.require("wall.share", actor, complaint)
    name = dict(wall_queries.may_be_shared_with(complaint, actor)).get(organisation_id)
    if name is None:
        raise Invalid({"organisation_id": [gettext("This organisation takes no part in what the complaint is about.")]})
    made = insert_once(
        ComplaintShare, complaint_id=complaint.id, organisation_id=organisation_id, shared_by_id=actor.user_id, created_at=now
    )
    if made is None:
        return
    audit.record("complaint.share", complaint, actor, now, **{"with": name})
    people_there = notices.people_of(organisation_id)
    brand, words = actor.organisation_name, _words(complaint)
    notices.notify(people_there, "complaint.shared", f"/wall/{complaint.id}", now, organisation_id, brand=brand, words=words)


def _words(complaint: Complaint) -> str:
    said = " ".join(complaint.voice.text.split())
    return said if len(said) <= SHOWN_WORDS else f"{said[:SHOWN_WORDS]}…"


def _tell(user_ids: list[int | None], what: str, complaint: Complaint, actor: Actor, now: datetime) -> None:
    wanted = [i for i in user_ids if i is not None and i != actor.user_id]
    users = db.session.scalars(access.select_visible(User, SYSTEM).where(User.id.in_(wanted))) if wanted else ()
    url = f"/wall/{complaint.id}"
    notices.notify(users, what, url, now, complaint.brand_id, what == "complaint.owned", author=actor.name, words=_words(complaint))
