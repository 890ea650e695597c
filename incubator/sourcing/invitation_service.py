"""Whom an enquiry asks. Each factory hears of it by itself, and of nobody else."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext

from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused
from incubator.sourcing import candidates, telling
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation


def invite(rfq: Rfq, organisation_ids: Sequence[int], actor: Actor, now: datetime) -> list[Quotation]:
    """Ask these factories; who was asked already is left as it is. Once the enquiry is issued they are told at once.

    Invalid for an organisation that is not among the candidates; Refused after the deadline.
    """
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    if rfq.takes_quotations and now >= rfq.deadline:
        raise Refused(gettext("The deadline has passed: nobody can be asked any more."))
    access.require("rfq.invite", actor, rfq)
    db.session.expire(rfq, ["quotations"])
    wanted = set(organisation_ids) - {q.organisation_id for q in rfq.quotations}
    found = candidates.named(wanted, actor)
    if strangers := wanted - set(found):
        raise Invalid({"factories": [gettext("%(n)s of these factories cannot be asked.", n=len(strangers))]})
    return [_ask(rfq, organisation_id, found[organisation_id], actor, now) for organisation_id in sorted(wanted)]


def _ask(rfq: Rfq, organisation_id: int, name: str, actor: Actor, now: datetime) -> Quotation:
    quotation = Quotation(
        rfq=rfq, brand_id=rfq.brand_id, organisation_id=organisation_id, state_since=now, invited_at=now, invited_by_id=actor.user_id,
        created_at=now,
    )  # fmt: skip
    db.session.add(quotation)
    db.session.flush()
    audit.record("rfq.invite", rfq, actor, now, organisation=name)
    if rfq.issued_at is not None:
        telling.tell_factory(rfq, organisation_id, "rfq.invited", now)
    return quotation


def uninvite(rfq: Rfq, quotation: Quotation, actor: Actor, now: datetime) -> None:
    """Take a factory off a draft. Once it was told, it stays asked."""
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    if rfq.state != "draft":
        raise Refused(gettext("This factory was told of the enquiry already."))
    access.require("rfq.edit", actor, rfq)
    audit.record("rfq.uninvite", rfq, actor, now, organisation=quotation.organisation.label)
    rfq.quotations.remove(quotation)
    db.session.delete(quotation)
    db.session.flush()
