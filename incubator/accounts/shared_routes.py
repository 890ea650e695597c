"""What the pages of this package share: the blueprint, the browser's session, and forms that come back with what was wrong."""

from decimal import Decimal
from typing import Any

from babel import Locale
from flask import Blueprint, render_template, request, session
from flask_babel import format_decimal, get_locale
from flask_login import login_user

from incubator.accounts import acts, labels, queries
from incubator.accounts.identity import SignedIn, current_session
from incubator.accounts.models import User, UserSession
from incubator.accounts.service import Device, SignIn
from incubator.kernel import acts as sentences
from incubator.kernel import web
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, NotFound
from incubator.kernel.forms import Confirmation
from incubator.kernel.money import RATE_SCALE

blueprint = Blueprint("accounts", __name__)
_tabs: list[tuple[str, Any, str, tuple[str, ...]]] = []
blueprint.add_app_template_filter(labels.role_label, "role_label")
sentences.register(acts.PHRASES, acts.FIELDS)


@blueprint.app_template_filter("country")
def country(code: str) -> str:
    """A country's name in the reader's language; the code itself when it is none."""
    return str(Locale.parse(str(get_locale() or "en")).territories.get(code, code))


@blueprint.app_template_filter("rate")
def rate(rate_e8: int) -> str:
    """An exchange rate with two to eight digits after the point."""
    return str(format_decimal(Decimal(rate_e8) / RATE_SCALE, format="#,##0.00######"))


def register_tab(key: str, label: Any, endpoint: str, roles: tuple[str, ...]) -> None:
    """Add a page about oneself, of a later package, for people of these roles."""
    _tabs.append((key, label, endpoint, roles))


@blueprint.app_template_global("more_account_tabs")
def more_tabs() -> list[tuple[str, Any, str]]:
    """What later packages added, for the present reader."""
    return [(key, label, endpoint) for key, label, endpoint, roles in _tabs if web.actor().role in roles]


def device() -> Device:
    return Device(request.remote_addr or "", request.user_agent.string)


def carry(signed_in: SignIn) -> None:
    """Put the new session into a new cookie; whatever was planted in the old one is gone. It names a session, not a person."""
    kept = {key: session[key] for key in ("locale", "theme") if key in session}
    session.clear()
    session.update(kept)
    if signed_in.awaits_code:
        session["pending"] = signed_in.token
        return
    session.permanent = True
    login_user(SignedIn(signed_in.token))
    session.pop("_id", None)


def my_session() -> UserSession:
    """The session row of this request; a signed-in view always has one."""
    row: UserSession | None = current_session()
    if row is None:
        raise NotFound()
    return row


def myself() -> User:
    return queries.me(web.actor())


def came_back(form: Any, error: AppError, template: str, **context: Any) -> Any:
    """The page again with the refusal at its field, or above the form; nothing of the attempt is kept."""
    db.session.rollback()
    fields = getattr(error, "fields", {})
    for name, messages in fields.items():
        field = getattr(form, name, None)
        if field is not None:
            field.errors = [*field.errors, *messages]
    if not fields:
        form.form_errors = [*form.form_errors, error.message]
    return render_template(template, form=form, **context), error.status


def page(form: Any, template: str, **context: Any) -> Any:
    """The form's page: 422 when it was sent and something is missing, else 200."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200


def confirmed() -> None:
    """For a button without fields: its token is checked, and whatever else was posted is logged."""
    Confirmation().require()
