"""A template becomes a product's plan: shown first, then created whole or not at all. A second time only what is missing is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts.models import Organisation
from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.products.models import Participant, Product
from incubator.schedule import laying, plan, service, tell
from incubator.schedule.defaults import Row, Template
from incubator.schedule.forecast import Link, Task
from incubator.schedule.laying import Laid
from incubator.schedule.models import Milestone, MilestoneLink


@dataclass(frozen=True)
class Wish:
    """How a template is to be laid over a product: from `direction` ("start" or "launch") on `day`, each part owed by whom, in which language."""

    direction: str
    day: date
    parties: Mapping[str, int | None]
    language: str = "zh"


@dataclass(frozen=True)
class Proposal:
    """What would be created, what of the template is there already (code → name), and what else would move."""

    laid: Sequence[Laid]
    present: Mapping[str, str]
    pushed: plan.Preview

    def began_before(self, day: date) -> list[Laid]:
        """What would have had to begin before `day`."""
        return [laid for laid in self.laid if laid.start < day]


def partners(product: Product, actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """(organisation, name) of those who take part now, by part."""
    query = access.select_visible(Participant, actor, Participant.part, Organisation.id, Organisation.name).join(Organisation)
    rows = db.session.execute(query.where(Participant.product_id == product.id, Participant.left_at.is_(None)).order_by(Organisation.name))
    found: dict[str, list[tuple[int, str]]] = {}
    for part, id_, name in rows:
        found.setdefault(part, []).append((id_, name))
    return found


def propose(product: Product, template: Template, wish: Wish) -> Proposal:
    """The milestones that `apply` would create, and what else would move. It writes nothing. Invalid for a circle."""
    present = _present(product)
    written = plan.load(product.id, product.brand_id)
    calendars = _calendars(product, wish)
    there = {code: written.tasks[row.id] for code, row in present.items()}
    laid = laying.lay(template.rows, wish.direction, wish.day, lambda row: calendars[_owner(row, wish, product)], there)
    tasks = {
        each.row.code: Task(each.row.code, each.finish, each.row.days, _pin(each), calendar=calendars[_owner(each.row, wish, product)])
        for each in laid
    }
    tried = written.added(tasks, {each.row.code: each.row.name(wish.language) for each in laid})
    ids = {code: row.id for code, row in present.items()}
    for id_ in _first_to_wait(template, laid, ids, written):
        tried = tried.changed(id_, not_before=written.tasks[id_].due)
    tried = tried.linked(*(Link(ids.get(a, a), ids.get(b, b)) for a, b in _new_links(template, laid)))
    return Proposal(laid, {code: row.name for code, row in present.items()}, tried.preview(written))


def apply(product: Product, template: Template, wish: Wish, actor: Actor, now: datetime) -> list[Milestone]:
    """Create what the template holds and the product does not, with its links. Refused when all of it is there."""
    access.require("milestone.edit", actor, product)
    plan.lock(product.id)
    proposal = propose(product, template, wish)
    if not proposal.laid:
        raise Refused(_l("Everything of this template is planned already."))
    _require_room(product, len(proposal.laid))
    made = {each.row.code: _milestone(product, each, wish, now) for each in proposal.laid}
    db.session.add_all(made.values())
    db.session.flush()
    ids = {code: row.id for code, row in _present(product).items()}
    _keep_days(product, _first_to_wait(template, proposal.laid, ids, plan.load(product.id, product.brand_id)))
    links = [_link(product, ids[a], ids[b]) for a, b in _new_links(template, proposal.laid)]
    insert_many(MilestoneLink, links, created_at=now, updated_at=now)
    preview = plan.write(plan.load(product.id, product.brand_id))
    rows = [{"milestone": m.id, "name": m.name, "due": m.due_on} for m in made.values()]
    audit.record("plan.apply", product, actor, now, name=template.name(wish.language), count=len(rows), milestones=rows)
    service.refresh_outlook([product.id], now)
    new = {m.id for m in made.values()}
    tell.moved(product.id, product.brand_id, [move for move in preview.moves if move.key not in new], "", actor, now)
    return list(made.values())


def _present(product: Product) -> dict[str, Any]:
    """(id, name) of the milestones that came from a template, by their code."""
    query = access.select_visible(Milestone, SYSTEM, Milestone.id, Milestone.name, Milestone.source)
    rows = db.session.execute(query.where(Milestone.product_id == product.id, Milestone.source.startswith(plan.SOURCE)))
    return {row.source.removeprefix(plan.SOURCE): row for row in rows}


def _calendars(product: Product, wish: Wish) -> dict[int, Any]:
    return plan.calendars_of({product.brand_id, *(id_ for id_ in wish.parties.values() if id_)}, product.brand_id)


def _owner(row: Row, wish: Wish, product: Product) -> int:
    return (wish.parties.get(row.part) if row.part else None) or product.brand_id


def _pin(laid: Laid) -> date | None:
    return laid.finish if laid.pinned else None


def _new_links(template: Template, laid: Sequence[Laid]) -> list[tuple[str, str]]:
    """(before, after) of each link that touches a row which is not there yet."""
    new = {each.row.code for each in laid}
    return [(before, row.code) for row in template.rows for before in row.after if row.code in new or before in new]


def _first_to_wait(template: Template, laid: Sequence[Laid], ids: Mapping[str, int], written: plan.Plan) -> list[int]:
    """The milestones that are there, wait for nothing, and will wait for a new one."""
    new = {each.row.code for each in laid}
    waiting = {link.after for link in written.links}
    return [ids[b] for _a, b in _new_links(template, laid) if b in ids and b not in new and ids[b] not in waiting]


def _keep_days(product: Product, ids: Sequence[int]) -> None:
    """No day comes earlier by a link: the day that a milestone had becomes the one before which it is not due."""
    query = access.select_visible(Milestone, SYSTEM).where(Milestone.product_id == product.id, Milestone.id.in_(ids))
    for milestone in db.session.scalars(query) if ids else ():
        milestone.not_before_on = milestone.due_on


def _milestone(product: Product, laid: Laid, wish: Wish, now: datetime) -> Milestone:
    row = laid.row
    return Milestone(
        product_id=product.id, brand_id=product.brand_id, name=row.name(wish.language), stage=row.stage, baseline_on=laid.finish,
        due_on=laid.finish, duration_days=row.days, not_before_on=_pin(laid), owner_part=row.part, source=f"{plan.SOURCE}{row.code}",
        organisation_id=wish.parties.get(row.part) if row.part else None, created_at=now,
    )  # fmt: skip


def _link(product: Product, before_id: int, after_id: int) -> dict[str, int]:
    return {"product_id": product.id, "brand_id": product.brand_id, "before_id": before_id, "after_id": after_id, "lag_days": 0}


def _require_room(product: Product, more: int) -> None:
    there = access.select_visible(Milestone, SYSTEM, Milestone.id).where(Milestone.product_id == product.id).limit(service.MOST)
    if len(db.session.scalars(there).all()) + more > service.MOST:
        raise Invalid({"template": [_l("A product has at most %(n)s milestones.", n=service.MOST)]})


def assign(product: Product, part: str, organisation_id: int, actor: Actor, now: datetime) -> int:
    """Give an organisation that takes part every open milestone of its part that nobody owes yet; how many. Its calendar counts from now on."""
    access.require("milestone.edit", actor, product)
    plan.lock(product.id)
    service.require_party(product.id, {"owner_part": part, "organisation_id": organisation_id})
    query = access.select_visible(Milestone, actor).where(
        Milestone.product_id == product.id, Milestone.owner_part == part, Milestone.organisation_id.is_(None), Milestone.done_at.is_(None)
    )
    found = list(db.session.scalars(query))
    for milestone in found:
        milestone.organisation_id = organisation_id
    audit.record("plan.assign", product, actor, now, count=len(found), part=part)
    service.replan(product.id, product.brand_id, actor, now)
    service.refresh_outlook([product.id], now)
    return len(found)
