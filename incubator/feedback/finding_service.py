"""Looking at a brand's returns at the end of a week: findings made, kept, ended and found again. A finding that persists stays one row.

Doing it twice for a week changes nothing but the moment. It sends nothing; `told` and `acted` are called by those who do.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from incubator.feedback import finding_evidence as evidence
from incubator.feedback import finding_ground, finding_lots, findings, standing
from incubator.feedback.finding_ground import Basis, Cause
from incubator.feedback.finding_lots import Lots
from incubator.feedback.finding_models import STANDING, Finding, FindingRun
from incubator.feedback.findings import Found, Result
from incubator.feedback.findings_told import Known
from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.upsert import insert_once
from incubator.launches.models import Sku

Key = tuple[int, Cause]


def look(brand_id: int, week: date, now: datetime, lots: Lots | None = None) -> FindingRun | None:
    """The findings of a brand at the end of `week`, in the caller's transaction; None when it sold nothing.

    `lots` are SKU → (code, first week sold); None: those that the brand's sales were laid to.
    """
    basis = finding_ground.gather(brand_id, week)
    if basis is None:
        return None
    result = findings.look(basis.ground)
    best = _by_key(basis, result.found)
    known = _known(brand_id)
    heard, lots = _hear(brand_id, basis, best), finding_lots.of_brand(brand_id, week) if lots is None else lots
    for key, found in best.items():
        row = known.pop(key, None)
        columns = evidence.figures(basis, result, found, lots) | {"evidence": evidence.told(basis, found, heard)}
        if row is None or row.last_week <= week:
            _keep(row, key, columns, brand_id, basis, now)
    for key, row in known.items():
        _stand(row, key, basis, result, now)
    return _run(brand_id, week, basis, result, len(best), now)


def look_if_new(brand_id: int, week: date, now: datetime) -> bool:
    """For the job: look unless it was done with the same lines; whether it was now."""
    run = run_of(brand_id, week)
    if run is not None and run.table_version >= finding_ground.version(brand_id, week):
        return False
    return look(brand_id, week, now) is not None


def run_of(brand_id: int, week: date) -> FindingRun | None:
    query = access.select_visible(FindingRun, SYSTEM).where(FindingRun.brand_id == brand_id, FindingRun.week == week)
    found: FindingRun | None = db.session.scalar(query)
    return found


def _by_key(basis: Basis, found: list[Found]) -> dict[Key, Found]:
    """One per SKU and cause, of two kinds the change; a cause that says no more than another of the same counts is left out."""
    best: dict[Key, Found] = {}
    for one in sorted(found, key=lambda f: f.kind != findings.CHANGE):
        best.setdefault((basis.sku_ids[int(basis.ground.sku[one.row])], basis.causes[int(basis.ground.cause[one.row])]), one)
    return {key: one for key, one in best.items() if not _says_no_more(basis, best, key)}


def _says_no_more(basis: Basis, best: dict[Key, Found], key: Key) -> bool:
    """Whether a finer cause was found of the same returns: all of them for one reason, all of one reason of one topic."""
    sku_id, (reason, topic) = key
    own = basis.ground.counts[best[key].row]
    finer = [
        found
        for (other, (r, t)), found in best.items()
        if other == sku_id and (r, t) != (reason, topic) and (not reason or (r == reason and not topic))
    ]
    return any((basis.ground.counts[found.row] == own).all() for found in finer)


def _known(brand_id: int) -> dict[Key, Finding]:
    query = access.select_visible(Finding, SYSTEM).where(Finding.brand_id == brand_id)
    return {(row.sku_id, (row.reason, row.topic)): row for row in db.session.scalars(query)}


def _hear(brand_id: int, basis: Basis, best: dict[Key, Found]) -> evidence.Heard:
    ids = sorted({sku_id for sku_id, _ in best})
    codes = access.select_visible(Sku, SYSTEM, Sku.code, Sku.id).where(Sku.id.in_(id_set(ids)))
    products = sorted({basis.products[basis.sku_ids.index(i)] for i in ids})
    return evidence.hear(brand_id, {row.code: row.id for row in db.session.execute(codes)}, products, basis.weeks)


def _keep(row: Finding | None, key: Key, columns: dict[str, Any], brand_id: int, basis: Basis, now: datetime) -> None:
    """Make it, or bring it up to date; what was gone came back, what was set aside only when it is new."""
    sku_id, (reason, topic) = key
    if row is None:
        row = Finding(
            brand_id=brand_id, product_id=basis.products[basis.sku_ids.index(sku_id)], sku_id=sku_id, reason=reason, topic=topic,
            state_since=now, created_at=now, first_week=columns["last_week"], step=standing.step_for(reason), **columns,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        audit.record("finding.find", row, SYSTEM, now, ratio=columns["ratio"])
        return
    _fill(row, columns)
    row.updated_at = now
    db.session.flush()
    if row.state == "gone" or (row.aside and standing.is_new(row.aside, row.since, row.low)):
        workflow.fire(row, "return", SYSTEM, now=now)
        row.aside = None


def _stand(row: Finding, key: Key, basis: Basis, result: Result, now: datetime) -> None:
    """What was not found this week: how it stands, and whether it is over."""
    weeks = (basis.weeks[-1] - row.last_week).days // 7
    if row.state not in STANDING or weeks <= 0:
        return
    stands = evidence.now(basis, result, *key, row.base)
    row.evidence = {**row.evidence, "now": vars(stands)}
    db.session.flush()
    if standing.is_gone(stands, row.ratio, weeks):
        workflow.fire(row, "end", SYSTEM, now=now)


def _run(brand_id: int, week: date, basis: Basis, result: Result, found: int, now: datetime) -> FindingRun | None:
    """The look itself, written once per week and brought up to date when it is repeated."""
    noise = result.expected.dispersion
    values = {
        "skus": len(basis.sku_ids), "tested": result.tested, "found": found, "too_few": result.too_few, "fdr": findings.FDR, "keep": result.expected.keep,
        "delta": round(noise.delta, 4), "kappa": round(noise.kappa, 5), "table_version": basis.table_version, "made_at": now,
    }  # fmt: skip
    insert_once(FindingRun, brand_id=brand_id, week=week, **values)
    run = run_of(brand_id, week)
    assert run is not None
    _fill(run, values)
    db.session.flush()
    return run


def _fill(row: Any, figures: dict[str, Any]) -> None:
    for name, value in figures.items():
        setattr(row, name, value)


def told(pack: FeedbackPack, now: datetime) -> None:
    """The pack that was sent told its factory of these."""
    ids = [told["id"] for section in pack.sections for told in section.findings or ()]
    for row in _rows(Finding.id.in_(id_set(ids)), Finding.state.in_(("open", "back"))) if ids else ():
        workflow.fire(row, "tell", SYSTEM, now=now)


def acted(action: FeedbackAction, now: datetime) -> None:
    """A fix or a stop of this SKU was done."""
    if action.kind in ("fix", "stop"):
        for row in _rows(Finding.sku_id == action.sku_id, Finding.brand_id == action.brand_id, Finding.state.in_(("open", "told", "back"))):
            workflow.fire(row, "act", SYSTEM, now=now)


def _rows(*criteria: Any) -> Iterable[Finding]:
    return db.session.scalars(access.select_visible(Finding, SYSTEM).where(*criteria).order_by(Finding.id)).all()


def of_week(brand_id: int, week: date) -> dict[int, list[Finding]]:
    """SKU → what was found of it at the end of `week`."""
    rows: dict[int, list[Finding]] = {}
    for row in _rows(Finding.brand_id == brand_id, Finding.last_week == week):
        rows.setdefault(row.sku_id, []).append(row)
    return rows


def known(row: Finding) -> Known:
    """A finding for `findings_told`."""
    seen = row.evidence
    return Known(
        row.id, row.reason, row.topic, row.kind, seen["orders"], seen["returned"], seen["at"], row.since.isoformat() if row.since else None, row.lot,
        row.ratio, row.low, row.high, seen["voices"],
    )  # fmt: skip


def latest_noise(brand_id: int) -> FindingRun | None:
    """The latest look: what it learned of lag and dispersion."""
    query = access.select_visible(FindingRun, SYSTEM).where(FindingRun.brand_id == brand_id).order_by(FindingRun.week.desc()).limit(1)
    found: FindingRun | None = db.session.scalar(query)
    return found
