"""Reads of one factory for its pages: the profile, its evidence, its audits and changes, as far as the actor may know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation, User
from incubator.factories import content, queries
from incubator.factories.audit_models import AuditDecision, AuditFinding, FactoryAudit
from incubator.factories.evidence_models import Certificate, DuplicatePair, FactoryChange, TierAward, TierCriterion
from incubator.factories.guards import ZONE
from incubator.factories.models import Caseload, Factory, FactoryContact, OemEntry
from incubator.factories.policies import client_shown
from incubator.kernel import access, clock, paging, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

PAIR_ORDER = paging.Order(DuplicatePair.probability, "probability", descending=True)


@dataclass(frozen=True)
class Completeness:
    """How much of a profile is there, and what is missing, in words."""

    done: int
    total: int
    missing: list[Any]


def whole(factory_id: int, actor: Actor) -> Factory:
    """A factory with the public parts of its profile and what its workflow asks, in a fixed number of queries."""
    factory: Factory = access.get_visible(
        Factory,
        factory_id,
        actor,
        joinedload(Factory.cluster),
        joinedload(Factory.organisation),
        joinedload(Factory.brought_by),
        selectinload(Factory.categories),
        selectinload(Factory.capabilities),
        selectinload(Factory.certificates),
        selectinload(Factory.caseload),
    )
    return factory


def contacts(factory: Factory, actor: Actor) -> list[FactoryContact]:
    query = access.select_visible(FactoryContact, actor).where(FactoryContact.factory_id == factory.id)
    return list(db.session.scalars(query.order_by(FactoryContact.position)))


def certificates(factory: Factory, actor: Actor) -> list[Certificate]:
    """Those that count first, then what waits, then history."""
    query = access.select_visible(Certificate, actor).where(Certificate.factory_id == factory.id)
    found = db.session.scalars(
        query.options(joinedload(Certificate.file), joinedload(Certificate.factory)).order_by(Certificate.expires_on)
    )
    rank = {"valid": 0, "proposed": 1, "expired": 2, "rejected": 3}
    return sorted(found, key=lambda c: (rank[c.state], c.expires_on))


def oem(factory: Factory, actor: Actor) -> list[Any]:
    """The OEM history; `client` is None where it is confidential and not the actor's to know."""
    columns = (OemEntry.id, OemEntry.category, OemEntry.from_year, OemEntry.to_year, OemEntry.is_confidential, OemEntry.checked_at)
    query = access.select_visible(OemEntry, actor, *columns, client_shown(actor).label("client")).where(OemEntry.factory_id == factory.id)
    return list(db.session.execute(query.order_by(OemEntry.from_year.desc(), OemEntry.id)))


def audits(factory: Factory, actor: Actor) -> list[FactoryAudit]:
    """The audits that the actor may know, the latest first."""
    query = access.select_visible(FactoryAudit, actor).where(FactoryAudit.factory_id == factory.id)
    query = query.options(joinedload(FactoryAudit.ordered_by), selectinload(FactoryAudit.checks), selectinload(FactoryAudit.findings))
    return list(db.session.scalars(query.order_by(FactoryAudit.audited_on.desc(), FactoryAudit.id.desc())))


def audit(factory: Factory, audit_id: int, actor: Actor) -> FactoryAudit:
    """One audit of the factory with all its lines."""
    query = access.select_visible(FactoryAudit, actor).where(FactoryAudit.id == audit_id, FactoryAudit.factory_id == factory.id)
    query = query.options(
        joinedload(FactoryAudit.factory),
        joinedload(FactoryAudit.ordered_by),
        joinedload(FactoryAudit.file),
        joinedload(FactoryAudit.decision).joinedload(AuditDecision.decided_by),
        selectinload(FactoryAudit.checks),
        selectinload(FactoryAudit.findings),
    )
    found: FactoryAudit = _one(query)
    return found


def _one(query: Any) -> Any:
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


def part_of(model: Any, factory: Factory, row_id: int, actor: Actor) -> Any:
    """A row of the factory (certificate, OEM entry, change, tier), or NotFound."""
    return _one(access.select_visible(model, actor).where(model.id == row_id, model.factory_id == factory.id))


def finding(made: FactoryAudit, finding_id: int, actor: Actor) -> AuditFinding:
    found: AuditFinding = _one(
        access.select_visible(AuditFinding, actor).where(AuditFinding.id == finding_id, AuditFinding.audit_id == made.id)
    )
    return found


def changes(factory: Factory, actor: Actor, limit: int = 50) -> list[FactoryChange]:
    """Changes of the profile, the latest first."""
    query = access.select_visible(FactoryChange, actor).where(FactoryChange.factory_id == factory.id)
    query = query.options(joinedload(FactoryChange.author), joinedload(FactoryChange.reviewer))
    return list(db.session.scalars(query.order_by(FactoryChange.number.desc()).limit(limit)))


def tiers(factory: Factory, actor: Actor) -> list[TierAward]:
    query = access.select_visible(TierAward, actor).where(TierAward.factory_id == factory.id)
    return list(db.session.scalars(query.options(joinedload(TierAward.granted_by)).order_by(TierAward.id.desc())))


def criteria(actor: Actor) -> Sequence[TierCriterion]:
    return db.session.scalars(access.select_visible(TierCriterion, actor).order_by(TierCriterion.id)).all()


def agents(factory: Factory, actor: Actor) -> list[Any]:
    """(id, name, in care) of the field agents, for the administrator."""
    care = and_(Caseload.agent_user_id == User.id, Caseload.factory_id == factory.id, Caseload.ended_at.is_(None))
    held = access.select_visible(Caseload, actor, Caseload.id).where(care).correlate(User).exists()
    query = access.select_visible(User, actor, User.id, User.name, held.label("cares"))
    return list(
        db.session.execute(query.where(User.staff_role == "field_agent", User.disabled_at.is_(None)).order_by(User.name).limit(200))
    )


def free_organisations(actor: Actor) -> list[Any]:
    """(id, name) of the organisations of factories that have no profile yet, for the administrator."""
    taken = (
        access.select_visible(Factory, actor, Factory.id).where(Factory.organisation_id == Organisation.id).correlate(Organisation).exists()
    )
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name)
    query = query.where(Organisation.kind == "factory", Organisation.disabled_at.is_(None), ~taken)
    return list(db.session.execute(query.order_by(Organisation.name).limit(500)))


def pairs(actor: Actor, cursor: str | None, state: str = "open") -> paging.Page:
    """Suspected duplicates of which both sides are the actor's, the likeliest first."""
    columns = (DuplicatePair.id, DuplicatePair.first_id, DuplicatePair.second_id, DuplicatePair.probability, DuplicatePair.reasons)
    query = access.select_visible(DuplicatePair, actor, *columns, DuplicatePair.version, DuplicatePair.state).where(
        DuplicatePair.state == state
    )
    count = access.select_visible(DuplicatePair, actor, DuplicatePair.id).where(DuplicatePair.state == state)
    return paging.fetch(query, DuplicatePair.id, PAIR_ORDER, cursor, 20, count)


def sides(rows: Sequence[Any], actor: Actor) -> dict[int, Any]:
    """The factories of a page of pairs, by id."""
    ids = {i for row in rows for i in (row.first_id, row.second_id)}
    columns = (*queries.COLUMNS, Factory.address, Factory.uscc, Factory.source, Factory.created_at)
    return (
        {row.id: row for row in db.session.execute(access.select_visible(Factory, actor, *columns).where(Factory.id.in_(ids)))}
        if ids
        else {}
    )


def completeness(factory: Factory) -> Completeness:
    """Which parts of a profile are filled."""
    names = ("name_zh", "name_en", "city", "address", "founded_year", "staff_count", "floor_area", "introduction")
    parts = [(getattr(factory, name) not in (None, ""), content.LABELS[name]) for name in names]
    parts += [
        (bool(factory.uscc or factory.registration_number), content.LABELS["uscc"]),
        (bool(factory.categories), _l("Categories")),
        (bool(factory.capabilities), _l("Capabilities")),
        (bool(factory.contacts), _l("Contacts")),
        (any(c.counts_on(clock.today(ZONE)) for c in factory.certificates), _l("A valid certificate")),
    ]
    return Completeness(sum(done for done, _ in parts), len(parts), [label for done, label in parts if not done])


def home_panel(actor: Actor) -> dict[str, Any] | None:
    """What a factory finds on its home about its profile: completeness, certificates that run out, open findings. None for other roles."""
    if actor.role != "factory":
        return None
    factory = queries.own(actor)
    if factory is None:
        return {"factory": None}
    today = clock.today(ZONE)
    open_ones = access.select_visible(AuditFinding, actor, AuditFinding.id, AuditFinding.text, AuditFinding.severity, AuditFinding.due_on)
    open_ones = open_ones.add_columns(AuditFinding.audit_id).join(FactoryAudit, FactoryAudit.id == AuditFinding.audit_id)
    open_ones = open_ones.where(FactoryAudit.factory_id == factory.id, AuditFinding.closed_at.is_(None), FactoryAudit.state != "cancelled")
    proposed = access.select_visible(FactoryChange, actor, func.count(FactoryChange.id)).where(FactoryChange.state == "proposed")
    return {
        "factory": factory,
        "completeness": completeness(factory),
        "expiring": [c for c in factory.certificates if c.counts_on(today) and (c.expires_on - today) <= queries.SOON],
        "expired": [c for c in factory.certificates if c.state == "expired" and today - c.expires_on <= queries.SOON],
        "findings": list(db.session.execute(open_ones.order_by(AuditFinding.due_on).limit(5))),
        "proposed": db.session.scalar(select(proposed.scalar_subquery())),
        "state": workflow.state_of(factory),
        "today": today,
    }
