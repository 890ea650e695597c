"""The verbs of commitments: record what was signed, amend it while no money has flowed."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError

from incubator.accounts.models import Organisation
from incubator.investors.models import Commitment, Tranche
from incubator.kernel import access, acts, audit, i18n, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid
from incubator.kernel.money import Money
from incubator.products.models import Programme

acts.register(
    {"commitment.create": _l("recorded the commitment %(reference)s"), "commitment.edit": _l("changed the commitment %(reference)s")}
)
LABELS = {
    "reference": _l("Contract number"), "amount_minor": _l("Amount"), "currency": _l("Currency"), "signed_on": _l("Signed on"),
    "contact": _l("Contact"), "terms": _l("Terms"),
}  # fmt: skip
WHEN_PAID = ("contact",)  # what may still change once money has flowed


def commit(programme: Programme, investor_id: int, values: dict[str, Any], actor: Actor, now: datetime) -> Commitment:
    """Record what an investor signed. `values`: reference, amount (Money), signed_on, contact, terms. Invalid when the reference is taken."""
    access.require("commitment.edit", actor, programme)
    _require_investor(investor_id, actor)
    plain = _plain(values)
    _check_day(plain["signed_on"], actor, now)
    made = Commitment(
        programme_id=programme.id, brand_id=programme.brand_id, investor_id=investor_id, created_by_id=actor.user_id, created_at=now,
        updated_at=now, **plain,
    )  # fmt: skip
    save(made, "reference", _same_reference(made, plain["reference"]), _l("Another commitment already has this contract number."))
    audit.record("commitment.create", made, actor, now, reference=made.reference)
    return made


def amend(commitment: Commitment, values: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Commitment:
    """Change a commitment; once a tranche of it has ended, only the contact. Conflict with the difference when somebody was faster."""
    access.require("commitment.edit", actor, commitment)
    db.session.refresh(commitment, with_for_update={"of": Commitment})
    plain = _plain(values)
    changes = {k: v for k, v in plain.items() if getattr(commitment, k) != v}
    if expected != commitment.version:
        raise Conflict(
            what=workflow.last_act(commitment, actor),
            difference=[(LABELS[k], str(v), str(getattr(commitment, k))) for k, v in changes.items()],
        )
    if has_ended_tranches(commitment) and (sealed := sorted(set(changes) - set(WHEN_PAID))):
        raise Invalid({sealed[0].removesuffix("_minor"): [_l("A tranche has ended on these terms. Record a further commitment instead.")]})
    _check_day(plain["signed_on"], actor, now)
    if planned_of(commitment) > plain["amount_minor"]:
        raise Invalid({"amount": [_l("The tranches planned so far add up to more.")]})
    for name, value in changes.items():
        setattr(commitment, name, value)
    commitment.updated_at = now
    save(
        commitment, "reference", _same_reference(commitment, plain["reference"]), _l("Another commitment already has this contract number.")
    )
    audit.record("commitment.edit", commitment, actor, now, reference=commitment.reference, fields=sorted(changes))
    return commitment


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    amount: Money = values["amount"]
    rest = {name: values[name] for name in ("reference", "signed_on", "contact", "terms")}
    return {**rest, "amount_minor": amount.minor, "currency": amount.currency}


def _require_investor(organisation_id: int, actor: Actor) -> None:
    query = access.select_visible(Organisation, actor, Organisation.id).where(
        Organisation.id == organisation_id, Organisation.kind == "investor"
    )
    if db.session.scalar(query) is None:
        raise Invalid({"investor_id": [_l("Choose an investor.")]})


def _check_day(day: date, actor: Actor, now: datetime) -> None:
    if day > clock_day(actor, now):
        raise Invalid({"signed_on": [_l("This day has not come yet.")]})


def clock_day(actor: Actor, now: datetime) -> date:
    """The calendar day where the actor is."""
    return i18n.local(now, actor.timezone).date()


def save(record: Any, field: str, taken: Any, message: Any) -> None:
    """Flush; a name that two people gave at once is said beside its field. `taken` selects the other row of that name."""
    try:
        with db.session.begin_nested():
            db.session.add(record)
    except IntegrityError as error:
        if db.session.scalar(taken) is None:
            raise
        raise Invalid({field: [message]}) from error


def _same_reference(commitment: Commitment, reference: str) -> Any:
    query = access.select_visible(Commitment, SYSTEM, Commitment.id).where(Commitment.brand_id == commitment.brand_id)
    return query.where(Commitment.reference == reference, Commitment.id != (commitment.id or -1))


def has_ended_tranches(commitment: Commitment) -> bool:
    return any(t.state in ("released", "withheld") for t in commitment.tranches)


def planned_of(commitment: Commitment, but: int | None = None) -> int:
    """Minor units of the tranches that are planned, due or released, without the tranche `but`; a withheld one counts for nothing."""
    query = access.select_visible(Tranche, SYSTEM, func.coalesce(func.sum(Tranche.amount_minor), 0))
    query = query.where(Tranche.commitment_id == commitment.id, Tranche.state != "withheld")
    return int(db.session.scalar(query.where(Tranche.id != but) if but else query) or 0)
