"""Reads of the wall for pages, always scoped: a party finds only what was shown to it."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.accounts.models import Organisation, User
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.products.models import Participant
from incubator.signals import subjects
from incubator.signals.models import Voice
from incubator.signals.wall_models import Complaint, ComplaintReply, ComplaintShare

OLDEST = paging.Order(Complaint.opened_at, "opened_at")
LATEST = paging.Order(Complaint.opened_at, "opened_at", descending=True)
OPEN = ("open", "in_hand")
COLUMNS = (
    Complaint.id, Complaint.state, Complaint.opened_at, Complaint.closed_at, Complaint.promised_on, Complaint.owner_id,
    User.name.label("owner"), Voice.text, Voice.channel, Voice.buyer_kind,
)  # fmt: skip


def _subject_name(actor: Actor) -> Any:
    """SQL: what a complaint is about. A party reads it only of records that it sees: another's sample or SKU has no name for it."""
    if actor.role == "brand":
        return Complaint.subject_name
    seen = [
        and_(Complaint.subject_type == kind, access.within(Complaint.subject_id, access.select_visible(model, actor, model.id)))
        for kind, model in subjects.told_to(actor.role)
    ]
    return case((or_(*seen), Complaint.subject_name), else_="").label("subject_name")


def subject_name(complaint: Complaint, actor: Actor) -> str:
    """What one complaint is about, as far as the actor may know it."""
    query = access.select_visible(Complaint, actor, _subject_name(actor)).where(Complaint.id == complaint.id)
    return db.session.scalar(query) or ""


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the wall: what is open, oldest first; what is closed, latest first. `filters`: state, owner_id, product_id."""
    rows = access.select_visible(Complaint, actor, *COLUMNS, _subject_name(actor)).join(Voice, Voice.id == Complaint.voice_id)
    rows, count = rows.join(User, User.id == Complaint.owner_id), access.select_visible(Complaint, actor, Complaint.id)
    state = filters.get("state", "")
    wanted = [Complaint.state == state] if state else [] if filters.get("all") else [Complaint.state.in_(OPEN)]
    for name in ("owner_id", "product_id"):
        if filters.get(name):
            wanted.append(getattr(Complaint, name) == filters[name])
    return paging.fetch(rows.where(*wanted), Complaint.id, LATEST if state == "closed" else OLDEST, cursor, size, count.where(*wanted))


def whole(complaint_id: int, actor: Actor) -> Complaint:
    """A complaint with its words, owner and proof."""
    found: Complaint = access.get_visible(
        Complaint, complaint_id, actor, joinedload(Complaint.voice).joinedload(Voice.source), joinedload(Complaint.owner),
        joinedload(Complaint.closed_by), joinedload(Complaint.proof_file),
    )  # fmt: skip
    return found


def replies(complaint: Complaint, actor: Actor) -> list[ComplaintReply]:
    """What was answered, as far as the actor may read it, oldest first."""
    query = access.select_visible(ComplaintReply, actor).where(ComplaintReply.complaint_id == complaint.id).order_by(ComplaintReply.id)
    options = (joinedload(ComplaintReply.author), joinedload(ComplaintReply.organisation), joinedload(ComplaintReply.audience))
    return list(db.session.scalars(query.options(*options)))


def shared_with(complaint: Complaint, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of those to whom the complaint was shown; nobody but the brand learns it."""
    query = access.select_visible(ComplaintShare, actor, Organisation.id, Organisation.name, Organisation.short_name)
    query = query.join(Organisation, Organisation.id == ComplaintShare.organisation_id).where(ComplaintShare.complaint_id == complaint.id)
    return [(row.id, row.short_name or row.name) for row in db.session.execute(query.order_by(ComplaintShare.id))]


def may_be_shared_with(complaint: Complaint, actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the organisations that take part in the complaint's product now, or that it is about."""
    if complaint.subject_type == "organisation" and complaint.subject_id:
        query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.short_name)
        query = query.where(Organisation.id == complaint.subject_id, Organisation.kind != "brand")
    elif complaint.product_id is None:
        return []
    else:
        query = access.select_visible(Participant, actor, Organisation.id, Organisation.name, Organisation.short_name)
        query = query.join(Organisation, Participant.organisation_id == Organisation.id).distinct().order_by(Organisation.name)
        query = query.where(Participant.product_id == complaint.product_id, Participant.left_at.is_(None))
    return [(row.id, row.short_name or row.name) for row in db.session.execute(query)]


def of_voice(voice_id: int, actor: Actor) -> list[Any]:
    """The complaints that put this voice on the wall."""
    query = access.select_visible(Complaint, actor, Complaint.id, Complaint.state).where(Complaint.voice_id == voice_id)
    return list(db.session.execute(query.order_by(Complaint.id)))


def ages(actor: Actor, now: datetime) -> dict[str, Any]:
    """How many are open, how old the oldest is, and how many were closed in the last 30 days."""
    open_ = access.select_visible(Complaint, actor, func.count(Complaint.id)).where(Complaint.state.in_(OPEN))
    oldest = access.select_visible(Complaint, actor, func.min(Complaint.opened_at)).where(Complaint.state.in_(OPEN))
    closed = access.select_visible(Complaint, actor, func.count(Complaint.id)).where(
        Complaint.state == "closed", Complaint.closed_at >= now - timedelta(days=30)
    )
    parts = {"open": open_, "oldest": oldest, "closed": closed}
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return {"open": row.open, "closed": row.closed, "days": days_open(row.oldest, now) if row.oldest else None}


def days_open(opened_at: datetime, now: datetime) -> int:
    return max(0, (now - opened_at).days)


def mine(actor: Actor) -> Any:
    """A scalar subquery: how many open complaints are the actor's to answer for."""
    query = access.select_visible(Complaint, actor, func.count(Complaint.id))
    return query.where(Complaint.owner_id == actor.user_id, Complaint.state.in_(OPEN)).scalar_subquery()


def of_product(product_id: int, actor: Actor) -> Any:
    """A scalar subquery: how many open complaints about a product the actor may read."""
    query = access.select_visible(Complaint, actor, func.count(Complaint.id))
    return query.where(Complaint.product_id == product_id, Complaint.state.in_(OPEN)).scalar_subquery()


def waiting_long(now: datetime, today: date, days: int, limit: int = 200) -> list[tuple[int, int, datetime]]:
    """(owner, how many, the oldest) of complaints open for `days` days whose owner was not reminded for as long."""
    query = access.select_visible(Complaint, SYSTEM, Complaint.owner_id, func.count(), func.min(Complaint.opened_at))
    due = (Complaint.reminded_on.is_(None)) | (Complaint.reminded_on <= today - timedelta(days=days))
    query = query.where(Complaint.state.in_(OPEN), Complaint.opened_at <= now - timedelta(days=days), due)
    return [(owner, number, oldest) for owner, number, oldest in db.session.execute(query.group_by(Complaint.owner_id).limit(limit))]
