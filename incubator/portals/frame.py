"""What surrounds every page: navigation with what waits for the reader, notices, workspaces. At most three queries, none for a stranger."""

from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import current_app, g, request
from flask_babel import get_locale
from sqlalchemy import func, select

from incubator.accounts import labels
from incubator.accounts.identity import current_session
from incubator.accounts.models import Membership, Notification, Organisation
from incubator.accounts.queries import Workspace
from incubator.briefs import queries as briefs
from incubator.kernel import access, clock, web
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.db import db
from incubator.portals import nav
from incubator.schedule import queries as schedule
from incubator.signals import wall_queries as wall

URLS = {
    "home": "portals.home",
    "profile": "accounts.profile",
    "notifications": "accounts.notifications",
    "sign_out": "accounts.sign_out",
    "switch_workspace": "accounts.switch_workspace",
    "set_locale": "accounts.set_locale",
    "set_theme": "accounts.set_theme",
}


def context() -> dict[str, Any]:
    """The `frame` of every template, built once per request."""
    if "frame" not in g:
        g.frame = _build(web.actor())
    return {"frame": g.frame}


def _build(actor: Actor) -> SimpleNamespace:
    locale = "zh" if str(get_locale() or "").startswith("zh") else "en"
    user = getattr(current_session(), "user", None)
    base = {
        "locale": locale,
        "theme": user.theme if user else "auto",
        "urls": {name: nav.url_or(endpoint) for name, endpoint in URLS.items()},
        "search_url": nav.url_or("portals.find"),
        "here": _here(),
    }
    if actor.is_anonymous or actor.is_system:
        return SimpleNamespace(**base, nav=[], actor=None, unread=0, workspaces=[])
    unread, waits = _waiting(actor)
    return SimpleNamespace(**base, nav=nav.build(actor, waits), actor=_who(actor, user), unread=unread, workspaces=_workspaces(actor, user))


def _here() -> str:
    """Where to return to after a change of language: this page, or the start after a POST."""
    return request.full_path.rstrip("?") if request.method == "GET" and request.endpoint in current_app.view_functions else "/"


def _who(actor: Actor, user: Any) -> SimpleNamespace:
    initials = user.initials if user else actor.name[:1].upper()
    role = labels.role_label(actor.role)
    return SimpleNamespace(
        name=actor.name,
        initials=initials,
        organisation_name=actor.organisation_name,
        role_label=role,
        organisation_id=actor.organisation_id,
        role=actor.role,
    )


def _waiting(actor: Actor) -> tuple[int, dict[str, int]]:
    """(unread notices, what waits by navigation entry)."""
    row = db.session.execute(_counts(actor, clock.today(actor.timezone))).one()
    waits = {"late": row[1], "wall": row[2]} if actor.role == "brand" else {}
    if actor.role in ORGANISATION_KINDS:
        waits["reviews"] = briefs.waiting_for(actor)
    return row[0], waits


@lru_cache(maxsize=256)
def _counts(actor: Actor, today: date) -> Any:
    """One statement for all counts; kept, because building it costs more than running it."""
    unread = access.select_visible(Notification, actor, Notification.id).where(Notification.read_at.is_(None)).limit(100).subquery()
    counts = [select(func.count()).select_from(unread).scalar_subquery()]
    return select(*counts, *([schedule.late_count(actor, today), wall.mine(actor)] if actor.role == "brand" else []))


@lru_cache(maxsize=256)
def _places(actor: Actor) -> Any:
    query = access.select_visible(
        Membership,
        actor,
        Membership.id,
        Organisation.id.label("organisation_id"),
        Organisation.name,
        Organisation.short_name,
        Organisation.kind,
    )
    query = query.join(Organisation).where(
        Membership.user_id == actor.user_id, Membership.ended_at.is_(None), Organisation.disabled_at.is_(None)
    )
    return query.order_by(Membership.id)


def _workspaces(actor: Actor, user: Any) -> list[Workspace]:
    """Where the person may act: staff first, then live memberships."""
    rows = db.session.execute(_places(actor)).all()
    places = [Workspace(r.id, r.short_name or r.name, labels.role_label(r.kind), r.organisation_id == actor.organisation_id) for r in rows]
    if user is None or not user.staff_role:
        return places
    return [Workspace("staff", "Incubator", labels.role_label(user.staff_role), actor.organisation_id is None), *places]
