"""Notifications: written once as a message id with parameters, read in the reader's own language. They hold no secret."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from incubator.accounts.models import Membership, Notification, User
from incubator.kernel import i18n, mail
from incubator.kernel.db import db

TEXTS: dict[str, Any] = {}
DAYS = ("week", "due", "day")  # parameters that are days, as ISO writes them


def register(texts: dict[str, Any]) -> None:
    """Take a package's message ids and their lazy texts."""
    TEXTS.update(texts)


def people_of(organisation_id: int, *, managers_only: bool = False) -> list[User]:
    """The live members of an organisation."""
    query = (
        select(User)
        .join(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None), User.disabled_at.is_(None))
    )
    return list(db.session.scalars(query.where(Membership.is_manager) if managers_only else query))


def notify(
    users: Iterable[User], text: str, url: str, now: datetime, organisation_id: int | None = None, by_mail: bool = True, **params: Any
) -> None:
    """Tell each of `users` once, in the app and by mail. `url` is a path; the mail carries the configured address before it."""
    for user in {u.id: u for u in users}.values():
        db.session.add(Notification(user_id=user.id, organisation_id=organisation_id, text=text, params=params, url=url, created_at=now))
        if by_mail:
            _mail(user, text, url, now, params)


def _mail(user: User, text: str, url: str, now: datetime, params: dict[str, Any]) -> None:
    with force_locale(user.locale):
        line = sentence(text, params)
        greeting = gettext("Hello %(name)s,", name=user.name)
        link = current_app.config["BASE_URL"] + url
        mail.queue_mail(user.email, line, f"{greeting}\n\n{line}", now, link=link)


def sentence(text: str, params: dict[str, Any]) -> str:
    """The notice in the present locale, its days too; parameters are shown as typed, never interpreted."""
    told = {name: _day(value) if name in DAYS else value for name, value in params.items()}
    return str(TEXTS[text]) % told if text in TEXTS else str(_l("Something changed."))


def _day(value: Any) -> Any:
    try:
        return i18n.day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value
