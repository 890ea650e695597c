"""Annotating a picture of the current revision, answering, resolving. A revision that was replaced takes no new annotation."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.codevelopment.annotation_models import Annotation, AnnotationRemark
from incubator.codevelopment.models import Deliverable, DeliverableRevision, RevisionFile
from incubator.codevelopment.revision_service import is_picture
from incubator.codevelopment.service import page, revision_of
from incubator.codevelopment.telling import tell, tell_brand
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, NotFound, Refused


def add(deliverable: Deliverable, file_id: int, shape: str, place: dict[str, int], body: str, actor: Actor, now: datetime) -> Annotation:
    """Mark `place` (x, y, width, height in hundredths of a percent) on a picture of the current revision."""
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    access.require("deliverable.annotate", actor, deliverable)
    row = _current_file(deliverable, file_id)
    if not is_picture(row.file):
        raise Invalid({"file_id": [_l("Only a picture can be annotated.")]})
    annotation = Annotation(
        deliverable_id=deliverable.id, product_id=deliverable.product_id, brand_id=deliverable.brand_id, revision_id=row.revision_id,
        file_id=file_id, file_name=row.name, number=_next_number(deliverable), shape=shape, created_at=now, **place,
    )  # fmt: skip
    db.session.add(annotation)
    _remark(annotation, body, actor, now)
    audit.record("annotation.add", annotation, actor, now, file=row.name, number=annotation.number)
    _tell_other_side(deliverable, actor, now)
    return annotation


def _current_file(deliverable: Deliverable, file_id: int) -> RevisionFile:
    """The file in the current revision; Refused when only an earlier one held it, NotFound when none did."""
    query = access.select_visible(RevisionFile, SYSTEM).join(DeliverableRevision, DeliverableRevision.id == RevisionFile.revision_id)
    query = query.where(DeliverableRevision.deliverable_id == deliverable.id, RevisionFile.file_id == file_id)
    rows = list(db.session.scalars(query))
    current = revision_of(deliverable, deliverable.current_number)
    if not rows or current is None:
        raise NotFound()
    found = next((row for row in rows if row.revision_id == current.id), None)
    if found is None:
        raise Refused(_l("Revision %(n)s has replaced this picture. Annotate that one.", n=current.number))
    return found


def _next_number(deliverable: Deliverable) -> int:
    query = access.select_visible(Annotation, SYSTEM, func.max(Annotation.number)).where(Annotation.deliverable_id == deliverable.id)
    return (db.session.scalar(query) or 0) + 1


def _remark(annotation: Annotation, body: str, actor: Actor, now: datetime) -> None:
    assert actor.user_id is not None and actor.organisation_id is not None
    annotation.remarks.append(
        AnnotationRemark(author_id=actor.user_id, organisation_id=actor.organisation_id, body=body.strip(), created_at=now)
    )
    db.session.flush()


def _tell_other_side(deliverable: Deliverable, actor: Actor, now: datetime) -> None:
    """In the app only: who draws ten pins sends no ten mails."""
    said: dict[str, Any] = {"who": actor.organisation_name, "title": deliverable.title}
    if actor.organisation_id == deliverable.brand_id:
        tell(deliverable.owner_id, "annotation.added", page(deliverable), now, actor, by_mail=False, **said)
    else:
        tell_brand(deliverable.product, "annotation.added", page(deliverable), now, actor, by_mail=False, **said)


def answer(annotation: Annotation, deliverable: Deliverable, body: str, actor: Actor, now: datetime) -> None:
    access.require("annotation.answer", actor, deliverable)
    if not body.strip():
        raise Invalid({"body": [_l("Write something first.")]})
    _remark(annotation, body, actor, now)
    audit.record("annotation.answer", annotation, actor, now, file=annotation.file_name, number=annotation.number)
    _tell_other_side(deliverable, actor, now)


def settle(annotation: Annotation, deliverable: Deliverable, resolved: bool, actor: Actor, now: datetime) -> None:
    """Mark it as resolved, or as open again; Conflict when it is so already."""
    access.require("annotation.answer", actor, deliverable)
    db.session.refresh(annotation, with_for_update={"of": Annotation})
    if (annotation.resolved_at is not None) == resolved:
        raise Conflict(what=workflow.last_act(annotation, actor))
    annotation.resolved_at, annotation.resolved_by_id = (now, actor.user_id) if resolved else (None, None)
    db.session.flush()
    event = "annotation.resolve" if resolved else "annotation.reopen"
    audit.record(event, annotation, actor, now, file=annotation.file_name, number=annotation.number)
