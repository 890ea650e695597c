"""Files of a product: kept for the brand alone, or for the brand and one party. Two parties never share one."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import Organisation, User
from incubator.kernel import access, audit, paging
from incubator.kernel import files as store
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Participant, Product

OWN_TYPES = ("product", "participant")


def audiences(product: Product, actor: Actor) -> list[tuple[Any, Any]]:
    """For whom a file may be added: (participant id, words); the brand may also keep one to itself."""
    query = access.select_visible(Participant, actor, Participant.id, Organisation.name).join(Organisation)
    rows = db.session.execute(
        query.where(Participant.product_id == product.id, Participant.left_at.is_(None)).order_by(Organisation.name)
    ).all()
    if actor.role == "brand":
        return [("", _("Only us")), *((row.id, _("We and %(name)s", name=row.name)) for row in rows)]
    return [(row.id, _("We and the brand")) for row in rows[:1]]


def of_product(product: Product, actor: Actor, cursor: str | None) -> paging.Page:
    """A page of the files that the actor may see, latest first, each with who added it."""
    columns = (StoredFile.id, StoredFile.name, StoredFile.content_type, StoredFile.size, StoredFile.created_at, StoredFile.has_thumbnail)
    own = (StoredFile.organisation_id, StoredFile.subject_type, StoredFile.kind)
    query = access.select_visible(StoredFile, actor, *columns, *own, User.name.label("uploader")).outerjoin(
        User, User.id == StoredFile.uploaded_by
    )
    return paging.fetch(
        query.where(StoredFile.product_id == product.id), StoredFile.id, paging.Order(StoredFile.id, "id", descending=True), cursor
    )


def add(product: Product, upload: FileStorage, participant_id: int | None, actor: Actor, now: datetime) -> StoredFile:
    """Keep an upload. Without a participant it is the brand's alone; Invalid for a party that is not offered."""
    access.require("product.comment", actor, product)
    if participant_id not in [value or None for value, _words in audiences(product, actor)]:
        raise Invalid({"participant_id": [_l("Choose who may see it.")]})
    subject = ("participant", participant_id) if participant_id else ("product", product.id)
    file = store.store(upload, actor, now, subject=subject, product_id=product.id)
    audit.record("file.add", product, actor, now, file=file.name, file_id=file.id)
    return file


def remove(product: Product, file: StoredFile, actor: Actor, now: datetime) -> None:
    """Remove a file that one's own organisation added here; a file of a brief or a sample is removed where it belongs."""
    access.require("file.remove", actor, file)
    audit.record("file.remove", product, actor, now, file=file.name, file_id=file.id)
    store.remove(file)
