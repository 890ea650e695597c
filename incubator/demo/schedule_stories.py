"""The plans of the demo: templates laid over products when they began, met early or late since, and what that pushed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.products.models import Participant, Product
from incubator.schedule import apply_service, closure_service, laying, reminder_service, service, template_service
from incubator.schedule.apply_service import Wish
from incubator.schedule.defaults import TEMPLATES, Template
from incubator.schedule.models import Milestone
from incubator.schedule.workdays import Calendar, year_of

PLANNED = ("sourcing", "sampling", "codevelopment", "preproduction", "test_launch", "launch")
ORDER = ("brief", *PLANNED)
NEXT_IN = (-6, 2, 9, -3, 5, 14)  # days from today until the next milestone of the first, second … product
SLIPS = (4, 11, 0, 18, 7)  # days by which the past stages took longer than promised
LAUNCH_SHOWN_TO = "launch_partner"


def prepare(world: Any) -> None:
    """Closing days, a template of the brand's own, and rules of reminding; before any plan is made."""
    brand, began = world.actor("zhou.heng"), world.ago(100)
    own = template_service.copy(TEMPLATES["hero"], "差异化单品（不开模，含两轮小批试产）", brand, began)
    rows = [row for row in template_service.as_data(own).rows if not row.code.startswith("mould")]
    rows = [row if row.code != "evt" else _without_mould(row) for row in rows]
    template_service.save(own, own.name, rows, own.version, brand, began)
    reminder_service.save(world.programmes["HOME26"], {"soon_days": 5, "owner_after": 2, "programme_after": 5}, 0, brand, world.ago(80))
    first, last = _spring_festival(world.now.year + 1)
    factory = world.actor("chen.guoqiang")
    closure_service.add(factory.organisation_id, "春节停产", first, last, factory, world.ago(3))


def notes_of_the_brand(world: Any) -> None:
    """What a partner said by telephone, noted by the brand; partners are those that take part already."""
    first, last = _spring_festival(world.now.year + 1)
    brand, day = world.actor("shen.ke"), timedelta(days=1)
    for name, text in (("恒屹电器", "春节放假（电话告知，含工人返岗）"), ("精岳模具", "春节停工")):
        closure_service.add(world.organisations[name].id, text, first - 3 * day, last + 4 * day, brand, world.ago(2))


def _without_mould(row: Any) -> Any:
    return replace(row, after=("approval_sample",))


def _spring_festival(year: int) -> tuple[date, date]:
    """The days around the festival on which factories stand still."""
    festival = next(day for day, name in year_of("CN", year, "zh").off.items() if name.startswith("春节"))
    return festival - timedelta(days=9), festival + timedelta(days=13)


def plan(world: Any, product: Product, stage: str, n: int, began: datetime) -> None:
    """Lay the template of its type over a product on the day it began, then live through it up to today."""
    brand = world.actor("lin.xiao" if n % 2 else "shen.ke")
    ended = product.state_since.date() - timedelta(days=2)
    template = _stretched(TEMPLATES[product.type], stage, began.date(), ended - timedelta(days=SLIPS[n % len(SLIPS)]))
    apply_service.apply(product, template, Wish("start", began.date(), _parties(product)), brand, began + timedelta(hours=2))
    milestones = _of(product)
    for m in milestones:
        m.owner_id = brand.user_id if m.organisation_id is None else None
        m.shared_with_part = LAUNCH_SHOWN_TO if m.source == "plan:launch" else None
    _live(world, product, milestones, stage, n, brand)


def _stretched(template: Template, stage: str, began: date, ended: date) -> Template:
    """The template with the durations that this brand promised: its past stages take from `began` to about `ended`."""
    past = [
        laid for laid in laying.lay(template.rows, "start", began, lambda _row: Calendar()) if laid.row.stage in ORDER[: ORDER.index(stage)]
    ]
    usual = (max(laid.finish for laid in past) - began).days
    factor = min(2.4, max(0.6, (ended - began).days / usual))
    return replace(template, rows=tuple(replace(row, days=max(1, round(row.days * factor))) for row in template.rows))


def _parties(product: Product) -> dict[str, int | None]:
    rows = db.session.execute(select(Participant.part, Participant.organisation_id).where(Participant.product_id == product.id)).all()
    return {part: id_ for part, id_ in rows if sum(part == other for other, _ in rows) == 1}


def _of(product: Product) -> list[Milestone]:
    query = select(Milestone).where(Milestone.product_id == product.id, Milestone.source.startswith("plan:"))
    return list(db.session.scalars(query.order_by(Milestone.due_on, Milestone.id)))


def _live(world: Any, product: Product, milestones: list[Milestone], stage: str, n: int, brand: Any) -> None:
    """Past stages were met in time for the stage that followed; of the present one some, and its last is still to come."""
    at, today = ORDER.index(stage), world.now.date()
    past = [m for m in milestones if m.stage in ORDER[:at]]
    began, ended = min(m.baseline_on for m in milestones), product.state_since.date() - timedelta(days=2)
    span = max((m.baseline_on - began).days for m in past) or 1
    for m in past:
        _meet(world, m, began + timedelta(days=round((m.baseline_on - began).days / span * (ended - began).days)), brand)
    present = sorted((m for m in milestones if m.stage == stage), key=lambda m: (m.due_on, m.id))
    due = [m for m in present[:-1] if m.due_on < today - timedelta(days=1)]
    wanted = today + timedelta(days=NEXT_IN[n % len(NEXT_IN)])
    for m in due[:-1] if wanted < today else due:
        _meet(world, m, min(m.due_on + timedelta(days=n % 3), today - timedelta(days=1)), brand)
    _expect(world, [m for m in milestones if m.done_at is None], wanted, brand)


def _meet(world: Any, milestone: Milestone, on: date, brand: Any) -> None:
    """Told by whoever owes it, when the demo employs anybody there."""
    partner = world.actor_of(milestone.organisation.short_name) if milestone.organisation else None
    at = min(world.now, datetime.combine(on, clock.now().timetz()) + timedelta(hours=1))
    service.finish(milestone, partner or brand, at, on)


def _expect(world: Any, following: list[Milestone], first: date, brand: Any) -> None:
    """Nothing that is open lies long in the past: the first is expected on `first`, what is beside it somewhat later."""
    for number, m in enumerate(sorted(following, key=lambda m: (m.due_on, m.id))):
        wanted = first + timedelta(days=3 * number)
        if m.due_on < wanted and (number == 0 or m.due_on < world.now.date() + timedelta(days=2)):
            service.edit(m, {"due_on": wanted}, m.version, brand, world.now - timedelta(days=11))
