"""Saved views: a person's own named filters of the list, the board and the timeline."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.products.filters import Filters
from incubator.products.models import SavedView

MOST = 50


def save(view: str, name: str, filters: Filters, actor: Actor) -> SavedView:
    """Keep `filters` under `name`; a view of that name is replaced. Refused beyond fifty."""
    page = f"products.{view}"
    own = access.select_visible(SavedView, actor).where(SavedView.page == page)
    found = db.session.scalar(own.where(SavedView.name == name))
    if found is None:
        if (db.session.scalar(access.select_visible(SavedView, actor, func.count(SavedView.id))) or 0) >= MOST:
            raise Refused(_l("You have fifty saved views. Delete one first."))
        found = SavedView(user_id=actor.user_id, page=page, name=name)
        db.session.add(found)
    found.query = filters.given()
    db.session.flush()
    return found


def delete(view_id: int, actor: Actor) -> Any:
    """Forget a view of one's own; returns it, so that the page it belonged to is known."""
    found = access.get_visible(SavedView, view_id, actor)
    db.session.delete(found)
    return found
