"""The data room: folders, files, shares, and downloads that are written down. Nothing is shared unless somebody shares it."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from incubator.codevelopment import policies
from incubator.codevelopment.room_models import RoomDownload, RoomFile, RoomFolder, RoomShare
from incubator.codevelopment.service import partners
from incubator.codevelopment.telling import tell
from incubator.kernel import access, audit, files
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Forbidden, Invalid, NotFound
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Product


def page(folder: RoomFolder) -> str:
    return f"/room/{folder.id}"


def create_folder(product: Product, name: str, note: str, actor: Actor, now: datetime) -> RoomFolder:
    access.require("codevelopment.lead", actor, product)
    folder = RoomFolder(product=product, brand_id=product.brand_id, name=name, note=note, created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(folder)
    except IntegrityError as error:
        raise Invalid({"name": [_l("There is a folder of this name already.")]}) from error
    audit.record("room.create", folder, actor, now, folder=name)
    return folder


def may_upload(folder: RoomFolder, actor: Actor) -> bool:
    query = access.select_visible(RoomFolder, actor, RoomFolder.id).where(RoomFolder.id == folder.id, policies.uploadable(actor))
    return actor.scope == "write" and db.session.scalar(query) is not None


def upload(folder: RoomFolder, sent: FileStorage, actor: Actor, now: datetime) -> RoomFile:
    """Put a file into a folder: the brand, and whoever was given the right."""
    if not may_upload(folder, actor):
        raise Forbidden()
    stored = files.store(sent, actor, now, subject=("room_folder", folder.id), product_id=folder.product_id)
    kept = RoomFile(
        folder=folder, brand_id=folder.brand_id, file=stored, organisation_id=actor.organisation_id, uploaded_by_id=actor.user_id,
        created_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    audit.record("room.upload", folder, actor, now, file=stored.name, folder=folder.name)
    return kept


def remove(kept: RoomFile, actor: Actor, now: datetime) -> None:
    """Take a file out, for good; who downloaded it stays written down."""
    access.require("room.remove", actor, kept)
    stored, folder = kept.file, kept.folder
    audit.record("room.remove", folder, actor, now, file=stored.name, folder=folder.name)
    db.session.delete(kept)
    db.session.flush()
    files.remove(stored)


def download(kept: RoomFile, actor: Actor, now: datetime) -> StoredFile:
    """The file, once its taking has been written down."""
    assert actor.user_id is not None and actor.organisation_id is not None
    stored = kept.file
    db.session.add(
        RoomDownload(
            folder_id=kept.folder_id, brand_id=kept.brand_id, file_id=stored.id, file_name=stored.name, sha256=stored.sha256,
            user_id=actor.user_id, organisation_id=actor.organisation_id, at=now,
        )
    )  # fmt: skip
    db.session.flush()
    audit.record("room.download", kept.folder, actor, now, file=stored.name, folder=kept.folder.name)
    return stored


def share(folder: RoomFolder, organisation_id: int, right: str, expires_on: date | None, actor: Actor, now: datetime) -> RoomShare:
    """Give one organisation of the product a right to the folder; a right that it has already is replaced."""
    access.require("codevelopment.lead", actor, folder)
    organisation = next((o for o in partners(folder.product) if o.id == organisation_id), None)
    if organisation is None:
        raise Invalid({"organisation_id": [_l("This organisation does not take part in the product.")]})
    if expires_on is not None and expires_on < now.date():
        raise Invalid({"expires_on": [_l("This day has passed.")]})
    for earlier in _living(folder, organisation_id, actor):
        earlier.revoked_at = now
    given = RoomShare(
        folder=folder, organisation=organisation, access=right, expires_on=expires_on, shared_by_id=actor.user_id, created_at=now
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    audit.record("room.share", folder, actor, now, folder=folder.name, organisation=organisation.label, right=right)
    tell(organisation.id, "room.shared", page(folder), now, actor, folder=folder.name, name=folder.product.name)
    return given


def _living(folder: RoomFolder, organisation_id: int, actor: Actor) -> list[RoomShare]:
    query = access.select_visible(RoomShare, actor).where(RoomShare.folder_id == folder.id, RoomShare.revoked_at.is_(None))
    return list(db.session.scalars(query.where(RoomShare.organisation_id == organisation_id)))


def revoke(given: RoomShare, actor: Actor, now: datetime) -> None:
    """From this moment the organisation sees nothing of the folder."""
    folder = given.folder
    access.require("codevelopment.lead", actor, folder)
    if given.revoked_at is not None:
        raise NotFound()
    given.revoked_at = now
    db.session.flush()
    audit.record("room.revoke", folder, actor, now, folder=folder.name, organisation=given.organisation.label)
