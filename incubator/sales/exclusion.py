"""Codes that are no products by rule: postage, fees, gifts. What a feed brings of them is kept, and counts in no week."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.upsert import insert_once
from incubator.sales.models import FeedCode, NonProduct

MOST_RULES = 200


def rules(actor: Actor) -> list[NonProduct]:
    """The brand's own, by their text."""
    return list(db.session.scalars(access.select_visible(NonProduct, actor).order_by(NonProduct.pattern)))


def patterns(brand_id: int) -> list[str]:
    return list(db.session.scalars(access.select_visible(NonProduct, SYSTEM, NonProduct.pattern).where(NonProduct.brand_id == brand_id)))


def excluded(code: str, of: Iterable[str]) -> bool:
    """Whether a code has one of these forms; brackets stand for themselves."""
    return any(fnmatchcase(code.upper(), pattern.replace("[", "[[]")) for pattern in of)


def add(pattern: str, actor: Actor, now: datetime) -> int:
    """From now on, and for the codes that wait: how many of these it explains. Refused where the rule stands, or means a SKU's code."""
    access.require("sales.resolve", actor, None)
    text = pattern.strip().upper()
    if len(rules(actor)) >= MOST_RULES:
        raise Refused(_l("A brand has at most %(n)s rules. Take one away first.", n=MOST_RULES))
    made = insert_once(NonProduct, brand_id=actor.organisation_id, pattern=text, created_at=now, created_by_id=actor.user_id)
    if made is None:
        raise Refused(_l("This rule stands already."))
    rule = access.get_visible(NonProduct, made, actor)
    waiting = access.select_visible(FeedCode, actor, FeedCode.id, FeedCode.code).where(FeedCode.status == "open")
    ids = [i for i, code in db.session.execute(waiting) if excluded(code, [text])]
    chosen = update(FeedCode).where(FeedCode.id.in_(id_set(ids)), access.visible(FeedCode, actor))
    db.session.execute(chosen.values(status="ignored", resolved_at=now, resolved_by_id=actor.user_id))
    audit.record("non_product.create", rule, actor, now, pattern=text, codes=len(ids))
    return len(ids)


def remove(rule: NonProduct, actor: Actor, now: datetime) -> None:
    """What it explained stays explained; a code may be claimed all the same."""
    access.require("sales.resolve", actor, None)
    audit.record("non_product.remove", rule, actor, now, pattern=rule.pattern)
    db.session.delete(rule)
