"""Proposing a version, signing it, and what follows: the last signature brings it into force and opens its promises in the ledger."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.codevelopment import agreement_service, amounts, ledger_service, shares
from incubator.codevelopment.agreement_content import content_hash
from incubator.codevelopment.agreement_models import Agreement, AgreementParty, AgreementSignature
from incubator.codevelopment.telling import tell, tell_brand
from incubator.kernel import audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Forbidden, Refused


def page(agreement: Agreement) -> str:
    return f"/agreements/{agreement.id}"


def propose(agreement: Agreement, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Fix text, rates, kinds and shares, and ask every party to sign. Refused with what is missing."""
    workflow.fire(agreement, "propose", actor, now=now, expected=expected, number=agreement.number)
    for promise in agreement.promises:
        amounts.refreeze(promise, now.date())
    _divide(agreement)
    agreement.proposed_at = now
    db.session.flush()
    for party in agreement.parties:
        tell(party.organisation_id, "consortium.sign_please", page(agreement), now, actor, name=agreement.product.name)


def _divide(agreement: Agreement) -> None:
    """Each party's kinds, and its share of everything that is promised."""
    sums = [sum(p.base_minor for p in agreement.promises if p.organisation_id == party.organisation_id) for party in agreement.parties]
    for party, share in zip(agreement.parties, shares.percentages(sums), strict=True):
        party.share_bp = share
        party.kinds = sorted({p.kind for p in agreement.promises if p.organisation_id == party.organisation_id})


def withdraw(agreement: Agreement, actor: Actor, now: datetime, note: str | None, expected: int | None = None) -> None:
    """Take a draft or a proposal back; who was asked to sign is told."""
    was_proposed = agreement.proposed_at is not None
    workflow.fire(agreement, "withdraw", actor, note, now, expected=expected, number=agreement.number)
    if was_proposed:
        _tell_all(agreement, "consortium.withdrawn", actor, now)


def _tell_all(agreement: Agreement, text: str, actor: Actor, now: datetime) -> None:
    for party in agreement.parties:
        tell(party.organisation_id, text, page(agreement), now, actor, name=agreement.product.name)


def seat_of(agreement: Agreement, actor: Actor) -> AgreementParty | None:
    """The actor's place among the parties, if it may still sign."""
    free = (p for p in agreement.parties if p.organisation_id == actor.organisation_id and p.signature is None)
    return next(free, None) if agreement.state == "proposed" and actor.scope == "write" else None


def sign(agreement: Agreement, seen: str, actor: Actor, now: datetime) -> AgreementSignature:
    """Put the actor's name for its organisation under the version. `seen` is the digest of what the page showed.

    Conflict when the version is not to be signed (any more), its party has signed, or the page showed something else.
    """
    db.session.refresh(agreement, with_for_update={"of": Agreement})
    db.session.expire(agreement, ["parties"])
    if actor.organisation_id not in {p.organisation_id for p in agreement.parties} or actor.scope != "write":
        raise Forbidden()
    party, digest = seat_of(agreement, actor), content_hash(agreement, actor.organisation_id or 0)
    if party is None or seen != digest:
        raise Conflict(what=workflow.last_act(agreement, actor))
    if any(p.signature and p.signature.user_id == actor.user_id for p in agreement.parties):
        raise Refused(_l("You signed for another organisation already; somebody else must sign for this one."))
    assert actor.user_id is not None
    signature = AgreementSignature(agreement_id=agreement.id, party=party, user_id=actor.user_id, signed_at=now, content_hash=digest)
    db.session.add(signature)
    agreement.updated_at = now
    db.session.flush()
    audit.record("consortium.sign", agreement, actor, now, number=agreement.number)
    who: dict[str, Any] = {"who": party.organisation.label, "name": agreement.product.name}
    tell_brand(agreement.product, "consortium.signed", page(agreement), now, actor, **who)
    if all(p.signature for p in agreement.parties):
        _take_effect(agreement, actor, now)
    return signature


def _take_effect(agreement: Agreement, actor: Actor, now: datetime) -> None:
    """As the system: the parties have spoken. The version before it stays readable."""
    former = agreement_service.of_product(agreement.product, "in_force")
    if former is not None:
        workflow.fire(former, "supersede", SYSTEM, now=now)
    workflow.fire(agreement, "take_effect", SYSTEM, now=now)
    agreement.in_force_at = now
    ledger_service.open_promises(agreement, former, now)
    _tell_all(agreement, "consortium.in_force", actor, now)


def is_signed_by(agreement: Agreement, actor: Actor) -> bool:
    return any(p.organisation_id == actor.organisation_id and p.signature for p in agreement.parties)
