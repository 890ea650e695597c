"""Milestones: add, forecast, meet, undo, delete; and the outlook that a product's row carries (next milestone and risk)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from incubator.accounts.models import User
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.products import people
from incubator.products.models import Product
from incubator.schedule.localday import today_by_zone
from incubator.schedule.models import Milestone

SOON = 3  # days before the due day on which it is first said and the product is first at risk
LABELS = {"name": _l("Name"), "due_on": _l("Forecast"), "owner_id": _l("Owner")}


def add(
    product: Product, name: str, due_on: date, actor: Actor, now: datetime, owner_id: int | None = None, source: str | None = None
) -> Milestone:
    """Promise something for a day. `source` ("gate:12:1") may be used once per product; a second time raises Invalid."""
    access.require("milestone.edit", actor, product)
    people.require_colleague(owner_id, product.brand_id)
    milestone = Milestone(
        product_id=product.id,
        brand_id=product.brand_id,
        name=name,
        baseline_on=due_on,
        due_on=due_on,
        owner_id=owner_id,
        source=source,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(milestone)
    except IntegrityError as error:
        raise Invalid({"source": [_l("This milestone is there already.")]}) from error
    _changed("milestone.add", milestone, actor, now, name=name, due=due_on)
    return milestone


def edit(milestone: Milestone, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Milestone:
    """Change name, owner or forecast (`due_on`); the baseline stays what was promised first. A new forecast reminds anew."""
    access.require("milestone.edit", actor, milestone)
    changes = {k: v for k, v in values.items() if k in LABELS and getattr(milestone, k) != v}
    _require_fresh(milestone, expected, changes, actor)
    people.require_colleague(values.get("owner_id"), milestone.brand_id)
    if not changes:
        return milestone
    before = {k: getattr(milestone, k) for k in changes}
    for key, value in changes.items():
        setattr(milestone, key, value)
    if "due_on" in changes:
        milestone.reminded_for = ""
    _changed(
        "milestone.forecast" if "due_on" in changes else "milestone.edit",
        milestone,
        actor,
        now,
        name=milestone.name,
        before=before,
        after=changes,
        due=milestone.due_on,
    )
    return milestone


def finish(milestone: Milestone, actor: Actor, now: datetime) -> None:
    """It is met, now."""
    access.require("milestone.edit", actor, milestone)
    if milestone.done_at is None:
        milestone.done_at = now
        _changed("milestone.done", milestone, actor, now, name=milestone.name)


def reopen(milestone: Milestone, actor: Actor, now: datetime) -> None:
    """It was not met after all."""
    access.require("milestone.edit", actor, milestone)
    if milestone.done_at is not None:
        milestone.done_at = None
        _changed("milestone.undo", milestone, actor, now, name=milestone.name)


def delete(milestone: Milestone, actor: Actor, now: datetime) -> None:
    access.require("milestone.edit", actor, milestone)
    audit.record("milestone.delete", milestone, actor, now, name=milestone.name)
    product_id = milestone.product_id
    db.session.delete(milestone)
    db.session.flush()
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
