"""What operators see: one JSON line per request, a request id, Prometheus metrics, and two health addresses.

It refuses to write a secret or a query string into a log, and shows the metrics only to loopback or to a bearer of METRICS_TOKEN.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, Response, g, request

from incubator.kernel import audit, clock, health, metrics, web

log = structlog.get_logger("request")

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
SECRET_KEYS = re.compile(r"passw|token|secret|authorization|cookie|totp|recovery|api_?key|smtp_url|database_url", re.IGNORECASE)
SECRET_PATHS = re.compile(r"/(invitation|invitations|reset|confirm|unsubscribe|feed)/[^/?\s\"']+")
SECRET_TEXT = re.compile(r"(?i)(bearer\s+|://[^:/\s@]+:)[^\s@,;\"']+")
DATABASE_DETAIL = re.compile(r"(?m)^DETAIL:.*$")
MASK = "***"


def install(app: Flask) -> None:
    """Logging first, then the hooks: `before` runs before every other hook and `after` after every other."""
    configure_logging(app.config["LOG_LEVEL"])
    app.before_request(before)
    app.after_request(after)
    health.install(app)


def configure_logging(level: str) -> None:
    """Send structlog and the standard library alike to stderr as JSON; calling it twice leaves one handler."""
    shared: list[Any] = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_logger_name, structlog.stdlib.add_log_level, _stamp]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, mask]
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, structlog.processors.JSONRenderer()])
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, _Stderr)] + [handler]
    root.setLevel(level.upper())
    for noisy in ("alembic", "apscheduler", "werkzeug"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


class _Stderr(logging.StreamHandler[Any]):
    """Writes to whatever sys.stderr is now, which a test or a supervisor may have replaced."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _value: Any) -> None:
        """The stream is always the present stderr."""


def _stamp(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["at"] = clock.now().isoformat(timespec="milliseconds")
    return event


def mask(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets by key, in paths, after "Bearer" and in URLs, and what PostgreSQL quotes of a failing row."""
    return {key: MASK if SECRET_KEYS.search(key) else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: MASK if SECRET_KEYS.search(str(k)) else _masked(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(v) for v in value]
    if isinstance(value, int | float | bool | None):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    text = SECRET_TEXT.sub(rf"\g<1>{MASK}", SECRET_PATHS.sub(rf"/\g<1>/{MASK}", text))
    return DATABASE_DETAIL.sub("DETAIL: hidden", text)


def before() -> None:
    """Start the clock and name the request: the caller's id if it is a clean one, else ours."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.started = time.perf_counter()
    audit.request_id.set(g.request_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def after(response: Response) -> Response:
    """Echo the id, count the request, and write its one line; static files and health checks are counted only."""
    response.headers["X-Request-ID"] = g.request_id
    seconds = time.perf_counter() - g.started
    metrics.observe_request(request.method, request.endpoint or "unknown", response.status_code, seconds)
    if request.endpoint not in ("static", "health.alive", "health.metrics"):
        _log_request(response.status_code, seconds)
    return response


def _log_request(status: int, seconds: float) -> None:
    actor = web.actor()
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=status,
        ms=round(seconds * 1000, 1),
        user=actor.user_id,
        organisation=actor.organisation_id,
    )
