"""A brief import: kept, checked, then applied whole or not at all. Applying it again changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import insert

from incubator.briefs import content, importer, service
from incubator.briefs.import_models import BriefImport
from incubator.briefs.importer import RowError
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, Requirement
from incubator.kernel import access, audit, files, jobs, sheets
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from incubator.products.models import Product, Programme

SHOWN_ERRORS = 5000
PROGRESS_EVERY = 200
CHECKED = "checked"


def start(programme: Programme, upload: Any, actor: Actor, now: datetime) -> BriefImport:
    """Keep the sheet and queue its check."""
    access.require("brief.create", actor)
    stored = files.store(upload, actor, now, kind="import")
    made = BriefImport(
        brand_id=programme.brand_id,
        programme_id=programme.id,
        user_id=actor.user_id,
        file_id=stored.id,
        name=stored.name,
        status="checking",
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    made.run_id = jobs.enqueue("briefs.import_check", actor, now, import_id=made.id).id
    return made


def ask_to_apply(made: BriefImport, actor: Actor, now: datetime) -> BriefImport:
    """Queue the application of an import that was checked without an error; asking twice is asking once."""
    if made.status != "checked":
        raise Refused(gettext("Only a checked import without errors can be applied."))
    made.status = "applying"
    made.run_id = jobs.enqueue("briefs.import_apply", actor, now, key=f"brief-import:{made.id}:{made.version}", import_id=made.id).id
    audit.record("brief.import", made, actor, now, name=made.name)
    return made


def check(made: BriefImport, actor: Actor, progress: Any, checked: importer.Checked | None = None) -> dict[str, int]:
    """Check every row, keep counts, errors and the right rows; writes nothing else. `checked` is what `read` gave, when it was asked before."""
    checked = checked or read(made, actor, progress)
    plan = _plan(made, checked, actor)
    if not checked.errors:
        files.keep_beside(_sheet(made, actor), CHECKED, importer.dump(checked.rows))
    made.counts = plan.counts
    made.errors = [vars(e) for e in checked.errors[:SHOWN_ERRORS]]
    made.status = "failed" if checked.errors else "checked"
    return plan.counts


def apply(made: BriefImport, actor: Actor, now: datetime, progress: Any, checked: importer.Checked | None = None) -> dict[str, int]:
    """Write all checked rows in the caller's transaction; with any error by now, nothing is written and the errors are kept."""
    checked = checked or read(made, actor, progress)
    db.session.refresh(made, with_for_update=True)
    plan = _plan(made, checked, actor)
    made.counts, made.errors = plan.counts, [vars(e) for e in checked.errors[:SHOWN_ERRORS]]
    if checked.errors:
        made.status = "failed"
        return plan.counts
    _insert_new(made, plan.new, actor, now)
    for brief, row in plan.changed:
        service.save(brief, row, actor, now)
    made.status, made.applied_at = "applied", now
    return plan.counts


class Plan:
    """What an import would do."""

    def __init__(self, errors: int) -> None:
        self.new: list[dict[str, Any]] = []
        self.changed: list[tuple[ProductBrief, dict[str, Any]]] = []
        self.unchanged = 0
        self.errors = errors

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged, "errors": self.errors}


def read(made: BriefImport, actor: Actor, progress: Any) -> importer.Checked:
    """The rows of the sheet, checked; those that a check has found right are not checked again. It only reads, and takes seconds."""
    stored = _sheet(made, actor)
    kept = files.read_beside(stored, CHECKED) if made.status == "applying" else None
    if kept is not None:
        return importer.Checked(importer.load(kept))
    sheet = sheets.read(files.read(stored))
    result = importer.Checked()
    with force_locale(actor.locale):
        for done, result in enumerate(  # noqa: B007 - the last one is returned
            importer.check(sheet.headers, sheet.rows), 1
        ):
            if done % PROGRESS_EVERY == 0:
                progress(done, len(sheet.rows))
    return result


def _sheet(made: BriefImport, actor: Actor) -> StoredFile:
    found: StoredFile = access.get_visible(StoredFile, made.file_id, actor)
    return found


def _plan(made: BriefImport, checked: importer.Checked, actor: Actor) -> Plan:
    """Sort the rows into new, changed and unchanged; a row that would change a locked brief becomes an error."""
    existing = _existing(made.brand_id, [row["code"] for row in checked.rows], actor)
    plan = Plan(0)
    for row in checked.rows:
        brief = existing.get(row["code"])
        if brief is None:
            plan.new.append(row)
        elif not _differs(brief, row, actor):
            plan.unchanged += 1
        elif brief.is_editable:
            plan.changed.append((brief, row))
        else:
            with force_locale(actor.locale):
                message = gettext("This brief is locked, because it is in review or was accepted. Take the row out.")
                checked.errors.append(RowError(row["line"], str(importer.COLUMNS["code"]), row["code"], message))
    checked.errors += _taken_codes(made.brand_id, plan.new, actor)
    plan.errors = len(checked.errors)
    return plan


def _existing(brand_id: int, codes: Sequence[str], actor: Actor) -> dict[str, ProductBrief]:
    found: dict[str, ProductBrief] = {}
    for chunk in _chunks(codes):
        query = access.select_visible(ProductBrief, actor).where(ProductBrief.brand_id == brand_id, ProductBrief.code.in_(chunk))
        found.update({b.code: b for b in db.session.scalars(query)})
    return found


def _taken_codes(brand_id: int, rows: Sequence[dict[str, Any]], actor: Actor) -> list[RowError]:
    """New rows whose code belongs to a product that came otherwise."""
    lines = {row["code"]: row["line"] for row in rows}
    taken = _ids_by_code(Product, brand_id, list(lines), actor)
    with force_locale(actor.locale):
        message = gettext("A product without a brief has this code. Write its brief on the product's page, or choose another code.")
        return [RowError(lines[c], str(importer.COLUMNS["code"]), c, message) for c in taken]


def _differs(brief: ProductBrief, row: dict[str, Any], actor: Actor) -> bool:
    snapshot = content.snapshot(brief)
    if any(snapshot[n] != content.as_json(row[n] if row[n] is not None else _empty(n)) for n in content.FIELDS):
        return True
    if snapshot["requirements"] != [{n: r.get(n) or "" for n in content.REQUIREMENT_FIELDS} for r in row["requirements"]]:
        return True
    targets = [(t.currency, t.price_minor, t.cost_minor) for t in service.targets_of(brief, actor)]
    return targets != [(t["currency"], t["price"].minor, t["cost"].minor if t["cost"] else 0) for t in row["targets"]]


def _empty(name: str) -> Any:
    return None if name.startswith("launch") else 0


def _insert_new(made: BriefImport, rows: list[dict[str, Any]], actor: Actor, now: datetime) -> None:
    """Products, briefs, targets, requirements, revisions and audit rows of all new rows, in one statement per table."""
    if not rows:
        return
    _insert(Product, [_product(made, row, now) for row in rows])
    product_ids = _new_ids(Product, made.brand_id, rows, actor)
    _insert(ProductBrief, [_brief(made, row, i, actor, now) for row, i in zip(rows, product_ids, strict=True)])
    brief_ids = _new_ids(ProductBrief, made.brand_id, rows, actor)
    pairs = list(zip(brief_ids, rows, strict=True))
    _insert(BriefTarget, [service.target_columns(i, t) for i, row in pairs for t in row["targets"]])
    _insert(Requirement, [{"brief_id": i, "position": n, **r} for i, row in pairs for n, r in enumerate(row["requirements"])])
    _insert(BriefRevision, [_revision(i, row, actor, now) for i, row in pairs])
    scope = [(p, made.brand_id, {"import": made.id}) for p in product_ids]
    audit.record_bulk("product.create", "product", [(p, *s) for p, s in zip(product_ids, scope, strict=True)], actor, now)
    audit.record_bulk("brief.create", "product_brief", [(b, *s) for b, s in zip(brief_ids, scope, strict=True)], actor, now)


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model.__table__), rows)


def _new_ids(model: Any, brand_id: int, rows: Sequence[dict[str, Any]], actor: Actor) -> list[int]:
    """The ids in the order of `rows`, by their codes: RETURNING in that order would make SQLite insert row by row."""
    ids = _ids_by_code(model, brand_id, [row["code"] for row in rows], actor)
    return [ids[row["code"]] for row in rows]


def _ids_by_code(model: Any, brand_id: int, codes: Sequence[str], actor: Actor) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in _chunks(codes):
        query = access.select_visible(model, actor, model.code, model.id).where(model.brand_id == brand_id, model.code.in_(chunk))
        ids.update({code: row_id for code, row_id in db.session.execute(query)})
    return ids


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start_at : start_at + 500] for start_at in range(0, len(codes), 500))


def _product(made: BriefImport, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "brand_id": made.brand_id, "programme_id": made.programme_id, "code": row["code"], "name": row["title"], "type": row["type"],
        "state": "brief", "state_since": now, "created_at": now, "updated_at": now, "owner_id": made.user_id, "launch_on": row["launch_from"],
    }  # fmt: skip


def _brief(made: BriefImport, row: dict[str, Any], product_id: int, actor: Actor, now: datetime) -> dict[str, Any]:
    values = {n: row[n] if row[n] is not None else _empty(n) for n in content.FIELDS}
    return values | {
        "brand_id": made.brand_id, "product_id": product_id, "code": row["code"], "state": "draft", "state_since": now,
        "author_id": actor.user_id, "revision": 1, "created_at": now, "updated_at": now,
    }  # fmt: skip


def _revision(brief_id: int, row: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    text = {n: content.as_json(row[n] if row[n] is not None else _empty(n)) for n in content.FIELDS}
    said = text | {"requirements": row["requirements"], "references": [], "claims": []}
    return {"brief_id": brief_id, "number": 1, "at": now, "author_id": actor.user_id, "what": "import", "content": said}


def latest(actor: Actor, limit: int = 20) -> list[BriefImport]:
    """The actor's own imports, the latest first."""
    return list(db.session.scalars(access.select_visible(BriefImport, actor).order_by(BriefImport.id.desc()).limit(limit)))


def run_of(made: BriefImport, actor: Actor) -> JobRun | None:
    """The job that checks or applies the import, for its progress."""
    found: JobRun | None = db.session.scalar(access.select_visible(JobRun, actor).where(JobRun.id == made.run_id))
    return found


def brand_programme(programme_id: int, actor: Actor) -> Programme:
    programme: Programme = access.get_visible(Programme, programme_id, actor)
    if programme.closed_at:
        raise Refused(gettext("This programme is closed. Choose another, or reopen it."))
    return programme
