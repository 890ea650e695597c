"""What the capability scores rest on, counted for every factory at once, and the scores as they were on each day."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_

from incubator.accounts.models import Membership
from incubator.factories.models import Capability, Factory
from incubator.feedback.capability import ABILITIES, Fact
from incubator.feedback.measuring import MEASURED
from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack, PackSection
from incubator.feedback.score_models import FactoryScore
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.samples.models import SampleDecision, SampleRound

LOOKED_BACK = timedelta(days=730)
APPROVED = ("approved", "approved_with_comments")
HISTORY = 26


def facts(on: date) -> dict[int, dict[str, Fact]]:
    """factory's organisation → its facts by name, of the two years before `on`, as they were known then: six statements."""
    found: dict[int, dict[str, Fact]] = defaultdict(dict)
    since = on - LOOKED_BACK
    for name, query in (
        ("first_pass", _first_pass(since, on)), ("in_time", _samples_in_time(since, on)), ("effects", _effects(since, on)), ("hits", _hits(on)),
        ("kept", _kept(since, on)),
    ):  # fmt: skip
        for factory_id, hits, of in db.session.execute(query):
            found[factory_id][name] = Fact(int(hits), int(of))
    for factory_id, moq, lead in db.session.execute(_stated()):
        found[factory_id] |= {"moq": Fact(level=moq), "lead": Fact(level=lead)}
    return found


def _morning_after(on: date) -> datetime:
    """What happened on the day itself counts."""
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=UTC)


def _shares(model: Any, factory: Any, hit: Any) -> Any:
    return access.select_visible(model, SYSTEM, factory, func.count(case((hit, 1))), func.count()).group_by(factory)


def _first_pass(since: date, on: date) -> Any:
    """Of each product's first decided round of a factory: whether it was approved."""
    decided = access.select_visible(
        SampleDecision, SYSTEM, func.min(SampleRound.number).label("number"), SampleRound.product_id, SampleRound.factory_id
    )
    decided = decided.join(SampleRound, SampleRound.id == SampleDecision.round_id).where(
        SampleRound.due_on >= since, SampleDecision.decided_at < _morning_after(on)
    )
    first = decided.group_by(SampleRound.product_id, SampleRound.factory_id).subquery()
    same = and_(
        SampleRound.product_id == first.c.product_id, SampleRound.factory_id == first.c.factory_id, SampleRound.number == first.c.number
    )
    query = _shares(SampleRound, SampleRound.factory_id, SampleDecision.outcome.in_(APPROVED))
    return query.join(first, same).join(SampleDecision, SampleDecision.round_id == SampleRound.id)


def _samples_in_time(since: date, on: date) -> Any:
    """Rounds that were shipped by their day, of those that were shipped or whose day has passed."""
    r = SampleRound
    due = or_(r.shipped_on <= on, r.due_on < on)
    return _shares(r, r.factory_id, r.shipped_on <= r.due_on).where(r.due_on >= since, due)


def _effects(since: date, on: date) -> Any:
    """Fixes that improved, of those whose effect could be told."""
    query = _shares(FeedbackAction, FeedbackAction.factory_id, FeedbackEffect.verdict == "improved")
    query = query.join(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)
    query = query.where(FeedbackAction.kind == MEASURED, FeedbackEffect.verdict != "too_few")
    return query.where(FeedbackEffect.since >= since, FeedbackEffect.measured_at < _morning_after(on))


def _kept(since: date, on: date) -> Any:
    """Promises done by their day, of those that ended or whose day has passed. One that the brand dropped says nothing of the factory."""
    a = FeedbackAction
    own = access.select_visible(Membership, SYSTEM, Membership.id).where(
        Membership.user_id == a.closed_by_id, Membership.organisation_id == a.factory_id
    )
    gave_up = and_(a.state == "dropped", a.state_since < _morning_after(on), own.correlate(a).exists())
    done = and_(a.state == "done", a.done_on <= on)
    ended = or_(done, and_(a.state != "dropped", a.due_on < on), gave_up)
    return _shares(a, a.factory_id, and_(done, a.done_on <= a.due_on)).where(a.due_on >= since, ended)


def _hits(on: date) -> Any:
    """SKUs that sell well, of those whose grade the factory was told in the last pack of each brand: what a pack keeps back, a score tells neither."""
    p, s = FeedbackPack, PackSection
    sent = p.sent_at < _morning_after(on)
    latest = access.select_visible(p, SYSTEM, p.brand_id, p.factory_id, func.max(p.week).label("week")).where(sent)
    last = latest.group_by(p.brand_id, p.factory_id).subquery()
    query = _shares(p, p.factory_id, s.grade.in_(("hit", "strong"))).join(s, and_(s.pack_id == p.id, s.revision == p.revision))
    query = query.join(last, and_(last.c.brand_id == p.brand_id, last.c.factory_id == p.factory_id, last.c.week == p.week))
    return query.where(sent, s.grade.is_not(None))


def _stated() -> Any:
    """The least quantity and the shortest lead time that each factory states."""
    query = access.select_visible(Capability, SYSTEM, Factory.organisation_id, func.min(Capability.moq), func.min(Capability.lead_days))
    query = query.join(Factory, Factory.id == Capability.factory_id).where(Factory.organisation_id.is_not(None))
    return query.group_by(Factory.organisation_id)


def history(organisation_id: int | None, actor: Actor) -> dict[str, list[FactoryScore]]:
    """ability → its scores as the actor may read them, the oldest of the last HISTORY first."""
    found: dict[str, list[FactoryScore]] = {ability: [] for ability in ABILITIES}
    query = access.select_visible(FactoryScore, actor).where(FactoryScore.factory_id == organisation_id)
    for row in db.session.scalars(query.order_by(FactoryScore.on.desc(), FactoryScore.id.desc()).limit(HISTORY * len(ABILITIES))):
        found[row.ability].insert(0, row)
    return found


def scored_on(on: date) -> set[tuple[int, str]]:
    """(factory, ability) of the scores that this day has."""
    query = access.select_visible(FactoryScore, SYSTEM, FactoryScore.factory_id, FactoryScore.ability).where(FactoryScore.on == on)
    return {(factory_id, ability) for factory_id, ability in db.session.execute(query)}
