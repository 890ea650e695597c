"""Reads of the data room: folders, files, shares, who downloaded what; and the brand's index of everything."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from incubator.accounts.models import Organisation, User
from incubator.codevelopment.room_models import RoomDownload, RoomFile, RoomFolder, RoomShare
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Product

LATEST = paging.Order(RoomFile.id, "id", descending=True)
MOST_EXPORTED = 50_000


def folders(product: Product, actor: Actor) -> list[Any]:
    """The folders that the actor may open, by name, with the number of files that it sees there."""
    files = access.select_visible(RoomFile, actor, func.count(RoomFile.id)).where(RoomFile.folder_id == RoomFolder.id)
    number = files.correlate(RoomFolder).scalar_subquery().label("files")
    query = access.select_visible(RoomFolder, actor, RoomFolder.id, RoomFolder.name, RoomFolder.note, RoomFolder.updated_at, number)
    return list(db.session.execute(query.where(RoomFolder.product_id == product.id).order_by(RoomFolder.name).limit(200)))


def folder(folder_id: int, actor: Actor) -> RoomFolder:
    product = joinedload(RoomFolder.product)
    options = (product.joinedload(Product.programme), product.joinedload(Product.brand), product.joinedload(Product.owner))
    return access.get_visible(RoomFolder, folder_id, actor, *options)


def files_of(found: RoomFolder, actor: Actor, cursor: str | None) -> paging.Page:
    """One page of the folder's files that the actor sees, latest first."""
    query = _files(actor).where(RoomFile.folder_id == found.id)
    count = access.select_visible(RoomFile, actor, RoomFile.id).where(RoomFile.folder_id == found.id)
    return paging.fetch(query, RoomFile.id, LATEST, cursor, count=count)


def _files(actor: Actor) -> Any:
    columns = (
        RoomFile.id, RoomFile.created_at, RoomFile.organisation_id, StoredFile.name, StoredFile.size, StoredFile.sha256,
        Organisation.name.label("organisation"), User.name.label("uploader"),
    )  # fmt: skip
    query = access.select_visible(RoomFile, actor, *columns).join(StoredFile, StoredFile.id == RoomFile.file_id)
    return query.join(Organisation, Organisation.id == RoomFile.organisation_id).join(User, User.id == RoomFile.uploaded_by_id)


def file(room_file_id: int, actor: Actor) -> RoomFile:
    """With its bytes' row, which nobody reads by another way."""
    return access.get_visible(RoomFile, room_file_id, actor, joinedload(RoomFile.file), joinedload(RoomFile.folder))


def shares(found: RoomFolder, actor: Actor) -> list[RoomShare]:
    """Living and ended rights to the folder, latest first; a party finds its own."""
    query = access.select_visible(RoomShare, actor).where(RoomShare.folder_id == found.id).options(joinedload(RoomShare.organisation))
    return list(db.session.scalars(query.order_by(RoomShare.id.desc()).limit(100)))


def downloads(found: RoomFolder, actor: Actor, limit: int = 100) -> list[Any]:
    """Who took what, latest first; for the brand."""
    columns = (RoomDownload.id, RoomDownload.file_name, RoomDownload.at, User.name.label("who"), Organisation.name.label("organisation"))
    query = access.select_visible(RoomDownload, actor, *columns).join(User, User.id == RoomDownload.user_id)
    query = query.join(Organisation, Organisation.id == RoomDownload.organisation_id).where(RoomDownload.folder_id == found.id)
    return list(db.session.execute(query.order_by(RoomDownload.id.desc()).limit(limit)))


def index(product: Product, actor: Actor) -> list[Any]:
    """Every file of the product's room: folder, name, size, digest, who put it there, when, and how often it was taken."""
    taken = access.select_visible(RoomDownload, actor, func.count(RoomDownload.id)).where(RoomDownload.file_id == RoomFile.file_id)
    number = taken.correlate(RoomFile).scalar_subquery().label("downloads")
    query = _files(actor).add_columns(RoomFolder.name.label("folder"), number).join(RoomFolder, RoomFolder.id == RoomFile.folder_id)
    query = query.where(RoomFolder.product_id == product.id).order_by(RoomFolder.name, RoomFile.id)
    return list(db.session.execute(query.limit(MOST_EXPORTED)))
