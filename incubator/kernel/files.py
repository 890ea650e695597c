"""Uploads and what we produce: checked, renamed, stored, and shown to whoever sees the thing they belong to.

It refuses what is too large or not on the list of types, and never trusts a name or a declared type.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, event, or_
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from incubator.kernel import blobs, images, names, sniff, web
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.kernel.db import db, release
from incubator.kernel.errors import AppError, Invalid, TooLarge
from incubator.kernel.file_table import StoredFile

MOST_BYTES = 20 * 1024 * 1024
MOST_UPLOADS = 10  # of one request: each may take seconds
Subject = tuple[str, int]
_subjects: dict[str, Callable[[Actor], Select[Any]]] = {}


def register_subject(subject_type: str, visible_ids: Callable[[Actor], Select[Any]]) -> None:
    """Say who sees the files of a kind of record: a select of the ids of those that an actor sees."""
    _subjects[subject_type] = visible_ids


def visible_files(actor: Actor) -> ColumnElement[bool]:
    """Files of visible subjects, and the imports and exports that the actor made for the same organisation."""
    own = and_(
        StoredFile.subject_type.is_(None),
        StoredFile.uploaded_by == actor.user_id,
        StoredFile.organisation_id.is_not_distinct_from(actor.organisation_id),
    )
    return or_(own, *(and_(StoredFile.subject_type == kind, within(StoredFile.subject_id, ids(actor))) for kind, ids in _subjects.items()))


@dataclass(frozen=True)
class Checked:
    """An upload after the slow part: what it is, how it will be named, and the picture written anew if it is one."""

    data: bytes
    name: str
    content_type: str
    photo: images.Photo | None


def install(app: Flask) -> None:
    app.before_request(_check_uploads)


def _check_uploads() -> None:
    """Sniff and decode before the view begins: inside its transaction, every other writer would wait for a large picture.

    What is refused here is refused where the view stores it, so that pages answer as they always did.
    """
    if web.actor().is_anonymous or request.mimetype != "multipart/form-data":
        return
    uploads = [upload for _name, upload in request.files.items(multi=True) if upload.filename]
    if len(uploads) > MOST_UPLOADS:
        raise TooLarge(_l("These are more than %(n)s files. Send fewer at once.", n=MOST_UPLOADS))
    if uploads:
        release()
    for upload in uploads:
        check(upload)


def check(upload: FileStorage) -> None:
    """Sniff and decode now, before anything is written; what is refused is refused where it is stored."""
    try:
        vars(upload)["checked"] = _check(upload)
    except AppError as error:
        vars(upload)["checked"] = error


def is_checked(upload: FileStorage) -> bool:
    return "checked" in vars(upload)


def _check(upload: FileStorage) -> Checked:
    """TooLarge above 20 MiB or 40 megapixels, Invalid for types that are not on the list."""
    data = upload.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge(_l("This file is larger than 20 MB. Make it smaller, or split it."))
    name = names.clean_name(upload.filename)
    found = sniff.content_type(data, name)
    photo = images.reencode(data) if found in sniff.IMAGES else None
    data, found = (photo.data, photo.content_type) if photo else (data, found)
    return Checked(data, names.with_suffix(name, sniff.SUFFIXES[found]), found, photo)


def store(
    upload: FileStorage,
    actor: Actor,
    now: datetime,
    *,
    kind: str = "attachment",
    subject: Subject | None = None,
    product_id: int | None = None,
) -> StoredFile:
    """Check and keep an upload in the caller's transaction. A `kind="photo"` must be a picture, an "import" text or a workbook.

    `subject` is (registered type, id). In a request the slow part was done before (`_check_uploads`).
    TooLarge above 20 MiB or 40 megapixels, Invalid for other types.
    """
    found = vars(upload).get("checked") or _check(upload)
    if kind == "import" and not (
        found.content_type in sniff.SHEETS if isinstance(found, Checked) else isinstance(found, TooLarge | sniff.Empty)
    ):
        raise sniff.NoSheet()
    if isinstance(found, AppError):
        raise found
    if kind == "photo" and found.photo is None:
        raise Invalid({"file": [_l("This is not a picture. Send a PNG, JPEG, WebP or GIF file.")]})
    kind = "photo" if found.photo else kind
    file = keep(found.data, found.name, found.content_type, actor, now, kind=kind, subject=subject, product_id=product_id)
    if found.photo:
        file.width, file.height, file.has_thumbnail = found.photo.width, found.photo.height, True
        _put(file.thumbnail_key, found.photo.thumbnail)
    return file


def keep(
    data: bytes,
    name: str,
    content_type: str,
    actor: Actor,
    now: datetime,
    *,
    kind: str,
    subject: Subject | None = None,
    product_id: int | None = None,
) -> StoredFile:
    """Keep bytes that we made ourselves (a report, an export) without sniffing them; flushed, so that it has an id."""
    subject_type, subject_id = subject or (None, None)
    if subject_type is not None and subject_type not in _subjects:
        raise LookupError(f"nobody said who sees the files of {subject_type!r}")
    file = StoredFile(
        organisation_id=actor.organisation_id, subject_type=subject_type, subject_id=subject_id, product_id=product_id, kind=kind,
        name=names.clean_name(name), content_type=content_type, size=len(data), sha256=hashlib.sha256(data).hexdigest(),
        key=secrets.token_hex(20), uploaded_by=actor.user_id, created_at=now,
    )  # fmt: skip
    _put(file.key, data)
    db.session.add(file)
    db.session.flush()
    return file


def read(file: StoredFile) -> bytes:
    """The whole content, for a PDF or an import."""
    return blobs.get(file.key)


def open_stream(file: StoredFile, *, thumbnail: bool = False) -> Iterator[bytes]:
    """The content in chunks; FileNotFoundError when the bytes are gone."""
    return blobs.stream(file.thumbnail_key if thumbnail else file.key)


def remove(file: StoredFile) -> None:
    """Delete the row now and the bytes once the transaction has committed."""
    db.session.info.setdefault("blobs_to_delete", []).extend([file.key, *([file.thumbnail_key] if file.has_thumbnail else [])])
    db.session.delete(file)


def _put(key: str, data: bytes) -> None:
    db.session.info.setdefault("blobs_put", []).append(key)
    blobs.put(key, data)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    session.info.pop("blobs_put", None)
    if keys := session.info.pop("blobs_to_delete", None):
        blobs.delete(keys)


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop("blobs_to_delete", None)
    if keys := session.info.pop("blobs_put", None):
        blobs.delete(keys)
