"""How each programme reminds: read with its defaults, and changed."""

from datetime import datetime
from typing import Any

from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict
from incubator.products.models import Programme
from incubator.schedule.plan_models import ReminderSetting

FIELDS = ("soon_days", "owner_after", "programme_after")
DEFAULTS = {name: ReminderSetting.__table__.c[name].default.arg for name in FIELDS}


def listing(actor: Actor) -> list[tuple[Programme, dict[str, int]]]:
    """Every open programme with its rules."""
    own = {s.programme_id: s for s in db.session.scalars(access.select_visible(ReminderSetting, actor))}
    programmes = access.select_visible(Programme, actor).where(Programme.closed_at.is_(None)).order_by(Programme.name).limit(200)
    return [(programme, values_of(own.get(programme.id))) for programme in db.session.scalars(programmes)]


def values_of(setting: ReminderSetting | None) -> dict[str, int]:
    """The rules of a setting with its version; the defaults, version 0, where none was made."""
    if setting is None:
        return {**DEFAULTS, "version": 0}
    return {**{name: getattr(setting, name) for name in FIELDS}, "version": setting.version}


def find(programme: Programme, actor: Actor) -> ReminderSetting | None:
    return db.session.scalar(access.select_visible(ReminderSetting, actor).where(ReminderSetting.programme_id == programme.id))


def save(programme: Programme, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> ReminderSetting:
    """Set the rules of a programme. Conflict when somebody else has, meanwhile."""
    access.require("reminders.edit", actor, programme)
    setting = find(programme, actor)
    if (setting.version if setting else 0) != expected:
        raise Conflict(what=workflow.last_act(setting, actor) if setting else None)
    if setting is None:
        setting = ReminderSetting(programme_id=programme.id, brand_id=programme.brand_id, created_at=now)
        db.session.add(setting)
    setting.soon_days, setting.owner_after, setting.programme_after = (values[name] for name in FIELDS)
    db.session.flush()
    audit.record("reminders.edit", setting, actor, now, name=programme.name, **{name: values[name] for name in FIELDS})
    return setting
