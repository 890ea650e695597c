"""What a brand settles for its sales: service level, days between orders, and from when a SKU is a hero. The next run of the job goes by it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Refused
from incubator.products.models import Programme
from incubator.sales import outlook_queries
from incubator.sales.models import SalesSettings
from incubator.sales.outlook_models import HeroRule

MOST_RULES = 200


def settle(values: dict[str, Any], version: int | None, actor: Actor, now: datetime) -> SalesSettings:
    """Service level (`service_bp`), `review_days` and reporting `currency` of the actor's brand; Conflict when they were changed since `version` was read."""
    access.require("sales.settle", actor)
    row = outlook_queries.settings(actor)
    if (row.version if row else 0) != (version or 0):
        raise Conflict()
    if row is None:
        row = SalesSettings(brand_id=actor.organisation_id)
        db.session.add(row)
    for name in ("service_bp", "review_days", "currency"):
        setattr(row, name, values.get(name, getattr(row, name)))
    db.session.flush()
    audit.record("sales_settings.change", row, actor, now, after=values)
    return row


def add_rule(values: dict[str, Any], actor: Actor, now: datetime) -> HeroRule:
    """A threshold of heroes; Refused where one stands for the same programme and category."""
    access.require("sales.settle", actor)
    if values["programme_id"]:
        access.get_visible(Programme, values["programme_id"], actor)
    if len(outlook_queries.hero_rules(actor)) >= MOST_RULES:
        raise Refused(_l("A brand has at most %(n)s thresholds. Take one away first.", n=MOST_RULES))
    scope = f"{values['programme_id'] or 0}|{values['category']}"
    rule = HeroRule(brand_id=actor.organisation_id, scope=scope, created_at=now, created_by_id=actor.user_id, **values)
    try:
        with db.session.begin_nested():
            db.session.add(rule)
    except IntegrityError as error:
        raise Refused(_l("A threshold for this programme and category stands already. Take it away first.")) from error
    audit.record("hero_rule.create", rule, actor, now, category=rule.category, measure=rule.measure, least=rule.least, weeks=rule.weeks)
    return rule


def remove_rule(rule: HeroRule, actor: Actor, now: datetime) -> None:
    """From the next grading on it holds no more; grades that stand stay as they are."""
    access.require("sales.settle", actor, rule)
    audit.record("hero_rule.remove", rule, actor, now, category=rule.category, measure=rule.measure, least=rule.least, weeks=rule.weeks)
    db.session.delete(rule)
