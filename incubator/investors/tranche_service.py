"""The verbs of tranches: plan, record a payment, release it by a second person, withhold it. What has ended nothing here changes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices
from incubator.investors import conditions
from incubator.investors.models import Commitment, Tranche, TrancheCondition, TrancheOutcome, TrancheProposal
from incubator.investors.service import clock_day, planned_of, save
from incubator.kernel import access, acts, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.kernel.money import Money
from incubator.products.models import Product

notices.register(
    {
        "tranche.due": _l("The tranche “%(name)s” of “%(programme)s” is due."),
        "tranche.proposed": _l("%(who)s recorded the payment of “%(name)s” (%(programme)s); release it, or have it corrected."),
        "tranche.released": _l("The tranche “%(name)s” of “%(programme)s” has been released."),
        "tranche.withheld": _l("The tranche “%(name)s” of “%(programme)s” is withheld."),
    }
)
acts.register(
    {
        "tranche.plan": _l("planned the tranche %(name)s"),
        "tranche.edit": _l("changed the tranche %(name)s"),
        "tranche.propose": _l("recorded the payment of a tranche"),
    }
)


def plan(commitment: Commitment, values: dict[str, Any], actor: Actor, now: datetime) -> Tranche:
    """A new tranche. `values`: name, amount (Money), due_on, conditions ([{kind, product_id, stage, on_date}], at least one)."""
    access.require("tranche.plan", actor, commitment)
    db.session.refresh(commitment, with_for_update={"of": Commitment})
    _check_plan(commitment, values, None)
    tranche = Tranche(
        commitment_id=commitment.id, brand_id=commitment.brand_id, investor_id=commitment.investor_id, name=values["name"],
        amount_minor=values["amount"].minor, due_on=values["due_on"], state_since=now, created_at=now, updated_at=now,
    )  # fmt: skip
    tranche.conditions = [TrancheCondition(**row) for row in values["conditions"]]
    save(tranche, "name", _same_name(tranche, values["name"]), _l("This commitment already has a tranche of that name."))
    audit.record("tranche.plan", tranche, actor, now, name=tranche.name)
    return tranche


def replan(tranche: Tranche, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Tranche:
    """Change a tranche that is not due yet. Conflict when somebody was faster, Forbidden once it is due."""
    db.session.refresh(tranche, with_for_update={"of": Tranche})
    if expected != tranche.version:
        raise Conflict(what=workflow.last_act(tranche, actor))
    access.require("tranche.edit", actor, tranche)
    _check_plan(tranche.commitment, values, tranche.id)
    tranche.name, tranche.amount_minor, tranche.due_on = values["name"], values["amount"].minor, values["due_on"]
    tranche.conditions = [TrancheCondition(**row) for row in values["conditions"]]
    tranche.reminded_for, tranche.updated_at = "", now
    save(tranche, "name", _same_name(tranche, values["name"]), _l("This commitment already has a tranche of that name."))
    audit.record("tranche.edit", tranche, actor, now, name=tranche.name)
    return tranche


def _check_plan(commitment: Commitment, values: dict[str, Any], own: int | None) -> None:
    amount: Money = values["amount"]
    left = Money(commitment.amount_minor - planned_of(commitment, own), commitment.currency)
    if amount.minor > left.minor:
        raise Invalid({"amount": [_l("Only %(left)s of the commitment is left to plan.", left=str(left.major))]})
    if not values["conditions"]:
        raise Invalid({"conditions": [_l("Name at least one condition.")]})
    wanted = {row["product_id"] for row in values["conditions"] if row["product_id"]}
    known = access.select_visible(Product, SYSTEM, Product.id).where(
        Product.programme_id == commitment.programme_id, Product.id.in_(wanted)
    )
    if wanted - set(db.session.scalars(known)):
        raise Invalid({"conditions": [_l("Choose products of this programme.")]})


def propose(
    tranche: Tranche, paid_on: date, amount: Money, bank_reference: str, expected: int, actor: Actor, now: datetime
) -> TrancheProposal:
    """Record the payment found in the bank, for a colleague to release; an earlier record of it is replaced."""
    db.session.refresh(tranche, with_for_update={"of": Tranche})
    if expected != tranche.version or tranche.state != "due":
        raise Conflict(what=workflow.last_act(tranche, actor))
    access.require("tranche.propose", actor, tranche)
    if paid_on > clock_day(actor, now) or paid_on < tranche.commitment.signed_on:
        raise Invalid({"paid_on": [_l("A payment lies between the signature and today.")]})
    if amount.minor > tranche.amount_minor:
        raise Invalid({"amount": [_l("This is more than the tranche.")]})
    proposal = tranche.proposal or TrancheProposal(tranche=tranche)
    proposal.paid_on, proposal.amount_minor, proposal.bank_reference = paid_on, amount.minor, bank_reference
    proposal.proposed_by_id, proposal.proposed_at = actor.user_id, now  # type: ignore[assignment]
    tranche.updated_at = now
    db.session.add(proposal)
    db.session.flush()
    audit.record("tranche.propose", tranche, actor, now, amount=amount.minor, reference=bank_reference, paid_on=paid_on)
    _tell(tranche, "tranche.proposed", now, brand=True, but=actor, who=actor.name)
    return proposal


def release(tranche: Tranche, expected: int, actor: Actor, now: datetime) -> TrancheOutcome:
    """Release what a colleague recorded. Refused with what is missing, Conflict when somebody was first."""
    access.require("tranche.end", actor, tranche)
    db.session.refresh(tranche, with_for_update={"of": Tranche})
    standing = conditions.judge([tranche], clock_day(actor, now))[tranche.id]
    workflow.fire(tranche, "release", actor, now=now, expected=expected)
    found = tranche.proposal
    assert found is not None and actor.user_id is not None
    outcome = TrancheOutcome(
        tranche=tranche, outcome="released", paid_on=found.paid_on, amount_minor=found.amount_minor, bank_reference=found.bank_reference,
        proposed_by_id=found.proposed_by_id, decided_by_id=actor.user_id, decided_at=now, conditions=_as_they_stood(standing),
    )  # fmt: skip
    db.session.add(outcome)
    db.session.flush()
    _tell(tranche, "tranche.released", now, brand=True, investor=True, but=actor)
    return outcome


def withhold(tranche: Tranche, reason: str, expected: int, actor: Actor, now: datetime) -> TrancheOutcome:
    """End a tranche that is due without payment; the investor reads the reason."""
    access.require("tranche.end", actor, tranche)
    standing = conditions.judge([tranche], clock_day(actor, now))[tranche.id]
    workflow.fire(tranche, "withhold", actor, note=reason, now=now, expected=expected)
    assert actor.user_id is not None
    outcome = TrancheOutcome(
        tranche=tranche,
        outcome="withheld",
        reason=reason.strip(),
        decided_by_id=actor.user_id,
        decided_at=now,
        conditions=_as_they_stood(standing),
    )
    db.session.add(outcome)
    db.session.flush()
    _tell(tranche, "tranche.withheld", now, brand=True, investor=True, but=actor)
    return outcome


def _as_they_stood(standing: Sequence[tuple[TrancheCondition, str, bool]]) -> list[dict[str, Any]]:
    return [
        {"kind": c.kind, "product_id": c.product_id, "stage": c.stage, "on_date": c.on_date.isoformat() if c.on_date else None, "met": met}
        for c, _text, met in standing
    ]


def _tell(
    tranche: Tranche, text: str, now: datetime, *, brand: bool = False, investor: bool = False, but: Actor = SYSTEM, **params: Any
) -> None:
    """The managers of the brand, the people of the investor; never an amount, which has no place in a mail."""
    people = notices.people_of(tranche.brand_id, managers_only=True) if brand else []
    people += notices.people_of(tranche.investor_id) if investor else []
    programme = tranche.commitment.programme.name
    notices.notify(
        [u for u in people if u.id != but.user_id], text, f"/tranches/{tranche.id}", now, name=tranche.name, programme=programme, **params
    )


def _same_name(tranche: Tranche, name: str) -> Any:
    query = access.select_visible(Tranche, SYSTEM, Tranche.id).where(Tranche.commitment_id == tranche.commitment_id)
    return query.where(Tranche.name == name, Tranche.id != (tranche.id or -1))
