"""The web edge: who may call a view, one commit per request, refusals as pages or JSON, and the headers of every answer.

A view without `allow`, `signed_in` or `public` is refused: access is denied until somebody says otherwise.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from apiflask import APIFlask
from flask import Response, current_app, g, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.routing import IntegerConverter, Map

from incubator.kernel import db as database
from incubator.kernel.actor import ANONYMOUS, ROLES, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Forbidden, NotFound

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
API_PREFIX = "/api/"
log = structlog.get_logger("web")


def allow(*roles: str) -> Callable[[View], View]:
    """Only actors of these roles; everyone else is told that the page does not exist."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"unknown roles {unknown}")

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: View) -> View:
    """Any signed-in person, whatever the role; rows are still scoped."""
    return allow(*ROLES)(view)


def public(view: View) -> View:
    """Anybody, without a session. The architecture test lists every such view by name."""
    view.allowed_roles = frozenset()  # type: ignore[attr-defined]
    return view


def stateless(view: View) -> View:
    """Anybody, and nobody is asked who they are: for health checks, which must answer without the database."""
    view.stateless = True  # type: ignore[attr-defined]
    return public(view)


def actor() -> Actor:
    """The actor of the present request; only the edges (routes, api) ask."""
    return g.get("actor", ANONYMOUS)


def wants_json() -> bool:
    return request.path.startswith(API_PREFIX) or request.accept_mimetypes.best == "application/json"


class Incubator(APIFlask):
    """Flask with one transaction per request, committed before the response is built and rolled back on any refusal."""

    def dispatch_request(self) -> Response:  # type: ignore[override]
        response = self.make_response(super().dispatch_request())
        if response.status_code < 400:
            try:
                db.session.commit()
            except StaleDataError as error:
                raise Conflict() from error
        return response


def guard_request() -> Any:
    """Before every view: transaction mode, actor, permission. Returns a redirect to sign-in, or nothing."""
    safe = request.method in SAFE_METHODS
    database.set_read_only(safe)
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "stateless", False):
        return None
    allowed = getattr(view, "allowed_roles", None)
    g.actor = current_app.extensions["identify"]()
    if not safe and not request.path.startswith(API_PREFIX) and comes_from_elsewhere():
        log.warning("denied", endpoint=request.endpoint, reason="foreign origin", user=g.actor.user_id)
        raise Forbidden(_l("This came from another site, so nothing was done. Open the page here and try again."))
    if allowed == frozenset():
        return None
    if g.actor.is_anonymous:
        return _ask_to_sign_in()
    if allowed is None or g.actor.role not in allowed or (g.actor.scope == "read" and not safe):
        log.warning("denied", endpoint=request.endpoint, role=g.actor.role, user=g.actor.user_id)
        raise NotFound()
    return None


def receive() -> None:
    """Take in the whole body while no transaction is open: on a slow line it may take minutes, and on SQLite others would wait.

    Who was let in, was let in: what the view reads, it reads anew.
    """
    if request.method not in SAFE_METHODS and request.endpoint is not None:
        db.session.rollback()
        request.get_data(parse_form_data=True)


def comes_from_elsewhere() -> bool:
    """Whether the browser says that another site's page sent this; the second line behind the CSRF token."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "cross-site"
    return urlsplit(origin).netloc not in (request.host, urlsplit(current_app.config["BASE_URL"]).netloc)


def _ask_to_sign_in() -> Any:
    if wants_json():
        return {"message": "Sign in, or send a bearer token."}, 401
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=here))


def local_path(target: str | None, default: str) -> str:
    """`target` when it is a path on this very site, else `default`: no `//evil`, `/\\evil` or `javascript:`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    return default if any(ord(c) < 32 or c == "\\" for c in target) else target


CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def secure(response: Response) -> Response:
    """Headers of every answer, errors and 304 included."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.vary.update(["Cookie", "Accept-Language"])
        given = headers.get("Cache-Control", "no-store")
        headers["Cache-Control"] = given if actor().is_anonymous or given.startswith("private") else "no-store"
    return response


class RowId(IntegerConverter):
    """`<int:…>` in an address: beyond 64 bits there is no row, and the database must not be asked."""

    def __init__(self, url_map: Map):
        super().__init__(url_map, max=2**63 - 1)


def install(app: Incubator) -> None:
    app.url_map.converters["int"] = RowId
    app.before_request(guard_request)
    app.before_request(receive)
    app.after_request(secure)
    app.teardown_request(lambda _error: database.set_read_only(False))
