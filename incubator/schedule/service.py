"""Milestones: add, forecast, meet, undo, delete; and the outlook that a product's row carries (next milestone and risk).

What waits for a milestone moves with it, in the same transaction (`replan`).
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from incubator.accounts.models import User
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.products import people
from incubator.products.models import Participant, Product
from incubator.schedule import plan, tell
from incubator.schedule.localday import day_in, today_by_zone
from incubator.schedule.models import Milestone, MilestoneLink

SOON = 3  # days before the due day on which it is first said and the product is first at risk
LABELS = {
    "name": _l("Name"), "due_on": _l("Forecast"), "owner_id": _l("Owner"), "stage": _l("Stage"), "duration_days": _l("Working days"),
    "not_before_on": _l("Not before"), "owner_part": _l("Owed by"), "organisation_id": _l("Organisation"),
    "shared_with_part": _l("Shared with"),
}  # fmt: skip
MOVES_OTHERS = {"due_on", "duration_days", "not_before_on", "organisation_id"}
MOST = 500  # milestones of one product
NOON = time(12)


def add(
    product: Product, name: str, due_on: date, actor: Actor, now: datetime, owner_id: int | None = None, source: str | None = None,
    **more: Any,
) -> Milestone:  # fmt: skip
    """Promise something for a day. `source` ("gate:12:1") may be used once per product; a second time raises Invalid.

    `more` holds any of stage, duration_days, owner_part, organisation_id, shared_with_part.
    """
    access.require("milestone.edit", actor, product)
    people.require_colleague(owner_id, product.brand_id)
    values = {key: value for key, value in more.items() if key in LABELS}
    require_party(product.id, values)
    milestone = Milestone(
        product_id=product.id, brand_id=product.brand_id, name=name, baseline_on=due_on, due_on=due_on, owner_id=owner_id, source=source,
        created_at=now, **values,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(milestone)
    except IntegrityError as error:
        raise Invalid({"source": [_l("This milestone is there already.")]}) from error
    _changed("milestone.add", milestone, actor, now, name=name, due=due_on)
    return milestone


def edit(milestone: Milestone, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Milestone:
    """Change any of LABELS; the baseline stays what was promised first. What waits for it moves with it; a new forecast reminds anew.

    A new `due_on` of a milestone that waits for others is the day before which it is not due.
    """
    access.require("milestone.edit", actor, milestone)
    plan.lock(milestone.product_id)
    values = as_planned(milestone, values)
    changes = {k: v for k, v in values.items() if k in LABELS and getattr(milestone, k) != v}
    _require_fresh(milestone, expected, changes, actor)
    people.require_colleague(values.get("owner_id"), milestone.brand_id)
    if {"organisation_id", "owner_part"} & changes.keys():
        party = {key: values.get(key, getattr(milestone, key)) for key in ("organisation_id", "owner_part")}
        require_party(milestone.product_id, party)
    if not changes:
        return milestone
    before = {k: getattr(milestone, k) for k in changes}
    for key, value in changes.items():
        setattr(milestone, key, value)
    if "due_on" in changes:
        milestone.reminded_for = ""
    if MOVES_OTHERS & changes.keys():
        replan(milestone.product_id, milestone.brand_id, actor, now, because=milestone)
    event = "milestone.forecast" if {"due_on", "not_before_on"} & changes.keys() else "milestone.edit"
    _changed(event, milestone, actor, now, name=milestone.name, before=before, after=changes, due=milestone.due_on)
    return milestone


def as_planned(milestone: Milestone, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with the day of a milestone that waits for others as its `not_before_on`: its forecast is computed."""
    if values.get("due_on") is None or values["due_on"] == milestone.due_on or not waits(milestone):
        return {k: v for k, v in values.items() if k != "due_on" or v is not None}
    return {**{k: v for k, v in values.items() if k != "due_on"}, "not_before_on": values["due_on"]}


def waits(milestone: Milestone) -> bool:
    """Whether it waits for another."""
    query = access.select_visible(MilestoneLink, SYSTEM, MilestoneLink.id).where(MilestoneLink.after_id == milestone.id)
    with db.session.no_autoflush:
        return db.session.scalar(query.limit(1)) is not None


def require_party(product_id: int, values: dict[str, Any]) -> None:
    """Invalid unless the organisation takes part in the product now, in the part that owes the milestone."""
    if values.get("organisation_id") is None:
        return
    query = access.select_visible(Participant, SYSTEM, Participant.part).where(
        Participant.product_id == product_id, Participant.organisation_id == values["organisation_id"], Participant.left_at.is_(None)
    )
    if values.get("owner_part") not in set(db.session.scalars(query)):
        raise Invalid({"organisation_id": [_l("Choose an organisation that takes part in the product.")]})


def replan(
    product_id: int, brand_id: int, actor: Actor, now: datetime, because: Milestone | None = None, always: bool = False
) -> plan.Preview:
    """Write the forecasts of a product anew, and tell those whose milestones moved. Nothing linked, nothing moves, unless `always`.

    What a partner's act pushes is the system's doing on the record: a partner reads its own acts, and not the plan.
    """
    plan.lock(product_id)
    if not always and not plan.links_of(product_id):
        return plan.Preview()
    preview = plan.write(plan.load(product_id, brand_id))
    pushed = preview.without(because.id if because else None).moves
    cause = because.name if because else ""
    if pushed:
        moves = [{"milestone": m.key, "name": m.name, "before": m.before, "due": m.after} for m in pushed]
        data = {"count": len(pushed), "because": cause, "moves": moves}
        author = actor if actor.role == "brand" else SYSTEM
        event = "plan.pushed" if because else "plan.recompute"
        audit.record_bulk(event, Product.__tablename__, [(product_id, product_id, brand_id, data)], author, now)
    tell.moved(product_id, brand_id, pushed, cause, actor, now)
    return preview


def finish(milestone: Milestone, actor: Actor, now: datetime, on: date | None = None) -> plan.Preview:
    """It is met: today where the actor is, or on an earlier day. Says what that moves. Invalid for a day to come."""
    access.require("milestone.finish", actor, milestone)
    if milestone.done_at is not None:
        return plan.Preview()
    today = day_in(actor.timezone, now)
    plan.lock(milestone.product_id)
    if on is not None and on > today:
        raise Invalid({"done_on": [_l("This day has not come yet.")]})
    milestone.done_on = on or today
    milestone.done_at = now if on in (None, today) else datetime.combine(milestone.done_on, NOON, ZoneInfo(actor.timezone))
    preview = replan(milestone.product_id, milestone.brand_id, actor, now, because=milestone)
    _changed("milestone.done", milestone, actor, now, name=milestone.name, on=milestone.done_on)
    tell.met(milestone, actor, now)
    return preview


def reopen(milestone: Milestone, actor: Actor, now: datetime) -> None:
    """It was not met after all."""
    access.require("milestone.edit", actor, milestone)
    if milestone.done_at is not None:
        plan.lock(milestone.product_id)
        milestone.done_at = milestone.done_on = None
        replan(milestone.product_id, milestone.brand_id, actor, now, because=milestone)
        _changed("milestone.undo", milestone, actor, now, name=milestone.name)


def delete(milestone: Milestone, actor: Actor, now: datetime) -> None:
    """Take it out of the plan, with what links it; what waited for nothing else keeps its day."""
    access.require("milestone.edit", actor, milestone)
    plan.lock(milestone.product_id)
    audit.record("milestone.delete", milestone, actor, now, name=milestone.name)
    product_id, brand_id = milestone.product_id, milestone.brand_id
    db.session.delete(milestone)
    db.session.flush()
    replan(product_id, brand_id, actor, now)
    refresh_outlook([product_id], now)


def _require_fresh(milestone: Milestone, expected: int, changes: dict[str, Any], actor: Actor) -> None:
    if expected != milestone.version:
        difference = [(LABELS[k], _readable(k, v), _readable(k, getattr(milestone, k))) for k, v in changes.items()]
        raise Conflict(what=workflow.last_act(milestone, actor), difference=difference)


def _readable(field: str, value: Any) -> str:
    if value is None:
        return "–"
    return people.name_of(value) if field == "owner_id" else str(value)


def _changed(event: str, milestone: Milestone, actor: Actor, now: datetime, **data: Any) -> None:
    db.session.flush()
    audit.record(event, milestone, actor, now, **data)
    refresh_outlook([milestone.product_id], now)
    events.publish(event, milestone, actor, now)


def owner_zone(milestone: Any = Milestone) -> Any:
    """SQL: the time zone of a milestone's owner, or of its product's owner; NULL when it has neither."""
    owner = func.coalesce(
        milestone.owner_id, select(Product.owner_id).where(Product.id == milestone.product_id).correlate(milestone).scalar_subquery()
    )
    return select(User.timezone).where(User.id == owner).correlate(milestone).scalar_subquery()


def refresh_outlook(product_ids: Iterable[int], now: datetime) -> None:
    """Set next milestone, its day and the risk of some products from their open milestones, in one statement.

    Red: an open milestone is overdue where its owner is. Amber: one slipped behind its baseline, or is due within three days.
    Green: neither. None: nothing is open. `updated_at` and the version stay: nobody edited the product.
    """
    db.session.flush()
    ids = list(product_ids)
    opened = Milestone.product_id == Product.id, Milestone.done_at.is_(None)
    first = select(Milestone).where(*opened).order_by(Milestone.due_on, Milestone.id).limit(1).correlate(Product)
    some = exists().where(*opened).correlate(Product)
    values = {
        "next_milestone": func.coalesce(first.with_only_columns(Milestone.name).scalar_subquery(), ""),
        "next_milestone_on": first.with_only_columns(Milestone.due_on).scalar_subquery(),
        "risk": case((_overdue(now), "red"), (_endangered(now), "amber"), (some, "green"), else_="none"),
        "updated_at": Product.updated_at,
    }
    db.session.execute(update(Product).where(Product.id.in_(ids)).values(values).execution_options(synchronize_session=False))
    for product in (p for p in db.session.identity_map.values() if isinstance(p, Product) and p.id in ids):
        db.session.expire(product, ["next_milestone", "next_milestone_on", "risk", "due_key"])


def _overdue(now: datetime) -> Any:
    open_one = aliased(Milestone)
    day = today_by_zone(owner_zone(open_one), now)
    return exists().where(open_one.product_id == Product.id, open_one.done_at.is_(None), open_one.due_on < day).correlate(Product)


def _endangered(now: datetime) -> Any:
    open_one = aliased(Milestone)
    soon = open_one.due_on <= today_by_zone(owner_zone(open_one), now, SOON)
    slipped = open_one.due_on > open_one.baseline_on
    return exists().where(open_one.product_id == Product.id, open_one.done_at.is_(None), soon | slipped).correlate(Product)
