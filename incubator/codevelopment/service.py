"""The verbs of a deliverable on the brand's side: plan, change, share, decide. A decision is written once (`revision_service` submits)."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from incubator.accounts.models import Organisation
from incubator.codevelopment import due_days
from incubator.codevelopment.models import PARTIES, Deliverable, DeliverableDecision, DeliverableRevision, DeliverableShare
from incubator.codevelopment.telling import tell
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, NotFound, Refused
from incubator.products.models import Participant, Product

LABELS = {
    "title": _l("Title"), "kind": _l("Kind"), "owner_id": _l("Owed by"), "due_on": _l("Due"), "review_days": _l("Days for the review"),
    "description": _l("Description"), "acceptance": _l("Accepted when"),
}  # fmt: skip


def page(deliverable: Deliverable) -> str:
    return f"/deliverables/{deliverable.id}"


def partners(product: Product) -> list[Organisation]:
    """The organisations that develop this product along now, by name; the caller shows them to the brand only."""
    query = access.select_visible(Participant, SYSTEM, Organisation).join(Organisation, Organisation.id == Participant.organisation_id)
    query = query.where(Participant.product_id == product.id, Participant.left_at.is_(None), Organisation.kind.in_(PARTIES))
    return list(db.session.scalars(query.distinct().order_by(Organisation.name)))


def plan(product: Product, data: dict[str, Any], actor: Actor, now: datetime) -> Deliverable:
    """A deliverable of the product with its milestone; `data` holds the fields of `forms.DeliverableForm`."""
    access.require("codevelopment.lead", actor, product)
    _check_owner(product, data["owner_id"])
    deliverable = Deliverable(
        product=product, brand_id=product.brand_id, state_since=now, created_at=now, **{name: data[name] for name in LABELS}
    )  # fmt: skip
    db.session.add(deliverable)
    db.session.flush()
    due_days.promise(deliverable, actor, now)
    audit.record("deliverable.plan", deliverable, actor, now, title=deliverable.title)
    events.publish("deliverable.plan", deliverable, actor, now)
    tell(
        deliverable.owner_id, "deliverable.planned", page(deliverable), now, actor,
        title=deliverable.title, name=product.name, due=deliverable.due_on.isoformat(),
    )  # fmt: skip
    return deliverable


def _check_owner(product: Product, owner_id: int) -> None:
    if owner_id != product.brand_id and owner_id not in {p.id for p in partners(product)}:
        raise Invalid({"owner_id": [_l("This organisation does not take part in the product.")]})


def edit(deliverable: Deliverable, data: dict[str, Any], expected: int, actor: Actor, now: datetime) -> Deliverable:
    """Change what is owed; Conflict with the difference when somebody was faster. Once submitted, it stays with its owner."""
    access.require("codevelopment.lead", actor, deliverable)
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    changes = {name: data[name] for name in LABELS if name in data and data[name] != getattr(deliverable, name)}
    if expected != deliverable.version:
        rows = [(LABELS[n], str(v), str(getattr(deliverable, n))) for n, v in changes.items() if n != "owner_id"]
        raise Conflict(what=workflow.last_act(deliverable, actor), difference=rows)
    if not deliverable.is_open:
        raise Refused(_l("It was accepted or dropped; reopen it to change what is owed."))
    if "owner_id" in changes:
        if deliverable.current_number:
            raise Invalid({"owner_id": [_l("It was submitted already and stays with its owner. Plan another one.")]})
        _check_owner(deliverable.product, changes["owner_id"])
    if not changes:
        return deliverable
    for name, value in changes.items():
        setattr(deliverable, name, value)
    if "due_on" in changes:
        deliverable.reminded_for = ""
    db.session.flush()
    due_days.forecast(deliverable, actor, now)
    audit.record("deliverable.edit", deliverable, actor, now, title=deliverable.title, fields_changed=sorted(changes))
    return deliverable


def share(deliverable: Deliverable, organisation_id: int, actor: Actor, now: datetime) -> DeliverableShare:
    """Let another organisation of the product read its revisions and files; it reads no decision and no annotation."""
    access.require("codevelopment.lead", actor, deliverable)
    organisation = next((o for o in partners(deliverable.product) if o.id == organisation_id), None)
    if organisation is None or organisation.id == deliverable.owner_id:
        raise Invalid({"organisation_id": [_l("This organisation does not take part in the product.")]})
    given = DeliverableShare(deliverable_id=deliverable.id, organisation=organisation, created_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(given)
    except IntegrityError as error:
        raise Invalid({"organisation_id": [_l("It is shared with %(name)s already.", name=organisation.label)]}) from error
    audit.record("deliverable.share", deliverable, actor, now, title=deliverable.title, organisation=organisation.label)
    tell(
        organisation.id, "deliverable.shared", page(deliverable), now, actor, title=deliverable.title, name=deliverable.product.name
    )  # fmt: skip
    return given


def unshare(deliverable: Deliverable, given: DeliverableShare, actor: Actor, now: datetime) -> None:
    access.require("codevelopment.lead", actor, deliverable)
    if given.deliverable_id != deliverable.id:
        raise NotFound()
    audit.record("deliverable.unshare", deliverable, actor, now, title=deliverable.title, organisation=given.organisation.label)
    db.session.delete(given)
    db.session.flush()


def revision_of(deliverable: Deliverable, number: int) -> DeliverableRevision | None:
    query = access.select_visible(DeliverableRevision, SYSTEM).where(DeliverableRevision.deliverable_id == deliverable.id)
    return db.session.scalar(query.where(DeliverableRevision.number == number))


def decide(
    deliverable: Deliverable, outcome: str, reason: str, number: int, actor: Actor, now: datetime, expected: int | None = None
) -> DeliverableDecision:
    """ "accept" or "ask_changes" revision `number`. Conflict when a newer revision came meanwhile, or somebody decided first."""
    access.require("codevelopment.lead", actor, deliverable)
    db.session.refresh(deliverable, with_for_update={"of": Deliverable})
    revision = revision_of(deliverable, number)
    if revision is None or number != deliverable.current_number:
        raise Conflict(what=workflow.last_act(deliverable, actor))
    workflow.fire(deliverable, outcome, actor, reason, now, expected=expected, title=deliverable.title, number=number)
    assert actor.user_id is not None
    decision = DeliverableDecision(
        deliverable_id=deliverable.id, revision=revision, outcome=outcome, reason=reason, decided_by_id=actor.user_id, decided_at=now
    )  # fmt: skip
    db.session.add(decision)
    deliverable.review_due_on, deliverable.reminded_for = None, ""
    db.session.flush()
    if outcome == "accept":
        due_days.meet(deliverable, actor, now)
    text = "deliverable.accepted" if outcome == "accept" else "deliverable.changes"
    tell(deliverable.owner_id, text, page(deliverable), now, actor, title=deliverable.title, number=number)
    return decision


def move(deliverable: Deliverable, event: str, actor: Actor, now: datetime, note: str | None = None, expected: int | None = None) -> None:
    """Start the review, reopen what was accepted, or drop it; the milestone follows."""
    workflow.fire(deliverable, event, actor, note, now, expected=expected, title=deliverable.title)
    values: dict[str, Any] = {"title": deliverable.title, "number": deliverable.current_number}
    if event == "reopen":
        due_days.miss(deliverable, actor, now)
        tell(deliverable.owner_id, "deliverable.changes", page(deliverable), now, actor, **values)
    if event == "drop":
        due_days.forget(deliverable, actor, now)
        tell(deliverable.owner_id, "deliverable.dropped", page(deliverable), now, actor, title=deliverable.title)
