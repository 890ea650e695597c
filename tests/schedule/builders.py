"""Rows of plans for tests."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from incubator.accounts.identity import digest
from incubator.accounts.models import Organisation, User
from incubator.kernel import clock
from incubator.products.models import Product, Programme
from incubator.schedule import template_service
from incubator.schedule.calendar_models import CalendarFeed, Closure
from incubator.schedule.defaults import TEMPLATES
from incubator.schedule.models import Milestone, MilestoneLink
from incubator.schedule.plan_models import PlanTemplate, ReminderSetting
from tests.builders import a_milestone, put


def a_link(before: Milestone, after: Milestone, lag_days: int = 0) -> MilestoneLink:
    return put(
        MilestoneLink(
            product_id=after.product_id, brand_id=after.brand_id, before_id=before.id, after_id=after.id, lag_days=lag_days,
            created_at=clock.now(),
        )
    )  # fmt: skip


def a_chain(product: Product, *names: str, first: date | None = None, days: int = 5) -> list[Milestone]:
    """Milestones that wait one for the other, each `days` working days; their written forecasts are a week apart, and not computed."""
    first = first or clock.today() + timedelta(days=30)
    made = [a_milestone(product, name, first + timedelta(days=7 * n), duration_days=days) for n, name in enumerate(names)]
    for before, after in pairwise(made):
        a_link(before, after)
    return made


def a_template(actor: Any, name: str = "我们的模板", kind: str = "basic") -> PlanTemplate:
    return template_service.copy(TEMPLATES[kind], name, actor, clock.now())


def a_closure(
    organisation: Organisation, starts_on: date, ends_on: date, recorded_by: Organisation | None = None, **values: Any
) -> Closure:
    recorder = recorded_by or organisation
    values.setdefault("name", "春节停产")
    return put(Closure(organisation_id=organisation.id, recorded_by_id=recorder.id, starts_on=starts_on, ends_on=ends_on, **values))


def a_setting(programme: Programme, **values: Any) -> ReminderSetting:
    return put(ReminderSetting(programme_id=programme.id, brand_id=programme.brand_id, **values))


def a_feed(user: User, token: str = "feed-token", scope: str = "mine") -> CalendarFeed:
    membership = user.memberships[0]
    values = {"token_hash": digest(token), "user_id": user.id, "membership_id": membership.id, "scope": scope}
    return put(CalendarFeed(created_at=clock.now(), **values))
