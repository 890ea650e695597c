"""The people of a brand, as owners and squad members. It names nobody of another organisation."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts.models import Membership, User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid


def colleagues_query(organisation_id: int, *columns: Any) -> Any:
    """A select over the live people of an organisation."""
    query = access.select_visible(Membership, SYSTEM, *columns).join(User, User.id == Membership.user_id)
    return query.where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None), User.disabled_at.is_(None))


def colleagues(organisation_id: int) -> list[tuple[int, str]]:
    """(id, name) of each, by name."""
    return [tuple(row) for row in db.session.execute(colleagues_query(organisation_id, User.id, User.name).order_by(User.name, User.id))]


def require_colleague(user_id: int | None, organisation_id: int, field: str = "owner_id") -> None:
    """Invalid unless `user_id` is none or a live person of the organisation."""
    if user_id is None:
        return
    if db.session.scalar(colleagues_query(organisation_id, User.id).where(User.id == user_id)) is None:
        raise Invalid({field: [_l("Choose one of your colleagues.")]})


def name_of(user_id: int) -> str:
    """A person's name for the brand's own pages."""
    return db.session.scalar(access.select_visible(User, SYSTEM, User.name).where(User.id == user_id)) or "–"
