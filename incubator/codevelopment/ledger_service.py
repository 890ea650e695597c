"""The consortium's ledger: promises opened by an agreement, deliveries with evidence, the brand's verification."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from incubator.codevelopment import amounts
from incubator.codevelopment.agreement_models import Agreement, AgreementParty, AgreementPromise
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.telling import tell, tell_brand
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Forbidden, Invalid
from incubator.kernel.file_table import StoredFile
from incubator.kernel.money import Money
from incubator.products.models import Product


def page(contribution: Contribution) -> str:
    return f"/contributions/{contribution.id}"


def open_promises(agreement: Agreement, former: Agreement | None, now: datetime) -> None:
    """One row per promise of a version that comes into force. What the version before promised and this one does not is released;
    what was delivered already stays as it is."""
    for promise in agreement.promises:
        if promise.contribution is None:
            promise.contribution = _opened(agreement, promise, now)
        elif promise.contribution.state == "promised":
            _renew(promise.contribution, promise, now)
    db.session.flush()
    held = {promise.contribution_id for promise in agreement.promises}
    for old in former.promises if former else []:
        if old.contribution is not None and old.contribution_id not in held and old.contribution.state == "promised":
            workflow.fire(old.contribution, "release", SYSTEM, str(_l("No longer agreed")), now, description=old.description)


def _opened(agreement: Agreement, promise: AgreementPromise, now: datetime) -> Contribution:
    contribution = Contribution(
        product_id=agreement.product_id, brand_id=agreement.brand_id, organisation_id=promise.organisation_id, state_since=now,
        created_at=now, due_on=promise.due_on, promised_minor=promise.base_minor, **amounts.copied(promise),
    )  # fmt: skip
    db.session.add(contribution)
    db.session.flush()
    audit.record("contribution.promise", contribution, SYSTEM, now, description=contribution.description)
    return contribution


def _renew(contribution: Contribution, promise: AgreementPromise, now: datetime) -> None:
    agreed = amounts.copied(promise) | {"due_on": promise.due_on, "promised_minor": promise.base_minor}
    if all(getattr(contribution, name) == value for name, value in agreed.items()):
        return
    amounts.assign(contribution, agreed)
    audit.record("contribution.change", contribution, SYSTEM, now, description=contribution.description)


def is_party(product: Product, actor: Actor) -> bool:
    """Whether the actor's organisation is a party of the agreement in force."""
    query = access.select_visible(AgreementParty, SYSTEM, AgreementParty.id).join(Agreement, Agreement.id == AgreementParty.agreement_id)
    query = query.where(Agreement.product_id == product.id, Agreement.state == "in_force")
    return db.session.scalar(query.where(AgreementParty.organisation_id == actor.organisation_id)) is not None


def book(product: Product, data: dict[str, Any], delivered_on: date, uploads: Sequence[FileStorage], actor: Actor, now: datetime) -> Contribution:  # fmt: skip
    """A contribution on top of what was promised, delivered at once; `data` is `AmountForm.amounts()`. Its rate is that of the day."""
    if actor.scope != "write" or not is_party(product, actor):
        raise Forbidden(_l("Only a party of the agreement in force contributes."))
    _check_day(delivered_on, now)
    values = amounts.columns(data, product.programme.currency, delivered_on)
    contribution = Contribution(
        product=product, brand_id=product.brand_id, organisation_id=actor.organisation_id, state_since=now, created_at=now,
        due_on=data["due_on"], **values,
    )  # fmt: skip
    db.session.add(contribution)
    db.session.flush()
    audit.record("contribution.book", contribution, actor, now, description=contribution.description)
    _delivered(contribution, delivered_on, uploads, actor, now, None)
    return contribution


def deliver(
    contribution: Contribution,
    delivered_on: date,
    quantity_hundredths: int | None,
    value: Money | None,
    uploads: Sequence[FileStorage],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> None:
    """It arrived: so many hours at the agreed rate, or so much money; what is not given is as promised. Evidence is required."""
    access.require("contribution.deliver", actor, contribution)
    _check_day(delivered_on, now)
    if value is not None and value.currency != contribution.currency:
        raise Invalid({"value": [_l("It was promised in %(currency)s.", currency=contribution.currency)]})
    _delivered(contribution, delivered_on, uploads, actor, now, expected)
    if contribution.quantity_hundredths is not None and quantity_hundredths:
        contribution.quantity_hundredths = quantity_hundredths
        if contribution.hourly is not None:
            value = amounts.worth(quantity_hundredths, contribution.hourly)
    if value is not None:
        amounts.revalue(contribution, value)
    db.session.flush()


def _check_day(day: date, now: datetime) -> None:
    if day > now.date():
        raise Invalid({"delivered_on": [_l("This day is still to come.")]})


def _delivered(
    contribution: Contribution, day: date, uploads: Sequence[FileStorage], actor: Actor, now: datetime, expected: int | None
) -> None:  # fmt: skip
    if not uploads and not evidence(contribution, actor):
        raise Invalid({"files": [_l("Add a file that proves it: a receipt, a time sheet, an acceptance note.")]})
    workflow.fire(contribution, "deliver", actor, now=now, expected=expected, description=contribution.description)
    for upload in uploads:
        stored = files.store(upload, actor, now, subject=("contribution", contribution.id), product_id=contribution.product_id)
        audit.record("contribution.evidence", contribution, actor, now, file=stored.name)
    contribution.delivered_on, contribution.delivered_by_id = day, actor.user_id
    db.session.flush()
    tell_brand(
        contribution.product, "contribution.delivered", page(contribution), now, actor,
        who=actor.organisation_name, title=contribution.description, name=contribution.product.name,
    )  # fmt: skip


def evidence(contribution: Contribution, actor: Actor) -> list[StoredFile]:
    query = access.select_visible(StoredFile, actor).where(StoredFile.subject_type == "contribution")
    return list(db.session.scalars(query.where(StoredFile.subject_id == contribution.id).order_by(StoredFile.id)))


TOLD = {"verify": "contribution.verified", "send_back": "contribution.sent_back", "release": "contribution.released"}


def settle(contribution: Contribution, event: str, actor: Actor, now: datetime, note: str | None, expected: int | None = None) -> None:
    """The brand verifies a delivery, sends it back, or releases a promise; the party is told."""
    workflow.fire(contribution, event, actor, note, now, expected=expected, description=contribution.description)
    if event == "verify":
        contribution.verified_by_id = actor.user_id
    db.session.flush()
    tell(contribution.organisation_id, TOLD[event], page(contribution), now, actor, title=contribution.description)
