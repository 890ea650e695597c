"""Reads of mappings for pages: an organisation's own ones, the history of one, and which may be chosen for a kind."""

from typing import Any

from incubator.accounts.models import User
from incubator.imports.models import ColumnMapping, MappingVersion
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db

RECENT = paging.Order(ColumnMapping.updated_at, "updated_at", descending=True)


def listing(actor: Actor, kind: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of mappings with their present version, the latest changed first."""
    columns = (
        ColumnMapping.id, ColumnMapping.name, ColumnMapping.kind, ColumnMapping.number, ColumnMapping.headings, ColumnMapping.updated_at,
        MappingVersion.mapping, User.name.label("who"),
    )  # fmt: skip
    query = access.select_visible(ColumnMapping, actor, *columns).join(
        MappingVersion, (MappingVersion.mapping_id == ColumnMapping.id) & (MappingVersion.number == ColumnMapping.number)
    )
    query, count = (
        query.outerjoin(User, User.id == MappingVersion.made_by_id),
        access.select_visible(ColumnMapping, actor, ColumnMapping.id),
    )
    if kind:
        query, count = query.where(ColumnMapping.kind == kind), count.where(ColumnMapping.kind == kind)
    return paging.fetch(query, ColumnMapping.id, RECENT, cursor, size, count)


def every(actor: Actor, kind: str) -> Any:
    """All of them, for a download, page by page."""
    cursor = None
    while True:
        page = listing(actor, kind, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def history(known: ColumnMapping, actor: Actor, limit: int = 100) -> list[Any]:
    """The versions of one mapping, the latest first, with who made each."""
    columns = (MappingVersion.number, MappingVersion.mapping, MappingVersion.made_at, MappingVersion.again_of, User.name.label("who"))
    query = access.select_visible(MappingVersion, actor, *columns).outerjoin(User, User.id == MappingVersion.made_by_id)
    query = query.where(MappingVersion.mapping_id == known.id).order_by(MappingVersion.number.desc()).limit(limit)
    return list(db.session.execute(query).all())


def choices(kind: str, actor: Actor, limit: int = 200) -> list[tuple[int, str]]:
    """(id, name) of the mappings of a kind, for a select."""
    query = access.select_visible(ColumnMapping, actor, ColumnMapping.id, ColumnMapping.name, ColumnMapping.number)
    rows = db.session.execute(query.where(ColumnMapping.kind == kind).order_by(ColumnMapping.updated_at.desc()).limit(limit))
    return [(row.id, f"{row.name} · {row.number}") for row in rows]


def present_version(mapping_id: int | None, actor: Actor) -> int | None:
    """The id of the version that a mapping now is, or None."""
    query = access.select_visible(MappingVersion, actor, MappingVersion.id).join(
        ColumnMapping, ColumnMapping.id == MappingVersion.mapping_id
    )
    query = query.where(ColumnMapping.id == mapping_id, MappingVersion.number == ColumnMapping.number)
    found: int | None = db.session.scalar(query) if mapping_id else None
    return found
