"""Reads for the accounts pages and for the frame of every page; always the actor's own rows. It writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.accounts import labels
from incubator.accounts.identity import is_live
from incubator.accounts.models import ApiToken, Invitation, Membership, Notification, Organisation, Setting, User, UserSession
from incubator.kernel.access import get_visible, select_visible
from incubator.kernel.actor import ROLES, SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.paging import Order, Page, fetch

DEMO_DOMAIN = "@demo.incubator.example"
DEMO_SETTING = "demo"
MOST_SUGGESTIONS = 8


@dataclass(frozen=True)
class Workspace:
    """One place a person may act for: `id` is a membership's, or "staff"."""

    id: int | str
    label: str
    role_label: Any
    active: bool


def me(actor: Actor) -> User:
    """The actor's own row."""
    user: User = get_visible(User, actor.user_id or 0, actor)
    return user


def workspaces(actor: Actor) -> list[Workspace]:
    """Where the actor may act, for the switch in the frame: as staff first, then live memberships."""
    user = me(actor)
    query = (
        select_visible(Membership, actor)
        .where(Membership.user_id == actor.user_id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    )
    live = [m for m in db.session.scalars(query) if is_live(user, m)]
    staff = [Workspace("staff", "Incubator", labels.role_label(user.staff_role), actor.organisation_id is None)] if user.staff_role else []
    return staff + [
        Workspace(m.id, m.organisation.label, labels.role_label(m.organisation.kind), m.organisation_id == actor.organisation_id)
        for m in live
    ]


def unread_count(actor: Actor) -> int:
    """How many notices wait; counting stops at 100, because the frame shows "99+"."""
    waiting = select_visible(Notification, actor, Notification.id).where(Notification.read_at.is_(None)).limit(100)
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def notifications_page(actor: Actor, cursor: str | None, unread_only: bool) -> Page:
    """Newest first."""
    columns = (Notification.id, Notification.text, Notification.params, Notification.url, Notification.created_at, Notification.read_at)
    query = select_visible(Notification, actor, *columns)
    query = query.where(Notification.read_at.is_(None)) if unread_only else query
    return fetch(query, Notification.id, Order(Notification.created_at, "created_at", descending=True), cursor)


def membership(membership_id: int, actor: Actor) -> Membership:
    row: Membership = get_visible(Membership, membership_id, actor, joinedload(Membership.user), joinedload(Membership.organisation))
    return row


def live_sessions(actor: Actor, now: datetime) -> Sequence[UserSession]:
    """The actor's own open sessions, the latest seen first."""
    query = select_visible(UserSession, actor).where(UserSession.ended_at.is_(None), UserSession.expires_at > now, ~UserSession.awaits_code)
    return db.session.scalars(query.order_by(UserSession.last_seen_at.desc())).all()


def tokens(actor: Actor) -> Sequence[ApiToken]:
    """The actor's API tokens, newest first, revoked ones included."""
    query = select_visible(ApiToken, actor).options(joinedload(ApiToken.membership).joinedload(Membership.organisation))
    return db.session.scalars(query.order_by(ApiToken.id.desc()).limit(100)).all()


def members(organisation: Organisation, actor: Actor) -> Sequence[Membership]:
    """Who acts for the organisation: managers first, by name."""
    query = select_visible(Membership, actor).where(Membership.organisation_id == organisation.id, Membership.ended_at.is_(None))
    query = query.join(Membership.user).options(joinedload(Membership.user)).order_by(Membership.is_manager.desc(), User.name)
    return db.session.scalars(query).all()


def open_invitations(organisation: Organisation | None, actor: Actor, now: datetime) -> Sequence[Invitation]:
    """Links that still work, into the organisation, or into the staff (None)."""
    query = select_visible(Invitation, actor).where(
        Invitation.organisation_id == (organisation.id if organisation else None),
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    return db.session.scalars(
        query.where(Invitation.expires_at > now).options(joinedload(Invitation.invited_by)).order_by(Invitation.id.desc())
    ).all()


def directory(actor: Actor, kinds: Iterable[str] = (), text: str = "") -> Select[Any]:
    """A select of the organisations the actor may address: id, name, short_name, kind, city, and nothing else of theirs."""
    columns = (Organisation.id, Organisation.name, Organisation.short_name, Organisation.kind, Organisation.city)
    query = select_visible(Organisation, actor, *columns).where(Organisation.disabled_at.is_(None))
    query = query.where(Organisation.kind.in_(tuple(kinds))) if kinds else query
    return query.where(_named(text)) if text else query


def directory_rows(actor: Actor, kinds: Iterable[str] = (), text: str = "", limit: int = 200) -> list[Any]:
    """The first `limit` rows of the directory, by name."""
    return list(db.session.execute(directory(actor, kinds, text).order_by(Organisation.name, Organisation.id).limit(limit)))


def _named(text: str) -> Any:
    return or_(Organisation.name.icontains(text, autoescape=True), Organisation.short_name.icontains(text, autoescape=True))


def demo_accounts() -> list[User]:
    """The live demo people to sign in as, while demo data is loaded; else nobody. Not for production.

    One per role in the order of the roles, and two of the brand: nobody signs what they submitted.
    """
    if db.session.scalar(select_visible(Setting, SYSTEM, Setting.id).where(Setting.key == DEMO_SETTING)) is None:
        return []
    query = (
        select_visible(User, SYSTEM).where(User.email.endswith(DEMO_DOMAIN, autoescape=True), User.disabled_at.is_(None)).order_by(User.id)
    )
    by_role: dict[str | None, list[User]] = defaultdict(list)
    for user in db.session.scalars(query):
        by_role[demo_role(user)].append(user)
    return [user for role in ROLES for user in by_role[role][: 2 if role == "brand" else 1]]


def demo_role(user: User) -> str | None:
    """The role that a demo person signs in to."""
    return user.staff_role or next((m.organisation.kind for m in user.memberships if is_live(user, m)), None)


def demo_title(user: User) -> str:
    """What a demo person is in their organisation."""
    return "" if user.staff_role else next((m.title for m in user.memberships if is_live(user, m)), "")
