"""Checked lines of a supplier list into the directory, set by set. It fills what is blank, overwrites nothing, and merges nothing.

So two lists that spell one supplier differently may be imported in any order, again and again, and nothing moves.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from incubator.factories import content, duplicate_service, importer, normal
from incubator.factories.models import Capability, Factory, FactoryCategory, FactoryContact
from incubator.imports.kinds import Counts, Row
from incubator.imports.models import DataImport
from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db

CHUNK = 500
PLAIN = (*importer.TEXTS, *importer.RANGES, "uscc", "country")


def plan(rows: Sequence[Row], made: DataImport, actor: Actor) -> Counts:
    """How many lines are new, would change a row, or say what stands."""
    new, changed, unchanged = _sorted(rows, actor)
    return {"new": len(new), "changed": len(changed), "unchanged": len(unchanged)}


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Write new prospects, fill blanks of untouched imported ones, and suggest duplicates of what came in."""
    access.require("factory.import", actor)
    new, changed, unchanged = _sorted(rows, actor)
    _insert(new, made, actor, now)
    for factory, row in changed:
        content.apply(factory, _added(factory, row))
        factory.updated_at = now
    db.session.flush()
    if new:
        duplicate_service.search(now, set(_ids_by_key([row["key"] for row in new], actor).values()))
    return {"new": len(new), "changed": len(changed), "unchanged": len(unchanged)}


def _sorted(rows: Sequence[Row], actor: Actor) -> tuple[list[Row], list[tuple[Factory, Row]], list[Row]]:
    """(new, changed with the row that stands, unchanged). Known again by code or key among what this organisation, or the platform, brought."""
    by_code, by_key = (
        _existing("uscc", [r["uscc"] for r in rows if r["uscc"]], actor),
        _existing("source_key", [r["key"] for r in rows], actor),
    )
    new: list[Row] = []
    changed: list[tuple[Factory, Row]] = []
    unchanged: list[Row] = []
    for row in rows:
        known = by_code.get(row["uscc"]) or by_key.get(row["key"])
        if known is None:
            new.append(row)
        elif _is_untouched(known) and _added(known, row):
            changed.append((known, row))
        else:
            unchanged.append(row)
    return new, changed, unchanged


def _is_untouched(factory: Factory) -> bool:
    return factory.source == "import" and factory.state == "prospect" and factory.revision == 0 and factory.merged_into_id is None


def _added(factory: Factory, row: Row) -> dict[str, Any]:
    """What the line says and the row does not."""
    blank = (None, "")
    added = {name: row[name] for name in PLAIN if row[name] not in blank and getattr(factory, name) in blank}
    categories = [category.name for category in factory.categories]
    more = [name for name in row["categories"] if name not in categories]
    return added | ({"categories": categories + more} if more else {})


def _existing(column: str, values: list[str], actor: Actor) -> dict[str, Factory]:
    field, found = getattr(Factory, column), {}
    for chunk in _chunks(values):
        query = access.select_visible(Factory, actor).where(
            field.in_(chunk), Factory.brought_by_id.is_not_distinct_from(actor.organisation_id)
        )
        for factory in db.session.scalars(query.order_by(Factory.merged_into_id.is_not(None).desc(), Factory.id.desc())):
            found[getattr(factory, column)] = factory
    return found


def _ids_by_key(keys: list[str], actor: Actor) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in _chunks(keys):
        query = access.select_visible(Factory, actor, Factory.source_key, Factory.id)
        query = query.where(Factory.source_key.in_(chunk), Factory.brought_by_id.is_not_distinct_from(actor.organisation_id))
        found.update({key: row_id for key, row_id in db.session.execute(query.order_by(Factory.id))})
    return found


def _chunks(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _insert(rows: list[Row], made: DataImport, actor: Actor, now: datetime) -> None:
    """All new factories with their categories, processes and contacts, in one statement per table."""
    if not rows:
        return
    plain = [{name: row[name] for name in PLAIN} | {"source_key": row["key"]} for row in rows]
    insert_many(
        Factory, plain, brought_by_id=actor.organisation_id, state="prospect", state_since=now, source="import", tier="", revision=0,
        version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    ids = _ids_by_key([row["key"] for row in rows], actor)
    insert_many(FactoryCategory, [{"factory_id": ids[r["key"]], "name": name} for r in rows for name in r["categories"]])
    insert_many(
        Capability,
        [_process(ids[r["key"]], n, name) for r in rows for n, name in enumerate(r["processes"])],
        kind="process",
        unit="piece",
        note="",
    )
    contacts = [(ids[r["key"]], *r["contact"]) for r in rows if any(r["contact"])]
    insert_many(
        FactoryContact, [{"factory_id": i, "name": name, "phone": phone, "email": email} for i, name, phone, email in contacts],
        position=0, title="", wechat="",
    )  # fmt: skip
    entries = [(ids[r["key"]], None, actor.organisation_id, {"name": r["name_zh"] or r["name_en"], "import": made.id}) for r in rows]
    audit.record_bulk("factory.create", "factory", entries, actor, now)


def _process(factory_id: int, position: int, name: str) -> dict[str, Any]:
    chinese = bool(normal.HAN.search(name))
    return {"factory_id": factory_id, "position": position, "name_zh": name if chinese else "", "name_en": "" if chinese else name}
