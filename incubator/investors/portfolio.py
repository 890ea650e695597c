"""The portfolio map (79): each product at its stage, as large as the money that hangs on it. The brand's own; it writes nothing."""

from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.investors.models import Commitment, Tranche, TrancheCondition
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.models import STAGES, Product, Programme

MOST = 200
SIZES: dict[str, Any] = {"commitment": _l("Tranches that wait for the product"), "budget": _l("Cost of the first order")}
SMALLEST, LARGEST = 10, 56  # diameters in pixels


@dataclass(frozen=True)
class Bubble:
    """A product on the map; `amount` is None where nothing is known, `size` its diameter in pixels."""

    id: int
    name: str
    type: str
    stage: str
    since: Any
    risk: str
    programme: str
    programme_id: int
    amount: Money | None
    size: int


def bubbles(actor: Actor, by: str, programme_id: int = 0) -> list[Bubble]:
    """The latest changed products that are not stopped, at most MOST, in four queries. Areas compare within one currency."""
    columns = (
        Product.id, Product.name, Product.type, Product.state, Product.state_since, Product.risk, Product.programme_id,
        Programme.name.label("programme"), Programme.currency,
    )  # fmt: skip
    query = (
        access.select_visible(Product, actor, *columns)
        .join(Programme, Programme.id == Product.programme_id)
        .where(Product.state != "stopped")
    )
    query = query.where(Product.programme_id == programme_id) if programme_id else query
    rows = db.session.execute(query.order_by(Product.updated_at.desc(), Product.id.desc()).limit(MOST)).all()
    money = (_waiting if by == "commitment" else _first_orders)(actor, {r.id: r.currency for r in rows})
    most: dict[str, int] = defaultdict(int)
    for amount in money.values():
        most[amount.currency] = max(most[amount.currency], amount.minor)
    return [
        Bubble(
            r.id,
            r.name,
            r.type,
            r.state,
            r.state_since,
            r.risk,
            r.programme,
            r.programme_id,
            money.get(r.id),
            _diameter(money.get(r.id), most),
        )
        for r in rows
    ]


def _diameter(amount: Money | None, most: dict[str, int]) -> int:
    """The area stands for the amount."""
    if amount is None or not amount.minor:
        return SMALLEST
    return round(max(SMALLEST, LARGEST * sqrt(amount.minor / most[amount.currency])))


def _waiting(actor: Actor, products: dict[int, str]) -> dict[int, Money]:
    """The tranches that have not ended and name the product in a condition, in its programme's currency, each counted once."""
    named = access.select_visible(TrancheCondition, actor, TrancheCondition.product_id, TrancheCondition.tranche_id)
    pair = named.where(TrancheCondition.product_id.in_(id_set(list(products)))).distinct().subquery()
    query = access.select_visible(Tranche, actor, pair.c.product_id, Commitment.currency, Tranche.amount_minor)
    query = query.join(pair, pair.c.tranche_id == Tranche.id).join(Commitment, Commitment.id == Tranche.commitment_id)
    found: dict[int, int] = defaultdict(int)
    for product_id, currency, amount in db.session.execute(query.where(Tranche.state.in_(("planned", "due")))):
        found[product_id] += amount if currency == products[product_id] else 0
    return {product_id: Money(total, products[product_id]) for product_id, total in found.items() if total}


def _first_orders(actor: Actor, products: dict[int, str]) -> dict[int, Money]:
    """First order times target cost, where the brief gives both in the programme's currency."""
    query = access.select_visible(ProductBrief, actor, ProductBrief.id, ProductBrief.product_id, ProductBrief.first_order_quantity)
    briefs = {r.id: r for r in db.session.execute(query.where(ProductBrief.product_id.in_(id_set(list(products)))))}
    targets = access.select_visible(BriefTarget, actor, BriefTarget.brief_id, BriefTarget.currency, BriefTarget.cost_minor)
    found = {}
    for r in db.session.execute(targets.where(BriefTarget.brief_id.in_(id_set(list(briefs))))):
        brief = briefs[r.brief_id]
        if r.currency == products[brief.product_id] and r.cost_minor and brief.first_order_quantity:
            found[brief.product_id] = Money(r.cost_minor * brief.first_order_quantity, r.currency)
    return found


def columns(found: list[Bubble]) -> list[tuple[str, list[Bubble]]]:
    """The stages from first to last, each with its products, the largest first; the two before a brief only when somebody stands there."""
    by_stage: dict[str, list[Bubble]] = defaultdict(list)
    for bubble in found:
        by_stage[bubble.stage].append(bubble)
    shown = [s for s in STAGES if s != "stopped" and (by_stage[s] or s not in ("signal", "segment"))]
    return [(stage, sorted(by_stage[stage], key=lambda b: (-(b.amount.minor if b.amount else 0), b.name))) for stage in shown]
