"""An import is seen by the person who made it, where they made it; how headings were read is known to the whole organisation."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select

from incubator.imports.models import ColumnMapping, DataImport, ImportRefusal, MappingVersion
from incubator.kernel.access import within
from incubator.kernel.actor import Actor


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(DataImport.user_id == actor.user_id, DataImport.organisation_id.is_not_distinct_from(actor.organisation_id))


def _own_ids(actor: Actor) -> Any:
    return select(DataImport.id).where(_own(actor))


def _mappings(actor: Actor) -> ColumnElement[bool]:
    return ColumnMapping.organisation_id.is_not_distinct_from(actor.organisation_id)


VISIBLE = {
    DataImport: _own,
    ImportRefusal: lambda actor: within(ImportRefusal.import_id, _own_ids(actor)),
    ColumnMapping: _mappings,
    MappingVersion: lambda actor: within(MappingVersion.mapping_id, select(ColumnMapping.id).where(_mappings(actor))),
}
