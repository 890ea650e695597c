"""Photos from a factory's own system: the same key with the same photo for the same thing is kept once, with anything else it is refused."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.feedback import action_service
from incubator.feedback.models import FeedbackAction, PackSection
from incubator.feedback.upload_models import PhotoUpload
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.upsert import insert_once


def add(about: PackSection | FeedbackAction, upload: Any, digest: str, key: str, actor: Actor, now: datetime) -> StoredFile:
    """Keep a photo with an answer or a promise; `digest` is of the bytes as they were sent. The first file again when it came before."""
    keep: Callable[..., StoredFile] = action_service.keep_photo if isinstance(about, PackSection) else action_service.keep_proof
    hashed = hashlib.sha256(key.encode()).hexdigest()
    own = {"subject_type": about.__tablename__, "subject_id": about.id, "sha256": digest}
    made = insert_once(PhotoUpload, factory_id=actor.organisation_id, key=hashed, created_at=now, **own)
    query = access.select_visible(PhotoUpload, actor).where(PhotoUpload.key == hashed)
    row: PhotoUpload = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if made is None:
        return _first(row, own, actor)
    file = keep(about, upload, actor, now)
    row.file_id = file.id
    db.session.flush()
    return file


def _first(row: PhotoUpload, own: dict[str, Any], actor: Actor) -> StoredFile:
    if any(getattr(row, name) != value for name, value in own.items()):
        raise Refused(_l("Another photo was sent under this idempotency key. Use a new key for each photo."))
    if row.file_id is None:
        raise Refused(_l("This photo was taken away since. Send it under a new key."))
    found: StoredFile = access.get_visible(StoredFile, row.file_id, actor)
    return found
