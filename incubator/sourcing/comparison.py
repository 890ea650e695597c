"""Quotations side by side at three quantities: landed cost, margin against the target, the price that would reach it. Pure; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from incubator.kernel.money import Money
from incubator.sourcing import landed_cost
from incubator.sourcing.landed_cost import Basis, Landed, Offer

BANDS = ((Decimal("0"), "lowest"), (Decimal("0.05"), "under_5"), (Decimal("0.10"), "under_10"), (Decimal("0.20"), "under_20"))


@dataclass(frozen=True)
class Target:
    """What the brand wants to earn, in the currency of the comparison (major units); `margin` is a fraction."""

    price: Decimal
    margin: Decimal

    @property
    def allowed(self) -> Decimal:
        """The landed cost at which the margin is reached."""
        return self.price * (1 - self.margin)


@dataclass(frozen=True)
class Entry:
    """One received quotation as the comparison takes it in; `facts` are shown as they are."""

    quotation_id: int
    name: str
    points: int
    offer: Offer
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One quotation at one quantity. `price` is in its own currency; the others in the comparison's. None: not offered, or no target."""

    quantity: int
    price: Money | None = None
    landed: Landed | None = None
    margin: Decimal | None = None
    price_for_target: Money | None = None
    is_best: bool = False


@dataclass(frozen=True)
class Column:
    """One quotation with its cells, one per quantity, in the order of the quantities."""

    entry: Entry
    cells: tuple[Cell, ...]

    def at(self, quantity: int) -> Cell:
        return next(cell for cell in self.cells if cell.quantity == quantity)


@dataclass(frozen=True)
class Comparison:
    """Columns in the order of their landed cost at the middle quantity; what was not offered comes last."""

    currency: str
    quantities: tuple[int, ...]
    columns: tuple[Column, ...]

    def column(self, quotation_id: int) -> Column | None:
        return next((c for c in self.columns if c.entry.quotation_id == quotation_id), None)


def compare(
    entries: Sequence[Entry], quantities: Sequence[int], basis: Basis, rates: Mapping[str, Decimal], target: Target | None
) -> Comparison:
    """`rates`: currency of an offer → how many units of the basis' currency one of it buys."""
    columns = [Column(e, tuple(_cell(e.offer, q, basis, rates[e.offer.currency], target) for q in quantities)) for e in entries]
    best = {q: _lowest([c.at(q).landed.exact for c in columns if c.at(q).landed]) for q in quantities}  # type: ignore[union-attr]
    marked = [Column(c.entry, tuple(_marked(cell, best[cell.quantity]) for cell in c.cells)) for c in columns]
    middle = quantities[len(quantities) // 2]
    marked.sort(key=lambda c: (c.at(middle).landed is None, c.at(middle).landed.exact if c.at(middle).landed else 0, c.entry.name))  # type: ignore[union-attr]
    return Comparison(basis.currency, tuple(quantities), tuple(marked))


def _cell(offer: Offer, quantity: int, basis: Basis, rate: Decimal, target: Target | None) -> Cell:
    cost = landed_cost.landed(offer, basis, quantity, rate)
    price = landed_cost.unit_price(offer.breaks, quantity)
    if cost is None or price is None:
        return Cell(quantity)
    return Cell(
        quantity,
        landed_cost.rounded(price, offer.currency),
        cost,
        landed_cost.margin(target.price, cost.exact) if target else None,
        landed_cost.price_for(offer, basis, quantity, rate, target.allowed) if target else None,
    )


def _lowest(costs: list[Decimal]) -> Decimal | None:
    """One offer alone is compared with nothing."""
    return min(costs) if len(costs) > 1 else None


def _marked(cell: Cell, best: Decimal | None) -> Cell:
    is_best = cell.landed is not None and cell.landed.exact == best
    return Cell(cell.quantity, cell.price, cell.landed, cell.margin, cell.price_for_target, is_best)


def band(own: Cell | None, awarded: Cell | None) -> str:
    """How far a landed cost was above the awarded one, coarsely: an exact gap would tell the winner's price to whoever knows its own."""
    if own is None or awarded is None or own.landed is None or awarded.landed is None:
        return "none"
    gap = (own.landed.exact - awarded.landed.exact) / awarded.landed.exact
    return next((name for limit, name in BANDS if gap <= limit), "over_20")
