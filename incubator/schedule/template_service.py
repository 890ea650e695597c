"""A brand's own plan templates: copy one, change it, delete it. The platform's are read here as well, and never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, NotFound
from incubator.schedule import laying
from incubator.schedule.defaults import TEMPLATES, Row, Template
from incubator.schedule.plan_models import PlanTemplate, PlanTemplateRow

MOST_ROWS = 80
MOST_TEMPLATES = 50


def offered(actor: Actor, kind: str | None = None) -> list[Template]:
    """The brand's own templates by name, then the platform's; only those for products of `kind`, if given."""
    query = access.select_visible(PlanTemplate, actor).options(selectinload(PlanTemplate.rows)).order_by(PlanTemplate.name)
    every = [*(as_data(found) for found in db.session.scalars(query)), *TEMPLATES.values()]
    return [template for template in every if kind in (None, template.type)]


def as_data(found: PlanTemplate) -> Template:
    """A brand's template in the shape of the platform's."""
    rows = tuple(
        Row(row.code, row.name_zh, row.name_en, row.stage, row.duration_days, tuple(map(str, row.after)), row.owner_part)
        for row in found.rows
    )
    return Template(str(found.id), found.name, found.name, found.type, rows)


def find(key: str, actor: Actor) -> Template:
    """The template that an address names: a key of the platform's, or the id of one's own."""
    if key in TEMPLATES:
        return TEMPLATES[key]
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        raise NotFound()
    return as_data(access.get_visible(PlanTemplate, int(key), actor))


def copy(template: Template, name: str, actor: Actor, now: datetime) -> PlanTemplate:
    """A template of the actor's brand with the rows of another."""
    access.require("plan_template.edit", actor)
    if len(list(db.session.scalars(access.select_visible(PlanTemplate, actor, PlanTemplate.id)))) >= MOST_TEMPLATES:
        raise Invalid({"name": [_l("A brand keeps at most %(n)s templates. Delete one first.", n=MOST_TEMPLATES)]})
    origin = template.key if template.key in TEMPLATES else None
    made = PlanTemplate(brand_id=actor.organisation_id, name=name, type=template.type, copied_from=origin, created_at=now)
    made.rows = _rows(template.rows)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Invalid({"name": [_l("You have a template of this name already.")]}) from error
    audit.record("plan_template.copy", made, actor, now, name=name, copied_from=template.key)
    return made


def save(found: PlanTemplate, name: str, rows: Sequence[Row], expected: int, actor: Actor, now: datetime) -> None:
    """Replace name and rows. Codes must be unique, every code that a row waits for must be there, and nothing may wait for itself."""
    access.require("plan_template.edit", actor, found)
    if expected != found.version:
        raise Conflict(what=workflow.last_act(found, actor))
    if problems := problems_of(rows):
        raise Invalid({"rows": problems})
    taken = access.select_visible(PlanTemplate, actor, PlanTemplate.id).where(PlanTemplate.name == name, PlanTemplate.id != found.id)
    if db.session.scalar(taken) is not None:
        raise Invalid({"name": [_l("You have a template of this name already.")]})
    found.name, found.updated_at = name, now
    found.rows.clear()
    db.session.flush()
    found.rows.extend(_rows(rows))
    db.session.flush()
    audit.record("plan_template.edit", found, actor, now, name=name, rows=len(rows))


def delete(found: PlanTemplate, actor: Actor, now: datetime) -> None:
    """Plans that were made from it stay."""
    access.require("plan_template.edit", actor, found)
    audit.record("plan_template.delete", found, actor, now, name=found.name)
    db.session.delete(found)


def problems_of(rows: Sequence[Row]) -> list[Any]:
    """What is wrong with the rows as a plan, in words."""
    codes = [row.code for row in rows]
    problems: list[Any] = [] if 0 < len(rows) <= MOST_ROWS else [_l("A template has 1 to %(n)s milestones.", n=MOST_ROWS)]
    problems += [_l("The code “%(code)s” stands twice.", code=code) for code in sorted({c for c in codes if codes.count(c) > 1})]
    for row in rows:
        problems += [
            _l("“%(name)s” waits for “%(code)s”, which is not there.", name=row.zh, code=code) for code in row.after if code not in codes
        ]
    if not problems and (found := laying.circle(rows)):
        names = {row.code: row.zh for row in rows}
        problems.append(_l("That would wait for itself: %(circle)s.", circle=" → ".join(names[code] for code in found)))
    return problems


def _rows(rows: Sequence[Row]) -> list[PlanTemplateRow]:
    return [
        PlanTemplateRow(
            position=n, code=row.code, name_zh=row.zh, name_en=row.en, stage=row.stage, duration_days=row.days, owner_part=row.part,
            after=list(row.after),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip
