"""Whom to tell what about a factory: its own people, those who look after it. No notice holds more than a name and a date."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.accounts.models import User
from incubator.factories.models import Caseload, Factory
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

notices.register(
    {
        "factory.approved": _l("“%(name)s” has been approved."),
        "factory.conditional": _l("“%(name)s” has been approved under conditions: %(reason)s"),
        "factory.returned": _l("“%(name)s” came back from review: %(reason)s"),
        "factory.suspended": _l("“%(name)s” has been suspended: %(reason)s"),
        "factory.inactive": _l("“%(name)s” has left the directory: %(reason)s"),
        "factory.pending": _l("“%(name)s” asks to be reviewed."),
        "factory.proposed": _l("“%(name)s” proposes a change of its profile."),
        "factory.change_approved": _l("Your profile change has been published."),
        "factory.change_returned": _l("Your profile change came back: %(reason)s"),
        "factory.entrusted": _l("“%(name)s” is now in your care."),
        "factory.certificate_expiring": _l("%(certificate)s of “%(name)s” expires on %(day)s."),
        "factory.certificate_expired": _l("%(certificate)s of “%(name)s” has expired and no longer counts."),
        "factory.certificate_valid": _l("%(certificate)s of “%(name)s” has been accepted."),
        "factory.certificate_rejected": _l("%(certificate)s of “%(name)s” was not accepted: %(reason)s"),
        "factory.tier": _l("“%(name)s” now is a %(tier)s, until %(day)s."),
        "factory.visited": _l("The visit to “%(name)s” of %(day)s has been recorded."),
        "factory.audit": _l("An audit of “%(name)s” has been decided."),
    }
)


def own_people(factory: Factory) -> list[User]:
    return notices.people_of(factory.organisation_id) if factory.organisation_id else []


def keepers(factory: Factory) -> list[User]:
    """The managers of the brand that brought it, and its field agents; the administrators where there is neither."""
    found = notices.people_of(factory.brought_by_id, managers_only=True) if factory.brought_by_id else []
    agents = access.select_visible(Caseload, SYSTEM, User).join(User, User.id == Caseload.agent_user_id)
    found += db.session.scalars(agents.where(Caseload.factory_id == factory.id, Caseload.ended_at.is_(None), User.disabled_at.is_(None)))
    if found:
        return found
    administrators = access.select_visible(User, SYSTEM).where(User.staff_role == "administrator", User.disabled_at.is_(None))
    return list(db.session.scalars(administrators))


def tell_factory(factory: Factory, text: str, now: datetime, path: str = "", **params: Any) -> None:
    url = f"/factories/{factory.id}{path}"
    notices.notify(own_people(factory), f"factory.{text}", url, now, factory.organisation_id, name=factory.label, **params)


def tell_keepers(factory: Factory, text: str, now: datetime, path: str = "", **params: Any) -> None:
    notices.notify(keepers(factory), f"factory.{text}", f"/factories/{factory.id}{path}", now, name=factory.label, **params)


def proposed(factory: Factory, now: datetime) -> None:
    tell_keepers(factory, "proposed", now, "/changes")


def entrusted(factory: Factory, agent: User, now: datetime) -> None:
    notices.notify([agent], "factory.entrusted", f"/factories/{factory.id}", now, name=factory.label)


def expiring(factory: Factory, certificate: str, day: date, now: datetime, *, expired: bool) -> None:
    """To the factory and to whoever looks after it."""
    text = "certificate_expired" if expired else "certificate_expiring"
    for tell in (tell_factory, tell_keepers):
        tell(factory, text, now, "/certificates", certificate=certificate, day=day.isoformat())
