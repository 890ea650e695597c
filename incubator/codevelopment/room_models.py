"""The data room of a product: folders that only their brand sees, until it shares one with a named organisation for a time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import Organisation, User, one_of
from incubator.kernel.db import Model, Stamped, append_only
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Product

RIGHTS = ("read", "upload")


class RoomFolder(Stamped, Model):
    """A folder of a product's data room."""

    __tablename__ = "room_folder"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")

    product: Mapped[Product] = relationship()

    @property
    def audit_scope(self) -> tuple[int, int]:
        return self.product_id, self.brand_id


class RoomFile(Model):
    """A file of a folder, put there by `organisation_id`."""

    __tablename__ = "room_file"
    __table_args__ = (Index("ix_room_file_folder", "folder_id", "id"),)

    folder_id: Mapped[int] = mapped_column(ForeignKey("room_folder.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    folder: Mapped[RoomFolder] = relationship()
    file: Mapped[StoredFile] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    uploaded_by: Mapped[User] = relationship()


class RoomShare(Model):
    """The right of one organisation to read a folder, or also to put files into it; until `expires_on` (inclusive, UTC) or revoked."""

    __tablename__ = "room_share"
    __table_args__ = (
        CheckConstraint(one_of("access", RIGHTS), "access"),
        Index("ix_room_share_folder", "folder_id", "id"),
        Index("ix_room_share_organisation", "organisation_id", "folder_id"),
    )

    folder_id: Mapped[int] = mapped_column(ForeignKey("room_folder.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    access: Mapped[str] = mapped_column(String(6), default="read")
    expires_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None]
    shared_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]

    folder: Mapped[RoomFolder] = relationship()
    organisation: Mapped[Organisation] = relationship()

    def is_live(self, today: date) -> bool:
        return self.revoked_at is None and (self.expires_on is None or self.expires_on >= today)


class RoomDownload(Model):
    """Who took which file, when. It names the file as it was, because the file itself may be gone."""

    __tablename__ = "room_download"
    __table_args__ = (Index("ix_room_download_folder", "folder_id", "id"),)

    folder_id: Mapped[int] = mapped_column(ForeignKey("room_folder.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_id: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])


append_only(RoomDownload.__table__)
