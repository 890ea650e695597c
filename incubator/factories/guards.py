"""What must hold before a factory, its evidence or a suspicion about it moves on: each guard gives the reason to refuse, or nothing."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.factories import uscc
from incubator.factories.audit_models import FactoryAudit
from incubator.factories.evidence_models import Certificate, DuplicatePair, FactoryChange
from incubator.factories.models import Factory
from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed

ZONE = "Asia/Shanghai"  # where certificates run out


def keeps(factory: Factory, actor: Actor) -> bool:
    """Whether the actor looks after the factory: the administrator, the brand that brought it, the field agent in whose care it is."""
    if actor.role == "brand":
        return factory.brought_by_id is not None and factory.brought_by_id == actor.organisation_id
    if actor.role == "field_agent":
        return any(c.agent_user_id == actor.user_id and c.ended_at is None for c in factory.caseload)
    return actor.role in ("administrator", "system")


def is_kept_by(factory: Factory, actor: Actor) -> Any:
    own = actor.role == "factory" and factory.organisation_id == actor.organisation_id
    return None if own or keeps(factory, actor) else _l("Another organisation looks after this factory. Ask the platform's administrator.")


def is_identified(factory: Factory) -> bool:
    """A Chinese factory by a valid social credit code, another one by its registration number."""
    return uscc.is_valid(factory.uscc) if factory.country == "CN" else bool(factory.registration_number.strip())


def has_evidence(factory: Factory) -> bool:
    """A certificate that counts today, or an audit that was passed."""
    today = clock.today(ZONE)
    return any(c.counts_on(today) for c in factory.certificates) or any(a.state == "passed" for a in factory.audits)


def _missing(*checks: tuple[Any, Any]) -> Any:
    lacking = [label for present, label in checks if not present]
    return _l("Add %(what)s first.", what=listed(lacking)) if lacking else None


def says_who_it_is(factory: Factory, actor: Actor) -> Any:
    """Before anybody is asked to judge it."""
    return is_kept_by(factory, actor) or _missing(
        (factory.city, _l("the city")), (factory.address, _l("the address")), (factory.categories, _l("a category"))
    )


def may_be_conditional(factory: Factory, actor: Actor) -> Any:
    """Under conditions one may work with a factory that is identified and can make something."""
    return is_kept_by(factory, actor) or _missing(
        (is_identified(factory), _identity(factory)), (factory.capabilities, _l("at least one capability"))
    )


def may_be_approved(factory: Factory, actor: Actor) -> Any:
    """Approval also needs evidence of somebody else: an unexpired certificate, or an audit that was passed."""
    return may_be_conditional(factory, actor) or _missing(
        (has_evidence(factory), _l("an unexpired certificate, or an audit that was passed"))
    )


def _identity(factory: Factory) -> Any:
    return _l("a valid unified social credit code") if factory.country == "CN" else _l("the registration number")


def may_come_back(factory: Factory, actor: Actor) -> Any:
    if factory.merged_into_id:
        return _l("This entry was merged into another one, and stays closed.")
    return is_kept_by(factory, actor)


def checked_by_another(certificate: Certificate, actor: Actor) -> Any:
    return is_kept_by(certificate.factory, actor)


def has_not_run_out(certificate: Certificate, actor: Actor) -> Any:
    if certificate.expires_on < clock.today(ZONE):
        return _l("This certificate has expired. It cannot count any more.")
    return checked_by_another(certificate, actor)


def every_check_is_scored(audit: FactoryAudit) -> Any:
    left = [check for check in audit.checks if check.score is None and not check.does_not_apply]
    return _l("Score every check, or mark it as not applicable. %(n)s are open.", n=len(left)) if left else None


def has_taken_place(audit: FactoryAudit) -> Any:
    return _l("The audit is planned for a day to come.") if audit.audited_on > clock.today(ZONE) else None


def may_be_decided(audit: FactoryAudit, actor: Actor) -> Any:
    return is_kept_by(audit.factory, actor) or has_taken_place(audit) or every_check_is_scored(audit)


def may_pass(audit: FactoryAudit, actor: Actor) -> Any:
    if reason := may_be_decided(audit, actor):
        return reason
    if any(f.severity == "critical" and f.closed_at is None for f in audit.findings):
        return _l("A critical finding is open. Decide under conditions, or as failed.")
    return _l("Below 60%% the audit is not passed: it reached %(score)s%%.", score=audit.score or 0) if (audit.score or 0) < 60 else None


def is_open_to_cancel(audit: FactoryAudit, actor: Actor) -> Any:
    return is_kept_by(audit.factory, actor)


def is_of_a_kept_factory(change: FactoryChange, actor: Actor) -> Any:
    return is_kept_by(change.factory, actor)


def is_own_proposal(change: FactoryChange, actor: Actor) -> Any:
    own = actor.is_system or change.factory.organisation_id == actor.organisation_id
    return None if own else _l("Only the factory takes its proposal back.")


def both_are_kept(pair: DuplicatePair, actor: Actor) -> Any:
    return is_kept_by(pair.first, actor) or is_kept_by(pair.second, actor)
