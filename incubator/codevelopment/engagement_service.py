"""Inviting an organisation to develop along, its answer, and the end. Who has not accepted does not see the product."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts.models import Organisation
from incubator.codevelopment.models import PARTIES, Engagement
from incubator.codevelopment.telling import tell, tell_brand
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.products import participation
from incubator.products.models import Participant, Product

OPEN = ("invited", "active")
ENDED = ("handed_over", "stopped")


def directory(actor: Actor) -> list[Organisation]:
    """Whom the brand may invite."""
    return [organisation for organisation in participation.directory(actor) if organisation.kind in PARTIES]


def invite(product: Product, data: dict[str, Any], actor: Actor, now: datetime) -> Engagement:
    """Ask an organisation; `data` holds organisation_id, scope, terms, starts_on and ends_on. Invalid when it was asked already."""
    access.require("codevelopment.lead", actor, product)
    db.session.refresh(product, with_for_update={"of": Product})
    organisation = next((o for o in directory(actor) if o.id == data["organisation_id"]), None)
    if organisation is None:
        raise Invalid({"organisation_id": [_l("Choose an organisation from the list.")]})
    if product.state in ENDED:
        raise Invalid({"organisation_id": [_l("This product has ended.")]})
    if _open_one(product, organisation.id):
        raise Invalid({"organisation_id": [_l("%(name)s is invited or engaged already.", name=organisation.label)]})
    given = {name: data.get(name) for name in ("scope", "starts_on", "ends_on")}
    engagement = Engagement(
        product=product, brand_id=product.brand_id, organisation=organisation, part=organisation.kind, state_since=now,
        invited_by_id=actor.user_id, terms=data.get("terms") or "", created_at=now, **given,
    )  # fmt: skip
    db.session.add(engagement)
    db.session.flush()
    audit.record("engagement.invite", engagement, actor, now, organisation=organisation.label)
    events.publish("engagement.invite", engagement, actor, now)
    tell(organisation.id, "engagement.invited", page(engagement), now, actor, brand=product.brand.label, name=product.name)
    return engagement


def _open_one(product: Product, organisation_id: int) -> Engagement | None:
    query = access.select_visible(Engagement, SYSTEM).where(Engagement.product_id == product.id, Engagement.state.in_(OPEN))
    return db.session.scalar(query.where(Engagement.organisation_id == organisation_id).limit(1))


def page(engagement: Engagement) -> str:
    return f"/engagements/{engagement.id}"


def move(engagement: Engagement, event: str, actor: Actor, now: datetime, note: str | None = None, expected: int | None = None) -> None:
    """Accept, decline, withdraw or end it, with what follows for the organisation's part in the product."""
    workflow.fire(engagement, event, actor, note, now, expected=expected)
    {"accept": _accepted, "decline": _declined, "withdraw": _withdrawn, "end": _ended}[event](engagement, actor, now)


def _accepted(engagement: Engagement, actor: Actor, now: datetime) -> None:
    """From now on it takes part: in the brand's name, because the brand has asked."""
    product = engagement.product
    brand = replace(SYSTEM, organisation_name=product.brand.label)
    engagement.brought_in = _participant(engagement) is None
    if engagement.brought_in:
        participation.add_participant(product, engagement.organisation_id, brand, now, tell=False)
    _answered(engagement, "engagement.accepted", actor, now)


def _declined(engagement: Engagement, actor: Actor, now: datetime) -> None:
    _answered(engagement, "engagement.declined", actor, now)


def _answered(engagement: Engagement, text: str, actor: Actor, now: datetime) -> None:
    engagement.answered_by_id, engagement.answered_at = actor.user_id, now
    db.session.flush()
    tell_brand(
        engagement.product, text, page(engagement), now, actor, who=engagement.organisation.label, name=engagement.product.name
    )  # fmt: skip


def _withdrawn(engagement: Engagement, actor: Actor, now: datetime) -> None:
    product = engagement.product
    tell(
        engagement.organisation_id, "engagement.withdrawn", page(engagement), now, actor, brand=product.brand.label, name=product.name
    )  # fmt: skip


def _ended(engagement: Engagement, actor: Actor, now: datetime) -> None:
    """Whom the engagement brought in leaves with it; a factory that makes the product anyway stays."""
    product, participant = engagement.product, _participant(engagement)
    engagement.ends_on = max(now.date(), engagement.starts_on or now.date())
    tell(engagement.organisation_id, "engagement.ended", page(engagement), now, actor, name=product.name)
    if engagement.brought_in and participant is not None:
        participation.end_participation(participant, product, actor, now)


def _participant(engagement: Engagement) -> Participant | None:
    query = access.select_visible(Participant, SYSTEM).where(Participant.product_id == engagement.product_id, Participant.left_at.is_(None))
    return db.session.scalar(query.where(Participant.organisation_id == engagement.organisation_id).limit(1))
