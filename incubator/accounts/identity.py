"""From a cookie or a bearer token to an Actor, in one query. It trusts no header but `Authorization`."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from flask_login import LoginManager, UserMixin
from sqlalchemy import Engine, bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from incubator.accounts.models import ApiToken, Membership, User, UserSession
from incubator.kernel import clock, web
from incubator.kernel.actor import ANONYMOUS, Actor
from incubator.kernel.db import db

SESSION_LIFETIME = timedelta(days=14)
SESSION_IDLE = timedelta(days=3)
TOUCH_EVERY = timedelta(minutes=5)
log = structlog.get_logger("identity")


def new_token() -> tuple[str, str]:
    """(token to hand out, digest to store): 256 random bits."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignedIn(UserMixin):
    """What Flask-Login carries: the session token is the id, so that the cookie names a session and not a person."""

    def __init__(self, token: str):
        self.id = token


def load_session(token: str, now: datetime) -> UserSession | None:
    """The live session of `token`, its user and membership loaded with it."""
    row = db.session.scalar(_live_session(), {"digest": digest(token), "now": now})
    if row is None or row.last_seen_at + SESSION_IDLE < now or not is_live(row.user, row.membership):
        return None
    return row


@cache
def _live_session() -> Any:
    """The statement of every page, built once; it takes `digest` and `now`."""
    right = UserSession.token_hash == bindparam("digest"), UserSession.expires_at > bindparam("now", type_=UserSession.expires_at.type)
    query = select(UserSession).where(*right, UserSession.ended_at.is_(None), ~UserSession.awaits_code)
    return query.options(joinedload(UserSession.user), joinedload(UserSession.membership).joinedload(Membership.organisation))


def is_live(user: User, membership: Membership | None) -> bool:
    """Whether `user` may act through `membership`, or as staff without one."""
    if user.disabled_at or (membership is None and user.staff_role is None):
        return False
    return membership is None or (membership.ended_at is None and membership.organisation.disabled_at is None)


def actor_for(user: User, membership: Membership | None, scope: str = "write") -> Actor:
    """The actor that `user` is when acting through `membership`, or as staff without one."""
    organisation = membership.organisation if membership else None
    return Actor(
        role=organisation.kind if organisation else str(user.staff_role),
        user_id=user.id,
        organisation_id=organisation.id if organisation else None,
        name=user.name,
        organisation_name=organisation.label if organisation else "",
        is_manager=bool(membership and membership.is_manager),
        locale=user.locale,
        timezone=user.timezone,
        scope=scope,
    )


def identify() -> Actor:
    """The actor of the present request: a bearer token under /api/, the session cookie everywhere else, never both."""
    if request.path.startswith(web.API_PREFIX):
        return _from_bearer()
    from_cookie = _session_token()
    row = load_session(from_cookie, clock.now()) if from_cookie else None
    if row is None:
        return ANONYMOUS
    g.user_session = row
    g.last_seen = (UserSession.last_seen_at, row.id, row.last_seen_at)
    return actor_for(row.user, row.membership)


def _session_token() -> str | None:
    value = session.get("_user_id")
    return value if isinstance(value, str) else None


def _from_bearer() -> Actor:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        return ANONYMOUS
    row = db.session.scalar(
        select(ApiToken)
        .where(ApiToken.token_hash == digest(token.strip()), ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now())
        .options(joinedload(ApiToken.user), joinedload(ApiToken.membership).joinedload(Membership.organisation))
    )
    if row is None or not is_live(row.user, row.membership):
        return ANONYMOUS
    g.last_seen = (ApiToken.last_used_at, row.id, row.last_used_at)
    return actor_for(row.user, row.membership, row.scope)


def current_session() -> Any:
    """The UserSession row of this request, if it came with one."""
    return g.get("user_session")


def install(app: Flask) -> None:
    """Flask-Login for the cookie, `identify` for the web edge, and the note of when somebody was last seen."""
    login = LoginManager()
    login.session_protection = None  # it would put a hash of address and browser into the cookie
    login.init_app(app, add_context_processor=False)
    login.user_loader(lambda token: SignedIn(token) if not web.actor().is_anonymous else None)
    # A late answer to an old request must not bring an old cookie back.
    app.config.update(SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME)
    app.extensions["identify"] = identify
    app.after_request(_note_last_seen)


def _note_last_seen(response: Response) -> Response:
    """After the answer has gone out: a page that is only read must not wait for a write."""
    column, row_id, before = g.get("last_seen", (None, None, None))
    now = clock.now()
    if column is not None and (before is None or before + TOUCH_EVERY <= now):
        response.call_on_close(partial(_touch, db.engine, column, row_id, now))
    return response


def _touch(engine: Engine, column: Any, row_id: int, now: datetime) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(update(column.class_).where(column.class_.id == row_id).values({column.key: now}))
    except OperationalError as error:
        log.warning("last_seen_not_noted", kind=type(error).__name__)
