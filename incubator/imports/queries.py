"""Reads of imports for pages: a person's own ones, their refusals, and how such headings were read last time."""

from typing import Any

from incubator.accounts.models import User
from incubator.imports.models import ColumnMapping, DataImport, ImportRefusal, MappingVersion
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun

RECENT = paging.Order(DataImport.created_at, "created_at", descending=True)
BY_LINE = paging.Order(ImportRefusal.line, "line")


def listing(actor: Actor, kind: str, status: str, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the actor's own imports, the latest first, of one kind or status where they are given."""
    columns = (
        DataImport.id,
        DataImport.kind,
        DataImport.name,
        DataImport.status,
        DataImport.counts,
        DataImport.lines,
        DataImport.created_at,
    )
    query, count = access.select_visible(DataImport, actor, *columns), access.select_visible(DataImport, actor, DataImport.id)
    for column, value in ((DataImport.kind, kind), (DataImport.status, status)):
        if value:
            query, count = query.where(column == value), count.where(column == value)
    return paging.fetch(query, DataImport.id, RECENT, cursor, size, count)


def latest(actor: Actor, kind: str, limit: int = 8) -> list[Any]:
    """The actor's latest imports of one kind."""
    query = access.select_visible(DataImport, actor).where(DataImport.kind == kind).order_by(DataImport.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def refusals(made: DataImport, actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of what was refused, by line."""
    columns = (ImportRefusal.id, ImportRefusal.line, ImportRefusal.column, ImportRefusal.value, ImportRefusal.message)
    query = access.select_visible(ImportRefusal, actor, *columns).where(ImportRefusal.import_id == made.id)
    count = access.select_visible(ImportRefusal, actor, ImportRefusal.id).where(ImportRefusal.import_id == made.id)
    return paging.fetch(query, ImportRefusal.id, BY_LINE, cursor, size, count)


def every_refusal(made: DataImport, actor: Actor) -> Any:
    """All of them, for a download, page by page."""
    cursor = None
    while True:
        page = refusals(made, actor, cursor, paging.LARGEST_PAGE)
        yield from ([row.line, row.column, row.value, row.message] for row in page.rows)
        cursor = page.next
        if cursor is None:
            return


def run_of(made: DataImport, actor: Actor) -> JobRun | None:
    """The job that checks or applies the import, for its progress."""
    found: JobRun | None = db.session.scalar(access.select_visible(JobRun, actor).where(JobRun.id == made.run_id))
    return found


def earlier(made: DataImport, actor: Actor) -> Any:
    """The latest other import of the very same file that was applied, or None."""
    query = access.select_visible(DataImport, actor, DataImport.id, DataImport.applied_at).where(
        DataImport.sha256 == made.sha256, DataImport.kind == made.kind, DataImport.status == "applied", DataImport.id < made.id
    )
    return db.session.execute(query.order_by(DataImport.id.desc()).limit(1)).first()


def remembered(kind: str, signature: str, actor: Actor) -> MappingVersion | None:
    """How the actor's organisation reads such headings now, or None."""
    query = access.select_visible(MappingVersion, actor).join(ColumnMapping, ColumnMapping.id == MappingVersion.mapping_id)
    query = query.where(ColumnMapping.kind == kind, ColumnMapping.signature == signature, MappingVersion.number == ColumnMapping.number)
    found: MappingVersion | None = db.session.scalar(query.limit(1))
    return found


def version(version_id: int | None, actor: Actor) -> MappingVersion | None:
    """One version of a mapping, or None."""
    query = access.select_visible(MappingVersion, actor).where(MappingVersion.id == version_id)
    found: MappingVersion | None = db.session.scalar(query) if version_id else None
    return found


def read_by(made: DataImport, actor: Actor) -> Any:
    """(mapping_id, number, name) of the mapping version by which the import read its headings, or None."""
    columns = (MappingVersion.mapping_id, MappingVersion.number, ColumnMapping.name)
    query = access.select_visible(MappingVersion, actor, *columns).join(ColumnMapping, ColumnMapping.id == MappingVersion.mapping_id)
    return db.session.execute(query.where(MappingVersion.id == made.mapping_version_id)).first()


def owner(made: DataImport) -> list[User]:
    """Whose import it is, to tell them."""
    return list(db.session.scalars(access.select_visible(User, SYSTEM).where(User.id == made.user_id)))
