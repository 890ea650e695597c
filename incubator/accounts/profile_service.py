"""What people set for themselves: name, language, time zone, appearance; and which notices they have read."""

from datetime import datetime

from sqlalchemy import update

from incubator.accounts.digest_models import DigestSetting
from incubator.accounts.models import Notification, User
from incubator.kernel import audit
from incubator.kernel.access import select_visible, visible
from incubator.kernel.actor import Actor
from incubator.kernel.db import db, rows_changed


def edit_profile(user: User, name: str, locale: str, timezone: str, theme: str, actor: Actor, now: datetime) -> None:
    """Store the profile; the audit row names only what changed."""
    before = (user.name, user.locale, user.timezone, user.theme)
    user.name, user.locale, user.timezone, user.theme = after = (name, locale, timezone, theme)
    changed = [field for field, old, new in zip(("name", "locale", "timezone", "theme"), before, after, strict=True) if old != new]
    if changed:
        audit.record("user.profile", user, actor, now, changed=changed)


def digest_of(user: User, actor: Actor) -> str:
    """How often the person wants the digest; weekly until they choose."""
    query = select_visible(DigestSetting, actor, DigestSetting.frequency).where(DigestSetting.user_id == user.id)
    return db.session.scalar(query) or "weekly"


def set_digest(user: User, frequency: str, actor: Actor, now: datetime) -> None:
    """Keep the choice of how often."""
    if frequency == digest_of(user, actor):
        return
    row = db.session.scalar(select_visible(DigestSetting, actor).where(DigestSetting.user_id == user.id)) or DigestSetting(user_id=user.id)
    row.frequency = frequency
    db.session.add(row)
    db.session.flush()
    audit.record("user.profile", user, actor, now, changed=["digest"])


def set_locale(user: User, locale: str, actor: Actor, now: datetime) -> None:
    edit_profile(user, user.name, locale, user.timezone, user.theme, actor, now)


def set_theme(user: User, theme: str, actor: Actor, now: datetime) -> None:
    edit_profile(user, user.name, user.locale, user.timezone, theme, actor, now)


def read_notification(row: Notification, now: datetime) -> None:
    """Mark one notice read; it is no business event and leaves no audit row."""
    row.read_at = row.read_at or now


def read_all_notifications(actor: Actor, now: datetime) -> int:
    """Mark all of the actor's notices read; returns how many there were."""
    mine = update(Notification).where(visible(Notification, actor), Notification.read_at.is_(None))
    return rows_changed(mine.values(read_at=now))
