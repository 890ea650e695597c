"""The secret address under which a person's calendar reads milestones: made, renewed, revoked, and read without signing in.

Only the digest of its token is kept. It gives what that person may see at the moment of the request, and nothing once the
person is disabled, has left the organisation, changed the password, or revoked it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import func, or_, update
from sqlalchemy.orm import joinedload

from incubator.accounts.identity import actor_for, digest, is_live, new_token
from incubator.accounts.models import Membership, User
from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.products.models import Product, SquadMember
from incubator.schedule import ical
from incubator.schedule.calendar_models import CalendarFeed
from incubator.schedule.models import Milestone
from incubator.schedule.queries import ENDED

MOST = 2000  # events of one feed
BACK = timedelta(days=180)


def present(actor: Actor, membership_id: int) -> CalendarFeed | None:
    """The live feed of the actor for this membership."""
    query = access.select_visible(CalendarFeed, actor).where(CalendarFeed.membership_id == membership_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalar(query.order_by(CalendarFeed.id.desc()).limit(1))


def make(membership_id: int, scope: str, actor: Actor, now: datetime) -> str:
    """A new feed in place of the present one, which ends. Returns the token, for the only time."""
    _end(CalendarFeed.membership_id == membership_id, actor, now)
    token, token_hash = new_token()
    made = CalendarFeed(token_hash=token_hash, user_id=actor.user_id, membership_id=membership_id, scope=scope, created_at=now)
    db.session.add(made)
    audit.record("calendar_feed.make", made, actor, now, scope=scope)
    return token


def revoke(membership_id: int, actor: Actor, now: datetime) -> None:
    """The address is not there any more; again changes nothing."""
    found = present(actor, membership_id)
    if found is not None:
        _end(CalendarFeed.membership_id == membership_id, actor, now)
        audit.record("calendar_feed.revoke", found, actor, now)


def end_all(user: User, now: datetime) -> None:
    """Every feed of a person ends, as their sessions and tokens do."""
    live = access.visible(CalendarFeed, SYSTEM), CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None)
    db.session.execute(update(CalendarFeed).where(*live).values(revoked_at=now))


def _end(which: Any, actor: Actor, now: datetime) -> None:
    live = access.visible(CalendarFeed, actor), which, CalendarFeed.revoked_at.is_(None)
    db.session.execute(update(CalendarFeed).where(*live).values(revoked_at=now))


def find(token: str) -> CalendarFeed:
    """The live feed of `token`, its person and organisation loaded; NotFound for any other."""
    query = access.select_visible(CalendarFeed, SYSTEM).where(CalendarFeed.token_hash == digest(token), CalendarFeed.revoked_at.is_(None))
    query = query.options(joinedload(CalendarFeed.user), joinedload(CalendarFeed.membership).joinedload(Membership.organisation))
    feed = db.session.scalar(query)
    if feed is None or not is_live(feed.user, feed.membership):
        raise NotFound()
    return feed


def text(feed: CalendarFeed, today: date) -> tuple[bytes, datetime]:
    """The calendar, and when anything in it last changed."""
    actor = actor_for(feed.user, feed.membership, "read")
    rows = db.session.execute(_rows(actor, feed.scope, today)).all()
    base = current_app.config["BASE_URL"]
    with force_locale(actor.locale):
        name = gettext("Milestones · %(organisation)s", organisation=actor.organisation_name)
        events = [_event(row, base) for row in rows]
    changed = max([feed.created_at, *(row.updated_at for row in rows)])
    return ical.calendar(name, actor.locale, events), changed


def _rows(actor: Actor, scope: str, today: date) -> Any:
    """What the person may see now. "mine" of a brand is what they own, or of products they own or serve in the squad."""
    columns = (
        Milestone.id, Milestone.name, Milestone.due_on, Milestone.done_at, Milestone.done_on, Milestone.updated_at, Milestone.version,
        Product.id.label("product_id"), Product.name.label("product"),
    )  # fmt: skip
    query = access.select_visible(Milestone, actor, *columns).join(Product, Product.id == Milestone.product_id)
    query = query.where(or_(Milestone.done_at.is_(None), Milestone.due_on >= today - BACK), Product.state.not_in(ENDED))
    if actor.role == "brand" and scope == "mine":
        served = access.select_visible(SquadMember, actor, SquadMember.product_id).where(SquadMember.user_id == actor.user_id)
        query = query.where(or_(func.coalesce(Milestone.owner_id, Product.owner_id) == actor.user_id, Product.id.in_(served)))
    return query.order_by(Milestone.due_on.desc(), Milestone.id).limit(MOST)


def _event(row: Any, base: str) -> ical.Event:
    done = row.done_at is not None
    on = row.done_on or row.due_on if done else row.due_on
    summary = f"✓ {row.name}" if done else row.name
    return ical.Event(
        uid=f"milestone-{row.id}@{base.partition('://')[2].partition('/')[0]}",
        on=on, summary=f"{summary} · {row.product}", description=gettext("Met.") if done else "",
        url=f"{base}/products/{row.product_id}/plan", changed=row.updated_at, sequence=row.version,
    )  # fmt: skip
