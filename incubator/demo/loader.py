"""Loads the demo once, through the same services as people use, with a clock that runs from two years ago to now."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from incubator.accounts import admin_service, passwords
from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, Organisation, Setting, User
from incubator.accounts.queries import DEMO_DOMAIN, DEMO_SETTING
from incubator.demo import factories_stories, feeds_stories, people, signals_stories, stories
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.products import programmes

STORIES = (factories_stories, stories, signals_stories)  # in this order
RATES = (("USD", "CNY", "7.10"), ("EUR", "CNY", "8.05"), ("CNY", "USD", "0.1408"), ("HKD", "CNY", "0.91"))


def is_loaded() -> bool:
    return db.session.scalar(select(Setting.id).where(Setting.key == DEMO_SETTING)) is not None


def load(now: datetime) -> str:
    """Write the demo in one transaction, and what came by feeds after it; returns the made-up password of every demo person."""
    password = secrets.token_urlsafe(9)
    world = World(now, password)
    world.organise()
    world.employ()
    world.plan()
    for told in STORIES:
        told.tell(world)
    db.session.add(Setting(key=DEMO_SETTING, value=now.isoformat()))
    db.session.commit()
    feeds_stories.tell(world)
    return password


class World:
    """Who and what there is, by short name."""

    def __init__(self, now: datetime, password: str) -> None:
        self.now = now
        self.password_hash = passwords.hashed(password)
        self.organisations: dict[str, Organisation] = {}
        self.users: dict[str, User] = {}
        self.programmes: dict[str, Any] = {}

    def ago(self, weeks: float) -> datetime:
        return self.now - timedelta(weeks=weeks)

    def actor(self, handle: str) -> Actor:
        """The person `handle` ("lin.xiao") acting for their organisation."""
        user = self.users[handle]
        return actor_for(user, db.session.scalar(select(Membership).where(Membership.user_id == user.id)))

    def actor_of(self, short_name: str) -> Actor | None:
        """Somebody of the organisation, when the demo employs anybody there."""
        handle = next((h for h, _, organisation, _, _ in people.PEOPLE if organisation == short_name), None)
        return self.actor(handle) if handle else None

    def organise(self) -> None:
        for kind, name, short_name, city in people.ORGANISATIONS:
            organisation = Organisation(kind=kind, name=name, short_name=short_name, city=city, created_at=self.ago(110))
            db.session.add(organisation)
            self.organisations[short_name] = organisation
        db.session.flush()

    def employ(self) -> None:
        for handle, name, organisation, title, is_manager in people.PEOPLE:
            user = self._user(handle, name, None)
            db.session.add(
                Membership(user_id=user.id, organisation_id=self.organisations[organisation].id, title=title, is_manager=is_manager)
            )
        for handle, name, role in people.STAFF:
            self._user(handle, name, role)
        db.session.flush()

    def _user(self, handle: str, name: str, staff_role: str | None) -> User:
        user = User(
            email=f"{handle}{DEMO_DOMAIN}", name=name, password_hash=self.password_hash, staff_role=staff_role, created_at=self.ago(108)
        )
        db.session.add(user)
        db.session.flush()
        self.users[handle] = user
        return user

    def plan(self) -> None:
        for base, quote, rate in RATES:
            admin_service.add_rate(base, quote, self.ago(110).date(), Decimal(rate), "demo", SYSTEM, self.ago(110))
        owner = self.actor("zhou.heng")
        results = [
            {"objective": o, "name": n, "unit": u, "start": s, "target": t, "current": c, "due_on": None}
            for o, rows in people.OBJECTIVES for n, u, s, t, c in rows
        ]  # fmt: skip
        for code, name, kind, purpose, years, budget in people.PROGRAMMES:
            values = {"code": code, "name": name, "type": kind, "purpose": purpose, "horizon_years": years, "currency": "CNY", "budget_minor": budget,
                      "starts_on": self.ago(104).date().replace(day=1), "owner_id": owner.user_id}  # fmt: skip
            self.programmes[code] = programmes.create(values, results, [], True, owner, self.ago(104))
        self._book_burn()

    def _book_burn(self) -> None:
        """Months that have passed: a little under plan at first, over it lately; revenue comes late, as planned."""
        today = self.now.date()
        for programme in self.programmes.values():
            past = [m for m in programme.burn if m.month < today.replace(day=1)]
            for n, month in enumerate(past):
                month.spent_minor = month.planned_minor * (82 + n * 2) // 100
                month.revenue_minor = month.planned_minor * max(0, n - 8) // 40
        db.session.flush()
