"""Programmes (孵化计划): create, edit, close, reopen, and what their page shows. The brand's own; nobody else learns of one."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.products import people
from incubator.products.models import BurnMonth, KeyResult, Objective, Product, Programme

FIELDS = ("name", "code", "type", "owner_id", "purpose", "milestones_note", "starts_on", "horizon_years", "currency", "budget_minor")
LABELS = {
    "name": _l("Name"), "code": _l("Code"), "type": _l("Type"), "owner_id": _l("Owner"), "purpose": _l("Purpose"),
    "milestones_note": _l("Niches and model milestones"), "starts_on": _l("Starts on"), "horizon_years": _l("Horizon in years"),
    "currency": _l("Currency"), "budget_minor": _l("Budget"),
}  # fmt: skip


def find(programme_id: int, actor: Actor) -> Programme:
    """The programme with its objectives and months, in four queries; NotFound unless it is the actor's brand's."""
    options = (
        joinedload(Programme.owner),
        selectinload(Programme.objectives).selectinload(Objective.key_results),
        selectinload(Programme.burn),
    )
    return access.get_visible(Programme, programme_id, actor, *options)


def choices(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the open programmes, latest first."""
    query = access.select_visible(Programme, actor, Programme.id, Programme.name).where(Programme.closed_at.is_(None))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Programme.id.desc()))]


def overview(actor: Actor) -> list[tuple[Programme, int, int]]:
    """Every programme, open ones first, with the number of its products and of those under way: two queries."""
    live = func.sum(case((Product.state.not_in(("stopped", "handed_over")), 1), else_=0))
    counts = access.select_visible(Product, actor, Product.programme_id, func.count(), live).group_by(Product.programme_id)
    numbers = {row[0]: (row[1], row[2]) for row in db.session.execute(counts)}
    query = access.select_visible(Programme, actor).options(joinedload(Programme.owner))
    query = query.order_by(Programme.closed_at.is_not(None), Programme.starts_on.desc(), Programme.id.desc())
    return [(programme, *numbers.get(programme.id, (0, 0))) for programme in db.session.scalars(query.limit(200))]


def stage_counts(programme: Programme, actor: Actor) -> dict[str, int]:
    """Products of the programme by stage. Grouping by an expression keeps SQLite from reading every product of the brand."""
    stage = func.coalesce(Product.state, "")
    query = access.select_visible(Product, actor, stage, func.count()).where(Product.programme_id == programme.id).group_by(stage)
    return {state: number for state, number in db.session.execute(query)}


def create(
    values: dict[str, Any], results: list[dict[str, Any]], burn: list[dict[str, Any]], spread: bool, actor: Actor, now: datetime
) -> Programme:
    """A new programme of the actor's brand. `values` holds FIELDS; a code is given when none is chosen."""
    access.require("programme.edit", actor)
    people.require_colleague(values.get("owner_id"), actor.organisation_id or 0)
    programme = Programme(brand_id=actor.organisation_id, created_at=now, **{k: v for k, v in values.items() if k in FIELDS})
    programme.code = programme.code or _next_code(programme.brand_id)
    _fill(programme, results, burn, spread)
    _save(programme)
    audit.record("programme.create", programme, actor, now, name=programme.name, code=programme.code)
    return programme


def edit(
    programme: Programme, values: dict[str, Any], results: list[dict[str, Any]], burn: list[dict[str, Any]], spread: bool,
    expected: int, actor: Actor, now: datetime,
) -> Programme:  # fmt: skip
    """Change a programme, its objectives and months. Conflict with the difference when somebody was faster."""
    access.require("programme.edit", actor, programme)
    db.session.refresh(programme, with_for_update={"of": Programme})
    values = {k: v for k, v in values.items() if k in FIELDS and (k != "code" or v)}
    changes = {k: v for k, v in values.items() if getattr(programme, k) != v}
    if expected != programme.version:
        difference = [(LABELS[k], str(v), str(getattr(programme, k))) for k, v in changes.items()]
        raise Conflict(what=workflow.last_act(programme, actor), difference=difference)
    people.require_colleague(values.get("owner_id"), programme.brand_id)
    for key, value in changes.items():
        setattr(programme, key, value)
    programme.updated_at = now
    _fill(programme, results, burn, spread)
    _save(programme)
    audit.record("programme.edit", programme, actor, now, name=programme.name, fields=sorted(changes))
    return programme


def close(programme: Programme, actor: Actor, now: datetime) -> None:
    """No new product may begin in it; those that are under way go on."""
    access.require("programme.edit", actor, programme)
    if programme.closed_at is None:
        programme.closed_at = now
        audit.record("programme.close", programme, actor, now, name=programme.name)


def reopen(programme: Programme, actor: Actor, now: datetime) -> None:
    access.require("programme.edit", actor, programme)
    if programme.closed_at is not None:
        programme.closed_at = None
        audit.record("programme.reopen", programme, actor, now, name=programme.name)


def _fill(programme: Programme, results: list[dict[str, Any]], burn: list[dict[str, Any]], spread: bool) -> None:
    """Replace objectives and months by what the form holds."""
    titles = list(dict.fromkeys(row["objective"] for row in results))
    programme.objectives = [Objective(title=title, position=i, key_results=_key_results(results, title)) for i, title in enumerate(titles)]
    planned = even_plan(programme) if spread else {}
    months = {row["month"]: row for row in burn}
    present = {b.month: b for b in programme.burn}
    wanted = sorted({*months, *planned})
    programme.burn = [present.get(month) or BurnMonth(month=month) for month in wanted]
    for row in programme.burn:
        for key, value in months.get(row.month, {}).items():
            setattr(row, key, value)
        row.planned_minor = planned.get(row.month, row.planned_minor or 0)


def _key_results(results: list[dict[str, Any]], title: str) -> list[KeyResult]:
    return [
        KeyResult(
            name=row["name"],
            unit=row["unit"],
            start=row["start"] or 0.0,
            target=row["target"],
            current=row["current"] or 0.0,
            due_on=row["due_on"],
        )
        for row in results
        if row["objective"] == title and row["name"]
    ]


def even_plan(programme: Programme) -> dict[date, int]:
    """The budget in equal months over the horizon; what does not divide falls to the last month."""
    count = programme.horizon_years * 12
    each, rest = divmod(programme.budget_minor, count)
    first = programme.starts_on.year * 12 + programme.starts_on.month - 1
    months = [date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(count)]
    return {month: each + (rest if month == months[-1] else 0) for month in months}


def _next_code(brand_id: int) -> str:
    taken = set(db.session.scalars(access.select_visible(Programme, SYSTEM, Programme.code).where(Programme.brand_id == brand_id)))
    return next(code for i in range(1, len(taken) + 2) if (code := f"PG-{i:02d}") not in taken)


def _save(programme: Programme) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(programme)
    except IntegrityError as error:
        raise Invalid({"code": [_l("Another programme already has this code.")]}) from error
