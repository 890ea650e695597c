"""Whether the conditions of tranches hold, asked of the products themselves: two queries for however many tranches. It writes nothing.

A stopped product meets nothing, whatever it had passed before; of several gate reviews the latest verdict counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func

from incubator.briefs.gate_models import GateReview
from incubator.briefs.models import ProductBrief
from incubator.investors.models import Tranche, TrancheCondition
from incubator.kernel import access, i18n
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products import words
from incubator.products.models import STAGES, Product


@dataclass(frozen=True)
class Standing:
    """Where a product is: its name, its stage, and the latest verdict of its gate ("" before the first)."""

    name: str
    stage: str
    verdict: str = ""


def standings(product_ids: Iterable[int]) -> dict[int, Standing]:
    """The products by id, whoever's they are: the caller has the tranches that name them."""
    ids = set(product_ids)
    if not ids:
        return {}
    decided = access.select_visible(GateReview, SYSTEM, ProductBrief.product_id, func.max(GateReview.id).label("id")).join(ProductBrief)
    latest = decided.where(ProductBrief.product_id.in_(ids), GateReview.state != "open").group_by(ProductBrief.product_id).subquery()
    query = access.select_visible(Product, SYSTEM, Product.id, Product.name, Product.state, GateReview.state.label("verdict"))
    query = query.outerjoin(latest, latest.c.product_id == Product.id).outerjoin(GateReview, GateReview.id == latest.c.id)
    return {row.id: Standing(row.name, row.state, row.verdict or "") for row in db.session.execute(query.where(Product.id.in_(ids)))}


def holds(condition: TrancheCondition, products: dict[int, Standing], today: date) -> bool:
    if condition.kind == "date":
        return condition.on_date is not None and condition.on_date <= today
    product = products.get(condition.product_id or 0)
    if product is None or product.stage == "stopped":
        return False
    if condition.kind == "gate":
        return product.verdict == "go"
    return STAGES.index(product.stage) >= STAGES.index(str(condition.stage))


def sentence(condition: Any, product_name: str | None) -> str:
    """The condition in the present language."""
    if condition.kind == "date":
        return _("%(day)s has come", day=i18n.day(condition.on_date))
    if condition.kind == "gate":
        return _("“%(product)s” has passed its value gate", product=product_name or "–")
    return _("“%(product)s” has reached “%(stage)s”", product=product_name or "–", stage=words.STAGE[str(condition.stage)])


def judge(
    tranches: Sequence[Tranche], today: date, products: dict[int, Standing] | None = None
) -> dict[int, list[tuple[TrancheCondition, str, bool]]]:
    """By tranche, each condition with its sentence and whether it holds; also puts the sentences of the others on `tranche.unmet`.

    `products` says how they stood at another moment; without it they are asked now.
    """
    if products is None:
        products = standings(c.product_id for t in tranches for c in t.conditions if c.product_id)
    found = {}
    for tranche in tranches:
        names = {
            c.id: products[c.product_id].name if c.product_id in products else c.product and c.product.name for c in tranche.conditions
        }
        found[tranche.id] = [(c, sentence(c, names[c.id]), holds(c, products, today)) for c in tranche.conditions]
        tranche.unmet = [text for _c, text, met in found[tranche.id] if not met]  # type: ignore[attr-defined]
    return found
