"""What an import of briefs would do, and doing it: new rows become products with their briefs, changed rows change drafts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy.orm import selectinload

from incubator.briefs import content, importer, service
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, Requirement
from incubator.imports.kinds import Counts, Refusal, Row, RowsRefused
from incubator.imports.models import DataImport
from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.products.models import Product, Programme

BLANK = {
    "category": "",
    "risk": "none",
    "next_milestone": "",
    "stopped_reason": "",
}  # what an insert of many rows does not fill in by itself


class Plan:
    """What an import would do: rows that are new, briefs that a row changes, and lines that cannot be written."""

    def __init__(self) -> None:
        self.new: list[Row] = []
        self.changed: list[tuple[ProductBrief, Row]] = []
        self.unchanged = 0
        self.refusals: dict[int, Refusal] = {}

    def counts(self) -> Counts:
        """RowsRefused when a line cannot be written."""
        if self.refusals:
            raise RowsRefused(self.refusals)
        return {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}


def plan(rows: Sequence[Row], made: DataImport, actor: Actor) -> Counts:
    """How many rows are new, changed and unchanged. RowsRefused for codes that are taken and briefs that are locked."""
    return _plan(rows, made, actor).counts()


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Write the rows in the caller's transaction; RowsRefused before anything is written."""
    programme = brand_programme(made.options["programme_id"], actor)
    planned = _plan(rows, made, actor)
    counts = planned.counts()
    _insert_new(made, programme, planned.new, actor, now)
    for brief, row in planned.changed:
        service.save(brief, row, actor, now)
    return counts


def _plan(rows: Sequence[Row], made: DataImport, actor: Actor) -> Plan:
    existing = _existing(made.organisation_id, [row["code"] for row in rows], actor)
    planned = Plan()
    for row in rows:
        known = existing.get(row["code"])
        if known is None:
            planned.new.append(row)
        elif not _differs(known, row):
            planned.unchanged += 1
        elif known.brief.is_editable:
            planned.changed.append((known.brief, row))
        else:
            message = gettext("This brief is locked, because it is in review or was accepted. Take the row out.")
            planned.refusals[row["line"]] = Refusal(str(importer.LABELS["code"]), row["code"], message)
    planned.refusals |= _taken_codes(made.organisation_id, planned.new, actor)
    return planned


class Known(NamedTuple):
    """A brief that is there, and its targets as (currency, price, cost) in minor units."""

    brief: ProductBrief
    targets: list[tuple[str, int, int]]


def _existing(brand_id: int | None, codes: Sequence[str], actor: Actor) -> dict[str, Known]:
    """By code. Three statements for 500 rows: the briefs, their requirements, their targets."""
    found: dict[str, Known] = {}
    for chunk in _chunks(codes):
        query = access.select_visible(ProductBrief, actor).where(ProductBrief.brand_id == brand_id, ProductBrief.code.in_(chunk))
        briefs = db.session.scalars(query.options(selectinload(ProductBrief.requirements))).all()
        targets = _targets([b.id for b in briefs], actor)
        found.update({b.code: Known(b, targets[b.id]) for b in briefs})
    return found


def _targets(brief_ids: Sequence[int], actor: Actor) -> dict[int, list[tuple[str, int, int]]]:
    columns = (BriefTarget.brief_id, BriefTarget.currency, BriefTarget.price_minor, BriefTarget.cost_minor)
    query = access.select_visible(BriefTarget, actor, *columns).where(BriefTarget.brief_id.in_(brief_ids))
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for brief_id, currency, price, cost in db.session.execute(query.order_by(BriefTarget.currency)):
        found[brief_id].append((currency, price, cost))
    return found


def _taken_codes(brand_id: int | None, rows: Sequence[Row], actor: Actor) -> dict[int, Refusal]:
    """New rows whose code belongs to a product that came otherwise."""
    lines = {row["code"]: row["line"] for row in rows}
    taken = _ids_by_code(Product, brand_id, list(lines), actor)
    message = gettext("A product without a brief has this code. Write its brief on the product's page, or choose another code.")
    return {lines[c]: Refusal(str(importer.LABELS["code"]), c, message) for c in taken}


def _differs(known: Known, row: dict[str, Any]) -> bool:
    brief, targets = known
    if any(getattr(brief, n) != (row[n] if row[n] is not None else _empty(n)) for n in content.FIELDS):
        return True
    if content.requirements(brief) != [{n: r.get(n) or "" for n in content.REQUIREMENT_FIELDS} for r in row["requirements"]]:
        return True
    return targets != [(t["currency"], t["price"].minor, t["cost"].minor if t["cost"] else 0) for t in row["targets"]]


def _empty(name: str) -> Any:
    return None if name.startswith("launch") else 0


def _insert_new(made: DataImport, programme: Programme, rows: list[Row], actor: Actor, now: datetime) -> None:
    """Products, briefs, targets, requirements, revisions and audit rows of all new rows, in one statement per table."""
    if not rows:
        return
    owned = {"brand_id": made.organisation_id, "version": 1, "state_since": now, "created_at": now, "updated_at": now}
    insert_many(Product, [_product(row) for row in rows], programme_id=programme.id, owner_id=made.user_id, state="brief", **BLANK, **owned)
    product_ids = _new_ids(Product, made.organisation_id, rows, actor)
    briefs = [_brief(row, i) for row, i in zip(rows, product_ids, strict=True)]
    insert_many(ProductBrief, briefs, state="draft", revision=1, author_id=actor.user_id, **owned)
    brief_ids = _new_ids(ProductBrief, made.organisation_id, rows, actor)
    pairs = list(zip(brief_ids, rows, strict=True))
    insert_many(BriefTarget, [service.target_columns(i, t) for i, row in pairs for t in row["targets"]])
    insert_many(Requirement, [{"brief_id": i, "position": n, **r} for i, row in pairs for n, r in enumerate(row["requirements"])])
    said = [{"brief_id": i, "content": _said(row)} for i, row in pairs]
    insert_many(BriefRevision, said, number=1, at=now, author_id=actor.user_id, what="import")
    whence = {"import": made.id}
    scope = [(p, made.organisation_id, whence) for p in product_ids]
    audit.record_bulk("product.create", "product", [(p, *s) for p, s in zip(product_ids, scope, strict=True)], actor, now)
    audit.record_bulk("brief.create", "product_brief", [(b, *s) for b, s in zip(brief_ids, scope, strict=True)], actor, now)


def _new_ids(model: Any, brand_id: int | None, rows: Sequence[Row], actor: Actor) -> list[int]:
    """The ids in the order of `rows`, by their codes: RETURNING in that order would make SQLite insert row by row."""
    ids = _ids_by_code(model, brand_id, [row["code"] for row in rows], actor)
    return [ids[row["code"]] for row in rows]


def _ids_by_code(model: Any, brand_id: int | None, codes: Sequence[str], actor: Actor) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in _chunks(codes):
        query = access.select_visible(model, actor, model.code, model.id).where(model.brand_id == brand_id, model.code.in_(chunk))
        ids.update({code: row_id for code, row_id in db.session.execute(query)})
    return ids


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start_at : start_at + 500] for start_at in range(0, len(codes), 500))


def _product(row: Row) -> Row:
    return {"code": row["code"], "name": row["title"], "type": row["type"], "launch_on": content.as_json(row["launch_from"])}


def _brief(row: Row, product_id: int) -> Row:
    return _fields(row) | {"product_id": product_id, "code": row["code"]}


def _fields(row: Row) -> Row:
    return {n: content.as_json(row[n] if row[n] is not None else _empty(n)) for n in content.FIELDS}


def _said(row: Row) -> Row:
    return _fields(row) | {"requirements": row["requirements"], "references": [], "claims": []}


def brand_programme(programme_id: int, actor: Actor) -> Programme:
    programme: Programme = access.get_visible(Programme, programme_id, actor)
    if programme.closed_at:
        raise Refused(gettext("This programme is closed. Choose another, or reopen it."))
    return programme
