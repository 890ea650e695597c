"""The plan of one product as the forecast sees it: loaded once, changed on trial without writing, and written down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, or_, update

from incubator.accounts.models import Organisation
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.products.models import Product
from incubator.schedule import forecast
from incubator.schedule.calendar_models import Closure
from incubator.schedule.forecast import Link, Slot, Task
from incubator.schedule.models import Milestone, MilestoneLink
from incubator.schedule.workdays import Calendar

SOURCE = "plan:"  # what the source of a milestone begins with that came from a template; its code there follows
LAUNCH = f"{SOURCE}launch"


@dataclass(frozen=True)
class Move:
    """A milestone whose forecast goes from one day to another."""

    key: Any
    name: str
    before: date
    after: date

    @property
    def days(self) -> int:
        """Calendar days; negative when it comes earlier."""
        return (self.after - self.before).days


@dataclass(frozen=True)
class Preview:
    """What a change moves; `launch` is the move of the launch (or of what ends the plan), if that moves."""

    moves: tuple[Move, ...] = ()
    launch: Move | None = None

    def without(self, key: Any) -> "Preview":
        """The same but for the milestone that was changed itself."""
        return replace(self, moves=tuple(move for move in self.moves if move.key != key))

    @property
    def mark(self) -> str:
        """A text that is the same only while the same milestones move to the same days."""
        return ";".join(f"{move.key}:{move.after.isoformat()}" for move in self.moves)


@dataclass(frozen=True)
class Plan:
    """Tasks and links of a product with the names and forecasts that are written. It can be changed on trial."""

    tasks: Mapping[Any, Task]
    links: tuple[Link, ...]
    names: Mapping[Any, str]
    launch: Any = None

    def changed(self, key: Any, **values: Any) -> "Plan":
        """The plan if a milestone were otherwise; the names are those of `Task`."""
        return replace(self, tasks={**self.tasks, key: replace(self.tasks[key], **values)})

    def linked(self, *links: Link) -> "Plan":
        """The plan with more links. A circle is refused, and named."""
        more = replace(self, links=(*self.links, *links))
        if found := forecast.cycle(more.links):
            circle = " → ".join(self.names[key] for key in found)
            raise Invalid({"before_id": [_l("That would wait for itself: %(circle)s.", circle=circle)]})
        return more

    def added(self, tasks: Mapping[Any, Task], names: Mapping[Any, str]) -> "Plan":
        """The plan with more milestones, by keys of their own."""
        return replace(self, tasks={**self.tasks, **tasks}, names={**self.names, **names})

    def unlinked(self, before: Any, after: Any) -> "Plan":
        return replace(self, links=tuple(link for link in self.links if (link.before, link.after) != (before, after)))

    def slots(self) -> dict[Any, Slot]:
        return forecast.compute(self.tasks.values(), self.links)

    def preview(self, since: "Plan | None" = None) -> Preview:
        """What would move against the forecasts of `since` (by default the written ones), the earliest first."""
        old = (since or self).tasks
        new = self.slots()
        moves = [
            Move(key, self.names[key], old[key].due, slot.finish)
            for key, slot in new.items()
            if key in old and not self.tasks[key].done and slot.finish != old[key].due
        ]
        moves.sort(key=lambda move: (move.after, str(move.key)))
        return Preview(tuple(moves), next((m for m in moves if m.key == self._end(new)), None))

    def _end(self, slots: Mapping[Any, Slot]) -> Any:
        """The launch, or else what is forecast last."""
        open_ones = [key for key, task in self.tasks.items() if not task.done]
        return self.launch or max(open_ones, key=lambda key: (slots[key].finish, str(key)), default=None)


def lock(product_id: int) -> None:
    """Let nobody else change the plan of a product until this transaction ends: two changes together could close a circle.

    To be asked before any milestone is written: whoever locks in another order waits for ever.
    """
    with db.session.no_autoflush:
        db.session.execute(access.select_visible(Product, SYSTEM, Product.id).where(Product.id == product_id).with_for_update())


def load(product_id: int, brand_id: int) -> Plan:
    """The plan as it is written, whoever asks: four queries, or one when nothing is planned."""
    db.session.flush()
    columns = (
        Milestone.id, Milestone.name, Milestone.stage, Milestone.due_on, Milestone.duration_days, Milestone.not_before_on,
        Milestone.done_on, Milestone.done_at, Milestone.organisation_id, Milestone.source,
    )  # fmt: skip
    rows = db.session.execute(access.select_visible(Milestone, SYSTEM, *columns).where(Milestone.product_id == product_id)).all()
    if not rows:
        return Plan({}, (), {})
    calendars = calendars_of({row.organisation_id or brand_id for row in rows}, brand_id)
    tasks = {row.id: _task(row, calendars[row.organisation_id or brand_id]) for row in rows}
    return Plan(tasks, links_of(product_id), {row.id: row.name for row in rows}, _launch(rows))


def _launch(rows: Iterable[Any]) -> int | None:
    """The launch of a template, or else the last milestone of the stage."""
    launches = sorted((row.source == LAUNCH, row.due_on, row.id) for row in rows if row.stage == "launch")
    return launches[-1][2] if launches else None


def _task(row: Any, calendar: Calendar) -> Task:
    done = row.done_on or (row.done_at.date() if row.done_at else None)
    return Task(row.id, row.due_on, row.duration_days, row.not_before_on, done, calendar)


def links_of(product_id: int) -> tuple[Link, ...]:
    columns = MilestoneLink.before_id, MilestoneLink.after_id, MilestoneLink.lag_days
    rows = db.session.execute(access.select_visible(MilestoneLink, SYSTEM, *columns).where(MilestoneLink.product_id == product_id))
    return tuple(Link(*row) for row in rows)


def calendars_of(organisation_ids: Iterable[int], brand_id: int) -> dict[int, Calendar]:
    """The calendar of each organisation as plans of the brand see it: its own closing days, and those that the brand noted. Two queries."""
    ids = list(organisation_ids)
    known = Closure.organisation_id.in_(ids), or_(Closure.recorded_by_id == Closure.organisation_id, Closure.recorded_by_id == brand_id)
    closures = db.session.execute(
        access.select_visible(Closure, SYSTEM, Closure.organisation_id, Closure.starts_on, Closure.ends_on).where(*known)
    ).all()
    countries = db.session.execute(
        access.select_visible(Organisation, SYSTEM, Organisation.id, Organisation.country).where(Organisation.id.in_(ids))
    )
    return {
        id_: Calendar(country, tuple(sorted((c.starts_on, c.ends_on) for c in closures if c.organisation_id == id_)))
        for id_, country in countries
    }


def write(plan: Plan) -> Preview:
    """Write the forecasts, floats and what is critical; says what moved. A moved milestone is reminded of anew."""
    slots, preview = plan.slots(), plan.preview()
    days = {move.key: move.after for move in preview.moves}
    query = access.select_visible(Milestone, SYSTEM).where(Milestone.id.in_(list(days)))
    for milestone in db.session.scalars(query) if days else ():
        milestone.due_on, milestone.reminded_for = days[milestone.id], ""
    db.session.flush()
    _mark(slots)
    return preview


def _mark(slots: Mapping[Any, Slot]) -> None:
    """Floats are results, not edits: neither version nor time of change moves."""
    change = (
        update(Milestone.__table__)
        .where(access.visible(Milestone, SYSTEM), Milestone.id == bindparam("key"))
        .values(float_days=bindparam("spare"), critical=bindparam("no_spare"), updated_at=Milestone.updated_at)
    )
    rows = [{"key": key, "spare": slot.float_days, "no_spare": slot.critical} for key, slot in slots.items()]
    if rows:
        db.session.execute(change, rows)
    for milestone in (m for m in db.session.identity_map.values() if isinstance(m, Milestone) and m.id in slots):
        db.session.expire(milestone, ["float_days", "critical"])
