"""The verbs of a segment: begin, change, require, choose evidence, and hand over to a brief."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, NotFound
from incubator.products import people
from incubator.products.models import Product
from incubator.signals.models import Voice
from incubator.signals.segment_models import Segment, SegmentRequirement, SegmentVoice

FIELDS = ("name", "need", "buyer_kind", "owner_id", "topic_ids", "mood", "q")
MOST_EVIDENCE = 500


def create(data: Mapping[str, Any], actor: Actor, now: datetime) -> Segment:
    """Begin a segment; Invalid when the brand has one of this name."""
    access.require("segment.edit", actor)
    segment = Segment(brand_id=actor.organisation_id, state="draft", state_since=now, created_at=now, updated_at=now)
    _fill(segment, data, actor)
    db.session.add(segment)
    db.session.flush()
    audit.record("segment.create", segment, actor, now, name=segment.name)
    return segment


def edit(segment: Segment, data: Mapping[str, Any], expected: int, actor: Actor, now: datetime) -> Segment:
    """Change it; Conflict when somebody was faster."""
    _lock(segment, actor)
    if expected != segment.version:
        raise Conflict(what=workflow.last_act(segment, actor))
    _fill(segment, data, actor)
    return _touch(segment, "edit", actor, now)


def add_requirement(segment: Segment, data: Mapping[str, Any], actor: Actor, now: datetime) -> SegmentRequirement:
    _lock(segment, actor)
    requirement = SegmentRequirement(**{n: data[n] or "" for n in ("attribute", "operator", "target", "unit", "priority")})
    segment.requirements.append(requirement)
    _touch(segment, "require", actor, now)
    return requirement


def remove_requirement(segment: Segment, requirement_id: int, actor: Actor, now: datetime) -> None:
    """Take a requirement out; the voices chosen for it stay with the segment."""
    _lock(segment, actor)
    found = next((r for r in segment.requirements if r.id == requirement_id), None)
    if found is None:
        raise NotFound()
    for chosen in segment.evidence:
        if chosen.requirement_id == requirement_id:
            chosen.requirement = None
    db.session.flush()
    segment.requirements.remove(found)
    _touch(segment, "require", actor, now)


def choose(segment: Segment, voice_ids: Sequence[int], requirement_id: int | None, actor: Actor, now: datetime) -> int:
    """Choose voices as evidence; those chosen before only change their requirement. Returns how many are new."""
    _lock(segment, actor)
    if requirement_id is not None and requirement_id not in {r.id for r in segment.requirements}:
        raise Invalid({"requirement_id": [gettext("This requirement is not of this segment.")]})
    wanted = access.select_visible(Voice, actor, Voice.id).where(Voice.id.in_(id_set(voice_ids)))
    ids = list(db.session.scalars(wanted))
    known = {chosen.voice_id: chosen for chosen in segment.evidence}
    if len(known) + len(set(ids) - set(known)) > MOST_EVIDENCE:
        raise Invalid({"voice_id": [gettext("A segment has at most %(n)s voices as evidence.", n=MOST_EVIDENCE)]})
    for voice_id in ids:
        if voice_id in known:
            known[voice_id].requirement_id = requirement_id
        else:
            segment.evidence.append(
                SegmentVoice(voice_id=voice_id, requirement_id=requirement_id, added_by_id=actor.user_id, created_at=now)
            )
    _touch(segment, "choose", actor, now)
    return len(set(ids) - set(known))


def unchoose(segment: Segment, voice_id: int, actor: Actor, now: datetime) -> None:
    _lock(segment, actor)
    found = next((chosen for chosen in segment.evidence if chosen.voice_id == voice_id), None)
    if found is None:
        raise NotFound()
    segment.evidence.remove(found)
    _touch(segment, "unchoose", actor, now)


def hand_over(segment: Segment, product: Product, actor: Actor, now: datetime) -> None:
    """The segment has its brief: `product` is what came of it."""
    workflow.fire(segment, "brief", SYSTEM, now=now, by=actor.name)
    segment.product_id = product.id
    db.session.flush()


def _fill(segment: Segment, data: Mapping[str, Any], actor: Actor) -> None:
    people.require_colleague(data["owner_id"], segment.brand_id)
    same = access.select_visible(Segment, actor, Segment.id).where(Segment.brand_id == segment.brand_id, Segment.name == data["name"])
    if db.session.scalar(select(same.where(Segment.id != (segment.id or 0)).exists())):
        raise Invalid({"name": [gettext("There is a segment of this name.")]})
    for name in FIELDS:
        setattr(segment, name, data[name] if data[name] is not None or name == "owner_id" else "")


def _lock(segment: Segment, actor: Actor) -> None:
    db.session.refresh(segment, with_for_update={"of": Segment})
    access.require("segment.edit", actor, segment)


def _touch(segment: Segment, what: str, actor: Actor, now: datetime) -> Segment:
    segment.updated_at = now
    db.session.flush()
    audit.record(f"segment.{what}", segment, actor, now, name=segment.name)
    return segment
