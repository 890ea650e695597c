"""Reads of the consortium: versions, one version whole, the ledger and its totals. Others' amounts are left out by the criterion."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.codevelopment.agreement_models import (
    Agreement,
    AgreementParty,
    AgreementPromise,
    AgreementSignature,
    OwnershipItem,
    OwnershipShare,
)
from incubator.codevelopment.ledger_models import CONTRIBUTION_KINDS, Contribution
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Product

LEDGER_ORDER = paging.Order(Contribution.id, "id", descending=True)


def versions(product: Product, actor: Actor) -> list[Any]:
    """Every version that the actor may read, latest first."""
    columns = (Agreement.id, Agreement.number, Agreement.state, Agreement.title, Agreement.proposed_at, Agreement.in_force_at)
    query = access.select_visible(Agreement, actor, *columns).where(Agreement.product_id == product.id)
    return list(db.session.execute(query.order_by(Agreement.number.desc()).limit(50)))


def whole(agreement_id: int, actor: Actor) -> Agreement:
    """A version with parties, signatures and ownership; promises are read by `promises`, which knows whose they are."""
    product = joinedload(Agreement.product)
    parties, signature = selectinload(Agreement.parties), joinedload(AgreementParty.signature).joinedload(AgreementSignature.user)
    return access.get_visible(
        Agreement, agreement_id, actor, joinedload(Agreement.brand), parties.joinedload(AgreementParty.organisation), parties.options(signature),
        selectinload(Agreement.items).selectinload(OwnershipItem.shares).joinedload(OwnershipShare.organisation),
        product.joinedload(Product.programme), product.joinedload(Product.brand), product.joinedload(Product.owner),
    )  # fmt: skip


def promises(agreement: Agreement, actor: Actor) -> list[AgreementPromise]:
    """What the actor may read of what is promised: the brand everything, a party its own."""
    query = access.select_visible(AgreementPromise, actor).where(AgreementPromise.agreement_id == agreement.id)
    query = query.options(joinedload(AgreementPromise.organisation)).order_by(AgreementPromise.organisation_id, AgreementPromise.id)
    return list(db.session.scalars(query))


def ledger(product: Product, actor: Actor, cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of the contributions that the actor may see, latest first."""
    columns = (
        Contribution.id, Contribution.kind, Contribution.description, Contribution.state, Contribution.quantity_hundredths, Contribution.unit,
        Contribution.value_minor, Contribution.currency, Contribution.base_minor, Contribution.base_currency, Contribution.promised_minor,
        Contribution.due_on, Contribution.delivered_on, Organisation.name.label("party"),
        Organisation.short_name.label("party_short"),
    )  # fmt: skip
    query = access.select_visible(Contribution, actor, *columns).join(Organisation, Organisation.id == Contribution.organisation_id)
    count = access.select_visible(Contribution, actor, Contribution.id).where(Contribution.product_id == product.id)
    return paging.fetch(query.where(Contribution.product_id == product.id), Contribution.id, LEDGER_ORDER, cursor, size, count)


def totals(product: Product, actor: Actor) -> list[dict[str, Any]]:
    """Per party: what is promised and open, delivered, verified, and verified by kind; in minor units of the programme's currency."""
    columns = (Organisation.id, Organisation.name, Contribution.kind, Contribution.state, func.sum(Contribution.base_minor).label("sum"))
    query = access.select_visible(Contribution, actor, *columns).join(Organisation, Organisation.id == Contribution.organisation_id)
    query = query.where(Contribution.product_id == product.id, Contribution.state != "released")
    query = query.group_by(Organisation.id, Organisation.name, Contribution.kind, Contribution.state).order_by(Organisation.id)
    found: dict[int, dict[str, Any]] = {}
    for row in db.session.execute(query):
        line = found.setdefault(row.id, _blank(row.id, row.name))
        line[row.state] += int(row.sum)
        line["kinds"][row.kind] += int(row.sum)
        line["total"] += int(row.sum)
    return list(found.values())


def _blank(organisation_id: int, name: str) -> dict[str, Any]:
    sums = dict.fromkeys(("promised", "delivered", "verified", "total"), 0)
    return {"id": organisation_id, "name": name, "kinds": dict.fromkeys(CONTRIBUTION_KINDS, 0), **sums}


def contribution(contribution_id: int, actor: Actor) -> Contribution:
    product = joinedload(Contribution.product)
    return access.get_visible(
        Contribution, contribution_id, actor, joinedload(Contribution.organisation), joinedload(Contribution.delivered_by),
        joinedload(Contribution.verified_by), product.joinedload(Product.programme), product.joinedload(Product.brand),
        product.joinedload(Product.owner),
    )  # fmt: skip
