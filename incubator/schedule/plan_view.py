"""What the pages of a product's plan show: the table, the lanes, and in words what a change moves. It writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext

from incubator.kernel.actor import Actor
from incubator.products.models import Product
from incubator.schedule import gantt, plan, queries
from incubator.schedule.forecast import Slot
from incubator.schedule.models import Milestone
from incubator.schedule.timeline import Period


@dataclass(frozen=True)
class Shown:
    """A plan as its page draws it. `waits` gives what each milestone waits for: (id, name, lag); `unowed` the open ones of each part."""

    rows: Sequence[Milestone]
    slots: dict[int, Slot]
    waits: dict[int, list[tuple[int, str, int]]]
    lanes: list[tuple[Milestone, dict[str, Any]]]
    period: Period
    unowed: dict[str, int]
    late: plan.Preview

    @property
    def critical(self) -> int:
        return sum(slot.critical for slot in self.slots.values())


def of(product: Product, actor: Actor, today: date) -> Shown:
    """The whole plan, for its brand: five queries."""
    rows = queries.of_product(product, actor)
    written = plan.load(product.id, product.brand_id)
    slots = written.slots()
    waits: dict[int, list[tuple[int, str, int]]] = {}
    for link in written.links:
        waits.setdefault(int(str(link.after)), []).append((int(str(link.before)), written.names[link.before], link.lag))
    bars = [_bar(row, slots[row.id], written) for row in rows]
    shown = gantt.period(bars, today)
    by_id = {row.id: row for row in rows}
    bars.sort(key=lambda bar: (bar.start, bar.finish, bar.key))
    lanes = [(by_id[bar.key], gantt.lane(bar, shown, today)) for bar in bars]
    return Shown(rows, slots, waits, lanes, shown, _unowed(rows), if_met_today(written, today))


def _bar(row: Milestone, slot: Slot, written: plan.Plan) -> gantt.Bar:
    begun = written.tasks[row.id].calendar.begin(row.baseline_on, row.duration_days)
    return gantt.Bar(row.id, begun, row.baseline_on, slot.start, slot.finish, row.actual_on, slot.critical)


def _unowed(rows: Iterable[Milestone]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row.owner_part and row.organisation_id is None and row.done_at is None:
            found[row.owner_part] = found.get(row.owner_part, 0) + 1
    return found


def if_met_today(written: plan.Plan, today: date) -> plan.Preview:
    """What moves if everything that is late were met today: the least that being late already costs."""
    tried, late = written, [key for key, task in written.tasks.items() if task.done is None and task.due < today]
    for key in late:
        tried = tried.changed(key, done=today)
    preview = tried.preview()
    return plan.Preview(tuple(m for m in preview.moves if m.key not in late), preview.launch) if late else plan.Preview()


def said(preview: plan.Preview) -> str:
    """ "This moves 4 milestones, “Launch” by 9 days." """
    number = len(preview.moves)
    if number == 0:
        return gettext("This moves no other milestone.")
    if preview.launch is None:
        return ngettext("This moves %(num)s milestone; the end stays.", "This moves %(num)s milestones; the end stays.", number)
    values = {"name": preview.launch.name, "days": days_moved(preview.launch)}
    return ngettext(
        "This moves %(num)s milestone, “%(name)s” by %(days)s.", "This moves %(num)s milestones, “%(name)s” by %(days)s.", number, **values
    )


def days_moved(move: plan.Move) -> str:
    """ "9 days", or "3 days earlier"."""
    if move.days >= 0:
        return ngettext("%(num)s day", "%(num)s days", move.days)
    return ngettext("%(num)s day earlier", "%(num)s days earlier", -move.days)
