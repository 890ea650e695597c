"""Who sees what of a factory.

A brand sees the approved ones of the directory, those that it entered and those that it works with; the administrator all; a field agent
the approved ones and those in its care; a factory itself and no other. Whoever else takes part in a product sees the public profile of the
factory that was chosen for it. Contacts and audits are for brands, staff in charge and the factory itself; changes for those who decide them.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select, true

from incubator.factories.audit_models import AuditCheck, AuditDecision, AuditFinding, FactoryAudit
from incubator.factories.evidence_models import Certificate, DuplicatePair, FactoryChange, TierAward, TierCriterion
from incubator.factories.guards import keeps
from incubator.factories.models import Capability, Caseload, Factory, FactoryCategory, FactoryContact, IndustrialCluster, OemEntry
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor
from incubator.products.models import Participant, Product
from incubator.products.policies import joined_products

LISTED = ("approved", "conditional")
CHOSEN_STAGES = ("sampling", "codevelopment", "preproduction", "test_launch", "launch", "scale", "handed_over")
PUBLIC_CERTIFICATES = ("valid", "expired")
STAFF = ("administrator", "field_agent")


def in_care(actor: Actor) -> Any:
    """Ids of the factories that are in a field agent's care now."""
    return select(Caseload.factory_id).where(Caseload.agent_user_id == actor.user_id, Caseload.ended_at.is_(None))


def _partners(actor: Actor) -> Any:
    """Organisations that take part, or took part, in the brand's products."""
    return select(Participant.organisation_id).join(Product).where(Product.brand_id == actor.organisation_id)


def _makers(actor: Actor) -> Any:
    """Organisations that make the products in which the actor takes part: once chosen, for who else is asked is the brand's secret."""
    chosen = select(Product.id).where(Product.state.in_(CHOSEN_STAGES), Product.id.in_(joined_products(actor)))
    return select(Participant.organisation_id).where(
        Participant.part == "factory", Participant.left_at.is_(None), Participant.product_id.in_(chosen)
    )


def _factories(actor: Actor) -> ColumnElement[bool]:
    listed = Factory.state.in_(LISTED)
    if actor.role == "administrator":
        return true()
    if actor.role == "brand":
        own = Factory.brought_by_id == actor.organisation_id
        return or_(listed, own, and_(Factory.organisation_id.is_not(None), Factory.organisation_id.in_(_partners(actor))))
    if actor.role == "field_agent":
        return or_(listed, Factory.id.in_(in_care(actor)))
    if actor.role == "factory":
        return Factory.organisation_id == actor.organisation_id
    return and_(Factory.organisation_id.in_(_makers(actor)), Factory.merged_into_id.is_(None))


def _ids(actor: Actor) -> Any:
    return select(Factory.id).where(_factories(actor))


def _known(actor: Actor) -> Any:
    """Ids of the factories of which the actor sees more than the public profile."""
    if actor.role == "field_agent":
        return in_care(actor)
    return _ids(actor) if actor.role in ("brand", "administrator", "factory") else select(Factory.id).where(false())


def _kept(actor: Actor) -> Any:
    """Ids of the factories that the actor looks after, or is."""
    if actor.role == "brand":
        return select(Factory.id).where(Factory.brought_by_id == actor.organisation_id)
    return _known(actor)


def _certificates(actor: Actor) -> ColumnElement[bool]:
    public = and_(Certificate.state.in_(PUBLIC_CERTIFICATES), within(Certificate.factory_id, _ids(actor)))
    return or_(public, within(Certificate.factory_id, _kept(actor)))


def _audits(actor: Actor) -> ColumnElement[bool]:
    known = within(FactoryAudit.factory_id, _known(actor))
    if actor.role != "brand":
        return known
    return and_(known, or_(FactoryAudit.ordered_by_id.is_(None), FactoryAudit.ordered_by_id == actor.organisation_id))


def _audit_ids(actor: Actor) -> Any:
    return select(FactoryAudit.id).where(_audits(actor))


def _visited(actor: Actor) -> Any:
    """Ids of the factories whose visits the actor may read: those in its care, all for the administrator, its own for a factory."""
    return _known(actor) if actor.role in (*STAFF, "factory") else select(Factory.id).where(false())


def _pairs(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "administrator":
        return true()
    if actor.role != "brand":
        return false()
    return and_(within(DuplicatePair.first_id, _kept(actor)), within(DuplicatePair.second_id, _kept(actor)))


def client_shown(actor: Actor) -> Any:
    """SQL: the client of an OEM entry, or NULL where it is not the actor's to know. The name never leaves the database for anybody else."""
    knows = within(OemEntry.factory_id, _known(actor)) if actor.role in (*STAFF, "factory") else false()
    return case((or_(OemEntry.is_confidential.is_(False), knows), OemEntry.client), else_=None)


def _oem(actor: Actor) -> ColumnElement[bool]:
    return within(OemEntry.factory_id, _ids(actor))


VISIBLE = {
    IndustrialCluster: lambda actor: true(),
    TierCriterion: lambda actor: true(),
    Factory: _factories,
    FactoryCategory: lambda actor: within(FactoryCategory.factory_id, _ids(actor)),
    Capability: lambda actor: within(Capability.factory_id, _ids(actor)),
    FactoryContact: lambda actor: within(FactoryContact.factory_id, _known(actor)),
    OemEntry: _oem,
    Caseload: lambda actor: (
        true() if actor.role == "administrator" else Caseload.agent_user_id == (actor.user_id if actor.role == "field_agent" else -1)
    ),
    Certificate: _certificates,
    TierAward: lambda actor: within(TierAward.factory_id, _ids(actor)),
    FactoryChange: lambda actor: within(FactoryChange.factory_id, _kept(actor)),
    DuplicatePair: _pairs,
    FactoryAudit: _audits,
    FieldVisit: lambda actor: within(FieldVisit.factory_id, _visited(actor)),
    FactoryProblem: lambda actor: within(FactoryProblem.factory_id, _visited(actor)),
    AuditCheck: lambda actor: within(AuditCheck.audit_id, _audit_ids(actor)),
    AuditFinding: lambda actor: within(AuditFinding.audit_id, _audit_ids(actor)),
    AuditDecision: lambda actor: within(AuditDecision.audit_id, _audit_ids(actor)),
}


def _is_own(actor: Actor, factory: Any) -> bool:
    return actor.role == "factory" and factory.organisation_id == actor.organisation_id


def _may_keep(actor: Actor, factory: Any) -> bool:
    return keeps(factory, actor) and factory.merged_into_id is None


def _may_prove(actor: Actor, factory: Any) -> bool:
    return factory.merged_into_id is None and (_is_own(actor, factory) or keeps(factory, actor))


def _is_insider(actor: Actor, factory: Any) -> bool:
    """Those who know confidential clients: the factory itself, and staff in charge of it."""
    return factory.merged_into_id is None and (_is_own(actor, factory) or (actor.role in STAFF and keeps(factory, actor)))


RULES = {
    "factory.create": lambda actor, factory: actor.role in ("brand", *STAFF),
    "factory.import": lambda actor, factory: actor.role in ("brand", "administrator"),
    "factory.keep": _may_keep,
    "factory.propose": lambda actor, factory: _is_own(actor, factory) and factory.merged_into_id is None,
    "factory.prove": _may_prove,
    "factory.oem": _is_insider,
    "factory.oem_check": lambda actor, factory: actor.role in STAFF and _may_keep(actor, factory),
    "factory.know": lambda actor, factory: _is_own(actor, factory) or actor.role in ("brand", "administrator") or keeps(factory, actor),
    "factory.tier": lambda actor, factory: actor.role == "administrator" and factory.merged_into_id is None,
    "factory.entrust": lambda actor, factory: actor.role == "administrator" and factory.merged_into_id is None,
    "factory.visits": _is_insider,
    "factory.visit": lambda actor, factory: actor.role in STAFF and _may_keep(actor, factory),
    "audit.edit": lambda actor, audit: not audit.is_decided and _may_keep(actor, audit.factory),
    "audit.close_finding": lambda actor, audit: _may_keep(actor, audit.factory),
}

files.register_subject(
    "factory_certificate", lambda actor: select(Certificate.id).where(within(Certificate.factory_id, _known(actor)), _certificates(actor))
)
files.register_subject("factory_audit", _audit_ids)
