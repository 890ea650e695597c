"""What a person said of headings: remembered as a version of a mapping, named, and gone back to. A version is never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.imports import mapping
from incubator.imports.models import ColumnMapping, DataImport, MappingVersion
from incubator.kernel import access, acts, audit
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refused
from incubator.kernel.upsert import insert_once

acts.register(
    {
        "mapping.change": _l("said how the headings of “%(name)s” are read: version %(number)s"),
        "mapping.rename": _l("renamed a mapping to “%(name)s”"),
        "mapping.restore": _l("went back to version %(again_of)s of the mapping “%(name)s”"),
    },
    fields={"mapping": _l("Columns")},
    records={"column_mapping": _l("Mapping")},
    details={"number": _l("Version"), "again_of": _l("Version gone back to"), "mapping": _l("Columns")},
)


def remember(made: DataImport, headings: Sequence[str], actor: Actor, now: datetime) -> MappingVersion:
    """The version that says what `made.mapping` says of these headings: the present one, or a new one after it."""
    said = dict(made.mapping or {})
    known = _mapping_of(made, headings, actor, now)
    present = _version(known, known.number, actor)
    if present is not None and present.mapping == said:
        return present
    return _add(known, said, "mapping.change", actor, now)


def rename(known: ColumnMapping, name: str, actor: Actor, now: datetime) -> None:
    if known.name != name:
        known.name = name
        audit.record("mapping.rename", known, actor, now, name=name)


def restore(known: ColumnMapping, number: int, actor: Actor, now: datetime) -> MappingVersion:
    """What version `number` said is said again, as the latest; NotFound when there was none, Refused for the present one."""
    earlier = _version(known, number, actor)
    if earlier is None:
        raise NotFound()
    db.session.refresh(known, with_for_update=True)
    if number == known.number:
        raise Refused(gettext("This version is in use already."))
    return _add(known, earlier.mapping, "mapping.restore", actor, now, again_of=number)


def _mapping_of(made: DataImport, headings: Sequence[str], actor: Actor, now: datetime) -> ColumnMapping:
    """The mapping of such headings, locked; a new one without a version where nobody said anything yet."""
    signature = mapping.signature(headings)
    query = access.select_visible(ColumnMapping, actor).where(ColumnMapping.kind == made.kind, ColumnMapping.signature == signature)
    found: ColumnMapping | None = db.session.scalar(query.with_for_update())
    if found is None:
        insert_once(
            ColumnMapping, organisation_id=made.organisation_id, kind=made.kind, signature=signature, name=made.name[:120],
            headings=list(headings), number=1, version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    return found


def _version(known: ColumnMapping, number: int, actor: Actor) -> MappingVersion | None:
    query = access.select_visible(MappingVersion, actor).where(MappingVersion.mapping_id == known.id, MappingVersion.number == number)
    found: MappingVersion | None = db.session.scalar(query)
    return found


def _add(
    known: ColumnMapping, said: Mapping[str, str], event: str, actor: Actor, now: datetime, again_of: int | None = None
) -> MappingVersion:
    is_first = _version(known, known.number, actor) is None
    known.number, known.updated_at = (1 if is_first else known.number + 1), now
    made = MappingVersion(
        mapping_id=known.id, number=known.number, mapping=dict(said), made_by_id=actor.user_id, made_at=now, again_of=again_of
    )
    db.session.add(made)
    db.session.flush()
    more: dict[str, Any] = {"again_of": again_of} if again_of else {}
    audit.record(event, known, actor, now, name=known.name, number=known.number, mapping=dict(said), **more)
    return made
