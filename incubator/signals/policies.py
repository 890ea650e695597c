"""Voices, topics and segments are the brand's alone. A partner reads a complaint only where the brand has shown it and it takes part."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.products.policies import joined_products
from incubator.signals.models import SignalSource, Topic, Voice, VoiceTopic
from incubator.signals.segment_models import Segment, SegmentRequirement, SegmentVoice
from incubator.signals.wall_models import Complaint, ComplaintReply, ComplaintShare


def _own(column: Any, actor: Actor) -> ColumnElement[bool]:
    return column == (actor.organisation_id if actor.role == "brand" else -1)


def _complaints(actor: Actor) -> ColumnElement[bool]:
    """The brand's wall; for a party what was shown to it, as long as it takes part, or what is about the party itself."""
    if actor.role == "brand" or actor.role not in ORGANISATION_KINDS:
        return _own(Complaint.brand_id, actor)
    shown = select(ComplaintShare.complaint_id).where(ComplaintShare.organisation_id == actor.organisation_id)
    about_it = and_(Complaint.subject_type == "organisation", Complaint.subject_id == actor.organisation_id)
    return and_(Complaint.id.in_(shown), or_(Complaint.product_id.in_(joined_products(actor)), about_it))


def _complaint_ids(actor: Actor) -> Any:
    return select(Complaint.id).where(_complaints(actor))


def _voices(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return Voice.brand_id == actor.organisation_id
    return Voice.id.in_(select(Complaint.voice_id).where(_complaints(actor)))


def _replies(actor: Actor) -> ColumnElement[bool]:
    """A party reads what it wrote and what was written to it."""
    mine = within(ComplaintReply.complaint_id, _complaint_ids(actor))
    if actor.role == "brand":
        return mine
    addressed = or_(ComplaintReply.organisation_id == actor.organisation_id, ComplaintReply.audience_id == actor.organisation_id)
    return and_(mine, addressed)


def _shares(actor: Actor) -> ColumnElement[bool]:
    """With whom else a complaint was shared is the brand's secret."""
    return within(ComplaintShare.complaint_id, _complaint_ids(actor)) if actor.role == "brand" else false()


def _segment_ids(actor: Actor) -> Any:
    return select(Segment.id).where(_own(Segment.brand_id, actor))


VISIBLE = {
    SignalSource: lambda actor: _own(SignalSource.brand_id, actor),
    Voice: _voices,
    Topic: lambda actor: _own(Topic.brand_id, actor),
    VoiceTopic: lambda actor: _own(VoiceTopic.brand_id, actor),
    Segment: lambda actor: _own(Segment.brand_id, actor),
    SegmentRequirement: lambda actor: within(SegmentRequirement.segment_id, _segment_ids(actor)),
    SegmentVoice: lambda actor: within(SegmentVoice.segment_id, _segment_ids(actor)),
    Complaint: _complaints,
    ComplaintReply: _replies,
    ComplaintShare: _shares,
}


def _is_own(actor: Actor, record: Any) -> bool:
    return actor.role == "brand" and (record is None or record.brand_id == actor.organisation_id)


RULES = {
    "signals.import": _is_own,
    "signals.edit": _is_own,
    "segment.edit": lambda actor, segment: _is_own(actor, segment) and (segment is None or segment.is_editable),
    "wall.open": _is_own,
    "wall.share": _is_own,
    "wall.reply": lambda actor, complaint: actor.role in ORGANISATION_KINDS,
}

files.register_subject("complaint", _complaint_ids)
