"""Refusals and failures as pages or JSON, in words that say what to do next.

It never echoes the path, never says whether a row exists, and asks the database for nothing when the answer is 404, 500 or 503.
"""

import errno
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import structlog
from apiflask.exceptions import HTTPError
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask.globals import request_ctx
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from incubator.kernel import web, workflow
from incubator.kernel.actor import ANONYMOUS
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, Conflict

log = structlog.get_logger("errors")

TITLES: dict[int, Any] = {
    400: _l("This request cannot be read"),
    401: _l("Sign in first"),
    403: _l("Not yours to do"),
    404: _l("Nothing here"),
    405: _l("Not in this way"),
    409: _l("Not possible now"),
    413: _l("Too large"),
    415: _l("Unknown kind of content"),
    422: _l("Something needs correcting"),
    429: _l("Too many attempts"),
    500: _l("We made a mistake"),
    503: _l("Out of order for a moment"),
}
MESSAGES: dict[int, Any] = {
    400: _l("Something in this request is malformed. Go back, reload the page and try again."),
    401: _l("Sign in, then try again."),
    403: _l("Your role may look at this, but may not do that. Ask a colleague whose role may."),
    404: _l("There is nothing here, or it is not yours to see."),
    405: _l("This address does not take that kind of request. Start again from the page you came from."),
    413: _l("What was sent is larger than the limit. Send a smaller file, or fewer at once."),
    415: _l("Send a form, or JSON."),
    422: _l("Some of what was entered cannot be accepted."),
    429: _l("Too many attempts. Wait a minute, then try again."),
    500: _l("Nothing was saved. The error is in our log under the number below; try again, and report the number if it returns."),
    503: _l("The database or the disk does not answer. Nothing was saved; try again in a minute."),
}
STALE_PAGE = _l("This page was open for too long, or was opened elsewhere. Go back, reload it and send it again.")
BARE = (404, 500, 503)  # rendered without the frame: same bytes for everybody, and no query
OUT_OF_ORDER = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)


def install(app: Flask) -> None:
    """Answer every refusal of the product, of Werkzeug and of the database."""
    app.register_error_handler(AppError, on_refusal)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(HTTPError, on_api_error)
    app.register_error_handler(OSError, on_os_error)
    app.register_error_handler(RecursionError, on_too_deep)
    app.register_error_handler(DataError, on_unstorable)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, on_database_down)


def on_refusal(error: AppError) -> Any:
    what = _snapshot(error.details.get("what"))
    fields = {name: [str(m) for m in messages] for name, messages in error.details.get("fields", {}).items()}
    return answer(error.status, error.message, fields=fields, what=what, difference=error.details.get("difference"))


def on_stale(_error: StaleDataError) -> Any:
    return on_refusal(Conflict())


def on_http_error(error: HTTPException) -> Any:
    """Redirects and ready-made responses pass; everything else is said in our words, not Werkzeug's."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    headers = {k: v for k, v in error.get_headers() if k.lower() in ("allow", "retry-after", "www-authenticate")}
    return answer(error.code, STALE_PAGE if isinstance(error, CSRFError) else None, headers=headers)


def on_api_error(error: HTTPError) -> Any:
    """Schema errors of the JSON API: `{"json": {"field": [...]}}` flattened to `fields`."""
    detail = error.detail if isinstance(error.detail, dict) else {}
    places = [part for part in detail.values() if isinstance(part, dict)]
    fields = {name: messages for part in places for name, messages in _flat(part)}
    return answer(error.status_code, None, fields=fields)


def _flat(messages: dict[Any, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Messages of nested fields under one name each: "requirements.0.target"."""
    for name, found in messages.items():
        if isinstance(found, dict):
            yield from _flat(found, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", [str(m) for m in found]


def on_database_down(error: Exception) -> Any:
    log.error("database_down", kind=type(error).__name__, exc_info=error)
    return out_of_order()


def on_unstorable(error: DataError) -> Any:
    """PostgreSQL says so of a NUL in a text that came from outside."""
    log.error("unstorable", kind=type(error.orig).__name__, exc_info=error)
    return answer(400, None)


def on_too_deep(error: RecursionError) -> Any:
    """JSON nested deeper than its decoder goes is malformed; without JSON the mistake is ours."""
    if not request.is_json:
        raise error
    return answer(400, None)


def on_os_error(error: OSError) -> Any:
    """A full or read-only disk is a moment's trouble; any other OSError is our mistake."""
    log.error("os_error", kind=type(error).__name__, errno=error.errno, exc_info=error)
    return out_of_order() if error.errno in OUT_OF_ORDER else answer(500, None)


def out_of_order() -> Response:
    return answer(503, None, headers={"Retry-After": "60"})


def answer(
    status: int,
    message: Any,
    *,
    fields: dict[str, Any] | None = None,
    what: Any = None,
    difference: Any = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Roll back, log, and say it as JSON or as a page."""
    _roll_back()
    _know_the_reader(status)
    _log(status)
    message = str(message or MESSAGES.get(status) or MESSAGES[400])
    response = _json(message, fields, what, difference) if web.wants_json() else _page(status, message, fields, what, difference)
    response.status_code = status
    response.headers.extend(headers or {})
    return response


def _snapshot(entry: Any) -> Any:
    """The words of an audit entry, read before the rollback expires it."""
    return entry and SimpleNamespace(
        actor_name=entry.actor_name, event=workflow_label(entry.event), name=entry.event, at=entry.at, note=entry.note
    )


def workflow_label(event: str) -> Any:
    """The word of the button behind "noun.verb", or the code when no machine knows it."""
    noun, _, verb = event.rpartition(".")
    for machine in workflow.machines.values():
        if machine.name == noun:
            return next((t.label for t in machine.transitions if t.event == verb), event)
    return event


def _roll_back() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.warning("rollback_failed")
        db.session.remove()


def _know_the_reader(status: int) -> None:
    """An unknown address never reached the guard; without this its 404 would differ from an invisible row's."""
    if "actor" in g or status not in (404, 405):
        return
    try:
        g.actor = current_app.extensions["identify"]()
    except SQLAlchemyError:
        g.actor = ANONYMOUS


def _log(status: int) -> None:
    level = log.info if status in (409, 422) else log.warning
    level("denied", status=status, endpoint=request.endpoint, method=request.method, role=web.actor().role, user=web.actor().user_id)


def _json(message: str, fields: dict[str, Any] | None, what: Any, difference: Any) -> Response:
    body: dict[str, Any] = {"message": message}
    if fields:
        body["fields"] = fields
    if what:
        body["what"] = {"actor": what.actor_name, "event": what.name, "at": what.at.isoformat(), "note": what.note}
    if difference:
        body["difference"] = [{"field": str(label), "yours": mine, "theirs": theirs} for label, mine, theirs in difference]
    return jsonify(body)


def _page(status: int, message: str, fields: dict[str, Any] | None, what: Any, difference: Any) -> Response:
    if request_ctx.url_adapter is None:  # a host that is not ours: no address can be built, so there is no page
        return Response(message, mimetype="text/plain")
    bare = status in BARE or web.actor().is_anonymous
    context = {
        "base": "kernel/plain.html" if bare else "kernel/layout.html",
        "title": TITLES.get(status) or TITLES[400],
        "message": message,
        "fields": fields or {},
        "what": what,
        "difference": difference,
        "number": g.get("request_id") if status == 500 else None,
        "page_locale": str(get_locale() or "zh"),
    }
    if bare:  # no context processor, hence no query and no trace of who asks
        return Response(current_app.jinja_env.get_template("kernel/error.html").render(context), mimetype="text/html")
    return Response(render_template("kernel/error.html", **context), mimetype="text/html")
