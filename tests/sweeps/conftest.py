"""What the sweeps share: the world, its routes, clients of every role, and a fingerprint of the database."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import got_request_exception
from sqlalchemy import select
from werkzeug.routing import Rule

from incubator.accounts.models import User
from incubator.kernel.db import db
from tests import builders, world

# Tables that a refused request may touch: when a session was last seen, how often somebody guessed; and who opened a report.
RESTLESS = {"user_session", "api_token", "attempt_counter", "scheduler_beat", "alembic_version", "report_opening", "calendar_feed"}


_errors: list[BaseException] = []


@pytest.fixture(autouse=True)
def failures_are_answers(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An exception is a 500, as in production, so that a sweep reports all of them; `said` adds which."""

    def note(_app: Any, exception: BaseException, **_rest: Any) -> None:
        _errors.append(exception)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    logging.disable(logging.CRITICAL)
    with got_request_exception.connected_to(note, app):
        yield
    logging.disable(logging.NOTSET)


def said(answer: Any) -> str:
    """The status, and the exception behind a 500."""
    return f"{answer.status_code}" + (f" {_errors[-1]!r}"[:300] if answer.status_code >= 500 and _errors else "")


@pytest.fixture
def full(session: Any) -> world.World:
    return world.populated()


@pytest.fixture
def routes(app: Any) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.fixture
def signed_in(app: Any) -> Callable[..., Any]:
    """A client of `user`, in `locale`."""

    def client_of(user: User, locale: str = "en") -> Any:
        user.locale = locale
        return builders.sign_in(app.test_client(), user)

    return client_of


def ask(client: Any, method: str, path: str, token: str | None = None, body: dict[str, Any] | None = None) -> Any:
    """One request as a browser would send it, or with a bearer token under /api/."""
    sent = {} if method == "GET" else {"json" if path.startswith("/api/") else "data": body or {}}
    if path.startswith("/api/"):
        return client.open(path, method=method, headers={"Authorization": f"Bearer {token}"} if token else {}, **sent)
    return client.open(path, method=method, headers={"Accept": "text/html"}, **sent)


def methods(rule: Rule) -> list[str]:
    return sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})


def fingerprint() -> dict[str, str]:
    """Table → digest of all its rows, without the restless ones."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in RESTLESS:
            rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.commit()
    return found
