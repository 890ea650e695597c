"""Who is meant by `@chen.hao` or `@陈浩`. Only people of the organisations that may read the remark can be meant."""

import re
from collections.abc import Iterable

from sqlalchemy import false

from incubator.accounts.models import Membership, User
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

LINK = re.compile(r"(https?://[^\s<>\"'`\u3000-\u303f\uff00-\uffef]{1,500})")
MENTION = re.compile(r"(?<![\w@.])@[\w.-]{1,60}")
MOST_PEOPLE = 500


def people_named(organisation_ids: Iterable[int | None]) -> list[User]:
    """The live people of some organisations, by id, so that handles are stable."""
    ids = [i for i in organisation_ids if i is not None]
    live = (Membership.ended_at.is_(None), User.disabled_at.is_(None))
    members = access.select_visible(Membership, SYSTEM, Membership.user_id).where(
        Membership.organisation_id.in_(ids) if ids else false(), live[0]
    )
    query = access.select_visible(User, SYSTEM).where(User.id.in_(members), live[1]).order_by(User.id).limit(MOST_PEOPLE)
    return list(db.session.scalars(query))


def handles(users: Iterable[User]) -> dict[str, User]:
    """Handle → person. A name without spaces, in lower case; a second of the same name gets the id behind it."""
    found: dict[str, User] = {}
    for user in users:
        handle = _handle(user)
        found[f"{handle}.{user.id}" if handle in found else handle] = user
    return found


def _handle(user: User) -> str:
    return re.sub(r"[^\w]+", ".", user.name.lower()).strip(".") or f"person.{user.id}"


def spellings(user_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """How the people of some remarks may have been written in them: person → handles, the longer one first."""
    ids = set(user_ids)
    if not ids:
        return {}
    users = db.session.scalars(access.select_visible(User, SYSTEM).where(User.id.in_(ids)))
    return {user.id: (f"{_handle(user)}.{user.id}", _handle(user)) for user in users}


def mentioned_in(body: str, users: Iterable[User]) -> list[User]:
    """The people named in `body`, each once. Chinese runs on without a space, so the longest handle that fits wins."""
    known = handles(users)
    longest_first = sorted(known, key=len, reverse=True)
    named = (next((h for h in longest_first if word.group()[1:].lower().startswith(h)), None) for word in MENTION.finditer(body))
    return list({known[h].id: known[h] for h in named if h}.values())
