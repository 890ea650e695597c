"""Which organisations take part in a product, and who of the brand is in its squad. Ended parts stay as history."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from incubator.accounts import notices
from incubator.accounts.models import Organisation, User
from incubator.kernel import access, audit, events
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.products import people
from incubator.products.models import PARTS, Participant, Product, SquadMember

notices.register({"product.joined": _l("%(brand)s asks you to take part in “%(name)s”.")})


def directory(actor: Actor) -> list[Organisation]:
    """The organisations that the actor may ask to take part, by name."""
    query = access.select_visible(Organisation, actor).where(Organisation.kind.in_(PARTS), Organisation.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(Organisation.name).limit(500)))


def parties(product: Product, actor: Actor) -> list[Participant]:
    """Every part that the actor may see, present ones first."""
    query = (
        access.select_visible(Participant, actor).where(Participant.product_id == product.id).options(joinedload(Participant.organisation))
    )
    return list(db.session.scalars(query.order_by(Participant.left_at.is_not(None), Participant.id)))


def add_participant(product: Product, organisation_id: int, actor: Actor, now: datetime, *, tell: bool = True) -> Participant:
    """Let an organisation of the visible directory take part, in the part that its kind gives it. One that had left comes back.

    `tell` is for one that has not agreed yet; who accepted an invitation needs no second one.
    """
    access.require("product.edit", actor, product)
    organisation = db.session.scalar(
        access.select_visible(Organisation, actor).where(Organisation.id == organisation_id, Organisation.kind.in_(PARTS))
    )
    if organisation is None or organisation.disabled_at is not None:
        raise Invalid({"organisation_id": [_l("Choose an organisation from the list.")]})
    return _enter(product, organisation, actor, now, tell)


def _enter(product: Product, organisation: Organisation, actor: Actor, now: datetime, tell: bool) -> Participant:
    same = (Participant.product_id == product.id, Participant.organisation_id == organisation.id, Participant.part == organisation.kind)
    participant = db.session.scalar(access.select_visible(Participant, SYSTEM).where(*same))
    if participant is not None and participant.left_at is None:
        return participant
    if participant is None:
        participant = Participant(product_id=product.id, organisation_id=organisation.id, part=organisation.kind, created_at=now)
        db.session.add(participant)
    participant.left_at = None
    db.session.flush()
    audit.record("product.join", product, actor, now, organisation=organisation.label, part=organisation.kind)
    notices.notify(
        notices.people_of(organisation.id) if tell else [],
        "product.joined",
        f"/products/{product.id}",
        now,
        organisation.id,
        brand=actor.organisation_name,
        name=product.name,
    )
    events.publish("product.join", product, actor, now, participant=participant)
    return participant


def end_participation(participant: Participant, product: Product, actor: Actor, now: datetime) -> None:
    """The organisation takes no further part and no longer sees the product; the row stays."""
    access.require("product.edit", actor, product)
    if participant.left_at is not None:
        return
    participant.left_at = now
    audit.record("product.leave", product, actor, now, organisation=participant.organisation.label, part=participant.part)
    events.publish("product.leave", product, actor, now, participant=participant)


def squad(product: Product) -> list[Any]:
    """(id, user_id, name, duty) of the squad of a product that the caller has already been shown."""
    query = access.select_visible(SquadMember, SYSTEM, SquadMember.id, SquadMember.user_id, User.name, SquadMember.duty).join(User)
    return list(db.session.execute(query.where(SquadMember.product_id == product.id).order_by(SquadMember.id)))


def join_squad(product: Product, user_id: int, duty: str, actor: Actor, now: datetime) -> None:
    """Put a colleague into the squad, or change the duty of one who is in it."""
    access.require("product.edit", actor, product)
    people.require_colleague(user_id, product.brand_id, "user_id")
    member = _member(product, user_id)
    if member is None:
        member = SquadMember(product_id=product.id, user_id=user_id)
        db.session.add(member)
    member.duty = duty
    db.session.flush()
    audit.record("product.squad_join", product, actor, now, person=people.name_of(user_id), duty=duty)


def leave_squad(product: Product, user_id: int, actor: Actor, now: datetime) -> None:
    access.require("product.edit", actor, product)
    member = _member(product, user_id)
    if member is None:
        return
    db.session.delete(member)
    audit.record("product.squad_leave", product, actor, now, person=people.name_of(user_id))


def _member(product: Product, user_id: int) -> SquadMember | None:
    query = access.select_visible(SquadMember, SYSTEM).where(SquadMember.product_id == product.id, SquadMember.user_id == user_id)
    return db.session.scalar(query)
