"""Reads of playbooks. Whoever is not one of the two sides gets the public columns alone, and counts of use without a name."""

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_

from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack, PackSection
from incubator.feedback.playbook_models import PUBLIC, Playbook, PlaybookUse
from incubator.feedback.playbooks import Counts
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.products.filters import contains

ORDER = paging.Order(Playbook.published_key, "published_key", descending=True)
COLUMNS = (Playbook.id, Playbook.state, Playbook.published_key, *(getattr(Playbook, name) for name in PUBLIC))


def is_own(actor: Actor) -> Any:
    """SQL: whether the actor is one of the two whose playbook it is."""
    own = {"brand": Playbook.brand_id, "factory": Playbook.factory_id}.get(actor.role)
    return literal(False) if own is None else own == actor.organisation_id


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = 20) -> paging.Page:
    """One page, the latest first. `filters` may hold q, reason, category and `mine` (those of the actor, in any state)."""
    rows = access.select_visible(Playbook, actor, *COLUMNS, is_own(actor).label("is_own"))
    count = access.select_visible(Playbook, actor, Playbook.id)
    return paging.fetch(_chosen(rows, filters, actor), Playbook.id, ORDER, cursor, size, _chosen(count, filters, actor))


def _chosen(query: Select[Any], filters: dict[str, Any], actor: Actor) -> Select[Any]:
    query = query.where(is_own(actor)) if filters.get("mine") else query.where(Playbook.state == "published")
    for name in ("reason", "category"):
        if filters.get(name):
            query = query.where(getattr(Playbook, name) == filters[name])
    if text := filters.get("q"):
        query = query.where(contains(Playbook.title, text) | contains(Playbook.problem, text) | contains(Playbook.what, text))
    return query


def categories(actor: Actor) -> list[str]:
    query = access.select_visible(Playbook, actor, Playbook.category).where(Playbook.state == "published", Playbook.category != "")
    return list(db.session.scalars(query.distinct().order_by(Playbook.category).limit(200)))


def public(playbook_id: int, actor: Actor) -> Any:
    """The public columns of one, and whether it is the actor's own; NotFound unless the actor may read it."""
    if not 0 < playbook_id <= access.LARGEST_ID:
        raise NotFound()
    query = access.select_visible(Playbook, actor, *COLUMNS, is_own(actor).label("is_own")).where(Playbook.id == playbook_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def counts(ids: list[int]) -> dict[int, Counts]:
    """How often each was used by another factory than its own, and what was measured of it."""
    elsewhere = and_(PlaybookUse.action_id.is_not(None), PlaybookUse.factory_id != Playbook.factory_id, Playbook.id.in_(ids))
    query = access.select_visible(
        PlaybookUse, SYSTEM, PlaybookUse.playbook_id, func.count(PlaybookUse.id), func.count(PlaybookUse.factory_id.distinct()),
        *(func.count(case((FeedbackEffect.verdict == verdict, 1))) for verdict in ("improved", "same", "worse")),
    )  # fmt: skip
    query = query.join(Playbook, Playbook.id == PlaybookUse.playbook_id).outerjoin(
        FeedbackEffect, FeedbackEffect.action_id == PlaybookUse.action_id
    )
    rows = db.session.execute(query.where(elsewhere).group_by(PlaybookUse.playbook_id)).all() if ids else []
    return {row[0]: Counts(*row[1:]) for row in rows}


def own_uses(playbook_id: int, actor: Actor, limit: int = 50) -> list[Any]:
    """Where the actor's own side used it, with what came of it."""
    columns = (
        PlaybookUse.id, FeedbackAction.id.label("action_id"), FeedbackAction.state, FeedbackAction.due_on, PackSection.code, PackSection.variant,
        FeedbackEffect.verdict,
    )  # fmt: skip
    query = access.select_visible(PlaybookUse, actor, *columns).join(FeedbackAction, FeedbackAction.id == PlaybookUse.action_id)
    query = query.join(PackSection, PackSection.id == PlaybookUse.section_id)
    query = query.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id).where(PlaybookUse.playbook_id == playbook_id)
    return list(db.session.execute(query.order_by(PlaybookUse.id.desc()).limit(limit)))


def fitting(section: PackSection, actor: Actor, limit: int = 4) -> list[Any]:
    """Published playbooks against the reasons that the SKU comes back for, those of its category first; with the one that was taken."""
    reasons = [r["reason"] for r in section.reasons[:3]]
    taken = access.select_visible(PlaybookUse, actor, PlaybookUse.playbook_id).where(PlaybookUse.section_id == section.id)
    query = access.select_visible(
        Playbook, actor, Playbook.id, Playbook.title, Playbook.what, Playbook.reason, Playbook.days, Playbook.category
    )
    query = query.add_columns(Playbook.id.in_(taken).label("is_taken"))
    query = query.where(Playbook.state == "published", or_(Playbook.reason.in_(reasons), Playbook.id.in_(taken)))
    near = case((Playbook.id.in_(taken), 0), (Playbook.category == section.product.category, 1), else_=2)
    return list(db.session.execute(query.order_by(near, Playbook.published_key.desc()).limit(limit)))


def places(playbook_id: int, actor: Actor, limit: int = 30) -> list[Any]:
    """The SKUs of packs that wait for the factory's answer, for “use it here”; those that come back for the same reason first."""
    reason = access.select_visible(Playbook, actor, Playbook.reason).where(Playbook.id == playbook_id).scalar_subquery()
    first = PackSection.reasons[(0, "reason")].as_string()
    columns = (
        PackSection.id,
        PackSection.pack_id,
        PackSection.position,
        PackSection.code,
        PackSection.name_zh,
        PackSection.name_en,
        PackSection.variant,
    )
    query = access.select_visible(PackSection, actor, *columns, FeedbackPack.week).join(
        FeedbackPack, FeedbackPack.id == PackSection.pack_id
    )
    query = query.where(FeedbackPack.state.in_(("sent", "read", "overdue")))
    same = case((first == reason, 0), else_=1)
    return list(db.session.execute(query.order_by(same, FeedbackPack.week.desc(), PackSection.position).limit(limit)))


def of_action(action_id: int, actor: Actor) -> Any:
    """The playbook of a promise, if the actor may read it as one of its sides."""
    query = access.select_visible(Playbook, actor, Playbook.id, Playbook.state, Playbook.title, Playbook.published_key)
    query = query.where(Playbook.action_id == action_id)
    return db.session.execute(query.where(is_own(actor))).one_or_none()
