"""Drafting a version of the consortium agreement: text, parties, promises, ownership. Only a draft can be changed."""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.codevelopment import amounts
from incubator.codevelopment.agreement_models import Agreement, AgreementParty, AgreementPromise, OwnershipItem, OwnershipShare
from incubator.codevelopment.service import partners
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, NotFound, Refused
from incubator.products.models import Product

Data = dict[str, Any]


def of_product(product: Product, *states: str) -> Agreement | None:
    """The latest version in one of `states`, for whoever is known to see the product whole."""
    query = access.select_visible(Agreement, SYSTEM).where(Agreement.product_id == product.id, Agreement.state.in_(states))
    return db.session.scalar(query.order_by(Agreement.number.desc()).limit(1))


def draft(product: Product, actor: Actor, now: datetime) -> Agreement:
    """The next version: a copy of the one in force, or a blank one with everybody who takes part. One draft at a time."""
    access.require("codevelopment.lead", actor, product)
    db.session.refresh(product, with_for_update={"of": Product})
    if of_product(product, "draft", "proposed"):
        raise Refused(_l("A version is being drafted or signed. Finish or withdraw that one first."))
    latest = access.select_visible(Agreement, SYSTEM, func.max(Agreement.number)).where(Agreement.product_id == product.id)
    agreement = Agreement(
        product=product, brand_id=product.brand_id, number=(db.session.scalar(latest) or 0) + 1, state_since=now, created_at=now,
        currency=product.programme.currency, title=gettext("Consortium of %(name)s", name=product.name)[:200],
    )  # fmt: skip
    db.session.add(agreement)
    former = of_product(product, "in_force")
    if former:
        _copy(former, agreement)
    else:
        agreement.parties = [AgreementParty(organisation_id=i) for i in (product.brand_id, *(p.id for p in partners(product)))]
    db.session.flush()
    audit.record("consortium.draft", agreement, actor, now, number=agreement.number)
    return agreement


def _copy(former: Agreement, agreement: Agreement) -> None:
    agreement.title, agreement.text = former.title, former.text
    agreement.parties = [AgreementParty(organisation_id=p.organisation_id) for p in former.parties]
    agreement.promises = [
        AgreementPromise(organisation_id=p.organisation_id, due_on=p.due_on, contribution_id=p.contribution_id, **amounts.copied(p))
        for p in former.promises
    ]
    agreement.items = [
        OwnershipItem(
            kind=i.kind, title=i.title, licence=i.licence, buy_back=i.buy_back,
            shares=[OwnershipShare(organisation_id=s.organisation_id, share_bp=s.share_bp) for s in i.shares],
        )
        for i in former.items
    ]  # fmt: skip


def _require_draft(agreement: Agreement, actor: Actor) -> None:
    db.session.refresh(agreement, with_for_update={"of": Agreement})
    if agreement.brand_id == actor.organisation_id and agreement.state != "draft":
        raise Refused(_l("Only a draft can be changed. Withdraw this version, or draft a new one once it is in force."))
    access.require("agreement.edit", actor, agreement)


def candidates(agreement: Agreement) -> list[tuple[int, str]]:
    """(id, name) of who may be a party: the brand, and who develops the product along."""
    return [(agreement.brand_id, agreement.brand.name), *((p.id, p.name) for p in partners(agreement.product))]


def edit(agreement: Agreement, title: str, text: str, parties: list[int], expected: int, actor: Actor, now: datetime) -> None:
    """Change title, text and parties. Whoever is no party any more takes its promises and ownership along. The brand stays one."""
    _require_draft(agreement, actor)
    if expected != agreement.version:
        raise Conflict(
            what=workflow.last_act(agreement, actor),
            difference=[(_l("Title"), title, agreement.title), (_l("What is agreed"), text, agreement.text)],
        )
    wanted = {*parties, agreement.brand_id}
    if wanted - {i for i, _name in candidates(agreement)}:
        raise Invalid({"parties": [_l("This organisation does not take part in the product.")]})
    agreement.title, agreement.text = title, text
    present = {p.organisation_id for p in agreement.parties}
    agreement.parties[:] = [p for p in agreement.parties if p.organisation_id in wanted]
    agreement.parties.extend(AgreementParty(organisation_id=i) for i in sorted(wanted - present))
    agreement.promises[:] = [p for p in agreement.promises if p.organisation_id in wanted]
    for item in agreement.items:
        item.shares[:] = [s for s in item.shares if s.organisation_id in wanted]
    _changed(agreement, actor, now)


def _changed(agreement: Agreement, actor: Actor, now: datetime) -> None:
    agreement.updated_at = now
    db.session.flush()
    audit.record("consortium.edit", agreement, actor, now, number=agreement.number)


def set_promise(
    agreement: Agreement, promise: AgreementPromise | None, organisation_id: int, data: Data, actor: Actor, now: datetime
) -> AgreementPromise:
    """Add a promise, or change one; `data` is `AmountForm.amounts()`. The rate is provisional until the version is proposed."""
    _require_draft(agreement, actor)
    if organisation_id not in {p.organisation_id for p in agreement.parties}:
        raise Invalid({"organisation_id": [_l("Choose a party.")]})
    values = amounts.columns(data, agreement.currency, now.date()) | {"due_on": data["due_on"], "organisation_id": organisation_id}
    if promise is None:
        promise = AgreementPromise(agreement_id=agreement.id, **values)
        agreement.promises.append(promise)
    else:
        _require_part(promise, agreement)
        if promise.contribution_id and promise.organisation_id != organisation_id:
            raise Invalid({"organisation_id": [_l("It stands in the ledger of another party. Take it out and add a new one.")]})
        amounts.assign(promise, values)
    _changed(agreement, actor, now)
    return promise


def _require_part(row: Any, agreement: Agreement) -> None:
    if row.agreement_id != agreement.id:
        raise NotFound()


def remove_promise(agreement: Agreement, promise: AgreementPromise, actor: Actor, now: datetime) -> None:
    _require_draft(agreement, actor)
    _require_part(promise, agreement)
    agreement.promises.remove(promise)
    _changed(agreement, actor, now)


def set_item(agreement: Agreement, item: OwnershipItem | None, data: Data, actor: Actor, now: datetime) -> OwnershipItem:
    """Add a thing that will be owned, or change one; `data["shares"]` are (organisation, hundredths of a percent) of parties."""
    _require_draft(agreement, actor)
    if {i for i, _share in data["shares"]} - {p.organisation_id for p in agreement.parties}:
        raise Invalid({"owners": [_l("Only a party of the agreement can own a part.")]})
    if item is None:
        item = OwnershipItem(agreement_id=agreement.id)
        agreement.items.append(item)
    else:
        _require_part(item, agreement)
        item.shares.clear()
    item.kind, item.title, item.licence, item.buy_back = data["kind"], data["title"], data["licence"], data["buy_back"]
    db.session.flush()
    item.shares.extend(OwnershipShare(organisation_id=i, share_bp=share) for i, share in data["shares"])
    _changed(agreement, actor, now)
    return item


def remove_item(agreement: Agreement, item: OwnershipItem, actor: Actor, now: datetime) -> None:
    _require_draft(agreement, actor)
    _require_part(item, agreement)
    agreement.items.remove(item)
    _changed(agreement, actor, now)
