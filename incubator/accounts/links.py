"""Links that work once: invitations and password resets, found by their token's digest. One that is used, late or revoked is not there."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import joinedload

from incubator.accounts.identity import digest
from incubator.accounts.models import Invitation, PasswordReset
from incubator.kernel.access import select_visible
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db, rows_changed
from incubator.kernel.errors import NotFound


def address_of(endpoint: str, token: str) -> str:
    """The address to mail: on BASE_URL, never on what a request calls itself; jobs and commands have no request at all."""
    base = str(current_app.config["BASE_URL"])
    return base + current_app.url_map.bind("").build(endpoint, {"token": token})


def live_invitation(token: str, now: datetime) -> Invitation | None:
    """The open invitation of `token` into a live organisation (or the staff), if there is one."""
    query = select_visible(Invitation, SYSTEM).where(
        Invitation.token_hash == digest(token), *_open(Invitation, now), Invitation.revoked_at.is_(None)
    )
    row = db.session.scalar(query.options(joinedload(Invitation.organisation), joinedload(Invitation.invited_by)))
    return None if row and row.organisation and row.organisation.disabled_at else row


def live_reset(token: str, now: datetime) -> PasswordReset | None:
    """The open reset of `token`, its user loaded with it."""
    query = select_visible(PasswordReset, SYSTEM).where(PasswordReset.token_hash == digest(token), *_open(PasswordReset, now))
    row = db.session.scalar(query.options(joinedload(PasswordReset.user)))
    return None if row and row.user.disabled_at else row


def use(link: Any, now: datetime) -> None:
    """Mark `link` used, atomically: of two at once the second gets NotFound."""
    model = type(link)
    unrevoked = [Invitation.revoked_at.is_(None)] if model is Invitation else []
    statement = update(model).where(model.id == link.id, *_open(model, now), *unrevoked).values(used_at=now)
    if rows_changed(statement.execution_options(synchronize_session=False)) != 1:
        raise NotFound()


def _open(model: Any, now: datetime) -> list[Any]:
    return [model.used_at.is_(None), model.expires_at > now]
